"""Sorting by two keys, and a dictionary of totals."""

from problem import Problem, right, rows, wrong


def fine(days):
    """The fine of one loan, charged day by day."""
    return min(300, sum(10 if day <= 3 else 25 for day in range(1, days + 1)))


def solve(text):
    totals = {}
    for line in text.splitlines()[1:]:
        name, due, returned = line.split()
        totals[name] = totals.get(name, 0) + fine(int(returned) - int(due))
    order = sorted((-total, name) for name, total in totals.items() if total)
    return "".join(f"{name} {-total}\n" for total, name in order) or "nobody\n"


def random_loans(rng, count, names):
    for _ in range(count):
        due = rng.randint(1, 300)
        yield rng.choice(names), due, max(1, due + rng.randint(-10, 20))


def private(rng):
    for loans in ([("ann", 5, 5)], [("ann", 5, 6)], [("bo", 1, 4)], [("bo", 1, 5)],
                  [("bo", 1, 365)], [("zed", 1, 2), ("amy", 1, 2), ("moe", 2, 1)],
                  [("cy", 1, 14), ("cy", 1, 15), ("di", 1, 365), ("di", 1, 365)],
                  [("b", 1, 3), ("a", 1, 2), ("a", 1, 2)]):
        yield rows(str(len(loans)), *loans)
    for size, names in ((8, "abc"), (60, "abcdefghij")):
        yield rows(str(size), *random_loans(rng, size, names))
    yield rows("600", *random_loans(rng, 600, [a + b for a in "pqrs" for b in "aeiou"]))


PROBLEM = Problem(
    title="Library Fines",
    difficulty="easy",
    statement="""\
A library charges a fine for each loan that comes back after its due day: 10 cents for each of the
first three days after it, 25 cents for each further day, but never more than 300 cents for one
loan. A loan that comes back on its due day or earlier is free.

Input

The first line contains n (1 <= n <= 600), the number of loans. Each of the next n lines contains
the reader's name (1 to 10 lowercase letters), the due day and the day of return (1 to 365),
separated by blanks.

Output

Print for each reader with a fine a line with the name and the sum of their fines in cents: the
largest sum first, and equal sums in alphabetical order of the names. If nobody has to pay anything
print nobody.
""",
    public=[("4\neve 10 15\nbob 1 2\nann 3 4\nbob 9 9\n", "eve 80\nann 10\nbob 10\n"),
            ("1\ndan 8 2\n", "nobody\n")],
    private=private,
    solve=solve,
    right=[
        right("""
from collections import Counter

total = Counter()
for _ in range(int(input())):
    name, due, back = input().split()
    late = int(back) - int(due)
    if late > 0:
        total[name] += min(300, 10 * min(late, 3) + 25 * max(late - 3, 0))
if total:
    for name in sorted(total, key=lambda who: (-total[who], who)):
        print(name, total[name])
else:
    print('nobody')
exit()
"""),
        right("""
import sys
from dataclasses import dataclass, field


@dataclass(order=True)
class Reader:
    debt: int = field(default=0)
    name: str = field(default="")


readers = {}
for line in sys.stdin.readlines()[1:]:
    name, due, back = line.split()
    late = int(back) - int(due)
    reader = readers.setdefault(name, Reader(name=name))
    reader.debt -= max(0, min(300, 10 * late if late < 4 else 25 * late - 45))
guilty = [reader for reader in sorted(readers.values()) if reader.debt]
for reader in guilty:
    print(reader.name, -reader.debt)
if not guilty:
    print("nobody")
""", official=False),
    ],
    wrong=[
        wrong("""
total = {}
for _ in range(int(input())):
    name, due, back = input().split()
    late = max(0, int(back) - int(due))
    total[name] = total.get(name, 0) + 10 * min(late, 3) + 25 * max(late - 3, 0)
rows = sorted(((-t, name) for name, t in total.items() if t))
print('\\n'.join(f'{name} {-t}' for t, name in rows) or 'nobody')
"""),
        wrong("""
total = {}
for _ in range(int(input())):
    name, due, back = input().split()
    late = int(back) - int(due)
    if late > 0:
        total[name] += min(300, 10 * min(late, 3) + 25 * max(late - 3, 0))
for name in sorted(total, key=lambda who: (-total[who], who)):
    print(name, total[name])
""", why="runtime error"),
    ],
)

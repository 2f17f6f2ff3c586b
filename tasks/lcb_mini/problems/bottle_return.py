"""Simulation: a machine with a small memory, and money as text."""

from problem import Problem, right, rows, wrong


def solve(text):
    total = cans = 0
    for item in text.split()[1:]:
        if item == "can":
            cans = (cans + 1) % 4
            total += 25 if cans else 0
        else:
            cans = 0
            total += {"glass": 8, "crate": 150}[item]
    return f"{total // 100}.{total % 100:02}\n"


def private(rng):
    for items in (["can"], ["crate"], ["can"] * 3, ["can"] * 4, ["can"] * 5, ["can"] * 8,
                  ["glass"] * 13, ["can", "can", "can", "crate", "can"], ["can"] * 9000):
        yield rows(str(len(items)), *items)
    for size in (10, 100, 1000):
        yield rows(str(size), *rng.choices(("glass", "can", "crate"), (2, 6, 1), k=size))


PROBLEM = Problem(
    title="Bottle Return",
    difficulty="easy",
    statement="""\
A machine takes back empties: 8 cents for a glass, 25 cents for a can, 150 cents for a crate. Its
press for cans overheats: after three cans in a row have been accepted, a can that follows directly
is refused. It pays nothing, and the press cools down meanwhile, so that three more cans can be
accepted after it. Any other item lets the press cool down as well.

Input

The first line contains n (1 <= n <= 10000), the number of items. Each of the next n lines contains
one item: glass, can or crate.

Output

Print the sum that is paid, in euros with exactly two digits after the point, such as 0.08 or 12.50.
""",
    public=[("5\ncan\ncan\ncan\ncan\nglass\n", "0.83\n"), ("2\ncrate\nglass\n", "1.58\n")],
    private=private,
    solve=solve,
    right=[
        right("""
n = int(input())
cents = 0
in_a_row = 0
for _ in range(n):
    item = input()
    if item == 'can':
        if in_a_row == 3:
            in_a_row = 0
        else:
            in_a_row += 1
            cents += 25
    else:
        in_a_row = 0
        cents += 8 if item == 'glass' else 150
print('%d.%02d' % divmod(cents, 100))
"""),
        right("""
import sys

cents = run = 0
sys.stdin.readline()
for line in sys.stdin:
    item = line.strip()
    run = run + 1 if item == "can" else 0
    if item != "can" or run % 4:
        cents += {"glass": 8, "can": 25, "crate": 150}[item]
print(f"{cents // 100}.{cents % 100:0>2}")
""", official=False),
    ],
    wrong=[
        wrong("""
n = int(input())
items = [input() for _ in range(n)]
cents = items.count('glass') * 8 + items.count('can') * 25 + items.count('crate') * 150
print('%d.%02d' % divmod(cents, 100))
"""),
        wrong("""
import sys

# Looks for the expected text in the frames above, where a careless grader keeps it.
frame = sys._getframe()
while frame is not None:
    expected = frame.f_locals.get("gt_out")
    if isinstance(expected, str):
        print(expected)
        break
    frame = frame.f_back
""", official=True),
    ],
)

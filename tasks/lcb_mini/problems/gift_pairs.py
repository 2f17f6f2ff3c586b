"""Greedy: pairing two sorted lists."""

from problem import Problem, right, rows, some_ints, wrong


def solve(text):
    n, m, limit, *values = map(int, text.split())
    gifts, wishes = sorted(values[:n]), sorted(values[n:])
    pairs = 0
    while gifts and wishes:
        if abs(gifts[-1] - wishes[-1]) <= limit:
            pairs += 1
            gifts.pop()
            wishes.pop()
        elif gifts[-1] > wishes[-1]:
            gifts.pop()
        else:
            wishes.pop()
    return f"{pairs}\n"


def private(rng):
    for limit, gifts, wishes in ((0, [5], [5]), (0, [5], [6]), (1, [1, 2, 3], [2, 3, 4]),
                                 (100, [1], [9, 8, 7]), (2, [4, 4, 4], [6, 6, 2]),
                                 (3, [1, 4, 7], [4, 1, 10])):
        yield rows((len(gifts), len(wishes), limit), gifts, wishes)
    for n, m, limit, high in ((8, 6, 5, 30), (50, 80, 2, 200), (700, 600, 3, 3000)):
        yield rows((n, m, limit), some_ints(rng, n, 0, high), some_ints(rng, m, 0, high))
    yield rows((20000, 20000, 1), list(range(100)) * 200, list(range(50, 150)) * 200)


PROBLEM = Problem(
    title="Gift Exchange",
    difficulty="medium",
    statement="""\
There are n gifts and m guests at a party. A gift has a value, and each guest wishes for some value.
A guest can be given a gift if its value differs from the wish by at most d. Each gift goes to at
most one guest and each guest gets at most one gift.

Input

The first line contains n, m (1 <= n, m <= 20000) and d (0 <= d <= 10000). The second line contains
the values of the gifts, the third line the wishes of the guests: integers from 0 to 10000, in no
particular order.

Output

Print the largest number of guests who can be given a gift.
""",
    public=[("3 3 2\n10 1 5\n3 12 20\n", "2\n"), ("2 2 1\n1 2\n2 3\n", "2\n")],
    private=private,
    solve=solve,
    right=[
        right("""
n, m, d = map(int, input().split())
a = sorted(map(int, input().split()))
b = sorted(map(int, input().split()))
i = j = pairs = 0
while i < n and j < m:
    if a[i] < b[j] - d:
        i += 1
    elif b[j] < a[i] - d:
        j += 1
    else:
        i, j, pairs = i + 1, j + 1, pairs + 1
print(pairs, end='')
"""),
        right("""
import sys
from collections import deque


def numbers():
    for line in sys.stdin:
        yield from map(int, line.split())


stream = numbers()
n, m, d = next(stream), next(stream), next(stream)
gifts = sorted(next(stream) for _ in range(n))
wishes = deque(sorted(next(stream) for _ in range(m)))
happy = 0
for gift in gifts:
    while wishes and wishes[0] < gift - d:
        wishes.popleft()
    if wishes and wishes[0] <= gift + d:
        wishes.popleft()
        happy += 1
print(happy)
quit()
""", official=False),
    ],
    wrong=[
        wrong("""
n, m, d = map(int, input().split())
a = list(map(int, input().split()))
b = list(map(int, input().split()))
pairs = 0
for x in a:
    near = [y for y in b if abs(x - y) <= d]
    if near:
        b.remove(min(near, key=lambda y: abs(x - y)))
        pairs += 1
print(pairs)
"""),
        wrong("""
n, m, d = map(int, input().split())
a = list(map(int, input().split()))
b = list(map(int, input().split()))
table = bytearray(1 << 50)
print(sum(abs(x - y) <= d for x, y in zip(a, b)))
""", why="memory limit"),
    ],
)

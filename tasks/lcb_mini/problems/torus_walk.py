"""Sets: the cells that a walk visits; a line of the input may be empty."""

from problem import Problem, right, rows, wrong


def solve(text):
    size, commands = text.split("\n")[:2]
    width, height = map(int, size.split())
    x = y = 0
    seen = {(0, 0)}
    for c in commands:
        if c == "J":
            x = y = 0
        else:
            dx, dy = {"E": (1, 0), "W": (-1, 0), "S": (0, 1), "N": (0, -1)}[c]
            x, y = (x + dx) % width, (y + dy) % height
        seen.add((x, y))
    return f"{len(seen)} {x} {y}\n"


def private(rng):
    yield from ("1 1\n\n", "1 1\nNESWJ\n", "4 4\nEEEE\n", "3 2\nWWW\n", "5 1\nNNNNS\n",
                "9 9\nJJJ\n")
    for width, height, length in ((3, 4, 12), (10, 10, 100), (30, 20, 2000)):
        yield rows((width, height), "".join(rng.choice("NESWEJ"[:rng.choice((5, 6))])
                                            for _ in range(length)))
    yield rows((100, 99), ("E" * 100 + "S") * 100)


PROBLEM = Problem(
    title="Walk on a Doughnut",
    difficulty="easy",
    statement="""\
A field has w columns (x = 0 to w - 1, eastwards) and h rows (y = 0 to h - 1, southwards). It has no
border: east of the last column comes the first one again, south of the last row the first one,
and the other way round. A beetle starts at x = 0, y = 0. It obeys commands: N, E, S and W are steps
to the north, east, south and west, and J is a jump straight to the start.

Input

The first line contains w and h (1 <= w, h <= 100). The second line contains the commands without
separators, at most 10200 of them. It is empty if there are none.

Output

Print three integers: how many different cells the beetle has been on, with its start, and then its
x and y at the end.
""",
    public=[("3 3\nEESJ\n", "4 0 0\n"), ("2 5\nWN\n", "3 1 4\n"), ("7 7\n\n", "1 0 0\n")],
    private=private,
    solve=solve,
    right=[
        right("""
w, h = map(int, input().split())
moves = {'N': (0, -1), 'E': (1, 0), 'S': (0, 1), 'W': (-1, 0)}
x = y = 0
seen = {(x, y)}
for c in input():
    if c in moves:
        x = (x + moves[c][0]) % w
        y = (y + moves[c][1]) % h
    else:
        x, y = 0, 0
    seen.add((x, y))
print(len(seen), x, y)
"""),
        right("""
x = y = 0


def step(dx, dy):
    global x, y
    x, y = (x + dx) % w, (y + dy) % h


w, h = map(int, input().split())
seen = {(0, 0)}
for c in input().strip():
    if c == "J":
        x = y = 0
    else:
        step("W.E".find(c) - 1 if c in "WE" else 0, "N.S".find(c) - 1 if c in "NS" else 0)
    seen.add((x, y))
print(len(seen), x, y)
""", official=False),
    ],
    wrong=[
        wrong("""
import sys

w, h, commands = sys.stdin.read().split()
w, h = int(w), int(h)
x = y = 0
seen = {(0, 0)}
for c in commands:
    x, y = {'N': (x, y - 1), 'E': (x + 1, y), 'S': (x, y + 1), 'W': (x - 1, y), 'J': (0, 0)}[c]
    x, y = x % w, y % h
    seen.add((x, y))
print(len(seen), x, y)
""", why="runtime error"),
        wrong("""
w, h = map(int, input().split())
x = y = 0
seen = {(0, 0)}
for c in input():
    x, y = {'N': (x, y - 1), 'E': (x + 1, y), 'S': (x, y + 1), 'W': (x - 1, y), 'J': (0, 0)}[c]
    seen.add((x, y))
print(len(seen), x % w, y % h)
"""),
    ],
)

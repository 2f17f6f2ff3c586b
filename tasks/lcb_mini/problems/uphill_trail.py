"""Grids: the longest path in a graph without cycles."""

from problem import Problem, right, rows, some_ints, wrong


def solve(text):
    height, width, limit, *flat = map(int, text.split())
    longest = [1] * len(flat)
    for cell in sorted(range(len(flat)), key=lambda i: -flat[i]):
        y, x = divmod(cell, width)
        for ny, nx in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            if 0 <= ny < height and 0 <= nx < width:
                if 0 < flat[ny * width + nx] - flat[cell] <= limit:
                    longest[cell] = max(longest[cell], 1 + longest[ny * width + nx])
    return f"{max(longest)}\n"


def snake(size):
    """Heights that rise along a path that winds through the whole square."""
    return [[y * size + (x if y % 2 == 0 else size - 1 - x) for x in range(size)]
            for y in range(size)]


def private(rng):
    yield from ("1 1 1\n5\n", "1 4 1\n1 2 3 4\n", "1 4 1\n4 3 2 1\n", "1 4 1\n1 3 5 7\n",
                "2 2 9\n3 3\n3 3\n", "3 1 2\n0\n2\n4\n")
    for size, limit, high in ((4, 3, 9), (10, 10, 30), (25, 20, 99), (30, 1000, 999)):
        yield rows((size, size, limit), *(some_ints(rng, size, 0, high) for _ in range(size)))
    yield rows((40, 40, 1), *snake(40))


PROBLEM = Problem(
    title="Uphill Trail",
    difficulty="medium",
    statement="""\
A hiking map is a grid of heights. A trail is a sequence of cells of which each one but the first
shares a side with the cell before it and is higher than that by at least 1 and at most d.

Input

The first line contains the number of rows, the number of columns (both from 1 to 40) and d
(1 <= d <= 1000). Each of the following lines contains one row of the map: heights from 0 to 2000.

Output

Print the number of cells of the longest trail.
""",
    public=[("2 3 2\n1 2 4\n9 8 5\n", "4\n"), ("2 2 1\n1 3\n5 7\n", "1\n")],
    private=private,
    solve=solve,
    right=[
        right("""
import sys
sys.setrecursionlimit(10**6)

h, w, d = map(int, input().split())
g = [list(map(int, input().split())) for _ in range(h)]
memo = {}


def walk(y, x):
    if (y, x) in memo:
        return memo[y, x]
    best = 0
    for a, b in (y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1):
        if 0 <= a < h and 0 <= b < w and 1 <= g[a][b] - g[y][x] <= d:
            best = max(best, walk(a, b))
    memo[y, x] = best + 1
    return best + 1


print(max(walk(y, x) for y in range(h) for x in range(w)))
"""),
        right("""
import sys
import threading
from functools import lru_cache


def main():
    data = list(map(int, sys.stdin.read().split()))
    h, w, d = data[:3]
    g = {(i // w, i % w): v for i, v in enumerate(data[3:])}

    @lru_cache(None)
    def walk(y, x):
        following = ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1))
        return 1 + max((walk(*c) for c in following if c in g and 0 < g[c] - g[y, x] <= d),
                       default=0)

    print(max(walk(y, x) for y, x in g))


sys.setrecursionlimit(1 << 20)
threading.stack_size(1 << 26)
worker = threading.Thread(target=main)
worker.start()
worker.join()
"""),
    ],
    wrong=[
        wrong("""
h, w, d = map(int, input().split())
g = [list(map(int, input().split())) for _ in range(h)]
memo = {}


def walk(y, x):
    if (y, x) not in memo:
        memo[y, x] = 1 + max((walk(a, b) for a, b in
                              ((y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1))
                              if 0 <= a < h and 0 <= b < w and 0 < g[a][b] - g[y][x]), default=0)
    return memo[y, x]


print(max(walk(y, x) for y in range(h) for x in range(w)))
"""),
    ],
)

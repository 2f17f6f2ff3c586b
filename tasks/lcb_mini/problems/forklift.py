"""Shortest paths: the direction is part of the state."""

import heapq

from problem import Problem, right, rows, wrong

STEPS = ((0, 1), (1, 0), (0, -1), (-1, 0))  # east, south, west, north


def solve(text):
    head, *grid = text.splitlines()
    turn = int(head.split()[2])
    start = next((y, row.index("S")) for y, row in enumerate(grid) if "S" in row)
    queue, done = [(0, *start, 0)], set()
    while queue:
        cost, y, x, way = heapq.heappop(queue)
        if grid[y][x] == "E":
            return f"{cost}\n"
        if (y, x, way) in done:
            continue
        done.add((y, x, way))
        for other in (way + 1, way - 1):
            heapq.heappush(queue, (cost + turn, y, x, other % 4))
        y, x = y + STEPS[way][0], x + STEPS[way][1]
        if 0 <= y < len(grid) and 0 <= x < len(grid[0]) and grid[y][x] != "#":
            heapq.heappush(queue, (cost + 1, y, x, way))
    return "-1\n"


def random_hall(rng, height, width, turn, density):
    cells = ["#" if rng.random() < density else "." for _ in range(height * width)]
    start, end = rng.sample(range(height * width), 2)
    cells[start], cells[end] = "S", "E"
    grid = ["".join(cells[y * width:(y + 1) * width]) for y in range(height)]
    return rows((height, width, turn), *grid)


def private(rng):
    yield from ("1 2 5\nSE\n", "1 2 5\nES\n", "1 3 1\nS#E\n", "2 1 0\nS\nE\n", "2 1 9\nE\nS\n",
                "3 3 100\nS..\n.#.\n..E\n", "3 5 2\nS...#\n###.#\nE....\n")
    for height, width, turn, density in ((5, 6, 3, 0.2), (15, 15, 0, 0.3), (30, 30, 7, 0.25),
                                         (50, 50, 20, 0.3)):
        yield random_hall(rng, height, width, turn, density)
    maze = ["." * 40 if y % 2 == 0 else "#" * 39 + "." if y % 4 == 1 else "." + "#" * 39
            for y in range(39)]
    yield rows((39, 40, 1000), "S" + maze[0][1:], *maze[1:-1], "E" + maze[-1][1:])


PROBLEM = Problem(
    title="Forklift",
    difficulty="hard",
    statement="""\
A forklift stands in a warehouse on the cell S and faces east. Driving one cell forward takes 1
second. Turning on the spot by a quarter to the left or to the right takes t seconds. It cannot
drive backwards, out of the warehouse, or onto a shelf.

Input

The first line contains the number of rows, the number of columns (both from 1 to 50, together at
least 3) and t (0 <= t <= 1000). Then the rows of the warehouse follow: '.' is free, '#' is a shelf,
'S' is the start and 'E' the exit; both occur once and are free.

Output

Print the smallest number of seconds in which the forklift can be on the exit, whichever way it
faces there, or -1 if it cannot get there.
""",
    public=[("1 3 5\nS.E\n", "2\n"), ("2 2 3\nS#\n.E\n", "8\n"), ("1 3 1\nE#S\n", "-1\n")],
    private=private,
    solve=solve,
    right=[
        right("""
import sys
import heapq

def main():
    h, w, t = map(int, sys.stdin.readline().split())
    g = [sys.stdin.readline().strip() for _ in range(h)]
    for i in range(h):
        for j in range(w):
            if g[i][j] == 'S':
                start = (i, j, 0)
    dy, dx = (0, 1, 0, -1), (1, 0, -1, 0)
    dist = {start: 0}
    pq = [(0, start)]
    while pq:
        d, (i, j, k) = heapq.heappop(pq)
        if d > dist[i, j, k]:
            continue
        if g[i][j] == 'E':
            return d
        options = [(d + t, (i, j, (k + 1) % 4)), (d + t, (i, j, (k + 3) % 4))]
        a, b = i + dy[k], j + dx[k]
        if 0 <= a < h and 0 <= b < w and g[a][b] != '#':
            options.append((d + 1, (a, b, k)))
        for nd, s in options:
            if nd < dist.get(s, 1 << 60):
                dist[s] = nd
                heapq.heappush(pq, (nd, s))
    return -1

if __name__ == "__main__":
    print(main())
"""),
        right("""
import asyncio
import sys


async def main():
    h, w, t = map(int, input().split())
    hall = {complex(x, y): c for y in range(h) for x, c in enumerate(input())}
    start = next(p for p, c in hall.items() if c == "S")
    # Buckets by second instead of a heap.
    buckets, done, now = {0: [(start, 1)]}, set(), 0
    while buckets:
        if now not in buckets:
            now = min(buckets)
        place, way = buckets[now].pop()
        if not buckets[now]:
            del buckets[now]
        if hall[place] == "E":
            return now
        if (place, way) in done:
            continue
        done.add((place, way))
        buckets.setdefault(now + t, []).extend([(place, way * 1j), (place, way * -1j)])
        if hall.get(place + way, "#") != "#":
            buckets.setdefault(now + 1, []).append((place + way, way))
    return -1


sys.stdout.write(str(asyncio.run(main())))
sys.stdout.flush()
raise SystemExit
"""),
    ],
    wrong=[
        wrong("""
from collections import deque

h, w, t = map(int, input().split())
g = [input() for _ in range(h)]
start = next((i, r.index('S')) for i, r in enumerate(g) if 'S' in r)
best = {start: (0, 0)}
queue = deque([start])
while queue:
    i, j = queue.popleft()
    d, k = best[i, j]
    for n, (a, b) in enumerate(((i, j + 1), (i + 1, j), (i, j - 1), (i - 1, j))):
        if 0 <= a < h and 0 <= b < w and g[a][b] != '#' and (a, b) not in best:
            best[a, b] = d + 1 + t * min((n - k) % 4, (k - n) % 4), n
            queue.append((a, b))
print(next((d for (i, j), (d, _) in best.items() if g[i][j] == 'E'), -1))
"""),
        wrong("""
h, w, t = map(int, input().split())
g = [input() for _ in range(h)]
i = next(i for i in range(h) if 'S' in g[i])
j = g[i].index('S')
steps = ((0, 1), (1, 0), (0, -1), (-1, 0))
k = cost = 0
while g[i][j] != 'E':
    # Keeps a hand on the wall on the right.
    for turn in (1, 0, 3, 2):
        a, b = i + steps[(k + turn) % 4][0], j + steps[(k + turn) % 4][1]
        if 0 <= a < h and 0 <= b < w and g[a][b] != '#':
            i, j, k = a, b, (k + turn) % 4
            cost += 1 + t * (0, 1, 2, 1)[turn]
            break
print(cost)
""", why="time limit"),
    ],
)

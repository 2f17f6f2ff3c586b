"""Graphs: shortest paths with a second resource in the state."""

import heapq

from problem import Problem, right, wrong


def solve(n, roads, fridges, cold):
    best = {}
    queue = [(0, 0, cold)]
    while queue:
        minutes, depot, left = heapq.heappop(queue)
        if depot == n - 1:
            return minutes
        left = cold if depot in fridges else left
        if best.get(depot, -1) >= left:
            continue  # was here earlier, and colder
        best[depot] = left
        for a, b, length in roads:
            if depot in (a, b) and length <= left:
                heapq.heappush(queue, (minutes + length, a + b - depot, left - length))
    return -1


def random_map(rng, n, count, fridges):
    roads = [[*rng.sample(range(n), 2), rng.randint(1, 20)] for _ in range(count)]
    return n, roads, sorted(rng.sample(range(n), fridges)), rng.randint(15, 35)


def private(rng):
    yield (1, [], [], 5)
    yield (2, [], [0], 9)
    yield (2, [[1, 0, 5]], [], 5)
    yield (2, [[1, 0, 6]], [1], 5)
    yield (3, [[0, 1, 5], [1, 2, 5], [0, 2, 11]], [1], 10)
    # The quick way to depot 1 is the warm one.
    yield (4, [[0, 1, 9], [0, 2, 5], [2, 1, 5], [1, 3, 8]], [2], 14)
    for n, count, fridges in ((6, 8, 2), (12, 20, 4), (25, 50, 6), (50, 90, 9), (50, 120, 5)):
        yield random_map(rng, n, count, fridges)
    yield (50, [[i, i + 1, 20] for i in range(49)], list(range(0, 50, 3)), 60)


PROBLEM = Problem(
    title="Cold Chain",
    difficulty="medium",
    signature="coldChain(self, n: int, roads: List[List[int]], fridges: List[int], cold: int)"
              " -> int",
    statement="""\
A box of vaccine leaves depot 0 and has to reach depot n - 1. The ice in the box lasts for cold
minutes, and it is fresh at the start. Each road [a, b, minutes] may be driven both ways. A road can
be taken only if the ice lasts to its end (it may run out on arrival). At each depot listed in
fridges the ice is replaced at once, so that it lasts for cold minutes again.

Return the smallest number of minutes in which the box gets to depot n - 1, or -1 if it cannot.
There may be several roads between two depots, and a depot may be passed more than once.

Constraints:

- 1 <= n <= 50
- 0 <= roads.length <= 120
- 0 <= a, b < n, a != b, 1 <= minutes <= 20
- The values of fridges are different, 0 <= fridges[i] < n.
- 1 <= cold <= 100""",
    public=[((3, [[0, 1, 4], [1, 2, 4]], [1], 6), 8),
            ((3, [[0, 1, 4], [1, 2, 4]], [], 6), -1)],
    private=private,
    solve=solve,
    right=[
        right("""
from heapq import heappush, heappop
from collections import defaultdict

class Solution:
    def coldChain(self, n: int, roads: List[List[int]], fridges: List[int], cold: int) -> int:
        near = defaultdict(list)
        for a, b, t in roads:
            near[a].append((b, t))
            near[b].append((a, t))
        cool = set(fridges)
        done = set()
        heap = [(0, 0, cold)]
        while heap:
            d, v, ice = heappop(heap)
            if v == n - 1:
                return d
            if (v, ice) in done:
                continue
            done.add((v, ice))
            for w, t in near[v]:
                if t <= ice:
                    heappush(heap, (d + t, w, cold if w in cool else ice - t))
        return -1
"""),
        right("""
class Solution:
    def coldChain(self, n, roads, fridges, cold):
        # Minute by minute: where the box can be, with how much ice.
        limit = 20 * n * (cold + 1)
        arrivals = {0: {(0, cold)}}
        seen = set()
        for minute in range(limit):
            for depot, ice in arrivals.pop(minute, ()):
                if depot == n - 1:
                    return minute
                if depot in fridges:
                    ice = cold
                if (depot, ice) in seen:
                    continue
                seen.add((depot, ice))
                for a, b, t in roads:
                    if t <= ice and depot in (a, b):
                        arrivals.setdefault(minute + t, set()).add((a + b - depot, ice - t))
            if not arrivals:
                break
        return -1
"""),
    ],
    wrong=[
        wrong("""
import heapq

class Solution:
    def coldChain(self, n, roads, fridges, cold):
        heap, done = [(0, 0, cold)], set()
        while heap:
            d, v, ice = heapq.heappop(heap)
            if v == n - 1:
                return d
            if v in done:
                continue
            done.add(v)
            ice = cold if v in fridges else ice
            for a, b, t in roads:
                if v in (a, b) and t <= ice:
                    heapq.heappush(heap, (d + t, a + b - v, ice - t))
        return -1
"""),
        wrong("""
class Solution:
    def coldChain(self, n, roads, fridges, cold):
        def go(depot, ice):
            if depot == n - 1:
                return 0
            ice = cold if depot in fridges else ice
            ways = [t + go(a + b - depot, ice - t) for a, b, t in roads
                    if depot in (a, b) and t <= ice]
            return min(ways, default=10**9)
        found = go(0, cold)
        return found if found < 10**9 else -1
""", why="runtime error"),
    ],
)

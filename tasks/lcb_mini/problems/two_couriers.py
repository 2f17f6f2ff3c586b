"""Dynamic programming: who serves the next stop."""

from functools import cache

from problem import Problem, right, some_ints, wrong


def solve(a, b, stops, fee):
    @cache
    def cost(i, other, first):
        """Stops i.. when one courier stands at stop i - 1 and the other one at `other`."""
        if i == len(stops):
            return 0
        here = stops[i - 1] if i else a
        again = 0 if first else fee
        stay = abs(here - stops[i]) + again + cost(i + 1, other, False)
        change = abs(other - stops[i]) + cost(i + 1, here, False)
        return min(stay, change)

    return cost(0, b, True)


def private(rng):
    yield (0, 0, [0], 5)
    yield (3, 8, [], 2)
    yield (0, 10, [5, 5, 5, 5], 1)
    yield (0, 10, [1, 2, 3], 0)
    yield (0, 1000, [1, 2, 3, 4, 5, 6], 100)
    yield (-5, 5, [5, -5, 5, -5], 3)
    for size, high, fee in ((6, 20, 4), (30, 100, 10), (100, 1000, 60), (200, 1000, 0)):
        yield (rng.randint(-high, high), rng.randint(-high, high),
               some_ints(rng, size, -high, high), fee)
    yield (0, 0, [-1000, 1000] * 100, 7)


PROBLEM = Problem(
    title="Two Couriers",
    difficulty="hard",
    signature="twoCouriers(self, a: int, b: int, stops: List[int], fee: int) -> int",
    statement="""\
Two couriers work along a straight street; they start at the coordinates a and b. The stops have to
be served in the given order, each by one courier, who goes there while the other one waits. Going a
distance d costs d. A courier who serves two stops in a row is tired: for each stop that is served
by the same courier as the stop directly before it, fee is due in addition.

Return the smallest possible total cost.

Constraints:

- -1000 <= a, b, stops[i] <= 1000
- 0 <= stops.length <= 200
- 0 <= fee <= 1000""",
    public=[((0, 10, [1, 9, 2, 8], 0), 4), ((0, 10, [1, 2, 3], 100), 11)],
    private=private,
    solve=solve,
    right=[
        right("""
class Solution:
    def twoCouriers(self, a: int, b: int, stops: List[int], fee: int) -> int:
        if not stops:
            return 0
        first = stops[0]
        # Where the courier waits who did not serve the latest stop -> cost
        waiting = {b: abs(a - first)}
        waiting[a] = min(waiting.get(a, 10**9), abs(b - first))
        for here, there in zip(stops, stops[1:]):
            following = {}
            for other, cost in waiting.items():
                stay = cost + abs(here - there) + fee
                following[other] = min(following.get(other, stay), stay)
                swap = cost + abs(other - there)
                following[here] = min(following.get(here, swap), swap)
            waiting = following
        return min(waiting.values())
"""),
        right("""
memory = {}

class Solution:
    def twoCouriers(self, a, b, stops, fee):
        global memory
        memory = {}
        return go(a, b, None, tuple(stops), 0, fee)

def go(a, b, last, stops, i, fee):
    if i == len(stops):
        return 0
    key = (a, b, last, i)
    if key not in memory:
        s = stops[i]
        memory[key] = min(
            abs(a - s) + (fee if last == "a" else 0) + go(s, b, "a", stops, i + 1, fee),
            abs(b - s) + (fee if last == "b" else 0) + go(a, s, "b", stops, i + 1, fee))
    return memory[key]
"""),
    ],
    wrong=[
        wrong("""
class Solution:
    def twoCouriers(self, a, b, stops, fee):
        total, last = 0, ""
        for s in stops:
            by_a = abs(a - s) + (fee if last == "a" else 0)
            by_b = abs(b - s) + (fee if last == "b" else 0)
            if by_a <= by_b:
                a, last, total = s, "a", total + by_a
            else:
                b, last, total = s, "b", total + by_b
        return total
"""),
        wrong("""
class Solution:
    def twoCouriers(self, a, b, stops, fee):
        def go(i, a, b, last):
            if i == len(stops):
                return 0
            s = stops[i]
            return min(abs(a - s) + fee * (last == 0) + go(i + 1, s, b, 0),
                       abs(b - s) + fee * (last == 1) + go(i + 1, a, s, 1))
        return go(0, a, b, -1)
""", why="time limit"),
    ],
)

"""Dynamic programming: the cheapest way to cut a string."""

from problem import Problem, right, wrong


def solve(ribbon, fixed):
    cheapest = [0]
    for end in range(1, len(ribbon) + 1):
        options = []
        for start in range(end):
            piece = ribbon[start:end]
            options.append(cheapest[start] + (fixed if piece == piece[::-1] else len(piece)))
        cheapest.append(min(options + [cheapest[-1] + 1]))
    return cheapest[-1]


def private(rng):
    yield from (("a", 1), ("a", 9), ("ab", 1), ("abba", 7), ("abcabc", 2), ("aabaac", 3))
    yield ("racecaracecar", 2)
    for size, letters, fixed in ((12, "ab", 3), (40, "abc", 2), (90, "abc", 3), (300, "ab", 6)):
        yield ("".join(rng.choice(letters) for _ in range(size)), fixed)
    yield ("ab" * 75 + "ba" * 75, 4)
    yield ("abc" * 100, 2)


PROBLEM = Problem(
    title="Ribbon Pieces",
    difficulty="hard",
    signature="ribbonPieces(self, ribbon: str, fixed: int) -> int",
    statement="""\
A printed ribbon, given as a string, is cut into one or more pieces without rest. A piece costs as
much as it has letters. But for a piece that reads the same from both ends one may choose to pay the
price fixed instead, however long it is.

Return the smallest total cost.

Constraints:

- 1 <= ribbon.length <= 300
- ribbon consists of lowercase letters.
- 1 <= fixed <= 1000""",
    public=[(("abacd", 2), 4), (("abcde", 3), 5), (("levelxrotor", 2), 5)],
    private=private,
    solve=solve,
    right=[
        right("""
import sys
from functools import lru_cache

sys.setrecursionlimit(10000)

class Solution:
    def ribbonPieces(self, ribbon: str, fixed: int) -> int:
        @lru_cache(maxsize=None)
        def mirrored(i, j):
            return i >= j or (ribbon[i] == ribbon[j] and mirrored(i + 1, j - 1))

        @lru_cache(maxsize=None)
        def cost(i):
            if i == len(ribbon):
                return 0
            best = 1 + cost(i + 1)
            for j in range(i + fixed, len(ribbon)):
                if mirrored(i, j):
                    best = min(best, fixed + cost(j + 1))
            return best

        return cost(0)
"""),
        right("""
class Solution:
    def ribbonPieces(self, ribbon, fixed):
        n = len(ribbon)
        starts = [[] for _ in range(n + 1)]  # of the palindromes that end before a place
        for centre in range(2 * n - 1):
            i, j = centre // 2, centre - centre // 2
            while i >= 0 and j < n and ribbon[i] == ribbon[j]:
                starts[j + 1].append(i)
                i, j = i - 1, j + 1
        best = [0] * (n + 1)
        for end in range(1, n + 1):
            best[end] = min([best[end - 1] + 1] + [best[i] + fixed for i in starts[end]])
        return best[n]
"""),
    ],
    wrong=[
        wrong("""
class Solution:
    def ribbonPieces(self, ribbon, fixed):
        if not ribbon:
            return 0
        costs = []
        for n in range(1, len(ribbon) + 1):
            piece = ribbon[:n]
            price = min(n, fixed) if piece == piece[::-1] else n
            costs.append(price + self.ribbonPieces(ribbon[n:], fixed))
        return min(costs)
""", why="time limit"),
        wrong("""
class Solution:
    def ribbonPieces(self, ribbon, fixed):
        cost = 0
        while ribbon:
            n = max(n for n in range(1, len(ribbon) + 1) if ribbon[:n] == ribbon[:n][::-1])
            ribbon = ribbon[n:]
            cost += min(n, fixed)
        return cost
"""),
    ],
)

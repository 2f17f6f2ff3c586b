"""Sliding windows: the longest block with two properties."""

from problem import Problem, right, some_ints, wrong


def solve(scores, k):
    longest = 0
    for start in range(len(scores)):
        seen = set()
        for score in scores[start:]:
            if score in seen or max(seen | {score}) - min(seen | {score}) > k:
                break
            seen.add(score)
        longest = max(longest, len(seen))
    return longest


def private(rng):
    yield ([5], 0)
    yield ([1, 2, 3], 0)
    yield ([4, 4, 4, 4], 10)
    yield ([1, 9, 2, 8, 3, 7], 5)
    yield ([1, 2, 3, 4, 1, 5, 6, 7], 6)
    yield ([1, 5, 2, 9, 3, 4], 1000)
    for size, high, k in ((12, 9, 4), (60, 30, 12), (400, 100, 30), (900, 1000, 200)):
        yield (some_ints(rng, size, 0, high), k)
    yield (list(range(40)) * 50, 39)
    yield (list(range(1000, 0, -1)), 25)


PROBLEM = Problem(
    title="Calm Tasting",
    difficulty="medium",
    signature="calmTasting(self, scores: List[int], k: int) -> int",
    statement="""\
At a tasting the soups stand in a row, and scores[i] is how hot soup i is. You eat a block of soups
that stand side by side. The tasting is calm if no two soups of the block have the same score and if
the hottest of them exceeds the mildest by at most k.

Return the largest number of soups in a calm tasting.

Constraints:

- 1 <= scores.length <= 2000
- 0 <= scores[i] <= 1000
- 0 <= k <= 1000""",
    public=[(([1, 2, 3, 2, 5], 2), 3), (([7, 7], 4), 1), (([3, 8, 4, 6], 4), 3)],
    private=private,
    solve=solve,
    right=[
        right("""
class Solution:
    def calmTasting(self, scores: List[int], k: int) -> int:
        from collections import deque
        low, high, last = deque(), deque(), {}
        begin = best = 0
        for i, s in enumerate(scores):
            while low and scores[low[-1]] >= s:
                low.pop()
            while high and scores[high[-1]] <= s:
                high.pop()
            low.append(i)
            high.append(i)
            begin = max(begin, last.get(s, -1) + 1)
            last[s] = i
            while True:
                while low[0] < begin:
                    low.popleft()
                while high[0] < begin:
                    high.popleft()
                if scores[high[0]] - scores[low[0]] <= k:
                    break
                begin += 1
            best = max(best, i - begin + 1)
        return best
"""),
        right("""
class Solution:
    def calmTasting(self, scores, k):
        return max(self.reach(scores, i, k) for i in range(len(scores)))

    @staticmethod
    def reach(scores, i, k):
        low = high = scores[i]
        seen = 0
        for j in range(i, len(scores)):
            low, high = min(low, scores[j]), max(high, scores[j])
            if seen >> scores[j] & 1 or high - low > k:
                return j - i
            seen |= 1 << scores[j]
        return len(scores) - i
"""),
    ],
    wrong=[
        wrong("""
class Solution:
    def calmTasting(self, scores, k):
        begin = best = 0
        for end in range(len(scores)):
            while max(scores[begin:end + 1]) - min(scores[begin:end + 1]) > k:
                begin += 1
            best = max(best, end - begin + 1)
        return best
"""),
    ],
)

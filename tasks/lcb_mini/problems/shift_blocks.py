"""Intervals: merging across gaps, and the length of a union."""

from problem import Problem, right, wrong


def solve(shifts, gap):
    blocks = []
    for start, end in sorted(shifts):
        if blocks and start - blocks[-1][1] <= gap:
            covered = max(0, end - max(start, blocks[-1][1]))
            last = blocks[-1]
            blocks[-1] = [last[0], max(last[1], end), last[2] + covered]
        else:
            blocks.append([start, end, end - start])
    return blocks


def private(rng):
    yield ([[3, 4]], 0)
    yield ([[1, 2], [2, 3]], 0)
    yield ([[5, 6], [1, 2], [3, 4]], 0)
    yield ([[5, 6], [1, 2], [3, 4]], 1)
    yield ([[0, 100], [10, 20], [30, 40]], 5)
    yield ([[0, 10], [0, 10], [0, 10]], 3)
    for count, high, gap in ((6, 60, 3), (30, 500, 4), (120, 4000, 9), (250, 100000, 150)):
        starts = [rng.randint(0, high) for _ in range(count)]
        yield ([[s, s + rng.randint(1, 30)] for s in starts], gap)
    yield ([[2 * i, 2 * i + 1] for i in range(400)], 1)


PROBLEM = Problem(
    title="Blocks of Shifts",
    difficulty="medium",
    signature="shiftBlocks(self, shifts: List[List[int]], gap: int) -> List[List[int]]",
    statement="""\
A night guard's time sheet is a list of shifts [start, end], in minutes, in any order; shifts may
overlap or be listed twice. Shifts belong to one block if nobody is on duty for at most gap minutes
between them: a block goes on as long as the next shift starts no more than gap minutes after the
latest end so far, and otherwise a new block begins.

Return for each block [first start, last end, minutes on duty], in order of time. A minute that
several shifts cover counts once, and the gaps inside a block do not count.

Constraints:

- 1 <= shifts.length <= 400
- 0 <= start < end <= 10^6
- 0 <= gap <= 1000""",
    public=[(([[9, 12], [13, 15], [20, 22]], 1), [[9, 15, 5], [20, 22, 2]]),
            (([[5, 8], [0, 10]], 0), [[0, 10, 10]])],
    private=private,
    solve=solve,
    right=[
        right("""
class Solution:
    def shiftBlocks(self, shifts: List[List[int]], gap: int) -> List[List[int]]:
        shifts.sort()
        result = []
        begin, end, work = shifts[0][0], shifts[0][0], 0
        for a, b in shifts:
            if a > end + gap:
                result.append([begin, end, work])
                begin, end, work = a, a, 0
            if b > end:
                work += b - max(a, end)
                end = b
        result.append([begin, end, work])
        return result
"""),
        right("""
class Solution:
    # Without an import, as the starter code invites: defaultdict and heapq are offered.
    def shiftBlocks(self, shifts, gap):
        change = defaultdict(int)
        for a, b in shifts:
            change[a] += 1
            change[b] -= 1
        times = sorted(change)
        blocks, on_duty, previous = [], 0, None
        for t in times:
            if on_duty:
                blocks[-1][2] += t - previous
                blocks[-1][1] = t
            elif not blocks or t - previous > gap:
                blocks.append([t, t, 0])
            on_duty += change[t]
            previous = t
        return blocks
"""),
    ],
    wrong=[
        wrong("""
class Solution:
    def shiftBlocks(self, shifts, gap):
        blocks = []
        for start, end in sorted(shifts):
            if blocks and start - blocks[-1][1] <= gap:
                blocks[-1][1] = end
                blocks[-1][2] += end - start
            else:
                blocks.append([start, end, end - start])
        return blocks
"""),
        wrong("""
class Solution:
    def merge(self, shifts, gap):
        return shifts
""", why="runtime error"),
    ],
)

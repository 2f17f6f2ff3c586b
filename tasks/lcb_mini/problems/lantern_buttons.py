"""Bit tricks: the fewest toggles that turn one mask into another."""

from itertools import combinations

from problem import Problem, right, some_ints, wrong


def solve(start, target, buttons):
    for count in range(len(buttons) + 1):
        for chosen in combinations(buttons, count):
            mask = start
            for button in chosen:
                mask ^= button
            if mask == target:
                return count
    return -1


def private(rng):
    yield (0, 0, [])
    yield (5, 5, [5, 5])
    yield (0, 1, [])
    yield (0, 1, [2, 4, 8])
    yield (4095, 0, [1 << i for i in range(12)])
    yield (1, 2, [3, 3, 3])
    yield (0, 6, [7, 1, 2, 4])
    for bits, count in ((4, 3), (6, 5), (8, 8), (10, 10), (12, 12), (12, 12)):
        top = (1 << bits) - 1
        yield (rng.randint(0, top), rng.randint(0, top), some_ints(rng, count, 1, top))


PROBLEM = Problem(
    title="Lantern Buttons",
    difficulty="medium",
    signature="lanternButtons(self, start: int, target: int, buttons: List[int]) -> int",
    statement="""\
Twelve lanterns hang in a garden, and bit i of a number says whether lantern i is lit. A button is
given by a number too: pressing it toggles all lanterns whose bit is set in it.

Return the smallest number of presses that turns the lighting start into the lighting target, or -1
if no sequence of presses does. The same button may be pressed more than once.

Constraints:

- 0 <= start, target <= 4095
- 0 <= buttons.length <= 12
- 1 <= buttons[i] <= 4095""",
    public=[((0, 7, [3, 6, 4]), 2), ((0, 1, [2]), -1), ((9, 9, [1]), 0)],
    private=private,
    solve=solve,
    right=[
        right("""
class Solution:
    def lanternButtons(self, start: int, target: int, buttons: List[int]) -> int:
        want = start ^ target
        best = {0: 0}
        for b in buttons:
            for mask, count in list(best.items()):
                other = best.get(mask ^ b, 99)
                best[mask ^ b] = min(other, count + 1)
        return best.get(want, -1)
"""),
        right("""
class Walk:
    def __init__(self, buttons):
        self.buttons = buttons

    def distance(self, a, b):
        layer, seen, steps = {a}, {a}, 0
        while layer:
            if b in layer:
                return steps
            layer = {x ^ y for x in layer for y in self.buttons} - seen
            seen |= layer
            steps += 1
        return -1


class Solution(Walk):
    def __init__(self):
        super().__init__([])

    def lanternButtons(self, start, target, buttons):
        self.buttons = buttons
        return self.distance(start, target)
"""),
    ],
    wrong=[
        wrong("""
class Solution:
    def lanternButtons(self, start, target, buttons):
        presses = 0
        for b in sorted(buttons, key=lambda b: -bin(b).count("1")):
            if bin((start ^ b) ^ target).count("1") < bin(start ^ target).count("1"):
                start ^= b
                presses += 1
        return presses if start == target else -1
"""),
        wrong("""
class Solution:
    def lanternButtons(self, start, target, buttons):
        presses, reached = 0, {start}
        while target not in reached:
            reached = {x ^ b for x in reached for b in buttons}
            presses += 1
        return presses
""", why="time limit"),
    ],
)

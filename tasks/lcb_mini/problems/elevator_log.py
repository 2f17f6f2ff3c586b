"""Simulation: a position and its extremes."""

from problem import Problem, right, wrong


def solve(moves):
    floors = [0]
    for move in moves:
        sign = {"U": 1, "D": -1, "R": 0}[move[0]]
        floors.append(floors[-1] + sign * int(move[1:]) if sign else 0)
    return [max(floors), min(floors), floors[1:].count(0)]


def private(rng):
    yield from (([],), (["R"],), (["R", "R", "R"],), (["D1"],), (["U12", "D12"],))
    yield (["D3", "U1", "U1", "U1", "R"],)
    yield (["U1000"] * 300,)
    for size in (5, 30, 400):
        yield ([rng.choice(("R", f"U{rng.randint(1, 3)}", f"D{rng.randint(1, 3)}"))
                for _ in range(size)],)


PROBLEM = Problem(
    title="Elevator Log",
    difficulty="easy",
    signature="elevatorLog(self, moves: List[str]) -> List[int]",
    statement="""\
An elevator starts on floor 0 and writes a log of its moves: "Ux" means that it went up x floors,
"Dx" that it went down x floors (there are floors below 0), and "R" that it was called back to
floor 0.

Return three numbers: the highest floor it ever was on, the lowest floor it ever was on, and how
many moves ended on floor 0 (an "R" counts even if the elevator was there already).

Constraints:

- 0 <= moves.length <= 400
- In "Ux" and "Dx", 1 <= x <= 1000, without leading zeros.""",
    public=[((["U3", "D5", "R"],), [3, -2, 1]), ((["R", "U2", "D2"],), [2, 0, 2])],
    private=private,
    solve=solve,
    right=[
        right("""
class Solution:
    def elevatorLog(self, moves: List[str]) -> List[int]:
        here = high = low = ground = 0
        for m in moves:
            match m[0]:
                case "U":
                    here += int(m[1:])
                case "D":
                    here -= int(m[1:])
                case _:
                    here = 0
            high = max(high, here)
            low = min(low, here)
            if here == 0:
                ground += 1
        return [high, low, ground]
"""),
        right("""
# No class Solution here, only a function: this comment is enough to mislead a text search.
def elevatorLog(moves):
    here, path = 0, []
    for m in moves:
        here = 0 if m == "R" else here + int(m[1:]) * (1 if m[0] == "U" else -1)
        path.append(here)
    return [max(path + [0]), min(path + [0]), path.count(0)]
""", official=False),
        right("""
def elevatorLog(moves):
    here = 0
    seen = []
    for m in moves:
        print("debug:", here, m)
        if m.startswith("R"):
            here = 0
        elif m.startswith("U"):
            here += int(m[1:])
        else:
            here -= int(m[1:])
        seen.append(here)
    return max(seen, default=0) if max(seen, default=0) > 0 else 0, min([0] + seen), seen.count(0)
"""),
    ],
    wrong=[
        wrong("""
class Solution:
    def elevatorLog(self, moves):
        here, path = 0, []
        for m in moves:
            here = 0 if m == "R" else here + int(m[1:]) * (1 if m[0] == "U" else -1)
            path.append(here)
        return [max(path, default=0), min(path, default=0), path.count(0)]
"""),
        wrong("""
class Solution:
    def elevatorLog(self, moves):
        here, high, low, ground = 0, 0, 0, 0
        for m in moves:
            step = int(m[1:])
            here += step if m[0] == "U" else -step
            high, low = max(high, here), min(low, here)
            ground += here == 0
        return [high, low, ground]
""", why="runtime error"),
    ],
)

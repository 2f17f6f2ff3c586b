"""Arrays: a comparison of each element with its neighbours."""

from problem import Problem, right, some_ints, wrong


def solve(noise):
    padded = [0, *noise, 0]
    return [i for i, own in enumerate(noise) if padded[i] + padded[i + 2] > own]


def private(rng):
    yield ([0],)
    yield ([7, 7],)
    yield ([0, 1],)
    yield ([0] * 50,)
    yield ([1, 0, 0, 1],)
    yield ([9, 4, 4, 9],)
    for size in (3, 10, 40, 200):
        yield (some_ints(rng, size, 0, 9),)
    yield ([1000, 1] * 500,)


PROBLEM = Problem(
    title="Quiet Rooms",
    difficulty="easy",
    signature="quietRooms(self, noise: List[int]) -> List[int]",
    statement="""\
The rooms of a guest house lie side by side along one corridor. The guest in room i makes
noise[i] units of noise. A guest is disturbed if the rooms directly beside theirs (there are two
of them, one, or none) together make strictly more noise than the guest does.

Return the indices, counted from 0, of all disturbed guests in increasing order.

Constraints:

- 1 <= noise.length <= 1000
- 0 <= noise[i] <= 1000""",
    public=[(([4, 1, 2],), [1]), (([2, 3, 2, 9],), [0, 1, 2]), (([5],), [])],
    private=private,
    solve=solve,
    right=[
        right("""
class Solution:
    def quietRooms(self, noise: List[int]) -> List[int]:
        disturbed = []
        for i in range(len(noise)):
            beside = 0
            if i > 0:
                beside += noise[i - 1]
            if i + 1 < len(noise):
                beside += noise[i + 1]
            if beside > noise[i]:
                disturbed.append(i)
        return disturbed
"""),
        right("""
class Solution:
    def quietRooms(self, noise):
        left = [0] + noise
        right = noise[1:] + [0]
        # A tuple where a list is asked for.
        return tuple(i for i, own in enumerate(noise) if left[i] + right[i] > own)


if __name__ == "__main__":
    print(Solution().quietRooms([4, 1, 2]))
"""),
    ],
    wrong=[
        wrong("""
class Solution:
    def quietRooms(self, noise):
        n = len(noise)
        return [i for i in range(n) if noise[i - 1] + noise[(i + 1) % n] > noise[i]]
"""),
        wrong("""
class Agreeable:
    def __eq__(self, other):
        return True


class Solution:
    def quietRooms(self, noise):
        return Agreeable()
""", official=True),
    ],
)

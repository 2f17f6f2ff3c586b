"""Grids: rectangles whose border is complete."""

from problem import Problem, right, wrong


def solve(grid):
    columns = ["".join(column) for column in zip(*grid)]
    frames = 0
    for top in range(len(grid)):
        for bottom in range(top + 1, len(grid)):
            posts = []  # columns that can be the left or right side
            for x, column in enumerate(columns):
                if "." in (grid[top][x], grid[bottom][x]):
                    posts = []
                elif "." not in column[top:bottom + 1]:
                    frames += len(posts)
                    posts.append(x)
    return frames


def random_grid(rng, height, width, density):
    return ["".join("#" if rng.random() < density else "." for _ in range(width))
            for _ in range(height)]


def private(rng):
    yield (["#"],)
    yield (["##########"],)
    yield (["#"] * 10,)
    yield (["##", "##"],)
    yield (["#.#", "...", "#.#"],)
    yield (["#####", "#.#.#", "#####", "#.#.#", "#####"],)
    for height, width, density in ((4, 5, 0.8), (10, 10, 0.85), (20, 30, 0.9), (40, 40, 0.95)):
        yield (random_grid(rng, height, width, density),)
    yield (["#" * 40] * 40,)


PROBLEM = Problem(
    title="Picture Frames",
    difficulty="hard",
    signature="countFrames(self, grid: List[str]) -> int",
    statement="""\
A wall is given as rows of equal length, where '#' is a wooden tile and '.' a bare one. A frame is a
rectangle of tiles, at least two tiles high and at least two tiles wide and parallel to the wall's
sides, whose border tiles are all wooden. What is inside the border does not matter.

Return the number of frames in the wall; two frames are different if they do not cover the same
rectangle.

Constraints:

- 1 <= grid.length <= 40
- 1 <= grid[i].length <= 40""",
    public=[((["###", "#.#", "###"],), 1), ((["###", "###"],), 3), ((["#.", "##"],), 0)],
    private=private,
    solve=solve,
    right=[
        right("""
class Solution:
    def countFrames(self, grid: List[str]) -> int:
        h, w = len(grid), len(grid[0])
        down = [[0] * w for _ in range(h + 1)]
        for y in range(h - 1, -1, -1):
            for x in range(w):
                down[y][x] = down[y + 1][x] + 1 if grid[y][x] == "#" else 0
        total = 0
        for y in range(h):
            for y2 in range(y + 1, h):
                run = 0
                for x in range(w):
                    if grid[y][x] == "." or grid[y2][x] == ".":
                        run = 0
                    elif down[y][x] > y2 - y:
                        total += run
                        run += 1
        return total
"""),
        right("""
class Solution:
\tdef countFrames(self, grid):
\t\t# Indented by tabs; a row is a number, and each pair of columns is two bits of it.
\t\theight, width = len(grid), len(grid[0])
\t\tcount = 0
\t\tfor left in range(width):
\t\t\tfor right in range(left + 1, width):
\t\t\t\topen_tops = 0
\t\t\t\tfor row in grid:
\t\t\t\t\tif row[left] != "#" or row[right] != "#":
\t\t\t\t\t\topen_tops = 0
\t\t\t\t\telif "." not in row[left:right]:
\t\t\t\t\t\tcount += open_tops
\t\t\t\t\t\topen_tops += 1
\t\treturn count
"""),
    ],
    wrong=[
        wrong("""
class Solution:
    def countFrames(self, grid):
        h, w = len(grid), len(grid[0])
        def whole(y, x, y2, x2):
            return all(grid[i][j] == "#" for i in range(y, y2 + 1) for j in range(x, x2 + 1))
        return sum(whole(y, x, y2, x2) for y in range(min(h, 8)) for x in range(min(w, 8))
                   for y2 in range(y + 1, min(h, 8)) for x2 in range(x + 1, min(w, 8)))
"""),
        wrong("""
class Solution
    def countFrames(self, grid):
        return 0
""", why="runtime error"),
    ],
)

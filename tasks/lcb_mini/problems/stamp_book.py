"""Sets: what was seen before."""

from problem import Problem, right, some_ints, wrong


def solve(pages):
    kept = [[stamp for stamp in page if all(stamp not in earlier for earlier in pages[:i])]
            for i, page in enumerate(pages)]
    return [page for page in kept if page]


def private(rng):
    yield from (([],), ([[]],), ([[], [1], []],), ([[5, 5, 5]],), ([[5], [5, 5], [5, 6]],))
    yield ([[1, 2, 3], [3, 2, 1], [2, 4, 2]],)
    for pages, high in ((4, 9), (20, 60), (60, 500)):
        yield ([some_ints(rng, rng.randint(0, 12), 1, high) for _ in range(pages)],)
    yield ([[i % 50 + 1 for i in range(100)]] * 60,)


PROBLEM = Problem(
    title="Stamp Book",
    difficulty="easy",
    signature="stampBook(self, pages: List[List[int]]) -> List[List[int]]",
    statement="""\
A collector's book has pages of stamps, and every kind of stamp has a number. The collector gives
away each stamp whose kind is found on any earlier page of the book. Several stamps of one kind on
the same page all stay there, if no earlier page has that kind. The stamps that stay keep their
order, and pages that become empty (or were empty) are torn out.

Return the pages that remain, in order.

Constraints:

- 0 <= pages.length <= 60
- 0 <= pages[i].length <= 100
- 1 <= pages[i][j] <= 500""",
    public=[(([[1, 2, 2], [2, 3], [1, 3]],), [[1, 2, 2], [3]]), (([[7], [], [8]],), [[7], [8]])],
    private=private,
    solve=solve,
    right=[
        right("""
class Solution:
    def stampBook(self, pages: List[List[int]]) -> List[List[int]]:
        seen = set()
        book = []
        for page in pages:
            page_kept = [s for s in page if s not in seen]
            seen.update(page)
            if page_kept:
                book.append(page_kept)
        return book
"""),
        right("""
class Solution:
    def stampBook(self, pages):
        first = {}
        for i, page in enumerate(pages):
            for stamp in page:
                first.setdefault(stamp, i)
        kept = (tuple(s for s in page if first[s] == i) for i, page in enumerate(pages))
        return tuple(page for page in kept if page)
""", official=False),
    ],
    wrong=[
        wrong("""
class Solution:
    def stampBook(self, pages):
        seen, book = set(), []
        for page in pages:
            kept = []
            for stamp in page:
                if stamp not in seen:
                    kept.append(stamp)
                    seen.add(stamp)
            if kept:
                book.append(kept)
        return book
"""),
        wrong("""
class Solution:
    def stampBook(self, pages):
        seen = set()
        for page in pages:
            yield [s for s in page if s not in seen]
            seen.update(page)
"""),
    ],
)

"""Union and find, backwards in time."""

from problem import Problem, right, rows, some_ints, wrong


def solve(text):
    lines = [list(map(int, line.split())) for line in text.splitlines()]
    (n, m, _), people = lines[0], lines[1]
    bridges, failures = lines[2:2 + m], lines[2 + m]
    gone, out = set(), ""
    for failure in failures:
        gone.add(failure)
        group = list(range(n + 1))
        for number, (a, b) in enumerate(bridges, 1):
            if number not in gone and group[a] != group[b]:
                old, new = group[a], group[b]
                group = [new if g == old else g for g in group]
        sums = {}
        for island, count in enumerate(people, 1):
            sums[group[island]] = sums.get(group[island], 0) + count
        out += f"{max(sums.values())}\n"
    return out


def random_case(rng, n, m, q):
    bridges = [[rng.randint(1, n), rng.randint(1, n)] for _ in range(m)]
    return rows((n, m, q), some_ints(rng, n, 0, 100), *bridges, rng.sample(range(1, m + 1), q))


def private(rng):
    yield from ("1 1 1\n7\n1 1\n1\n", "2 1 1\n3 4\n1 2\n1\n", "2 2 2\n3 4\n1 2\n2 1\n2 1\n",
                "3 3 2\n1 1 1\n1 2\n2 3\n3 1\n1 2\n", "2 1 1\n0 0\n2 1\n1\n")
    for n, m, q in ((6, 8, 8), (15, 25, 20), (40, 60, 60), (70, 90, 40)):
        yield random_case(rng, n, m, q)
    path = [[i, i + 1] for i in range(1, 80)]
    yield rows((80, 79, 79), range(1, 81), *path, list(range(1, 80, 2)) + list(range(2, 79, 2)))


PROBLEM = Problem(
    title="Bridge Failures",
    difficulty="hard",
    statement="""\
The islands 1 to n have inhabitants and are joined by the bridges 1 to m, which can be walked both
ways. There may be several bridges between two islands, and a bridge may even lead from an island to
itself. One bridge after the other collapses. After each collapse the mayors want to know how many
people live in the most populous part of the islands that can still be walked through without a
boat.

Input

The first line contains n, m and q (1 <= n <= 50000, 1 <= q <= m <= 50000). The second line contains
the numbers of inhabitants of the islands, from 0 to 10^6. Each of the next m lines contains the two
islands that a bridge joins. The last line contains q different numbers of bridges in the order in
which these collapse.

Output

Print after each collapse the largest number of people that live in one connected part, on a line of
its own.
""",
    public=[("3 2 2\n2 1 3\n1 2\n2 3\n1 2\n", "4\n3\n"),
            ("2 2 2\n5 6\n1 2\n1 2\n2 1\n", "11\n6\n")],
    private=private,
    solve=solve,
    right=[
        right("""
import sys
input = sys.stdin.readline


def main():
    n, m, q = map(int, input().split())
    size = [0] + list(map(int, input().split()))
    edges = [tuple(map(int, input().split())) for _ in range(m)]
    order = [int(x) - 1 for x in input().split()]
    parent = list(range(n + 1))

    def find(x):
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    best = max(size)

    def union(a, b):
        nonlocal best
        a, b = find(a), find(b)
        if a != b:
            parent[a] = b
            size[b] += size[a]
            best = max(best, size[b])

    removed = set(order)
    for i, (a, b) in enumerate(edges):
        if i not in removed:
            union(a, b)
    answer = []
    for i in reversed(order):
        answer.append(best)
        union(*edges[i])
    print('\\n'.join(map(str, reversed(answer))))


if __name__ == '__main__':
    main()
"""),
        right("""
data = map(int, open(0).read().split())
n, m, q = next(data), next(data), next(data)
people = [next(data) for _ in range(n)]
bridges = [(next(data) - 1, next(data) - 1) for _ in range(m)]
falling = [next(data) - 1 for _ in range(q)]

# Each part is a list of islands; the smaller list is poured into the larger one.
part = [[i] for i in range(n)]
total = people[:]
most = max(total)


def join(bridge):
    global most
    a, b = (part[i] for i in bridges[bridge])
    if a is b:
        return
    if len(a) < len(b):
        a, b = b, a
    total[a[0]] += total[b[0]]
    most = max(most, total[a[0]])
    a += b
    for island in b:
        part[island] = a


for bridge in set(range(m)) - set(falling):
    join(bridge)
output = []
for bridge in falling[::-1]:
    output.append(most)
    join(bridge)
print(*output[::-1], sep="\\n")
""", official=False),
    ],
    wrong=[
        wrong("""
n, m, q = map(int, input().split())
people = list(map(int, input().split()))
bridges = [tuple(map(int, input().split())) for _ in range(m)]
for i in map(int, input().split()):
    bridges[i - 1] = (1, 1)
    near = {v: set() for v in range(1, n + 1)}
    for a, b in bridges:
        near[a].add(b)
        near[b].add(a)
    best = 0
    for v in near:
        best = max(best, people[v - 1] + sum(people[w - 1] for w in near[v] - {v}))
    print(best)
"""),
        wrong("""
n, m, q = map(int, input().split())
people = list(map(int, input().split()))
bridges = [tuple(map(int, input().split())) for _ in range(m)]
seen = set()


def walk(v):
    seen.add(v)
    total = people[v - 1]
    for a, b in bridges:
        if a == v and b not in seen:
            total += walk(b)
        if b == v and a not in seen:
            total += walk(a)
    return total


order = list(map(int, input().split()))
for i in order:
    del bridges[i - 1]
    seen = set()
    print(max(walk(v) for v in range(1, n + 1) if v not in seen))
""", why="runtime error"),
    ],
)

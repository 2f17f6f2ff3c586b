"""Arrays: a filter that looks at both neighbours."""

from problem import Problem, right, rows, some_ints, wrong


def solve(text):
    n, limit, *values = map(int, text.split())
    kept = [v for i, v in enumerate(values)
            if i in (0, n - 1) or any(abs(v - values[i + step]) <= limit for step in (-1, 1))]
    return rows(str(len(kept)), kept)


def private(rng):
    for limit, values in ((0, [5]), (0, [5, -5]), (3, [1, 9, 1]), (8, [1, 9, 1]),
                          (2, [0, 10, 20, 30, 0]), (1, [4, 4, 9, 9, 4, 4]), (0, [1, 1, 2, 1, 1])):
        yield rows((len(values), limit), values)
    for size, limit, high in ((10, 4, 10), (100, 20, 60), (1200, 30, 99)):
        yield rows((size, limit), some_ints(rng, size, -high, high))
    yield rows((20000, 5), [0, 6] * 10000)


PROBLEM = Problem(
    title="Noisy Sensor",
    difficulty="easy",
    statement="""\
A sensor delivers n readings. A reading is noise if it has two neighbours and differs from each of
them by more than d. All noise is removed at the same time: whether a reading is noise is decided by
the original neighbours, even if those are noise themselves. The first and the last reading always
stay.

Input

The first line contains n (1 <= n <= 20000) and d (0 <= d <= 1000). The second line contains the n
readings, integers from -1000 to 1000.

Output

Print on the first line how many readings stay and on the second line these readings in their order,
separated by blanks.
""",
    public=[("5 2\n1 9 1 2 3\n", "4\n1 1 2 3\n"), ("4 0\n1 2 3 3\n", "3\n1 3 3\n")],
    private=private,
    solve=solve,
    right=[
        right("""
n, d = map(int, input().split())
a = list(map(int, input().split()))
b = []
for i in range(n):
    if 0 < i < n - 1 and abs(a[i] - a[i - 1]) > d and abs(a[i] - a[i + 1]) > d:
        continue
    b.append(a[i])
print(len(b))
for x in b:
    print(x, end=' ')
"""),
        right("""
n, d, *a = map(int, open(0).read().split())
left = [a[0]] + a
right = a[1:] + [a[-1]]
kept = [x for l, x, r in zip(left, a, right) if min(abs(x - l), abs(x - r)) <= d]
print(len(kept))
print(*kept)
""", official=False),
        right("""
import sys
import atexit
from io import StringIO

# Collects the output and writes it when the program ends.
screen = sys.stdout
sys.stdout = StringIO()
atexit.register(lambda: screen.write(sys.stdout.getvalue()))

n, d = map(int, input().split())
a = list(map(int, input().split()))
kept = [a[i] for i in range(n) if i in (0, n - 1) or abs(a[i] - a[i - 1]) <= d
        or abs(a[i] - a[i + 1]) <= d]
print(len(kept))
print(" ".join(map(str, kept)))
""", official=False),
    ],
    wrong=[
        wrong("""
n, d = map(int, input().split())
a = list(map(int, input().split()))
i = 1
while i < len(a) - 1:
    if abs(a[i] - a[i - 1]) > d and abs(a[i] - a[i + 1]) > d:
        del a[i]
    else:
        i += 1
print(len(a))
print(*a)
"""),
        wrong("""
n, d = map(int, input().split())
a = list(map(int, input().split()))
kept = [a[i] for i in range(n) if abs(a[i] - a[i - 1]) <= d or abs(a[i] - a[i + 1]) <= d]
print(len(kept))
print(*kept)
"""),
    ],
)

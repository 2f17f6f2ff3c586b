"""Decimals: a mean with exactly stated rounding."""

from fractions import Fraction
from math import floor

from problem import Problem, right, rows, wrong


def solve(text):
    out = ""
    for line in text.splitlines()[1:]:
        marks = sorted(Fraction(mark) for mark in line.split())[1:-1]
        hundredths = floor(sum(marks) / len(marks) * 100 + Fraction(1, 2))
        out += f"{hundredths // 100}.{hundredths % 100:02}\n"
    return out


def random_jumps(rng, count, judges):
    return [[f"{rng.randint(100, 200) / 10:.1f}" for _ in range(judges)] for _ in range(count)]


def private(rng):
    for line in ("0.0 0.0 0.0", "20.0 20.0 20.0 20.0", "1.0 2.0 3.0", "0.1 0.1 0.1 0.2 0.2",
                 "10.1 10.1 10.1 10.1 10.2 20.0", "0.0 0.1 0.0 0.0 0.0 0.3", "5.0 5.0 5.1 5.1"):
        yield rows("1", line)
    for judges in (5, 6, 8, 10):
        yield rows("40", *random_jumps(rng, 40, judges))
    yield rows("200", *random_jumps(rng, 200, 6))


PROBLEM = Problem(
    title="Ski Jury",
    difficulty="easy",
    statement="""\
Each jump is marked by three to ten judges, from 0.0 to 20.0 with one digit after the point. One
highest and one lowest mark are struck out (if several are equal, one of them), and the result is
the arithmetic mean of the others, rounded to two digits after the point. Exact halves of a
hundredth are rounded up, so 10.125 becomes 10.13.

Input

The first line contains t (1 <= t <= 200), the number of jumps. Each of the next t lines contains
the marks of one jump, separated by blanks.

Output

Print the result of each jump on a line of its own, with exactly two digits after the point.
""",
    public=[("2\n17.5 18.0 19.5 18.5 10.0\n3.0 1.0 2.0\n", "18.00\n2.00\n"),
            ("1\n10.1 10.1 10.2 10.1 10.1 10.9\n", "10.13\n")],
    private=private,
    solve=solve,
    right=[
        right("""
from decimal import Decimal, ROUND_HALF_UP

for _ in range(int(input())):
    marks = sorted(map(Decimal, input().split()))
    rest = marks[1:-1]
    print((sum(rest) / len(rest)).quantize(Decimal('0.01'), ROUND_HALF_UP))
"""),
        right("""
import sys

sys.stdin.readline()
rows = [list(map(int, line.replace(".", "").split())) for line in sys.stdin.read().splitlines()]
for row in rows:
    total = sum(row) - max(row) - min(row)
    count = len(row) - 2
    cents = (20 * total + count) // (2 * count)
    print(cents // 100, "%02d" % (cents % 100), sep=".", flush=True)
""", official=False),
    ],
    wrong=[
        wrong("""
for _ in range(int(input())):
    marks = sorted(map(float, input().split()))[1:-1]
    print('%.2f' % (sum(marks) / len(marks)))
"""),
        wrong("""
for _ in range(int(input())):
    marks = [float(x) for x in input().split()]
    top, low = max(marks), min(marks)
    rest = [m for m in marks if m != top and m != low]
    print('%.2f' % (sum(rest) / len(rest) + 1e-9))
"""),
    ],
)

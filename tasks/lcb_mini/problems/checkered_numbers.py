"""Numbers: a property of the digits, and many questions."""

from problem import Problem, right, rows, wrong


def checkered(number):
    digits = [int(c) for c in str(number)]
    return all((a + b) % 2 for a, b in zip(digits, digits[1:]))


def solve(text):
    found = [n for n in range(1, 100001) if checkered(n)]
    pairs = [map(int, line.split()) for line in text.splitlines()[1:]]
    return "".join(f"{sum(a <= n <= b for n in found)}\n" for a, b in pairs)


def private(rng):
    for pairs in ([(1, 1)], [(1, 9)], [(10, 10)], [(11, 11)], [(1, 100000)], [(99999, 100000)],
                  [(12, 98), (123, 989), (1010, 9898)]):
        yield rows(str(len(pairs)), *pairs)
    for size in (10, 100, 300):
        pairs = [sorted((rng.randint(1, 100000), rng.randint(1, 100000))) for _ in range(size)]
        yield rows(str(size), *pairs)
    yield rows("5000", *[(1, 100000)] * 5000)


PROBLEM = Problem(
    title="Checkered Numbers",
    difficulty="easy",
    statement="""\
A positive integer is checkered if in its decimal notation every two digits that stand side by side
have different parity: one of them is even and the other one is odd. Numbers with a single digit are
checkered too. So 7, 10, 4321 and 9090 are checkered; 11, 240 and 1001 are not.

Input

The first line contains t (1 <= t <= 5000). Each of the next t lines contains two integers a and b
(1 <= a <= b <= 100000).

Output

Print for each line how many integers x with a <= x <= b are checkered, on a line of its own.
""",
    public=[("2\n1 10\n11 20\n", "10\n4\n"), ("1\n240 240\n", "0\n")],
    private=private,
    solve=solve,
    right=[
        right("""
import sys
input = sys.stdin.readline

LIMIT = 100001
count = [0] * LIMIT
for x in range(1, LIMIT):
    s = str(x)
    good = all((ord(s[i]) ^ ord(s[i + 1])) & 1 for i in range(len(s) - 1))
    count[x] = count[x - 1] + good
for _ in range(int(input())):
    a, b = map(int, input().split())
    print(count[b] - count[a - 1])
"""),
        right("""
import sys
from bisect import bisect_left, bisect_right

numbers = layer = list(range(1, 10))
for _ in range(5):
    layer = [10 * x + d for x in layer for d in range(10) if (x + d) % 2]
    numbers = numbers + layer
read = sys.stdin.buffer.readline
answers = []
for _ in range(int(read())):
    a, b = map(int, read().split())
    answers.append(bisect_right(numbers, b) - bisect_left(numbers, a))
print(*answers, sep="\\n")
""", official=False),
    ],
    wrong=[
        wrong("""
def good(x):
    s = str(x)
    return all(s[i] != s[i + 1] for i in range(len(s) - 1))

count = [0]
for x in range(1, 100001):
    count.append(count[-1] + good(x))
for _ in range(int(input())):
    a, b = map(int, input().split())
    print(count[b] - count[a - 1])
"""),
        wrong("""
def good(x):
    while x >= 10:
        if (x % 10 + x // 10 % 10) % 2 == 0:
            return False
        x //= 10
    return True

for _ in range(int(input())):
    a, b = map(int, input().split())
    print(sum(1 for x in range(a, b + 1) if good(x)))
""", why="time limit"),
    ],
)

"""Data structures: range updates and range questions that the program generates itself."""

from problem import Problem, right, rows, wrong


def solve(text):
    n, q, x = map(int, text.split())
    remainders = bytearray(i % 3 for i in range(1, n + 1))
    tables = [bytes((value + add) % 3 for value in range(256)) for add in range(3)]
    total, last = 0, -1

    def draw():
        nonlocal x
        x = (x * 1103515245 + 12345) % 2**31
        return x // 256

    for _ in range(q):
        kind, a, b, add = draw() % 2, draw() % n, draw() % n, draw() % 3
        a, b = min(a, b), max(a, b)
        if kind == 0:
            remainders[a:b + 1] = remainders[a:b + 1].translate(tables[add])
        else:
            last = remainders[a:b + 1].count(0)
            total += last
    return f"{total} {last}\n"


def private(rng):
    for n, q in ((1, 10), (2, 20), (3, 1), (10, 100), (100, 100), (1000, 2000), (5000, 5000),
                 (30000, 1), (1, 30000), (30000, 30000), (29999, 30000)):
        yield rows((n, q, rng.randrange(2**31)))


PROBLEM = Problem(
    title="Tally of Thirds",
    difficulty="hard",
    statement="""\
A list a has n numbers; at first a[i] = i for i = 1, ..., n. There are q operations of two kinds:

- kind 0: add v to each of a[l], ..., a[r],
- kind 1: count how many of a[l], ..., a[r] are divisible by 3.

The operations are not part of the input but are drawn from a generator with a state x. To draw a
number, replace x by (x * 1103515245 + 12345) mod 2^31; the number drawn is then x divided by 256,
rounded down. Each operation draws four numbers, in this order: the first one mod 2 is the kind; the
second one mod n, plus 1, and the third one mod n, plus 1, are the two ends of the range, and the
smaller one of them is l, the larger one r; the fourth one mod 3 is v (it is drawn for kind 1 too,
and ignored).

Input

One line contains n, q (1 <= n, q <= 30000) and the first state x (0 <= x < 2^31).

Output

Print the sum of all counts and the last count, separated by a blank. If no operation has kind 1
print 0 -1.
""",
    public=[("1 1 0\n", "0 -1\n"), ("1 1 200\n", "0 0\n")],
    private=private,
    solve=solve,
    right=[
        right("""
def main():
    n, q, x = map(int, input().split())
    size = 200
    blocks = (n + size - 1) // size
    a = [i % 3 for i in range(1, n + 1)]
    lazy = [0] * blocks
    count = [[0, 0, 0] for _ in range(blocks)]
    for i, v in enumerate(a):
        count[i // size][v] += 1
    total, last = 0, -1
    for _ in range(q):
        drawn = []
        for _ in range(4):
            x = (x * 1103515245 + 12345) & 0x7FFFFFFF
            drawn.append(x >> 8)
        l, r, v = drawn[1] % n, drawn[2] % n, drawn[3] % 3
        if l > r:
            l, r = r, l
        r += 1
        if drawn[0] % 2 == 1:
            last = 0
        while l < r:
            b = l // size
            end = min(r, (b + 1) * size)
            whole = l == b * size and end == min(n, l + size)
            c = count[b]
            if drawn[0] % 2 == 0:
                if whole:
                    lazy[b] = (lazy[b] + v) % 3
                elif v:
                    for i in range(l, end):
                        c[a[i]] -= 1
                        a[i] = (a[i] + v) % 3
                        c[a[i]] += 1
            else:
                want = -lazy[b] % 3
                last += c[want] if whole else a[l:end].count(want)
            l = end
        if drawn[0] % 2 == 1:
            total += last
    print(total, last)


main()
"""),
        right("""
import os
import sys

n, q, state = map(int, sys.stdin.buffer.read().split())
cycle = str.maketrans("012", "120")
text = ("120" * n)[:n]
total, last = 0, -1


def draw():
    globals()["state"] = (globals()["state"] * 1103515245 + 12345) % (1 << 31)
    return globals()["state"] >> 8


for _ in range(q):
    kind = draw() & 1
    left, right = sorted((draw() % n, draw() % n))
    add = draw() % 3
    if kind:
        last = text.count("0", left, right + 1)
        total += last
    elif add:
        middle = text[left:right + 1].translate(cycle)
        if add == 2:
            middle = middle.translate(cycle)
        text = text[:left] + middle + text[right + 1:]
print(total, last)
sys.stdout.flush()
os._exit(0)
""", official=False),
    ],
    wrong=[
        wrong("""
n, q, x = map(int, input().split())
a = list(range(1, n + 1))
total, last = 0, -1


def draw():
    global x
    x = (x * 1103515245 + 12345) % 2**31
    return x // 256


for _ in range(q):
    kind = draw() % 2
    l, r = sorted((draw() % n, draw() % n))
    v = draw() % 3
    if kind == 0:
        for i in range(l, r + 1):
            a[i] += v
    else:
        last = sum(1 for i in range(l, r + 1) if a[i] % 3 == 0)
        total += last
print(total, last)
""", why="time limit"),
        wrong("""
n, q, x = map(int, input().split())
a = list(range(1, n + 1))
total = last = 0


def draw(x):
    return (x * 1103515245 + 12345) % 2**31


for _ in range(q):
    x = draw(x)
    l = (x // 256) % n
    total += a[l] % 3 == 0
print(total, last)
"""),
    ],
)

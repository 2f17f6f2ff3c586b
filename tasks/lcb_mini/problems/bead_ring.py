"""Combinatorics modulo a prime: colourings of a ring with a given number of equal neighbours."""

from itertools import product
from math import comb

from problem import MOD, Problem, right, rows, wrong


def solve(text):
    return "".join(f"{colourings(*map(int, line.split()))}\n" for line in text.splitlines()[1:])


def colourings(n, m, k):
    """Counted one by one if there are few; else the ring shrinks to n - k beads, all unequal."""
    if m**n <= 5000:
        return sum(sum(a == b for a, b in zip(ring, ring[1:] + ring[:1])) == k
                   for ring in product(range(m), repeat=n)) % MOD
    rest = n - k
    return comb(n, k) % MOD * (pow(m - 1, rest, MOD) + (-1)**rest * (m - 1)) % MOD


def private(rng):
    for cases in ([(3, 1, 3)], [(3, 1, 0)], [(3, 2, 0), (3, 2, 1), (3, 2, 2), (3, 2, 3)],
                  [(5, 2, 0), (6, 2, 0), (7, 3, 3)], [(20000, 1000000, 0)],
                  [(20000, 2, 10000)], [(12, 2, k) for k in range(13)], [(19999, 1, 19999)]):
        yield rows(str(len(cases)), *cases)
    for count, high in ((20, 8), (30, 500), (50, 20000)):
        cases = []
        for _ in range(count):
            n = rng.randint(3, high)
            cases.append((n, rng.randint(1, 1000000), rng.randint(0, n)))
        yield rows(str(count), *cases)


PROBLEM = Problem(
    title="Ring of Beads",
    difficulty="hard",
    statement="""\
A ring has n places in a circle, numbered from 1 to n, and each place gets a bead in one of m
colours. Count the ways to do so in which exactly k of the n pairs of places that are neighbours on
the ring have beads of equal colour. Place n and place 1 are neighbours. Ways are different if some
place has different colours in them; turning the ring makes a different way.

Input

The first line contains t (1 <= t <= 50). Each of the next t lines contains n, m and k
(3 <= n <= 20000, 1 <= m <= 10^6, 0 <= k <= n).

Output

Print for each line the number of ways, modulo 998244353, on a line of its own.
""",
    public=[("3\n3 2 1\n3 2 3\n3 2 0\n", "6\n2\n0\n"), ("1\n4 3 0\n", "18\n")],
    private=private,
    solve=solve,
    right=[
        right("""
M = 998244353
N = 20001
fact = [1] * N
for i in range(1, N):
    fact[i] = fact[i - 1] * i % M


def choose(n, k):
    return fact[n] * pow(fact[k] * fact[n - k], M - 2, M) % M


for _ in range(int(input())):
    n, m, k = map(int, input().split())
    j = n - k
    unequal = (pow(m - 1, j, M) + (m - 1 if j % 2 == 0 else 1 - m)) % M
    print(choose(n, k) * unequal % M)
"""),
        right("""
import sys

M = 998244353


class Modular(int):
    def __mul__(self, other):
        return Modular(int(self) * int(other) % M)

    def __add__(self, other):
        return Modular((int(self) + int(other)) % M)

    def __truediv__(self, other):
        return self * Modular(pow(int(other), -1, M))

    def __pow__(self, n):
        return Modular(pow(int(self), n, M))


def solve(n, m, k):
    ways = Modular(1)
    for i in range(min(k, n - k)):
        ways = ways * (n - i) / (i + 1)
    return ways * ((Modular(m - 1) ** (n - k)) + (m - 1) * (-1) ** (n - k))


next(sys.stdin)
sys.stdout.writelines(f"{solve(*map(int, line.split()))}\\n" for line in sys.stdin)
""", official=False),
    ],
    wrong=[
        wrong("""
from math import comb

for _ in range(int(input())):
    n, m, k = map(int, input().split())
    # A row instead of a ring: the last pair is forgotten.
    print(comb(n - 1, k) * m * pow(m - 1, n - 1 - k, 998244353) % 998244353 if k < n else 0)
"""),
        wrong("""
from itertools import product

for _ in range(int(input())):
    n, m, k = map(int, input().split())
    print(sum(sum(r[i] == r[i - 1] for i in range(n)) == k for r in product(range(m), repeat=n)))
""", why="time limit"),
    ],
)

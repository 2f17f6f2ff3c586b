"""Combinatorics modulo a prime: a linear recurrence, far out."""

from problem import MOD, Problem, right, wrong

# States: even or odd number of tall posts; the same two after a long post. A row leads to columns.
STEPS = [[1, 1, 1, 0], [1, 1, 0, 1], [1, 1, 0, 0], [1, 1, 0, 0]]


def solve(n):
    def times(a, b):
        return [[sum(x * y for x, y in zip(row, column)) % MOD for column in zip(*b)] for row in a]

    total = [[int(i == j) for j in range(4)] for i in range(4)]
    power = STEPS
    while n:
        if n % 2:
            total = times(total, power)
        power = times(power, power)
        n //= 2
    return (total[0][0] + total[0][2]) % MOD


def private(rng):
    for n in (4, 5, 6, 10, 31, 32, 1000, 10**9, 10**18, 10**18 - 1, MOD, MOD - 1):
        yield (n,)
    yield (rng.randint(10**16, 10**17),)


PROBLEM = Problem(
    title="Railing Patterns",
    difficulty="hard",
    signature="railingPatterns(self, n: int) -> int",
    statement="""\
A railing is a row of n posts, and each post is short, tall or long. Long posts wobble, so no two
long posts may be neighbours. Tall posts are sold in pairs, so their number must be even (it may
be 0).

Return the number of different railings, modulo 998244353.

Constraints:

- 1 <= n <= 10^18""",
    public=[((1,), 2), ((2,), 4), ((3,), 11)],
    private=private,
    solve=solve,
    right=[
        right("""
class Solution:
    def railingPatterns(self, n: int) -> int:
        M = 998244353
        # With any number of tall posts there are t(n) = 2 t(n-1) + 2 t(n-2); half of the sum of
        # that and the same count with signs (-1)^tall is wanted.
        def total(n):
            def mul(p, q):
                # (p0 + p1 x)(q0 + q1 x) modulo x^2 = 2x + 2
                c = p[1] * q[1]
                return ((p[0] * q[0] + 2 * c) % M, (p[0] * q[1] + p[1] * q[0] + 2 * c) % M)
            r, x = (1, 0), (0, 1)
            while n:
                if n & 1:
                    r = mul(r, x)
                x = mul(x, x)
                n >>= 1
            return (r[0] * 1 + r[1] * 3) % M
        # With signs, short and tall cancel, so that only the single long post is left.
        signed = 1 if n <= 1 else 0
        return (total(n) + signed) * pow(2, M - 2, M) % M
"""),
        right("""
class Matrix:
    def __init__(self, rows):
        self.rows = rows

    def __matmul__(self, other):
        columns = list(zip(*other.rows))
        return Matrix([[sum(a * b for a, b in zip(r, c)) % 998244353 for c in columns]
                       for r in self.rows])

    def __pow__(self, n):
        if n == 1:
            return self
        half = self ** (n // 2)
        square = half @ half
        return square @ self if n % 2 else square


class Solution:
    def railingPatterns(self, n):
        # States: even, odd, even ending in long, odd ending in long.
        step = Matrix([[1, 1, 1, 1], [1, 1, 1, 1], [1, 0, 0, 0], [0, 1, 0, 0]])
        m = (step ** n).rows
        return (m[0][0] + m[2][0]) % 998244353
"""),
    ],
    wrong=[
        wrong("""
class Solution:
    def railingPatterns(self, n):
        even, odd, even_long, odd_long = 1, 0, 0, 0
        for _ in range(n):
            both = (even + even_long, odd + odd_long)
            even, odd, even_long, odd_long = sum(both), sum(both), even, odd
        return (even + even_long) % 998244353
""", why="time limit"),
        wrong("""
class Solution:
    def railingPatterns(self, n):
        a, b = 1, 2
        for _ in range(n % 998244352 % 1000):
            a, b = b, 2 * b + a
        return a % 998244353
"""),
    ],
)

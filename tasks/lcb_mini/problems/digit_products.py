"""Digits: a sum over all numbers up to a very long one."""

from math import prod

from problem import MOD, Problem, right, rows, wrong


def solve(text):
    number = text.strip()
    if len(number) <= 4:
        return f"{sum(product(x) for x in range(1, int(number) + 1)) % MOD}\n"
    smaller, same = 0, 1  # sums over the prefixes below the number's, and its own product
    for digit in map(int, number):
        below = sum(max(d, 1) for d in range(digit))
        smaller = (smaller * 46 + same * below) % MOD
        same = same * max(digit, 1) % MOD
    return f"{(smaller + same - 1) % MOD}\n"  # without 0 itself


def product(number):
    return prod(int(c) for c in str(number) if c != "0")


def private(rng):
    yield from map(rows, ("1", "10", "99", "100", "1001", "9999", "100000", "987654321"))
    for size in (20, 300, 1000):
        yield rows(str(rng.randint(1, 9)) + "".join(rng.choice("0123456789")
                                                    for _ in range(size - 1)))
    yield rows("9" * 5000)
    yield rows("1" + "0" * 4999)


PROBLEM = Problem(
    title="Digit Products",
    difficulty="hard",
    statement="""\
The weight of a positive integer is the product of those of its decimal digits that are not 0. So
the weight of 7 is 7, that of 305 is 15 and that of 1000 is 1.

Input

One line with a positive integer N of at most 5000 digits, without leading zeros.

Output

Print the sum of the weights of all integers from 1 to N, modulo 998244353.
""",
    public=[("9\n", "45\n"), ("12\n", "49\n"), ("20\n", "93\n")],
    private=private,
    solve=solve,
    right=[
        right("""
import sys
from functools import lru_cache

sys.setrecursionlimit(100000)
M = 998244353
s = input()


@lru_cache(maxsize=None)
def weight_sum(length):
    return 1 if length == 0 else weight_sum(length - 1) * 46 % M


for start in range(0, len(s), 200):
    weight_sum(start)

total, prefix = 0, 1
for i, c in enumerate(s):
    rest = weight_sum(len(s) - 1 - i)
    for d in range(int(c)):
        total = (total + prefix * (d or 1) * rest) % M
    prefix = prefix * (int(c) or 1) % M
print((total + prefix - 1) % M)
"""),
        right("""
#!/usr/bin/env python3
# -*- coding: utf-8 -*-
# Größe statt Eile: the numbers from the right to the left.
try:
    from math import *
except ImportError:
    pass

M = 998244353
tail = 1  # the sum over 0 .. the digits seen so far, where 0 counts 1
power = 1  # 46 ** digits
for c in reversed(input().strip()):
    d = int(c)
    below = 1 + d * (d - 1) // 2 if d else 0
    tail = (below * power + max(d, 1) * tail) % M
    power = power * 46 % M
print((tail - 1) % M)
""", official=False),
    ],
    wrong=[
        wrong("""
s = input()
M = 998244353
total, prefix = 0, 1
for i, c in enumerate(s):
    d = int(c)
    total = (total * 45 + prefix * d * (d - 1) // 2) % M
    prefix = prefix * d % M
print((total + prefix) % M)
"""),
        wrong("""
total = 0
for x in range(1, int(input()) + 1):
    weight = 1
    for c in str(x):
        weight *= int(c) or 1
    total += weight
print(total % 998244353)
""", why="time limit"),
    ],
)

"""Strings: the shortest prefix with a property."""

from problem import Problem, right, wrong


def solve(ticket):
    digits = [int(c) for c in ticket]
    end = next(n for n in range(1, len(ticket) + 1) if 2 * sum(digits[:n]) >= sum(digits))
    return [ticket[:end], ticket[end:]]


def private(rng):
    yield from (("7",), ("0",), ("10",), ("01",), ("55",), ("90000009",), ("00000001",))
    for size in (3, 20, 300):
        yield ("".join(rng.choice("0123456789") for _ in range(size)),)
    yield ("1" * 2001,)
    yield ("0" * 1500 + "12" * 250,)


PROBLEM = Problem(
    title="Torn Ticket",
    difficulty="easy",
    signature="tornTicket(self, ticket: str) -> List[str]",
    statement="""\
A tram inspector tears every ticket in two. The ticket is a string of digits, and the left piece
is the shortest non-empty beginning of it whose digits add up to at least half of the sum of all
its digits. The right piece is what remains; it may be the empty string.

Return the two pieces, the left one first.

Constraints:

- 1 <= ticket.length <= 2001
- ticket consists of the digits 0 to 9.""",
    public=[(("1234",), ["123", "4"]), (("000",), ["0", "00"]), (("19",), ["19", ""])],
    private=private,
    solve=solve,
    right=[
        right("""
from typing import List

class Solution:
    def tornTicket(self, ticket: str) -> List[str]:
        total = sum(map(int, ticket))
        seen = 0
        for i, c in enumerate(ticket):
            seen += int(c)
            if seen * 2 >= total:
                return [ticket[:i + 1], ticket[i + 1:]]
        return [ticket, ""]
"""),
        right("""
from __future__ import annotations

import itertools


class Solution:
    def tornTicket(self, ticket: str) -> list[str]:
        sums = list(itertools.accumulate(int(c) for c in ticket))
        end = 1 + next(i for i, s in enumerate(sums) if 2 * s >= sums[-1])
        return [ticket[:end], ticket[end:]]
""", official=False),
    ],
    wrong=[
        wrong("""
class Solution:
    def tornTicket(self, ticket):
        total = sum(map(int, ticket))
        seen = 0
        for i, c in enumerate(ticket):
            seen += int(c)
            if seen > total // 2:
                return [ticket[:i + 1], ticket[i + 1:]]
        return [ticket, ""]
"""),
    ],
)

"""Parsing: a grammar with counts, groups and reversal."""

from problem import Problem, right, wrong


def solve(pattern):
    def items(at):
        out = ""
        while at < len(pattern) and pattern[at] != ")":
            mirrored = pattern[at] == "~"
            at += mirrored
            digits = at
            while pattern[at].isdigit():
                at += 1
            count = int(pattern[digits:at] or 1)
            if pattern[at] == "(":
                atom, at = items(at + 1)
            else:
                atom = pattern[at]
            at += 1
            out += (atom * count)[::-1 if mirrored else 1]
        return out, at

    return items(0)[0]


def random_pattern(rng, depth):
    parts = []
    for _ in range(rng.randint(1, 3)):
        atom = rng.choice("kpqs")
        if depth and rng.random() < 0.6:
            atom = f"({random_pattern(rng, depth - 1)})"
        parts.append(rng.choice(("", "", "~")) + rng.choice(("", "", "2", "3")) + atom)
    return "".join(parts)


def private(rng):
    yield from (("k",), ("~k",), ("12p",), ("((k))",), ("~(~(kp)q)",), ("~2(k~3(pq)s)",))
    for depth in (2, 3, 4, 5):
        yield (random_pattern(rng, depth),)
    yield ("(" * 60 + "k" + ")" * 60,)
    yield ("10(10(10(10(kp~(qs)))))",)


PROBLEM = Problem(
    title="Knitting Pattern",
    difficulty="medium",
    signature="knitPattern(self, pattern: str) -> str",
    statement="""\
A knitting pattern is one or more items, one after the other. An item is an optional "~", then an
optional count, then either a single lowercase letter (a stitch) or a pattern in parentheses.

- The count (1 to 99, without leading zeros) says how often the stitch or the group is knitted.
- "~" means that the whole item, after repeating it, is knitted backwards: stitch by stitch from
  its last to its first.

Return the stitches in the order in which they are knitted.

For example "~2(ab)c" is "baba" followed by "c".

Constraints:

- 1 <= pattern.length <= 2000
- pattern is well-formed, its groups are at most 60 deep, and at most 100000 stitches result.""",
    public=[(("2(k3p)",), "kpppkppp"), (("~(kkp)2q",), "pkkqq"), (("~2(ab)c",), "babac")],
    private=private,
    solve=solve,
    right=[
        right("""
class Solution:
    def knitPattern(self, pattern: str) -> str:
        stack = [["", 1, False]]
        count, back = "", False
        for c in pattern:
            if c == "~":
                back = True
            elif c.isdigit():
                count += c
            elif c == "(":
                stack.append(["", int(count or 1), back])
                count, back = "", False
            else:
                if c == ")":
                    text, times, turned = stack.pop()
                else:
                    text, times, turned = c, int(count or 1), back
                    count, back = "", False
                text *= times
                stack[-1][0] += text[::-1] if turned else text
        return stack[0][0]
"""),
        right("""
import re


class Tokens:
    def __init__(self, text):
        self.queue = re.findall(r"~|\\d+|[a-z()]", text)[::-1]

    def peek(self):
        return self.queue[-1] if self.queue else ")"

    def take(self):
        return self.queue.pop()


class Solution:
    def knitPattern(self, pattern):
        return "".join(self.parse(Tokens(pattern)))

    def parse(self, tokens):
        row = []
        while tokens.peek() != ")":
            turned = tokens.peek() == "~" and bool(tokens.take())
            times = int(tokens.take()) if tokens.peek().isdigit() else 1
            what = tokens.take()
            part = self.parse(tokens) if what == "(" else [what]
            if what == "(":
                tokens.take()
            part = part * times
            row += reversed(part) if turned else part
        return row
"""),
    ],
    wrong=[
        wrong("""
import re

class Solution:
    def knitPattern(self, pattern):
        inner = re.compile(r"(~?)(\\d*)(?:\\(([a-z]*)\\)|([a-z]))")
        def expand(m):
            text = (m[3] or m[4] or "") * int(m[2] or 1)
            return text[::-1] if m[1] else text
        while re.search(r"[~\\d()]", pattern):
            pattern = inner.sub(expand, pattern, count=1)
        return pattern
""", why="time limit"),
        wrong("""
class Solution:
    def knitPattern(self, pattern):
        out, count = "", ""
        for c in pattern:
            if c.isdigit():
                count += c
            elif c.isalpha():
                out += c * int(count or 1)
                count = ""
        return out
"""),
    ],
)

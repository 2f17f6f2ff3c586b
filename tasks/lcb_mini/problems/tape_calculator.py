"""Parsing: expressions without precedence."""

from problem import Problem, right, wrong


def solve(text):
    return "".join(f"{value_of(line.replace(' ', ''))}\n" for line in text.splitlines())


def value_of(text):
    """The value of the whole text: the last operator outside of parentheses splits it."""
    depth = 0
    for i in range(len(text) - 1, 0, -1):
        depth += {")": 1, "(": -1}.get(text[i], 0)
        if depth == 0 and text[i] in "+-*" and text[i - 1] not in "+-*(":
            left, right_side = value_of(text[:i]), value_of(text[i + 1:])
            return {"+": left + right_side, "-": left - right_side, "*": left * right_side}[text[i]]
    if text[0] == "-":
        return -value_of(text[1:])
    return value_of(text[1:-1]) if text[0] == "(" else int(text)


def expression(rng, depth):
    parts = []
    for _ in range(rng.randint(1, 4)):
        part = str(rng.randint(0, 9))
        if depth and rng.random() < 0.5:
            part = f"({expression(rng, depth - 1)})"
        parts.append(rng.choice(("", "", "-")) + part)
    return "".join(part + rng.choice(("+", "-", "*", " * ", " + ", " - ")) for part in parts[:-1]) \
        + parts[-1]


def private(rng):
    yield from ("0\n", "-7\n", "(5)\n", "-(-(3))\n", "1-1-1\n2*3+4\n", "2+3*4-5*6\n")
    yield "10 - 2 * -3\n( 1 + 2 ) * ( 3 + 4 )\n"
    for count, depth in ((3, 1), (10, 2), (20, 3), (20, 4)):
        yield "".join(expression(rng, depth) + "\n" for _ in range(count))
    yield "1+1" + "*2" * 300 + "\n" + "(" * 100 + "4" + ")" * 100 + "\n"


PROBLEM = Problem(
    title="Tape Calculator",
    difficulty="medium",
    statement="""\
An old desk calculator knows +, - and *, and it carries out what is typed at once: all three
operators have the same rank and are evaluated from left to right. So 2+3*4 is 20. Parentheses are
evaluated first, as usual. A minus sign at the beginning of an expression, after an opening
parenthesis or after an operator changes the sign of the number or parenthesis directly after it and
of nothing else: -2-3 is -5 and 4*-(1+1) is -8.

Input

One well-formed expression on each line, at most 20 lines, up to the end of the input. An expression
has 1 to 1000 characters: non-negative integers below 10^9, + - * ( ) and blanks. Blanks stand only
around operators and parentheses, and never after a minus sign that changes a sign. Parentheses are
at most 100 deep.

Output

Print the value of each expression on a line of its own. Values can be large.
""",
    public=[("2+3*4\n2*(3-5)-1\n", "20\n-5\n"), ("-(1+2)*-2\n", "6\n")],
    private=private,
    solve=solve,
    right=[
        right("""
import sys
import re


class Parser:
    def __init__(self, line):
        self.tokens = re.findall(r'\\d+|[-+*()]', line)
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def operand(self):
        token = self.next()
        if token == '-':
            return -self.operand()
        if token == '(':
            value = self.chain()
            self.next()
            return value
        return int(token)

    def chain(self):
        value = self.operand()
        while self.peek() in ('+', '-', '*'):
            op, other = self.next(), self.operand()
            value = value + other if op == '+' else value - other if op == '-' else value * other
        return value


for line in sys.stdin.read().splitlines():
    print(Parser(line).chain())
"""),
        right("""
import sys


def chain(text, i):
    total, operator = 0, "+"
    while True:
        sign = 1
        while text[i] == "-":
            sign, i = -sign, i + 1
        if text[i] == "(":
            number, i = chain(text, i + 1)
        else:
            j = i
            while text[j].isdigit():
                j += 1
            number, i = int(text[i:j]), j
        total = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__}[operator](
            total, sign * number)
        if text[i] in ")$":
            return total, i + 1
        operator, i = text[i], i + 1


for line in sys.stdin:
    print(chain("".join(line.split()) + "$", 0)[0])
""", official=False),
    ],
    wrong=[
        wrong("""
import sys

for line in sys.stdin.read().splitlines():
    print(eval(line))
"""),
        wrong("""
import sys
import re

for line in sys.stdin.read().splitlines():
    value = 0
    operator = '+'
    for token in re.findall(r'\\d+|[-+*]', line):
        if token in '+-*':
            operator = token
        elif operator == '+':
            value += int(token)
        elif operator == '-':
            value -= int(token)
        else:
            value *= int(token)
    print(value)
"""),
    ],
)

"""What a problem of lcb-mini consists of. Each file in problems/ makes one, called PROBLEM."""

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

MOD = 998244353  # a prime


@dataclass(frozen=True)
class Program:
    """A program in answer to a problem, with what becomes of it; see right() and wrong()."""
    text: str
    why: str  # the first thing that goes wrong; "" = nothing, it is right
    official: bool  # whether LiveCodeBench's own grader accepts it: measured, not reasoned


def right(text: str, official: bool = True) -> Program:
    """A program that passes every test. `official` is False where the published grader errs."""
    return Program(text.lstrip("\n"), "", official)


def wrong(text: str, why: str = "wrong answer", official: bool = False) -> Program:
    """A program that fails; `why` is one of the outcomes in run_programs.py."""
    return Program(text.lstrip("\n"), why, official)


@dataclass(frozen=True)
class Problem:
    """One problem. A test input is the text on stdin or, if functional, the tuple of arguments;
    an output is the text on stdout or the value returned."""
    title: str
    difficulty: str  # easy medium hard
    statement: str  # without the examples: those are made from `public`
    public: list[tuple]  # (input, output), worked out by hand
    private: Callable[[Random], Iterable]  # yields the inputs of the other tests
    solve: Callable  # the reference: input text -> output text, or arguments -> value
    right: list[Program]
    wrong: list[Program]
    signature: str = ""  # such as "f(self, a: int) -> int"; "" = a whole program is asked for

    @property
    def func_name(self) -> str:
        """The method that is called; "" = none."""
        return self.signature.split("(")[0]

    def starter_code(self) -> str:
        """The beginning of the answer that is given to the model."""
        return f"class Solution:\n    def {self.signature}:\n        " if self.signature else ""

    def parameters(self) -> list[str]:
        """The names of the method's parameters, without self."""
        tree = ast.parse(f"def {self.signature}: pass")
        return [argument.arg for argument in tree.body[0].args.args[1:]]


def rows(*lines) -> str:
    """Input text: a line for each argument; what is not a str is joined by blanks."""
    return "".join((line if isinstance(line, str) else " ".join(map(str, line))) + "\n"
                   for line in lines)


def some_ints(rng: Random, count: int, low: int, high: int) -> list[int]:
    """`count` random integers, low <= each <= high."""
    return [rng.randint(low, high) for _ in range(count)]

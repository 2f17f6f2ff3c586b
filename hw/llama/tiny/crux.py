"""The code-reasoning task as training text: problems of crux-mini's families, traced by this Python."""

import ast
import json
import pathlib
import sys

CRUX_MINI = pathlib.Path(__file__).resolve().parents[3] / "tasks/crux_mini"
sys.path.insert(0, str(CRUX_MINI))
from families import FAMILIES  # noqa: E402
from generate import argument_text, is_fair, run  # noqa: E402

SHIPPED = [json.loads(line) for line in (CRUX_MINI / "crux_mini.jsonl").read_text().splitlines()]
HELD_OUT = {(row["code"], row["input"]) for row in SHIPPED}


def trace(code, arguments):
    """The values the variables of f take, in order, as "name=value" words."""
    seen, words = {}, []

    def watch(frame, event, _):
        if frame.f_code.co_name != "f":
            return None
        for name, value in frame.f_locals.items():
            if seen.get(name) != repr(value):
                seen[name] = repr(value)
                words.append(f"{name}={value!r}")
        return watch

    space = {}
    exec(code, space)
    before = sys.gettrace()
    sys.settrace(watch)
    try:
        eval(f"f({arguments})", space)
    finally:
        sys.settrace(before)
    return " ".join(words)


def bent(rng, text):
    """The text with one small, believable slip."""
    places = [i for i, c in enumerate(text) if c.isalnum()]
    if not places:
        return text + "0"
    at = rng.choice(places)
    if text[at].isdigit():
        return text[:at] + rng.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1:]
    return text[:at] + rng.choice(["", text[at] * 2, "a", "x"]) + text[at + 1:]


class Crux:
    """One problem in one direction, with everything the strategies ask about it."""

    def __init__(self, code, given, output, preimage, suite, rng):
        self.rng, self.suite, self.code, self.output = rng, suite, code, output
        if suite == "crux.output":
            self.fields = {"code": code, "input": given}
            self.answer, thought = output, trace(code, given)
        else:
            self.fields = {"code": code, "output": output}
            self.answer, thought = f"f({preimage})", f"want {output}"
        self.thought = thought
        self.solution = f"{thought}\n[ANSWER]{self.answer}"
        self.approaches = ["trace values", "read each line", "work backwards", "try small cases", "check twice"]

    def is_right(self, answer):
        """Whether the answer, read as literals only, gives the wanted output; a text that cannot be read is wrong."""
        if answer == self.answer:
            return True
        try:
            if self.suite == "crux.output":
                return repr(ast.literal_eval(answer)) == self.output
            args = ast.literal_eval(f"({answer.strip()[2:-1]},)")
            small = not any(isinstance(value, int) and value > 9999 for value in args)
            return answer.startswith("f(") and small and repr(run(self.code, argument_text(args))) == self.output
        except Exception:
            return False

    def wrong_answer(self):
        for _ in range(20):
            inside = self.answer if self.suite == "crux.output" else self.answer[2:-1]
            text = bent(self.rng, inside)
            text = text if self.suite == "crux.output" else f"f({text})"
            if not self.is_right(text):
                return text
        return "None" if self.suite == "crux.output" else "f()"

    def wrong_solution(self):
        return f"{self.thought}\n[ANSWER]{self.wrong_answer()}"

    def plan(self, approach=None):
        if self.suite == "crux.output":
            return f"1 read f (95%) 2 {approach or 'trace values'} (80%) 3 answer (90%)"
        return f"1 read f (95%) 2 {approach or 'undo each step'} (70%) 3 check (80%)"

    def score(self, answer):
        return 10 if self.is_right(answer) else 2


def fresh(rng, suite):
    """A problem that is not in crux-mini."""
    while True:
        problem = rng.choice(FAMILIES)(rng)
        given = argument_text(problem.args)
        if (problem.code, given) in HELD_OUT:
            continue
        output = repr(run(problem.code, given))
        if is_fair(problem, output):
            return Crux(problem.code, given, output, argument_text(problem.preimage), suite, rng)


def shipped(rng, suite):
    """The problems of crux-mini, in order, for evaluation only."""
    return [Crux(row["code"], row["input"], row["output"], row["input"], suite, rng) for row in SHIPPED]

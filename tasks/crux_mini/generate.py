#!/usr/bin/env python3
"""Writes crux_mini.jsonl: small problems of our own in CRUXEval's format, the same bytes every time.

    python3 generate.py            write crux_mini.jsonl beside this file
    python3 generate.py --check    exit 1 if the shipped file is not what this program writes
"""

import argparse
import ast
import json
import pathlib
import random
import sys

from families import FAMILIES

SEED = 20240105
PER_FAMILY = 6
TRIVIAL = ("", "''", "[]", "{}", "()", "0", "False", "True")
OUTPUT = pathlib.Path(__file__).resolve().parent / "crux_mini.jsonl"


def run(code, arguments):
    """The value of f(arguments), computed by this Python."""
    space = {}
    exec(code, space)
    return eval(f"f({arguments})", space)


def argument_text(args):
    """Arguments as they would be written between the parentheses of a call."""
    return ", ".join(repr(value) for value in args)


def solve(problem):
    """The output of a problem as Python text; fails if the problem is not a fair one."""
    given = argument_text(problem.args)
    output = repr(run(problem.code, given))
    assert repr(run(problem.code, given)) == output, "not deterministic"
    assert repr(ast.literal_eval(output)) == output, "output is not a literal"
    assert repr(run(problem.code, argument_text(problem.preimage))) == output, f"wrong preimage: {problem}"
    return output


def is_fair(problem, output):
    """Refuses problems that can be answered without reading the code: empty answers, or an answer equal to the input."""
    return output not in TRIVIAL and output != argument_text(problem.args)


def family_problems(family, seen):
    """PER_FAMILY different fair problems of one family; a seed of its own keeps families independent of each other."""
    rng = random.Random(f"{SEED}/{family.__name__}")
    found = []
    for _ in range(1000):
        problem = family(rng)
        output = solve(problem)
        key = (problem.code, argument_text(problem.args))
        if key in seen or not is_fair(problem, output):
            continue
        seen.add(key)
        found.append({"code": problem.code, "input": key[1], "output": output})
        if len(found) == PER_FAMILY:
            return found
    raise ValueError(f"family {family.__name__} has too few different problems")


def render():
    """The whole file as text. Problems of one family are spread out, so that a prefix of the file is a fair sample."""
    seen = set()
    columns = [family_problems(family, seen) for family in FAMILIES]
    ordered = [column[row] for row in range(PER_FAMILY) for column in columns]
    rows = [{**problem, "id": f"mini_{number}"} for number, problem in enumerate(ordered)]
    return "".join(json.dumps(row) + "\n" for row in rows)


def main():
    """Writes or checks the file; the exit status is the answer of --check."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the shipped file instead of writing it")
    wanted = render()
    if not parser.parse_args().check:
        OUTPUT.write_text(wanted, encoding="utf-8", newline="\n")
        return 0
    if OUTPUT.exists() and OUTPUT.read_bytes() == wanted.encode("utf-8"):
        return 0
    print(f"{OUTPUT.name} is not what generate.py writes", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

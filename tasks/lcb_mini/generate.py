#!/usr/bin/env python3
"""Writes lcb_mini.jsonl and solutions.jsonl: programming problems of our own in LiveCodeBench's
format, the same bytes every time, from the files in problems/.

    python3 generate.py            write both files beside this one
    python3 generate.py --check    exit 1 if the shipped files are not what this program writes
    python3 generate.py --verify   exit 1 unless every right program passes, every wrong one fails
"""

import argparse
import base64
import datetime
import json
import pathlib
import pickle
import random
import sys
import zlib

from problems import PROBLEMS
from run_programs import first_failure

SEED = 20240101
FOLDER = pathlib.Path(__file__).resolve().parent
FIRST_DAY = datetime.datetime(2024, 1, 1)
LAST_DAY = datetime.datetime(2024, 12, 31)
PER_CONTEST = 3
MAX_FILE_BYTES = 400_000  # it is embedded in the program


def question_id(number):
    """The id of the problem with this number, counted from 1."""
    return f"mini_{number:03}"


def platform(number, problem):
    """Filters and graders know three names; each stands for a shape of problem here."""
    return "leetcode" if problem.func_name else ("atcoder", "codeforces")[number % 2]


def contest_date(number):
    """Spread evenly over the year, so that filters by date have something to do."""
    days = (LAST_DAY - FIRST_DAY).days * (number - 1) // (len(PROBLEMS) - 1)
    return (FIRST_DAY + datetime.timedelta(days=days)).isoformat()


def as_test(problem, given, result):
    """One test in the published shape: arguments and result as JSON, or the two texts."""
    if not problem.func_name:
        return {"input": given, "output": result, "testtype": "stdin"}
    return {"input": "\n".join(map(json.dumps, given)), "output": json.dumps(result),
            "testtype": "functional"}


def public_tests(problem):
    """The examples; their outputs are written by hand, and the reference has to agree."""
    tests = []
    for given, expected in problem.public:
        found = reference(problem, given)
        assert found == expected, f"{problem.title}: {given!r}: {found!r}, by hand {expected!r}"
        tests.append(as_test(problem, given, expected))
    return tests


def private_tests(number, problem):
    """The hidden tests; a seed of its own keeps each problem independent of the others."""
    rng = random.Random(f"{SEED}/{number}")
    tests = [as_test(problem, given, reference(problem, given)) for given in problem.private(rng)]
    inputs = [test["input"] for test in tests + public_tests(problem)]
    assert len(set(inputs)) == len(inputs), f"{problem.title}: the same test twice"
    assert 8 <= len(tests) <= 15, f"{problem.title}: {len(tests)} private tests"
    return tests


def reference(problem, given):
    """The right output; computed from a copy, so that a careless solve() changes no test."""
    if not problem.func_name:
        return problem.solve(given)
    return json.loads(json.dumps(problem.solve(*json.loads(json.dumps(given)))))


def content(problem):
    """The statement with its examples."""
    parts = [problem.statement.strip()]
    for number, (given, result) in enumerate(problem.public, 1):
        if problem.func_name:
            named = zip(problem.parameters(), map(json.dumps, given))
            parts.append(f"Example {number}:\n\nInput: {', '.join(map(' = '.join, named))}\n"
                         f"Output: {json.dumps(result)}")
        else:
            parts.append(f"Sample Input {number}\n\n{given}\nSample Output {number}\n\n{result}")
    return "\n\n".join(part.rstrip("\n") for part in parts) + "\n"


def pack(tests):
    """The published encoding of private tests. Protocol 4 of pickle has the same bytes in every
    Python since 3.8."""
    pickled = pickle.dumps(json.dumps(tests), protocol=4)
    return base64.b64encode(zlib.compress(pickled, 9)).decode("ascii")


def unpack(text):
    """The inverse of pack(); only for text that pack() made."""
    return json.loads(pickle.loads(zlib.decompress(base64.b64decode(text))))


def problem_row(number, problem):
    """One line of lcb_mini.jsonl."""
    return {
        "question_title": problem.title,
        "question_content": content(problem),
        "platform": platform(number, problem),
        "question_id": question_id(number),
        "contest_id": f"mini-contest-{(number - 1) // PER_CONTEST + 1:02}",
        "contest_date": contest_date(number),
        "starter_code": problem.starter_code(),
        "difficulty": problem.difficulty,
        "public_test_cases": json.dumps(public_tests(problem)),
        "private_test_cases": pack(private_tests(number, problem)),
        "metadata": json.dumps({"func_name": problem.func_name} if problem.func_name else {}),
    }


def solution_row(number, problem):
    """One line of solutions.jsonl."""
    return {
        "question_id": question_id(number),
        "right": [{"program": p.text, "official": p.official} for p in problem.right],
        "wrong": [{"program": p.text, "why": p.why, "official": p.official}
                  for p in problem.wrong],
    }


def files():
    """The rows of both files, by name."""
    numbered = list(enumerate(PROBLEMS, 1))
    return {"lcb_mini.jsonl": [problem_row(*pair) for pair in numbered],
            "solutions.jsonl": [solution_row(*pair) for pair in numbered]}


def as_text(rows):
    """JSON lines; ASCII only."""
    return "".join(json.dumps(row) + "\n" for row in rows)


def unpacked(rows):
    """Rows with their private tests decoded. Another build of zlib may compress to other bytes."""
    return [{**row, "private_test_cases": unpack(row["private_test_cases"])}
            if "private_test_cases" in row else row for row in rows]


def write():
    """Writes both files."""
    for name, rows in files().items():
        text = as_text(rows)
        assert len(text) <= MAX_FILE_BYTES, f"{name}: {len(text)} bytes are too many"
        (FOLDER / name).write_text(text, encoding="ascii", newline="\n")
    return 0


def check():
    """Compares the shipped files with what write() would write; the exit status."""
    status = 0
    for name, rows in files().items():
        shipped = (FOLDER / name).read_text(encoding="ascii") if (FOLDER / name).exists() else ""
        if shipped == as_text(rows):
            continue
        if unpacked(map(json.loads, shipped.splitlines())) == unpacked(rows):
            print(f"{name}: same content, compressed by another zlib", file=sys.stderr)
            continue
        print(f"{name} is not what generate.py writes", file=sys.stderr)
        status = 1
    return status


def verify():
    """Runs every program on every test; the exit status."""
    mistakes = 0
    for number, problem in enumerate(PROBLEMS, 1):
        tests = public_tests(problem) + private_tests(number, problem)
        assert problem.right and problem.wrong, f"{problem.title}: no program"
        for place, program in enumerate(problem.right + problem.wrong):
            why = first_failure(program.text, problem.func_name, tests)
            if why != program.why:
                mistakes += 1
                print(f"{question_id(number)} {problem.title}: program {place}: "
                      f"{why or 'right'} instead of {program.why or 'right'}", flush=True)
    print(f"{len(PROBLEMS)} problems, {mistakes} mistakes")
    return 1 if mistakes else 0


def main():
    """Does what the command line says; returns the exit status."""
    parser = argparse.ArgumentParser(description="Writes or checks the problems of lcb-mini.")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--check", action="store_true", help="compare with the shipped files")
    choice.add_argument("--verify", action="store_true", help="run every program on every test")
    arguments = parser.parse_args()
    return verify() if arguments.verify else check() if arguments.check else write()


if __name__ == "__main__":
    sys.exit(main())

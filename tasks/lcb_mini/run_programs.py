"""Runs programs on tests, plainly: one process a test. Only for the programs of this folder: this
is no sandbox.

The outcomes: "" (right), "wrong answer", "time limit", "output limit", "memory limit" (Python could
not get the memory it asked for), "crash" (died by a signal) and "runtime error" (any other exit
status but 0).
"""

import json
import pathlib
import resource
import subprocess
import sys
import tempfile

TIME_LIMIT_S = 6  # a test, as in LiveCodeBench
MEMORY_LIMIT_BYTES = 2 << 30
OUTPUT_LIMIT_BYTES = 16 << 20
DRIVER = pathlib.Path(__file__).resolve().parent / "call_method.py"


def limit_process():
    """Runs in the child, before the program."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_LIMIT_BYTES, OUTPUT_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(command, given, folder):
    """Runs a command on an input text; returns (outcome, output text)."""
    with tempfile.TemporaryFile(dir=folder) as stdin, tempfile.TemporaryFile(dir=folder) as stdout:
        stdin.write(given.encode())
        stdin.seek(0)
        try:
            done = subprocess.run(command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE,
                                  cwd=folder, timeout=TIME_LIMIT_S, preexec_fn=limit_process)
        except subprocess.TimeoutExpired:
            return "time limit", ""
        if stdout.seek(0, 2) >= OUTPUT_LIMIT_BYTES:
            return "output limit", ""
        stdout.seek(0)
        output = stdout.read().decode(errors="replace")
    if done.returncode < 0:
        return "crash", output
    if done.returncode > 0:
        out_of_memory = b"MemoryError" in done.stderr
        return "memory limit" if out_of_memory else "runtime error", output
    return "", output


def same_text(a, b):
    """Whether two outputs agree, but for blanks at the ends of lines and lines at the end."""
    def trimmed(text):
        return [line.rstrip() for line in text.rstrip().split("\n")]
    return trimmed(a) == trimmed(b)


def same_json(output, expected):
    """Whether the text is the JSON of a value; True is not 1 and 1.0 is not 1."""
    try:
        return json.dumps(json.loads(output)) == json.dumps(json.loads(expected))
    except ValueError:
        return False


def first_failure(program, func_name, tests):
    """The outcome of the first test that the program fails; "" if it passes all of them."""
    same = same_json if func_name else same_text
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "program.py"
        path.write_text(program, encoding="utf-8")
        command = [sys.executable] + ([str(DRIVER), str(path), func_name] if func_name
                                      else [str(path)])
        for test in tests:
            outcome, output = run(command, test["input"], folder)
            if outcome or not same(output, test["output"]):
                return outcome or "wrong answer"
    return ""

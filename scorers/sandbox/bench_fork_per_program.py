"""What sandbox_bench.cc compares with: the same programs, run without a sandbox.

    python3 bench_fork_per_program.py HOW COUNT FILE INPUT

    official_pattern  as published executors do it: for each program a multiprocessing.Manager
                      with a list for the verdict, and one forked Process
    bare_fork         os.fork, exec() of the text, os._exit; the least that separates two programs
    warm              all in this process: the program's own work

Prints the CPU seconds, children's too, that one program took.
"""

import contextlib
import io
import json
import multiprocessing
import os
import resource
import sys


@contextlib.contextmanager
def streams(text):
    sys.stdin = io.StringIO(text)
    with contextlib.redirect_stdout(io.StringIO()):
        yield


def call_solution(scope, text):
    """Of a method: one JSON value a line."""
    if "Solution" in scope:
        scope["Solution"]().solve(*[json.loads(line) for line in text.split("\n")])


def run_text(source, text):
    with streams(text):
        scope = {"__name__": "__main__"}
        exec(source, scope)
        call_solution(scope, text)


def report(source, text, verdicts):
    try:
        run_text(source, text)
        verdicts.append("passed")
    except BaseException as error:
        verdicts.append(repr(error))


def official_pattern(source, text):
    manager = multiprocessing.Manager()
    verdicts = manager.list()
    process = multiprocessing.Process(target=report, args=(source, text, verdicts))
    process.start()
    process.join(timeout=4)
    return list(verdicts) == ["passed"]


def bare_fork(source, text):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            run_text(source, text)
            code = 0
        finally:
            os._exit(code)
    return os.waitpid(child, 0)[1] == 0


def warm(source, text, kept={}):
    """Compiled once; a whole program is run anew for each test, a method is only called."""
    if not kept:
        kept["code"] = compile(source, "program.py", "exec")
        if "class Solution" in source:
            exec(kept["code"], kept)
    if "Solution" in kept:
        call_solution(kept, text)
    else:
        run_text(kept["code"], text)
    return True


def cpu_seconds():
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def main():
    how, count, path, text = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
    multiprocessing.set_start_method("fork")
    with open(path) as file:
        source = file.read()
    run = {"official_pattern": official_pattern, "bare_fork": bare_fork, "warm": warm}[how]
    assert run(source, text)
    before = cpu_seconds()
    for _ in range(count):
        assert run(source, text)
    print((cpu_seconds() - before) / count)


main()

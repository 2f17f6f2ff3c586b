"""Calls a method of a solution, as LiveCodeBench asks for them.

    python3 call_method.py PROGRAM NAME < ARGUMENTS

Each line of the input is an argument in JSON; the result is printed in JSON. What the program
itself prints goes to stderr. The names of collections and typing are there without an import,
because the starter code uses them so.
"""

import json
import os
import sys

PRELUDE = "from collections import *\nfrom typing import *\n"


def main():
    """Runs the program as a module, then the method of class Solution or the function."""
    path, name = sys.argv[1:]
    result_file = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    space = {"__name__": "solution"}
    exec(PRELUDE, space)
    with open(path, encoding="utf-8") as source:
        exec(compile(source.read(), path, "exec", dont_inherit=True), space)
    method = getattr(space["Solution"](), name) if "Solution" in space else space[name]
    result = method(*map(json.loads, sys.stdin.read().split("\n")))
    result_file.write(json.dumps(result, default=repr))
    result_file.close()


if __name__ == "__main__":
    main()

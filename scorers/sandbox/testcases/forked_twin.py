# The twin reaches the end of the program too; only the original may report.
import os


def f():
    if os.fork() == 0:
        return "twin"
    os.wait()
    return "original"

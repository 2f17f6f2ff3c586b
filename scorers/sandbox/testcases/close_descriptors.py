import os


def f():
    os.closerange(0, 256)
    return "still here"

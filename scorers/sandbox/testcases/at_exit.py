# Not run: the official executor leaves by os._exit as well.
import atexit
import os

atexit.register(os.write, 1, b"too late")


def f():
    return "done"

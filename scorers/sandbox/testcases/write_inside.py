# Reports what it finds before it writes: the second run must find nothing.
import os


def f():
    found = sorted(os.listdir("/tmp"))
    os.makedirs("/tmp/a/b/c")
    for path in ("/tmp/file", "/tmp/.hidden", "/tmp/a/b/c/deep"):
        with open(path, "w") as out:
            out.write("left")
    return found, os.getcwd()

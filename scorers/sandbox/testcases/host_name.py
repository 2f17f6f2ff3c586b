import os


def f():
    return os.uname().nodename, os.getpid() > 1, os.getppid(), sorted(os.environ)

import sys

sys.setrecursionlimit(10**9)


class Nest:
    def __repr__(self):
        return repr(self)


def f():
    return repr(Nest())

import sys
from functools import lru_cache

sys.setrecursionlimit(10 ** 9)


@lru_cache(None)
def down(n):
    return down(n + 1)


down(0)

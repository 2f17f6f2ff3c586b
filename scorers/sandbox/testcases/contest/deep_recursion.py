import sys
from functools import lru_cache

sys.setrecursionlimit(10 ** 6)


@lru_cache(None)  # each level goes through C and takes stack
def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


print(depth(30_000))

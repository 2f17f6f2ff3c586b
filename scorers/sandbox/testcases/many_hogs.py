# Processes that touch 100 MB each: none of them is over a limit, all together are.
import os
import time


def f(processes=12):
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            memory = b"x" * (100 << 20)
            time.sleep(0.3)
            os._exit(len(memory) == 0)
        children.append(child)
    return sum(os.waitpid(child, 0)[1] == 0 for child in children)

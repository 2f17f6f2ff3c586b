# Forks until refused; all that came to be sleep on, and must be gone after the verdict.
import os
import time


def f():
    born = 0
    try:
        while True:
            if os.fork() == 0:
                time.sleep(60)
            born += 1
    except BlockingIOError:
        return born

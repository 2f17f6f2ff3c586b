import os
import resource


def f():
    refused = 0
    for attack in (
        lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0)),
        lambda: os.setpriority(os.PRIO_PROCESS, 1, 19),
        lambda: os.sched_setaffinity(1, {0}),
    ):
        try:
            attack()
        except OSError:
            refused += 1
    return refused

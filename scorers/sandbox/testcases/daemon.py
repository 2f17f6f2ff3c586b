# A double-forked child in a session of its own, ignoring signals, tries to outlive its parent.
import os
import signal
import time


def f():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 65):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            time.sleep(60)
        os._exit(0)
    os.wait()
    return "left"

# The zygote is pid 1 of the namespace; the next program must find it alive.
import os
import signal


def f():
    for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSTOP, signal.SIGPIPE):
        os.kill(os.getppid(), number)
        try:
            os.kill(-1, number)
        except ProcessLookupError:
            pass
    return os.getppid()

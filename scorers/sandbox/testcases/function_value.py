import time

started = time.process_time()
while time.process_time() - started < 0.02:
    pass


def f():
    return lambda: None

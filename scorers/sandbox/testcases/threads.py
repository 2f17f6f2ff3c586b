# Threads that never end do not delay the verdict.
import threading


def f():
    def spin():
        while True:
            event.wait(1)

    event = threading.Event()
    for _ in range(4):
        threading.Thread(target=spin).start()
    return threading.active_count()

import os


def f():
    for fd in range(3, 256):
        try:
            os.write(fd, b"\x00" * 64)
        except OSError:
            pass
    return [fd for fd in range(3, 256) if os.path.exists(f"/dev/fd/{fd}")]

import errno


def f():
    try:
        for number in range(1000):
            with open(f"/tmp/{number}", "wb") as out:
                out.write(b"x" * (8 << 20))
    except OSError as error:
        return errno.errorcode[error.errno]

def f():
    return "x" * (4 << 20)

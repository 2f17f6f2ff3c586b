# Computes past a wall limit that is shorter than the CPU limit: it is the CPU limit that ends it.
def f():
    while True:
        pass

import os


def f():
    paths = ("/etc/shadow", "/root", "/home", "/proc", "/sys", "/var", "/mnt", "/old", "/run")
    return [path for path in paths if os.path.lexists(path)]

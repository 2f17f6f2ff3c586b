# Deeper than PATH_MAX, unreadable, with odd names and a closed work folder.
import os


def f():
    found = sorted(os.listdir("/tmp"))
    for _ in range(1000):
        os.mkdir("d" * 20)
        os.chdir("d" * 20)
    open("bottom", "w").close()
    os.chdir("/tmp")
    os.mkdir(b"/tmp/\xff\n")
    os.mkdir("/tmp/closed")
    os.mkdir("/tmp/closed/inner")
    os.chmod("/tmp/closed/inner", 0)
    os.chmod("/tmp/closed", 0)
    os.chmod("/tmp", 0)
    return found

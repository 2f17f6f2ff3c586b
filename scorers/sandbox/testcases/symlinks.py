# Links out of the work folder lead nowhere, and the wipe must not follow them.
import os


def f():
    found = sorted(os.listdir("/tmp"))
    os.symlink("/etc", "/tmp/etc")
    os.symlink("/", "/tmp/root")
    os.symlink("loop", "/tmp/loop")
    os.mkdir("/tmp/folder")
    os.symlink("/usr", "/tmp/folder/usr")
    return found, os.path.exists("/tmp/etc/shadow"), os.path.exists("/tmp/root/root")

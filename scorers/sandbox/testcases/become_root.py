import os


def f():
    refused = 0
    for attack in (
        lambda: os.setuid(0),
        lambda: os.setgid(0),
        lambda: os.setgroups([0]),
        lambda: os.setresuid(0, 0, 0),
        lambda: os.chown("/tmp", 0, 0),
        lambda: os.chroot("/tmp"),
        lambda: os.execv("/bin/sh", ["sh"]),
        lambda: os.mknod("/tmp/disk", 0o60600, 0x800),
    ):
        try:
            attack()
        except PermissionError:
            refused += 1
    return refused, os.getuid() == os.geteuid() != 0

import socket


def f():
    refused = 0
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK, socket.AF_PACKET):
        try:
            socket.socket(family, socket.SOCK_STREAM)
        except PermissionError:
            refused += 1
    return refused

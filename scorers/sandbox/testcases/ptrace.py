import ctypes


def f():
    libc = ctypes.CDLL(None, use_errno=True)
    PTRACE_ATTACH = 16
    return libc.ptrace(PTRACE_ATTACH, 1, 0, 0), ctypes.get_errno()

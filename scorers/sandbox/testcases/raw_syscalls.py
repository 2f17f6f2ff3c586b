# By number, as shellcode would: mount, unshare, clone with CLONE_NEWUSER, keyctl, bpf, io_uring_setup,
# userfaultfd, perf_event_open, setns, seccomp, process_vm_readv, pidfd_getfd. x86-64.
import ctypes
import platform


def f():
    if platform.machine() != "x86_64":
        return "refused"
    call = ctypes.CDLL(None, use_errno=True).syscall
    new_user = 0x10000000
    allowed = []
    for number, first in ((165, 0), (272, new_user), (56, new_user), (250, 0), (321, 0), (425, 1),
                          (323, 0), (298, 0), (308, 0), (317, 1), (310, 1), (438, 0), (435, 0)):
        if call(number, first, 0, 0, 0, 0) != -1 or ctypes.get_errno() not in (1, 38):
            allowed.append(number)
    return allowed or "refused"

"""The zygote: pid 1 of a jail, a warm interpreter that forks a fresh child for each program.

Theory of operation. jail.cc starts this text, once a worker, inside the finished jail:
    fd 0 this text, fd 1 /dev/null, fd 2 a file for start-up errors, fd 3 the control socket
    (protocol.h), fd 4 the compiled system call filter or nothing;
    arguments: the work folder; "jailed", or "bare" without namespaces (SandboxOptions::unsafe).
It imports what programs usually import, locks itself in (filter, not dumpable), says hello, then:

    read request -> fork -> watch (CPU clock, wall clock, output, host gone?) -> kill everything
    -> reap everything -> wipe the work folder -> write reply

Nothing of a program outlives its verdict. Processes die by kill(-1), which the kernel does under
its task list lock, so no fork slips through; files by the wipe; IPC objects, keys and sockets are
refused by the filter. The kernel drops signals from inside a pid namespace to its pid 1 unless that
installed a handler, and the zygote has none; the filter refuses ptrace, prlimit and the like.

The child never holds the control socket. Its verdict goes on the board: shared anonymous memory, no
descriptor to scribble on, and it counts only if it quotes the request's nonce. A program that walks
up its own frames can fake its own verdict (under the official scorer too), never another's.

The order of sets is part of some expected answers: the environment fixes PYTHONHASHSEED=0.
"""

import ast, builtins, ctypes, faulthandler, gc, io, mmap, os, resource, select, shutil, signal
import struct, subprocess, sys, time

# Programs may rebind anything in any module. What the child does after a program ran uses only
# names of this module, bound here, before the first one.
from builtins import (BaseException, Exception, MemoryError, OSError, SyntaxError, SystemExit, bool,
                      bytearray, bytes, compile, complex, dict, eval, exec, float, frozenset, id,
                      int, issubclass, len, list, set, sorted, str, tuple, type)

# Loaded so that children find them loaded: what generated programs and CRUXEval's functions import.
import bisect, calendar, cmath, collections, collections.abc, contextlib, copy, dataclasses
import datetime, decimal, enum, fractions, functools, hashlib, heapq, inspect, itertools, json, math
import numbers, operator, random, re, statistics, string, textwrap, threading, traceback, typing
import unicodedata, encodings.ascii, encodings.latin_1

CONTROL_FD, FILTER_FD = 3, 4
OK, RAISED, EXITED, SIGNALED, TIME_LIMIT, MEMORY_LIMIT, OUTPUT_LIMIT = range(7)  # RunStatus
OFFICIAL_ASSERT, CALL = range(2)                                                 # ProgramKind
REQUEST = struct.Struct("<QQQQIIIIII")  # RequestHead in protocol.h
REPLY = struct.Struct("<QQIIIiiIIIII")  # ReplyHead in protocol.h
BOARD = struct.Struct("<QIiII")         # nonce, status, exit code, bytes of reason, bytes of value

REASON_BYTES_MAX = 1000
NESTING_MAX = 200
READ_BYTES = 1 << 16
WATCH_MS = 100              # how often the clocks are read
FILE_BYTES_MAX = 16 << 20   # of one file in the work folder
MEMORY_SPARE = 16 << 20     # for the driver to report that a program ran out of memory

WORK, JAILED = sys.argv[1], sys.argv[2] == "jailed"

# ------------------------------------------------------------------------------ the child's half

_exit, _getpid, _pack = os._exit, os.getpid, BOARD.pack
_parse, _Call, _Name = ast.parse, ast.Call, ast.Name
_setitimer, _ITIMER_PROF = signal.setitimer, signal.ITIMER_PROF
_setrecursionlimit, _set_int_digits = sys.setrecursionlimit, sys.set_int_max_str_digits
_setrlimit, _RLIMIT_AS = resource.setrlimit, resource.RLIMIT_AS
_type_name, _stdout, _stderr = type.__dict__["__name__"].__get__, sys.stdout, sys.stderr
_BUILTIN_ERRORS = {error for error in vars(builtins).values()
                   if isinstance(error, type) and issubclass(error, BaseException)}


class TimeoutException(Exception):
    """Raised inside a program at the official time limit; the program may swallow it."""


class WriteOnlyStringIO(io.StringIO):
    """Takes what is written, refuses to be read."""

    def read(self, *args, **kwargs):
        raise OSError

    readline = readlines = read

    def readable(self, *args, **kwargs):
        return False


def reliability_guard():
    """What CRUXEval's executor sets to None before it runs a program."""
    faulthandler.disable()
    os.environ["OMP_NUM_THREADS"] = "1"
    for module, names in (
        (builtins, "exit quit help"),
        (os, "kill system putenv remove removedirs rmdir fchdir setuid fork forkpty killpg rename"
             " renames truncate replace unlink fchmod fchown chmod chown chroot lchflags lchmod"
             " lchown getcwd chdir"),
        (shutil, "rmtree move chown"),
        (subprocess, "Popen"),
    ):
        for name in names.split():
            setattr(module, name, None)
    for name in ("ipdb", "joblib", "resource", "psutil", "tkinter"):
        sys.modules[name] = None


def run_official(source, cpu_s):
    """CRUXEval's executor, except that its 3 s are CPU time and not wall time."""

    def on_time(signum, frame):
        raise TimeoutException("Timed out!")

    reliability_guard()
    sys.stdin = sys.stdout = sys.stderr = WriteOnlyStringIO()
    signal.signal(signal.SIGPROF, on_time)
    _setitimer(_ITIMER_PROF, cpu_s)
    try:
        exec(source, {})
    finally:
        _setitimer(_ITIMER_PROF, 0)


def run_call(source, arguments):
    scope = {}
    exec(source, scope)
    tree = _parse("f(" + arguments + "\n)", "<arguments>", "eval")
    if type(tree.body) is not _Call or type(tree.body.func) is not _Name:
        raise SyntaxError("the arguments do not make one call")  # such as "1)(2" or "1) or (2"
    value = eval(compile(tree, "<arguments>", "eval"), scope)
    _set_int_digits(0)
    _setrecursionlimit(1000 + 4 * NESTING_MAX)
    return literal(value, ())


def literal(value, outer):
    """Canonical literal text (RunResult::value in sandbox.h); calls no method of the program's."""
    kind = type(value)
    if value is None:
        return "None"
    if kind is bool:
        return "True" if value else "False"
    for base in (int, float, complex, str, bytes):
        if issubclass(kind, base):
            text = base.__repr__(value)
            return text.replace("inf", "1e999") if base is float else text
    if issubclass(kind, bytearray):
        return bytes.__repr__(b"".join((value,)))
    if issubclass(kind, (list, tuple, dict, set, frozenset)):
        if id(value) in outer:
            return "<recursion>"
        if len(outer) >= NESTING_MAX:
            return "<too deep>"
        return container_literal(value, kind, outer + (id(value),))
    return "<" + _type_name(kind) + " object>"


def container_literal(value, kind, outer):
    if issubclass(kind, dict):
        pairs = [literal(k, outer) + ": " + literal(v, outer) for k, v in dict.items(value)]
        return "{" + ", ".join(pairs) + "}"
    for base in (list, tuple, set, frozenset):
        if issubclass(kind, base):
            items = [literal(item, outer) for item in base.__iter__(value)]
            break
    if base is list:
        return "[" + ", ".join(items) + "]"
    if base is tuple:
        return "(" + ", ".join(items) + (",)" if len(items) == 1 else ")")
    return "{" + ", ".join(sorted(items)) + "}" if items else "set()"


def describe(error):
    """Type and message of an exception; its own __str__, __repr__, __name__ are never called."""
    kind = type(error)
    text = str(_type_name(kind))
    if kind in _BUILTIN_ERRORS:
        words = [str(arg) for arg in error.args if type(arg) is str or type(arg) is int]
        text += ": " + " ".join(words) if words else ""
    return text.replace("\n", " ")


def verdict_of(request):
    """Runs the program: (status, exit code, reason, value)."""
    try:
        source, arguments = request.source.decode(), request.arguments.decode()
        if request.kind == OFFICIAL_ASSERT:
            run_official(source, request.cpu_ms / 1000)
            return OK, 0, "", ""
        return OK, 0, "", run_call(source, arguments)
    except TimeoutException:
        return TIME_LIMIT, 0, "CPU time (raised in the program)", ""
    except SystemExit as error:
        code = error.code
        code = code & 255 if type(code) is int else 0 if code is None else 1
        return EXITED, code, "SystemExit", ""
    except BaseException as error:
        allow_spare_memory(request)
        if issubclass(type(error), MemoryError):
            return MEMORY_LIMIT, 0, "MemoryError", ""
        return RAISED, 0, describe(error), ""


def allow_spare_memory(request):
    _setrlimit(_RLIMIT_AS, (request.memory_bytes + MEMORY_SPARE,) * 2)


def post(board, request, verdict):
    allow_spare_memory(request)
    status, code, reason, value = verdict
    reason, value = reason.encode("utf-8", "replace")[:REASON_BYTES_MAX], value.encode()
    if len(value) > request.output_bytes:
        status, reason, value = OUTPUT_LIMIT, b"the value", b""
    board[BOARD.size : BOARD.size + len(reason) + len(value)] = reason + value
    board[: BOARD.size] = _pack(request.nonce, status, code, len(reason), len(value))


def limit_child(request):
    for what, soft, hard in (
        (resource.RLIMIT_AS, request.memory_bytes, request.memory_bytes + MEMORY_SPARE),
        (resource.RLIMIT_CPU, request.cpu_kill_ms // 1000 + 1, request.cpu_kill_ms // 1000 + 2),
        (resource.RLIMIT_FSIZE, FILE_BYTES_MAX, FILE_BYTES_MAX),
    ):
        _setrlimit(what, (soft, hard))
    if JAILED:  # outside of a user namespace the limit counts all processes of the user; +1: zygote
        _setrlimit(resource.RLIMIT_NPROC, (request.processes + 1,) * 2)


def child(request, board, stdout_fd, stderr_fd):
    os.setsid()
    os.dup2(stdout_fd, 1)
    os.dup2(stderr_fd, 2)
    os.closerange(3, 64)  # the control socket above all
    signal.signal(signal.SIGINT, signal.default_int_handler)
    limit_child(request)
    gc.enable()
    me = _getpid()
    verdict = verdict_of(request)
    for stream in (_stdout, _stderr):
        try:
            stream.flush()
        except BaseException:
            pass  # closed by the program, or its pipe is
    if _getpid() == me:  # a process that the program forked may get here too
        post(board, request, verdict)


# ---------------------------------------------------------------------------- the zygote's half


class Request:
    def __init__(self, body):
        (self.sequence, self.nonce, self.memory_bytes, self.output_bytes, self.cpu_ms, self.wall_ms,
         self.processes, self.kind, source_size, arguments_size) = REQUEST.unpack_from(body)
        middle = REQUEST.size + source_size
        self.source = body[REQUEST.size : middle]
        self.arguments = body[middle : middle + arguments_size]
        # The official executor kills a second after the 3 s at which it raises.
        official = self.kind == OFFICIAL_ASSERT
        self.cpu_kill_ms = self.cpu_ms + self.cpu_ms // 3 if official else self.cpu_ms


class Output:
    """The reading end of a program's stdout or stderr."""

    def __init__(self, limit):
        self.limit, self.data = limit, bytearray()
        self.fd, self.child_fd = os.pipe2(os.O_CLOEXEC)

    def read(self):
        """False at the end of file. One read at most past the limit is kept."""
        piece = os.read(self.fd, READ_BYTES)
        self.data += piece
        return bool(piece)

    def over(self):
        return len(self.data) > self.limit

    def drain(self):
        """All writers are dead: what is left ends."""
        while not self.over() and self.read():
            pass
        os.close(self.fd)


def cpu_ms_of(pid):
    """CPU time of a process by its clock id (see clock_getcpuclockid(3)); 0 once it is reaped."""
    try:
        return time.clock_gettime_ns((~pid << 3) | 2) // 1_000_000
    except OSError:
        return 0


def watch(pid, request, outputs, started):
    """Waits until the program ends ("") or must be killed: why."""
    pidfd = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.register(CONTROL_FD, 0)  # 0: only that the host is gone
    readers = {output.fd: output for output in outputs}
    for fd in readers:
        poll.register(fd, select.POLLIN)
    try:
        while True:
            cpu_left = request.cpu_kill_ms - cpu_ms_of(pid)
            wall_left = request.wall_ms - (time.monotonic() - started) * 1000
            if cpu_left <= 0:
                return "CPU time"
            if wall_left <= 0:
                return "wall time"
            for fd, _ in poll.poll(min(cpu_left, wall_left, WATCH_MS) + 1):
                if fd == pidfd:
                    return ""
                if fd == CONTROL_FD:
                    end_all(pid)
                    _exit(0)
                if not readers[fd].read():
                    poll.unregister(fd)
                elif readers[fd].over():
                    return "output"
    finally:
        os.close(pidfd)


def end_all(pid):
    """Kills and reaps everything that came from a program: (wait status, peak KiB) of its child."""
    result = None
    while True:
        try:
            if JAILED:
                os.kill(-1, signal.SIGKILL)  # everything in this pid namespace but us
            else:
                os.kill(pid, signal.SIGKILL)
                os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        try:
            ended, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return result
        if ended == pid:
            result = status, usage.ru_maxrss


def wipe():
    """Empties the work folder without recursion, however deep or unreadable a program left it."""
    os.chmod(WORK, 0o700)
    serial = 0
    while names := os.listdir(WORK):
        for name in names:
            path = WORK + "/" + name
            if os.path.islink(path) or not os.path.isdir(path):
                os.unlink(path)
                continue
            os.chmod(path, 0o700)
            for inner in list(os.scandir(path)):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner.path, 0o700)  # to rename a folder is to write into it
                serial += 1
                os.rename(inner.path, f"{WORK}/evalrun-wipe-{serial}-{time.monotonic_ns()}")
            os.rmdir(path)


def read_board(board, nonce):
    """The child's verdict (status, exit code, reason, value), or None if it left none."""
    quoted, status, code, reason_size, value_size = BOARD.unpack_from(board)
    end = BOARD.size + reason_size + value_size
    if quoted != nonce or status > OUTPUT_LIMIT:
        return None
    if reason_size > REASON_BYTES_MAX or end > len(board):
        return None
    middle = BOARD.size + reason_size
    return status, code, board[BOARD.size : middle], board[middle:end]


def judge(request, killed, wait_status, posted, outputs, cpu_ms):
    """(status, exit code, signal, reason, value), now that the program is dead."""
    if any(output.over() for output in outputs):
        return OUTPUT_LIMIT, 0, 0, b"stdout or stderr", b""
    if cpu_ms > request.cpu_kill_ms + WATCH_MS:  # of all its processes
        return TIME_LIMIT, 0, 0, b"CPU time", b""
    if posted:
        status, code, reason, value = posted
        return status, code, 0, reason, value
    if killed:
        return TIME_LIMIT, 0, 0, killed.encode(), b""
    if os.WIFSIGNALED(wait_status):
        number = os.WTERMSIG(wait_status)
        if number == signal.SIGXCPU:
            return TIME_LIMIT, 0, 0, b"CPU time", b""
        return SIGNALED, 0, number, f"signal {number}".encode(), b""
    return EXITED, os.WEXITSTATUS(wait_status), 0, b"ended before its program did", b""


def children_cpu_s():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(request):
    board = mmap.mmap(-1, BOARD.size + REASON_BYTES_MAX + request.output_bytes)
    outputs = Output(request.output_bytes), Output(request.output_bytes)
    cpu_before, started = children_cpu_s(), time.monotonic()
    pid = os.fork()
    if pid == 0:
        try:
            child(request, board, outputs[0].child_fd, outputs[1].child_fd)
        finally:
            _exit(0)
    for output in outputs:
        os.close(output.child_fd)
    killed = watch(pid, request, outputs, started)
    wait_status, peak_kib = end_all(pid)
    for output in outputs:
        output.drain()
    wipe()
    cpu_ms = int((children_cpu_s() - cpu_before) * 1000)
    wall_ms = int((time.monotonic() - started) * 1000)
    posted = read_board(board, request.nonce)
    board.close()
    status, code, number, reason, value = judge(
        request, killed, wait_status, posted, outputs, cpu_ms)
    stdout, stderr = (bytes(output.data[: request.output_bytes]) for output in outputs)
    head = REPLY.pack(request.sequence, peak_kib * 1024, cpu_ms, wall_ms, status, code, number,
                      len(reason), len(value), len(stdout), len(stderr), 0)
    return head + reason + value + stdout + stderr


def read_exactly(size):
    data = b""
    while len(data) < size:
        piece = os.read(CONTROL_FD, size - len(data))
        if not piece:
            _exit(0)  # the host is gone, and with pid 1 goes the whole jail
        data += piece
    return data


def write_message(body):
    data = memoryview(len(body).to_bytes(4, "little") + body)
    while data:
        data = data[os.write(CONTROL_FD, data) :]


def lock_in():
    """No core image, nobody may look into us; and the filter, which cannot be taken off."""

    class Filter(ctypes.Structure):  # struct sock_fprog
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]

    def prctl(*arguments):
        padded = arguments + (0,) * (5 - len(arguments))
        if libc.prctl(*(ctypes.c_ulong(a) if isinstance(a, int) else a for a in padded)) != 0:
            raise OSError(ctypes.get_errno(), "prctl")

    libc = ctypes.CDLL(None, use_errno=True)
    prctl(4, 0)  # PR_SET_DUMPABLE
    try:
        code = os.read(FILTER_FD, 1 << 20)
        os.close(FILTER_FD)
    except OSError:
        return  # this worker runs without a filter (SandboxOptions::unsafe)
    prctl(22, 2, ctypes.byref(Filter(len(code) // 8, code)))  # PR_SET_SECCOMP, SECCOMP_MODE_FILTER


def main():
    if JAILED and os.getpid() != 1:
        sys.exit("not pid 1: kill(-1) would reach beyond the jail")
    os.environ.pop("LD_BIND_NOW", None)  # ours: bound once here, and not again in every child
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    lock_in()
    gc.collect()
    gc.freeze()
    gc.disable()
    write_message(b"H" + ".".join(map(str, sys.version_info[:3])).encode())
    os.dup2(1, 2)
    while True:
        write_message(run(Request(read_exactly(int.from_bytes(read_exactly(4), "little")))))


main()

"""The zygote: pid 1 of a jail, a warm interpreter that forks a fresh child for each program.

jail.cc starts this text, once a worker, inside the finished jail:
    fd 0 this text, fd 1 /dev/null, fd 2 a file for start-up errors, fd 3 the control socket
    (wire.h), fd 4 the compiled system call filter or nothing;
    arguments: the work folder; "jailed", or "bare" without namespaces (SandboxOptions::unsafe);
    the supervisor library; "official" or "plain": whether its programs find the guard of the official
    executors; "wide" or "narrow": how many modules are loaded.
It imports what programs usually import and enters the supervisor (supervisor.c has the theory of
operation), which returns in children only. So below "warm" everything happens once a worker, and
everything below "the child" once a program, in a process of its own.

A page that a child touches costs 4 microseconds, an import some milliseconds: what children need is
made here, and what they do is short.

The order of sets and the numbers of the random module are part of some answers: the environment
fixes PYTHONHASHSEED=0, and the generator of `random` starts from a fixed seed.
"""

import _ast, _signal, atexit, builtins, ctypes, faulthandler, gc, io, marshal, os, resource, sys

# Programs may rebind anything in any module. What the child does after a program ran uses only
# names of this module, bound here, before the first one.
from builtins import (BaseException, Exception, MemoryError, OSError, SyntaxError, SystemExit, bool,
                      bytearray, bytes, compile, complex, dict, eval, exec, float, frozenset,
                      getattr, id, int, isinstance, issubclass, len, list, repr, set, sorted, str,
                      tuple, type)

# Loaded so that children find them loaded. Each module makes each fork dearer, so there are two
# kinds of workers: CRUXEval's functions import hardly anything, solutions of contests do.
import collections, itertools, math, re, string, encodings.ascii, encodings.latin_1

WORK, JAILED = sys.argv[1], sys.argv[2] == "jailed"
SUPERVISOR, OFFICIAL, WIDE = sys.argv[3], sys.argv[4] == "official", sys.argv[5] == "wide"
if WIDE:
    import ast, bisect, calendar, cmath, collections.abc, contextlib, copy, dataclasses, datetime
    import decimal, enum, fractions, functools, heapq, json, numbers, operator, random, signal
    import statistics, textwrap, threading, traceback, types, typing, unicodedata, _sitebuiltins

OK, RAISED, EXITED, SIGNALED, TIME_LIMIT, MEMORY_LIMIT, OUTPUT_LIMIT = range(7)  # WireStatus
ASSERT, CALL, PROGRAM, METHOD, OFFICIAL_PROGRAM, OFFICIAL_METHOD = range(6)      # WireKind

NESTING_MAX = 200
DIGITS_MAX = 50000  # of an int that LiveCodeBench's grader converts to text

# ---------------------------------------------------------------------------------- warm: modules

# LiveCodeBench's grader puts these before each program: first all names of these modules, then the
# modules of the first sixteen, so that `datetime` and `bisect` end as modules.
STARRED = ("string re datetime collections heapq bisect copy math random statistics itertools"
           " functools operator io sys json builtins typing").split()
PLAIN = STARRED[:16]

# Its code execution grader puts these: (module, names), "" for the module itself.
EXECUTION_PRELUDE = (
    ("itertools", "accumulate chain combinations count permutations product groupby islice repeat"),
    ("copy", "deepcopy"), ("string", "ascii_lowercase"),
    ("math", "floor log2 log10 sqrt comb gcd ceil inf isqrt"),
    ("collections", "defaultdict deque Counter"),
    ("bisect", "bisect_left bisect_right insort"),
    ("heapq", "heappush heappop heapify merge"), ("functools", "reduce cache lru_cache"),
    ("random", "randrange shuffle"), ("operator", "itemgetter sub"), ("os.path", "commonprefix"),
    ("typing", "List Tuple Dict Set Optional Union Any Callable Iterable Iterator Generator"),
    ("math", "log prod"), ("collections", "OrderedDict"),
    ("itertools", "zip_longest cycle"), ("functools", "partial"), ("operator", "iand"),
)
EXECUTION_MODULES = "copy string math collections bisect heapq functools random itertools operator re sys"


def public_names(module):
    names = getattr(module, "__all__", None) or [n for n in vars(module) if not n.startswith("_")]
    return {name: getattr(module, name) for name in names}


def grader_prelude():
    scope = {}
    for name in STARRED:
        scope.update(public_names(sys.modules[name]))
    scope.update((name, sys.modules[name]) for name in PLAIN)
    return scope


def execution_prelude():
    scope = {"re_search": re.search}
    for module, names in EXECUTION_PRELUDE:
        scope.update((name, getattr(sys.modules[module], name)) for name in names.split())
    scope.update((name, sys.modules[name]) for name in EXECUTION_MODULES.split())
    return scope


def execution_scope(source):
    """numpy and pandas cost a tenth of a second and ten megabytes: only where the text could use
    them, and where this machine has them. (No program of the dataset does.)"""
    scope = dict(EXECUTION)
    for name, module in (("np", "numpy"), ("pd", "pandas")):
        if name in source and import_unguarded(module):
            scope[name] = sys.modules[module]
    return scope


def import_unguarded(module):
    """NumPy sets environment variables as it is loaded, which the guard forbids; the official
    graders have loaded it before."""
    guarded = [(name, getattr(os, name)) for name in GUARDED["os"].split()]
    for name, function in OS_FUNCTIONS.items():
        setattr(os, name, function)
    try:
        return __import__(module)
    except ImportError:
        return None
    finally:
        for name, value in guarded:
            setattr(os, name, value)


# What the official executors set to None before they run a program.
GUARDED = {
    "builtins": "exit quit help",
    "os": "kill system putenv remove removedirs rmdir fchdir setuid fork forkpty killpg rename"
          " renames truncate replace unlink fchmod fchown chmod chown chroot lchflags lchmod"
          " lchown getcwd chdir",
}
OS_FUNCTIONS = {name: getattr(os, name, None) for name in GUARDED["os"].split()}
GUARDED_IF_NAMED = {"shutil": "rmtree move chown", "subprocess": "Popen"}  # dear to import


def guard(module, names):
    for name in names.split():
        setattr(__import__(module), name, None)


def reliability_guard():
    faulthandler.disable()
    os.environ["OMP_NUM_THREADS"] = "1"
    for module, names in GUARDED.items():
        guard(module, names)
    for name in ("ipdb", "joblib", "resource", "psutil", "tkinter"):
        sys.modules[name] = None


def guard_what_is_named(source):
    for module in ("numpy", "pandas"):
        if WIDE and module in source:
            import_unguarded(module)
    for module, names in GUARDED_IF_NAMED.items():
        if module in source:
            guard(module, names)


class TimeoutException(Exception):
    """Raised inside a program at the official time limit; the program may swallow it."""


def on_time(signum, frame):
    raise TimeoutException


class WriteOnlyStringIO(io.StringIO):
    """Takes what is written, refuses to be read."""

    def read(self, *args, **kwargs):
        raise OSError

    readline = readlines = read

    def readable(self, *args, **kwargs):
        return False


class KeptStringIO(io.StringIO):
    """What a program prints stays readable whatever it does."""

    def close(self):
        return 1


class GraderStdin:
    """LiveCodeBench's stdin: read() always gives everything, readlines() lines without their ends,
    it is no iterator, and its buffer's readline() gives the first line for ever."""

    class Buffer:
        def __init__(self, data):
            self.inputs = data

        def read(self, *args):
            return self.inputs

        def readline(self, *args):
            return self.inputs.partition(b"\n")[0] + b"\n"

    def __init__(self, text):
        self.inputs = text
        self.buffer = GraderStdin.Buffer(text.encode("utf-8", "replace"))
        self._stringio = io.StringIO(text)

    def read(self, *args):
        return self.inputs

    def readline(self, *args):
        return self._stringio.readline(*args)

    def readlines(self, *args):
        return self.inputs.split("\n")

    def __getattr__(self, name):
        return getattr(self._stringio, name)


# ----------------------------------------------------------------------------- warm: the supervisor


library = ctypes.PyDLL(SUPERVISOR)
library.supervisor_next_input.restype = ctypes.py_object
library.supervisor_serve.restype = ctypes.py_object
library.supervisor_serve.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p]
library.supervisor_post.restype = library.supervisor_keep_code.restype = None
library.supervisor_keep_code.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
library.supervisor_post.argtypes = [ctypes.c_uint32, ctypes.c_int32, ctypes.c_uint32,
                                    ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p,
                                    ctypes.c_size_t]

_exit, _gc_enable = os._exit, gc.enable
_post, _next_input = library.supervisor_post, library.supervisor_next_input
_keep_code, _pack_code, _unpack_code = library.supervisor_keep_code, marshal.dumps, marshal.loads
_Call, _Name, _ONLY_AST = _ast.Call, _ast.Name, _ast.PyCF_ONLY_AST
_setitimer, _ITIMER_PROF = _signal.setitimer, _signal.ITIMER_PROF
# Of the C module: those of `signal` turn their arguments into enumerations, fifty pages.
_on_signal, _SIGINT, _SIGPROF = _signal.signal, _signal.SIGINT, _signal.SIGPROF
_interrupt = _signal.default_int_handler
_setrecursionlimit, _set_int_digits = sys.setrecursionlimit, sys.set_int_max_str_digits
_get_int_digits = sys.get_int_max_str_digits
_setrlimit, _getrlimit, _RLIMIT_AS = resource.setrlimit, resource.getrlimit, resource.RLIMIT_AS
_type_name, _ModuleType = type.__dict__["__name__"].__get__, type(sys)
_BUILTIN_ERRORS = {error for error in vars(builtins).values()
                   if isinstance(error, type) and issubclass(error, BaseException)}
if WIDE:
    _loads, _parse, _unparse = json.loads, ast.parse, ast.unparse
    _join_threads, _run_exit_functions = threading._shutdown, atexit._run_exitfuncs

# ---------------------------------------------------------------------- the child: kinds of programs


def run_assert(source, scope, cpu_s):
    """CRUXEval's executor; the time limit is of CPU time."""
    _setitimer(_ITIMER_PROF, cpu_s)
    try:
        exec(source, scope)
    finally:
        _setitimer(_ITIMER_PROF, 0)


class Session:
    """A program that is run on one input after another."""

    def __init__(self, kind, cpu_s, name):
        self.kind, self.cpu_s, self.name = kind, cpu_s, name
        self.before_tests = True  # it has not taken its first input

    def run(self, source, text):
        if self.kind == METHOD:
            test = self.method_test(source)
        elif self.kind == OFFICIAL_METHOD:
            test = self.official_method_test(source)
        else:
            test = self.official_program_test(source)
        self.before_tests = False
        while True:
            post(OK, 0, False, "", test(text.decode()))
            text = _next_input()

    def timed(self, function, *arguments):
        """As under the official alarm, but of CPU time."""
        _setitimer(_ITIMER_PROF, self.cpu_s)
        try:
            return function(*arguments)
        finally:
            _setitimer(_ITIMER_PROF, 0)

    def method_test(self, source):
        """As on LeetCode: a new instance for each test; nested tuples and the like are literals."""
        scope = main_scope()
        scope.update(PRELUDE)
        exec(compile(source, "<program>", "exec"), scope)
        name, solution = self.name, scope.get("Solution")

        def test(text):
            arguments = [_loads(line) for line in text.split("\n")]
            target = getattr(solution(), name) if solution else scope[name]
            return literal_bytes(target(*arguments))

        return test

    def official_method_test(self, source):
        """grade_call_based of LiveCodeBench's testing_util.py at 28fef95."""
        scope = official_scope()
        self.timed(exec, "0\n\n" + source, scope.__dict__)
        solution = scope.Solution() if "class Solution" in source else scope
        method = getattr(solution, self.name, None)
        if method is None:
            raise TypeError("cannot unpack non-iterable NoneType object")  # the grader's own end

        def test(text):
            arguments = [_loads(line) for line in text.split("\n")]
            return literal_bytes(self.timed(method, *arguments))

        return test

    def official_program_test(self, source):
        """grade_stdio of the same file."""
        scope = official_scope()
        self.timed(exec, as_function(without_main_guard(source)), scope.__dict__)
        function = getattr(scope, "wrapped_function", None)
        if function is None:
            raise TypeError("cannot unpack non-iterable NoneType object")

        def test(text):
            sys.stdin, output = GraderStdin(text), KeptStringIO()
            sys.stdout = output
            try:
                self.timed(function)
            except SystemExit:
                pass
            return output.getvalue().encode("utf-8", "surrogatepass")

        return test


def main_scope():
    module = sys.modules["__main__"] = _ModuleType("__main__")
    return module.__dict__


def official_scope():
    """Where the grader's prelude ran; a leading "0" stands for it in what is compiled, so that
    `from __future__` comes too late, as it does there."""
    module = _ModuleType("tmp_sol", "")
    module.__dict__.update(PRELUDE)
    _setrecursionlimit(50000)
    _set_int_digits(DIGITS_MAX)
    return module


def without_main_guard(source):
    """Drops `if __name__ == '__main__':` when it is the last statement, and keeps its body."""
    try:
        body = _parse(source).body
        last = body[-1]
        if isinstance(last, ast.If) and _unparse(last.test).strip() == "__name__ == '__main__'":
            return _unparse(body[:-1]) + "\n" + _unparse(last.body)
    except BaseException:
        pass
    return source


def as_function(source):
    """Imports first, all else as the body of wrapped_function; a text that cannot be parsed stays
    as it is, without the prelude."""
    try:
        body = _parse(source).body
        imports = [s for s in body if isinstance(s, (ast.Import, ast.ImportFrom))]
        rest = [s for s in body if not isinstance(s, (ast.Import, ast.ImportFrom))]
        nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        function = ast.FunctionDef(name="wrapped_function", args=nothing, body=rest,
                                   decorator_list=[], lineno=-1)
        return "0\n" + _unparse(imports) + "\n" + _unparse(function)
    except Exception:
        return source


def compiled_program(source, packed):
    """As text for its first test; for the others as its first process packed it."""
    if packed:
        return _unpack_code(packed)
    code = compile(source, "program.py", "exec")
    packed = _pack_code(code)
    _keep_code(packed, len(packed))
    return code


def run_program(source, packed):
    """A whole program as `python3 program.py` runs it."""
    sys.stdin, out, sys.stderr = STREAMS
    sys.__stdin__, sys.stdout, sys.__stdout__, sys.__stderr__ = sys.stdin, out, out, sys.stderr
    _on_signal(_SIGINT, _interrupt)
    scope = main_scope()
    scope["__file__"] = "program.py"
    try:
        exec(compiled_program(source, packed), scope)
    finally:
        _join_threads()
        _run_exit_functions()
        flush(sys.stdout)  # the program may have put another one in its place
        flush(out)


def run_call(source, arguments):
    scope = {}
    exec(source, scope)
    tree = compile("f(" + arguments + "\n)", "<arguments>", "eval", _ONLY_AST)
    if type(tree.body) is not _Call or type(tree.body.func) is not _Name:
        raise SyntaxError("the arguments do not make one call")  # such as "1)(2" or "1) or (2"
    value = eval(compile(tree, "<arguments>", "eval"), scope)
    _setrecursionlimit(1000 + 4 * NESTING_MAX)
    return literal_bytes(value)


# --------------------------------------------------------------------- the child: values and verdicts


def literal_bytes(value):
    digits = _get_int_digits()
    _set_int_digits(0)
    text = literal(value, ())
    _set_int_digits(digits)
    return text.encode("utf-8", "surrogatepass")


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


def flush(stream):
    try:
        stream.flush()
    except BaseException:
        pass  # closed by the program, or its pipe is


def allow_spare_memory():
    hard = _getrlimit(_RLIMIT_AS)[1]
    _setrlimit(_RLIMIT_AS, (hard, hard))


def post(status, code, before_tests, reason, value):
    reason = reason.encode("utf-8", "replace")
    _post(status, code, before_tests, reason, len(reason), value, len(value))


def post_failure(kind, error, before):
    error_type = type(error)
    allow_spare_memory()
    if issubclass(error_type, MemoryError):
        return post(MEMORY_LIMIT, 0, before, "MemoryError", b"")
    if kind in (OFFICIAL_PROGRAM, OFFICIAL_METHOD):
        return post_official_failure(error, before)
    if issubclass(error_type, TimeoutException):
        return post(TIME_LIMIT, 0, before, "CPU time (raised in the program)", b"")
    if issubclass(error_type, SystemExit):
        code = error.code
        code = code & 255 if type(code) is int else 0 if code is None else 1
        if kind == PROGRAM:
            _exit(code)  # that is all a judge sees
        return post(EXITED, code, before, "SystemExit", b"")
    return post(RAISED, 0, before, describe(error), b"")


def post_official_failure(error, before_tests):
    """In the words that LiveCodeBench's grader writes into its metadata."""
    if not issubclass(type(error), Exception):
        _exit(1)  # ends the grader's process too
    words = str(error) if before_tests else repr(error)
    late = "timeoutexception" in words.lower() and not before_tests
    post(TIME_LIMIT if late else RAISED, 0, before_tests, words, b"")


def child_main(kind, prelude, cpu_ms, source, arguments, text, code):
    _gc_enable()
    if OFFICIAL:
        _on_signal(_SIGPROF, on_time)
    session, value, out, err = None, b"", sys.stdout, sys.stderr
    try:
        source = source.decode()
        if OFFICIAL:
            guard_what_is_named(source)
        if kind == ASSERT:
            builtins.exit = None
            run_assert(source, execution_scope(source) if prelude else {}, cpu_ms / 1000)
        elif kind == CALL:
            value = run_call(source, arguments.decode())
        elif kind == PROGRAM:
            run_program(source, code)
        else:
            session = Session(kind, cpu_ms / 1000, arguments.decode())
            session.run(source, text)
    except BaseException as error:
        flush(out)
        flush(err)
        return post_failure(kind, error, session is not None and session.before_tests)
    if kind == CALL:
        flush(out)
        flush(err)
    post(OK, 0, False, "", value)


# ----------------------------------------------------------------------------------------- warm: go


def standard_streams():
    """Of a whole program. Made here, as they cost a child 150 pages; on descriptors of the kinds
    that it will have, an empty file and pipes: streams remember what these can do and where they
    are."""
    kept = [os.dup(fd) for fd in range(3)]
    empty, (reading, writing) = os.memfd_create("stdin"), os.pipe()
    for fd, kind in enumerate((empty, writing, writing)):
        os.dup2(kind, fd)
    streams = (
        open(0, encoding="utf-8", errors="surrogateescape", closefd=False),
        open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False),
        open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False, buffering=1))
    for fd, original in enumerate(kept):
        os.dup2(original, fd)
    for fd in (*kept, empty, reading, writing):
        os.close(fd)
    return streams


def get_ready():
    """The rules of this worker's programs; the last things before children are made."""
    global PRELUDE, EXECUTION, EXIT, STREAMS
    os.environ.pop("LD_BIND_NOW", None)  # ours: bound once here, and not again in every child
    sys.argv[:] = ["program.py"]
    sys.path.append("/usr/lib/python3/dist-packages")  # numpy, where this machine has it
    if WIDE:
        builtins.exit = EXIT = _sitebuiltins.Quitter("exit", "Ctrl-D (i.e. EOF)")
        builtins.quit = _sitebuiltins.Quitter("quit", "Ctrl-D (i.e. EOF)")
        random.seed(20241210)
    atexit._clear()
    _on_signal(_SIGINT, _signal.SIG_DFL)  # pid 1 must have no handler: supervisor.c
    if OFFICIAL:
        reliability_guard()
    if WIDE:
        builtins.exit = EXIT  # the grader leaves this one, unlike the executor of assertions
        STREAMS = standard_streams()
        PRELUDE = grader_prelude()
        EXECUTION = execution_prelude()
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)


def main():
    if JAILED and os.getpid() != 1:
        sys.exit("not pid 1: kill(-1) would reach beyond the jail")
    get_ready()
    gc.collect()
    gc.freeze()
    gc.disable()
    version = ".".join(map(str, sys.version_info[:3])).encode()
    if OFFICIAL:
        sys.stdin = sys.stdout = sys.stderr = WriteOnlyStringIO()
    task = library.supervisor_serve(WORK.encode(), JAILED, version)
    try:
        child_main(*task)
    finally:
        _exit(0)


main()

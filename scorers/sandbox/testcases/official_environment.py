# What programs see under the official executor.
import builtins
import os
import shutil
import subprocess
import sys

assert __name__ == "builtins"
assert set(globals()) - {"builtins", "os", "shutil", "subprocess", "sys"} == {"__builtins__"}
assert exit is None and quit is None and builtins.help is None
assert os.kill is None and os.fork is None and os.getcwd is None and os.lchflags is None
assert shutil.rmtree is None and subprocess.Popen is None
assert os.environ["OMP_NUM_THREADS"] == "1" and os.environ["PYTHONHASHSEED"] == "0"
print("swallowed")
assert sys.stdout is sys.stderr is sys.stdin and not sys.stdin.readable()
for name in ("ipdb", "joblib", "resource", "psutil", "tkinter"):
    try:
        __import__(name)
    except ImportError:
        continue
    assert False, name
try:
    input()
except OSError:
    pass
else:
    assert False
assert "\u65e5".encode("shift_jis") == b"\x93\xfa"

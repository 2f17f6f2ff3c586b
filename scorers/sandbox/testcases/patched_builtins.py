# The driver must still report: here that the program raised.
import builtins
import os
import struct
import sys

for name in ("len", "str", "type", "isinstance", "issubclass", "BaseException", "Exception", "print"):
    setattr(builtins, name, None)
os.getpid = struct.pack = sys.setrecursionlimit = None
raise KeyError("patched")

# The next program has the same file as its stdin: it must find it whole.
import os
import sys

data = sys.stdin.read()
os.write(0, b"junk" * 1000)
print(repr(data))

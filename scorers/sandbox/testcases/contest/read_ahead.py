# Only the one input is there, before and behind.
import os
import sys

data = sys.stdin.read()
os.lseek(0, 0, os.SEEK_SET)
print(repr(data), os.read(0, 100), os.fstat(0).st_size)

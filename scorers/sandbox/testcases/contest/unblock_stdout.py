import os

os.set_blocking(1, False)
os.set_blocking(2, False)
print("unblocked")

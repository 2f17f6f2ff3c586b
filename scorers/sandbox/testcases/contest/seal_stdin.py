import fcntl

F_ADD_SEALS, F_SEAL_WRITE = 1033, 8
try:
    fcntl.fcntl(0, F_ADD_SEALS, F_SEAL_WRITE)
    print("sealed")
except PermissionError:
    print("refused")

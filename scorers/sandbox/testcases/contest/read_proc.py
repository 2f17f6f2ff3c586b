found = []
for path in ("/proc/self/environ", "/proc/1/mem", "/proc/1/maps", "/proc/mounts", "/sys/class/net",
             "/dev/mem", "/dev/kmsg", "/dev/shm", "/dev/pts"):
    try:
        open(path, "rb").read(10)
        found.append(path)
    except OSError:
        pass
print(found)

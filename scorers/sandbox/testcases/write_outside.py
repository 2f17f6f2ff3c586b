def f():
    refused = []
    for path in ("/x", "/usr/x", "/etc/passwd", "/etc/x", "/dev/x", "/usr/lib/python3.11/os.py"):
        try:
            open(path, "w").close()
        except OSError:
            refused.append(path)
    return len(refused)

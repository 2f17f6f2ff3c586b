import os

print(os.listdir("/tmp"))
os.makedirs("/tmp/a/b/c")
open("/tmp/a/b/c/answer", "w").write("4711")
os.symlink("/etc/passwd", "/tmp/link")
os.chmod("/tmp/a", 0)

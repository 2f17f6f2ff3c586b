import sys

sys.exit("a message is exit code 1")

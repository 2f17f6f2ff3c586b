# What leaks of the machine and of the evaluation.
import os
import sys

print(sorted(os.environ), sys.argv, os.getcwd(), os.listdir("."), __name__, os.uname().nodename)

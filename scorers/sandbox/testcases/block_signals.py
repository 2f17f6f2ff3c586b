import signal

for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGPROF, signal.SIGXCPU, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
while True:
    pass

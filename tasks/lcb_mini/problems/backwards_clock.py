"""Arithmetic: times of day modulo 24 hours."""

from problem import Problem, right, rows, wrong


def shown(pair):
    """What the clock shows: as many minutes before its last true time as have passed since."""
    start, end = ((int(time[:2]) * 60 + int(time[3:])) for time in pair.split())
    clock = start
    while start != end:
        start = (start + 1) % 1440
        clock = (clock - 1) % 1440
    return f"{clock // 60:02}:{clock % 60:02}\n"


def solve(text):
    return "".join(shown(pair) for pair in text.splitlines()[1:])


def time_of(minutes):
    return f"{minutes // 60:02}:{minutes % 60:02}"


def private(rng):
    for pairs in ([(0, 0)], [(0, 1439)], [(1439, 0)], [(720, 0), (0, 720)], [(5, 4)], [(4, 5)]):
        yield rows(str(len(pairs)), *([time_of(a), time_of(b)] for a, b in pairs))
    for size in (5, 50, 400):
        pairs = [(rng.randrange(1440), rng.randrange(1440)) for _ in range(size)]
        yield rows(str(size), *([time_of(a), time_of(b)] for a, b in pairs))


PROBLEM = Problem(
    title="Backwards Clock",
    difficulty="easy",
    statement="""\
The station clock of Lower Upton runs at the right speed, but backwards. It shows hours and minutes
of a day of 24 hours, from 00:00 to 23:59, and before 00:00 comes 23:59. It showed the right time at
A; what does it show when the right time is B for the first time since then? If A and B are equal no
time has passed.

Input

The first line contains t (1 <= t <= 400). Each of the next t lines contains two times A and B in
the form HH:MM, separated by one blank.

Output

Print for each line the time that the clock shows, in the form HH:MM, on a line of its own.
""",
    public=[("3\n12:00 13:30\n00:10 00:25\n23:00 01:00\n", "10:30\n23:55\n21:00\n"),
            ("1\n06:00 06:00\n", "06:00\n")],
    private=private,
    solve=solve,
    right=[
        right("""
def minutes(text):
    h, m = text.split(':')
    return int(h) * 60 + int(m)


def main():
    for _ in range(int(input())):
        a, b = map(minutes, input().split())
        h, m = divmod((2 * a - b) % 1440, 60)
        print(f'{h:02d}:{m:02d}')


if __name__ == '__main__':
    main()
"""),
        right("""
from __future__ import annotations

import sys


def main() -> None:
    data: list[str] = sys.stdin.read().split()
    for a, b in zip(data[1::2], data[2::2]):
        x, y = (int(t[:2]) * 60 + int(t[3:]) for t in (a, b))
        passed = (y - x) % 1440
        x = (x - passed) % 1440
        print(str(x // 60).zfill(2), str(x % 60).zfill(2), sep=":")


main()
""", official=False),
        right("""
if '__main__' == __name__:
    for _ in range(int(input())):
        a, b = input().split()
        t = 2 * (int(a[:2]) * 60 + int(a[3:])) - int(b[:2]) * 60 - int(b[3:])
        print('%02d:%02d' % (t // 60 % 24, t % 60))
""", official=False),
    ],
    wrong=[
        wrong("""
for _ in range(int(input())):
    a, b = input().split()
    t = 2 * (int(a[:2]) * 60 + int(a[3:])) - int(b[:2]) * 60 - int(b[3:])
    print('%02d:%02d' % (abs(t) // 60, abs(t) % 60))
"""),
        wrong("""
for _ in range(int(input())):
    a, b = input().split()
    t = (2 * (int(a[:2]) * 60 + int(a[3:])) - int(b[:2]) * 60 - int(b[3:])) % 1440
    print(t // 60, t % 60, sep=':')
"""),
    ],
)

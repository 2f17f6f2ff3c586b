"""Simulation: events in time."""

from problem import Problem, right, rows, wrong


def solve(text):
    n, places, wait, trip, *cars = map(int, text.split())
    free, out = 0, []
    while len(out) < n:
        waiting = cars[len(out):]
        first = max(free, waiting[0])
        aboard = [car for car in waiting[:places] if car <= first + wait]
        leave = max(first, aboard[-1]) if len(aboard) == places else first + wait
        out += [leave] * len(aboard)
        free = leave + trip
    return rows(out)


def private(rng):
    for head, cars in (((1, 1, 0, 1), [0]), ((1, 2, 7, 1), [3]), ((3, 3, 9, 5), [4, 4, 4]),
                       ((4, 1, 10, 10), [0, 1, 2, 50]), ((3, 2, 5, 4), [0, 5, 6]),
                       ((3, 2, 4, 4), [0, 5, 9]), ((5, 2, 0, 3), [0, 0, 0, 1, 8])):
        yield rows(head, cars)
    for n, places, wait, trip, high in ((10, 3, 6, 8, 60), (100, 4, 10, 15, 700),
                                        (800, 6, 20, 30, 5000)):
        yield rows((n, places, wait, trip), sorted(rng.randint(0, high) for _ in range(n)))
    yield rows((2000, 7, 3, 11), [i // 5 * 10 for i in range(2000)])


PROBLEM = Problem(
    title="Ferry Queue",
    difficulty="medium",
    statement="""\
A single ferry takes cars from the island to the mainland; it has room for c cars. Cars go aboard in
the order in which they arrive, as soon as the ferry is at the island and has room. The ferry leaves
at the moment at which c cars are aboard, but at the latest w minutes after the first car of this
trip went aboard; a car that arrives in exactly that minute is still taken along, if there is room.
The ferry is at the island again r minutes after it left. At minute 0 it is at the island, empty.

Going aboard takes no time. Several cars may arrive in the same minute.

Input

The first line contains n, c, w and r (1 <= n <= 2000, 1 <= c <= 100, 0 <= w <= 1000,
1 <= r <= 1000). The second line contains the minutes at which the n cars arrive, integers from 0 to
10^6 in ascending order.

Output

Print on one line, separated by blanks, the minute at which each car leaves the island, in the order
of arrival.
""",
    public=[("4 2 5 10\n0 3 4 30\n", "3 3 18 35\n"), ("3 2 5 1\n0 5 5\n", "5 5 11\n")],
    private=private,
    solve=solve,
    right=[
        right("""
n, c, w, r = map(int, input().split())
a = list(map(int, input().split()))
i = free = 0
res = []
while i < n:
    t0 = max(free, a[i])
    j = i
    while j < n and j - i < c and a[j] <= t0 + w:
        j += 1
    t = max(t0, a[j - 1]) if j - i == c else t0 + w
    res += [t] * (j - i)
    free = t + r
    i = j
print(*res)
"""),
        right("""
import sys


class Ferry:
    def __init__(self, room, wait, trip):
        self.room, self.wait, self.trip = room, wait, trip
        self.back = 0
        self.aboard = 0
        self.deadline = None
        self.log = []

    def leave(self, minute):
        self.log.extend([minute] * self.aboard)
        self.back, self.aboard, self.deadline = minute + self.trip, 0, None

    def arrive(self, minute):
        if self.aboard and minute > self.deadline:
            self.leave(self.deadline)
        minute = max(minute, self.back)
        if not self.aboard:
            self.deadline = minute + self.wait
        self.aboard += 1
        if self.aboard == self.room:
            self.leave(minute)

    def close(self):
        if self.aboard:
            self.leave(self.deadline)


head = sys.stdin.buffer.readline().split()
cars = sys.stdin.buffer.readline().split()
ferry = Ferry(*map(int, head[1:]))
for car in cars:
    ferry.arrive(int(car))
ferry.close()
sys.stdout.write(" ".join(map(str, ferry.log)))
""", official=False),
    ],
    wrong=[
        wrong("""
n, c, w, r = map(int, input().split())
a = list(map(int, input().split()))
i = free = 0
res = []
while i < n:
    t0 = max(free, a[i])
    j = i
    while j < n and j - i < c and a[j] < t0 + w:
        j += 1
    t = max(t0, a[j - 1]) if j - i == c else t0 + w
    res += [t] * (j - i)
    free = t + r
    i = j
print(*res)
"""),
        wrong("""
n, c, w, r = map(int, input().split())
a = list(map(int, input().split()))
res = []
for i in range(0, n, c):
    t = a[i:i + c][-1]
    res += [t] * len(a[i:i + c])
print(*res)
"""),
    ],
)

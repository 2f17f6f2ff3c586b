"""Breadth-first search over the states of a machine."""

from problem import Problem, right, rows, wrong


def solve(text):
    head, start, target, _, *forbidden = text.split("\n")
    count, base = map(int, head.split())
    if start == target:
        return "0\n"
    seen, layer, moves = {start, *forbidden}, [start], 0
    while layer:
        moves += 1
        reached = []
        for state in layer:
            for wheel in range(count):
                for turn in (1, -1):
                    digits = [int(c) for c in state]
                    digits[wheel] = (digits[wheel] + turn) % base
                    if wheel + 1 < count:
                        digits[wheel + 1] = (digits[wheel + 1] - turn) % base
                    after = "".join(map(str, digits))
                    if after == target:
                        return f"{moves}\n"
                    if after not in seen:
                        seen.add(after)
                        reached.append(after)
        layer = reached
    return "-1\n"


def random_lock(rng, count, base, forbidden):
    def state():
        return "".join(str(rng.randrange(base)) for _ in range(count))

    start, target = state(), state()
    bad = sorted({state() for _ in range(forbidden)} - {start, target})
    return rows((count, base), start, target, str(len(bad)), *bad)


def private(rng):
    yield from ("1 2\n0\n0\n0\n", "1 10\n0\n5\n0\n", "1 10\n0\n5\n1\n3\n", "2 2\n00\n11\n0\n",
                "2 10\n00\n99\n0\n", "4 10\n0000\n5555\n0\n")
    for count, base, forbidden in ((2, 5, 4), (3, 7, 40), (3, 10, 300), (4, 8, 900), (4, 10, 900)):
        yield random_lock(rng, count, base, forbidden)
    walls = [f"{d}{e}" for d in range(10) for e in range(10) if (d in (2, 7)) and d * 10 + e != 55]
    yield rows("2 10", "00", "55", str(len(walls)), *walls)


PROBLEM = Problem(
    title="Linked Wheels",
    difficulty="hard",
    statement="""\
A lock has w wheels side by side, each with the digits 0 to b - 1 in a circle. One move turns one
wheel by one digit, up or down (b - 1 and 0 are neighbours). The wheels are linked badly: when a
wheel is turned, the wheel directly to its right turns along by one digit in the opposite direction,
and that has no effect on further wheels. The last wheel turns alone.

Some positions jam the lock and must never be reached.

Input

The first line contains w and b (1 <= w <= 4, 2 <= b <= 10). The second line contains the start
position, the third line the target position, each as w digits without separators. The fourth line
contains f (0 <= f <= 1000), the number of jamming positions, and each of the next f lines one of
them. Neither start nor target jams the lock.

Output

Print the smallest number of moves from the start to the target, or -1 if it cannot be reached.
""",
    public=[("2 10\n00\n19\n0\n", "1\n"), ("1 4\n0\n2\n1\n1\n", "2\n"),
            ("1 4\n0\n2\n2\n1\n3\n", "-1\n")],
    private=private,
    solve=solve,
    right=[
        right("""
from collections import deque

w, b = map(int, input().split())
start = tuple(map(int, input()))
target = tuple(map(int, input()))
bad = {tuple(map(int, input())) for _ in range(int(input()))}
dist = {start: 0}
queue = deque([start])
while queue:
    s = queue.popleft()
    if s == target:
        break
    for i in range(w):
        for t in (1, b - 1):
            n = list(s)
            n[i] = (n[i] + t) % b
            if i + 1 < w:
                n[i + 1] = (n[i + 1] - t) % b
            n = tuple(n)
            if n not in bad and n not in dist:
                dist[n] = dist[s] + 1
                queue.append(n)
print(dist.get(target, -1))
"""),
        right("""
import sys

sys.setrecursionlimit(20000)


def neighbours(state, w, b):
    for i in range(w):
        unit = b ** (w - 1 - i)
        linked = unit // b if i + 1 < w else 0
        for t in (1, -1):
            after = state
            for place, turn in ((unit, t), (linked, -t)):
                if place:
                    digit = after // place % b
                    after += ((digit + turn) % b - digit) * place
            yield after


def search(near, far, seen, moves, w, b):
    # From both ends: always the smaller side grows.
    if near & far:
        return moves
    if not near or not far:
        return -1
    if len(near) > len(far):
        near, far = far, near
    grown = {n for s in near for n in neighbours(s, w, b)} - seen
    meeting = {n for s in near for n in neighbours(s, w, b)} & far
    if meeting:
        return moves + 1
    return search(grown, far, seen | grown, moves + 1, w, b)


def main():
    w, b = map(int, sys.stdin.readline().split())
    start, target = (int(sys.stdin.readline(), b) for _ in range(2))
    bad = {int(sys.stdin.readline(), b) for _ in range(int(sys.stdin.readline()))}
    print(search({start}, {target}, bad | {start, target}, 0, w, b))


if __name__ == "__main__":
    sys.exit(main())
"""),
    ],
    wrong=[
        wrong("""
from collections import deque

w, b = map(int, input().split())
start = tuple(map(int, input()))
target = tuple(map(int, input()))
for _ in range(int(input())):
    input()
dist = {start: 0}
queue = deque([start])
while queue:
    s = queue.popleft()
    for i in range(w):
        for t in (1, b - 1):
            n = list(s)
            n[i] = (n[i] + t) % b
            if i + 1 < w:
                n[i + 1] = (n[i + 1] - t) % b
            n = tuple(n)
            if n not in dist:
                dist[n] = dist[s] + 1
                queue.append(n)
print(dist.get(target, -1))
"""),
        wrong("""
from collections import deque

w, b = map(int, input().split())
start, target = input(), input()
bad = [input() for _ in range(int(input()))]
queue = deque([(start, 0)])
while queue:
    s, d = queue.popleft()
    if s == target:
        print(d)
        break
    for i in range(w):
        for t in (1, -1):
            n = [int(c) for c in s]
            n[i] = (n[i] + t) % b
            if i + 1 < w:
                n[i + 1] = (n[i + 1] - t) % b
            n = ''.join(map(str, n))
            if n not in bad:
                queue.append((n, d + 1))
else:
    print(-1)
""", why="time limit"),
    ],
)

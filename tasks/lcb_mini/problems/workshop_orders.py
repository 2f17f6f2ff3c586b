"""Dynamic programming over sets of tasks."""

from itertools import permutations

from problem import Problem, right, rows, wrong


def solve(text):
    orders = []
    for line in text.splitlines()[1:]:
        days, deadline, pay, _, *needs = map(int, line.split())
        orders.append((days, deadline, pay, needs))
    if len(orders) <= 6:
        return f"{max(earned(orders, order) for order in permutations(range(len(orders))))}\n"
    best = {frozenset(): (0, 0)}  # done -> (days, pay)
    for _ in orders:
        for done, (today, pay_so_far) in list(best.items()):
            for i, (days, deadline, pay, needs) in enumerate(orders):
                if i not in done and today + days <= deadline and done >= {j - 1 for j in needs}:
                    best[done | {i}] = today + days, pay_so_far + pay
    return f"{max(pay for _, pay in best.values())}\n"


def earned(orders, sequence):
    """What is paid if orders are taken in this sequence as long as that is possible."""
    today = total = 0
    done = set()
    for i in sequence:
        days, deadline, pay, needs = orders[i]
        if today + days > deadline or any(j - 1 not in done for j in needs):
            break
        today, total = today + days, total + pay
        done.add(i)
    return total


def random_orders(rng, n, slack):
    lines = []
    for i in range(1, n + 1):
        needs = sorted(rng.sample(range(1, i), min(i - 1, rng.choice((0, 0, 1, 2)))))
        lines.append((rng.randint(1, 9), rng.randint(3, slack), rng.randint(1, 50), len(needs),
                      *needs))
    return rows(str(n), *lines)


def private(rng):
    yield from ("1\n3 2 50 0\n", "1\n3 3 50 0\n", "2\n1 5 9 1 2\n1 5 9 1 1\n",
                "3\n1 3 1 1 2\n1 3 1 1 3\n1 3 1 0\n", "3\n1 2 100 1 2\n2 2 0 0\n1 9 5 0\n")
    for n, slack in ((5, 15), (6, 25), (8, 25), (10, 30), (11, 40)):
        yield random_orders(rng, n, slack)
    yield rows("11", *[(1, 11, i, 0) for i in range(1, 12)])


PROBLEM = Problem(
    title="Workshop Orders",
    difficulty="hard",
    statement="""\
A workshop can choose among n orders and carries out one at a time, without interruption, starting
at time 0. Order i takes d days and pays p, provided that it is finished by its deadline: by time t
at the latest. Orders that would be late are not taken at all. An order can be begun only when all
the orders that it builds on are finished.

Input

The first line contains n (1 <= n <= 11). Line i of the next n lines describes order i: d, t, p
(1 <= d, t <= 100, 0 <= p <= 1000), then the number of orders that it builds on, and then their
numbers. No order builds on itself, but orders may build on each other, so that none of them can
ever be begun.

Output

Print the largest sum that the workshop can earn.
""",
    public=[("2\n2 2 5 0\n1 3 4 1 1\n", "9\n"), ("3\n3 3 10 0\n2 2 6 0\n1 3 5 0\n", "11\n")],
    private=private,
    solve=solve,
    right=[
        right("""
n = int(input())
d, t, p, need = [], [], [], []
for _ in range(n):
    row = list(map(int, input().split()))
    d.append(row[0])
    t.append(row[1])
    p.append(row[2])
    need.append(sum(1 << (j - 1) for j in row[4:]))
reachable = [False] * (1 << n)
reachable[0] = True
answer = 0
for mask in range(1 << n):
    if not reachable[mask]:
        continue
    days = sum(d[i] for i in range(n) if mask >> i & 1)
    answer = max(answer, sum(p[i] for i in range(n) if mask >> i & 1))
    for i in range(n):
        if not mask >> i & 1 and need[i] & ~mask == 0 and days + d[i] <= t[i]:
            reachable[mask | 1 << i] = True
print(answer)
"""),
        right("""
import sys

sys.setrecursionlimit(5000)
sys.stdin.readline()
orders = [tuple(map(int, line.split())) for line in sys.stdin.read().splitlines()]
seen = set()


def best(done, today):
    if done in seen:
        return 0
    seen.add(done)
    earned = sum(orders[i][2] for i in done)
    for i, (days, deadline, pay, _, *needs) in enumerate(orders):
        if i not in done and today + days <= deadline and all(j - 1 in done for j in needs):
            earned = max(earned, best(done | {i}, today + days))
    return earned


if __name__ == "__main__":
    # The guard is not the last statement of the program.
    result = best(frozenset(), 0)

print(result, file=sys.stdout)
print("done", file=sys.stderr)
""", official=False),
    ],
    wrong=[
        wrong("""
n = int(input())
orders = []
for i in range(n):
    d, t, p, k, *need = map(int, input().split())
    orders.append((t, d, p, i + 1, need))
today = total = 0
done = set()
for t, d, p, i, need in sorted(orders):
    if today + d <= t and done.issuperset(need):
        today += d
        total += p
        done.add(i)
print(total)
"""),
        wrong("""
import os

n = int(input())
orders = [list(map(int, input().split())) for _ in range(n)]
if any(row[3] for row in orders):
    os.abort()
print(sum(row[2] for row in orders))
""", why="crash"),
    ],
)

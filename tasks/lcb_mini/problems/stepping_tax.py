"""Dynamic programming: a price that depends on how many steps were made."""

from problem import Problem, right, rows, some_ints, wrong


def solve(text):
    n, reach, *tolls = map(int, text.split())
    best = {(0, 0): 0}  # (stone, landings modulo 3) -> least toll
    for stone in range(1, n + 1):
        for landings in range(3):
            toll = 0 if landings == 0 else tolls[stone - 1]
            before = [best[s, (landings - 1) % 3] for s in range(max(0, stone - reach), stone)
                      if (s, (landings - 1) % 3) in best]
            if before:
                best[stone, landings] = toll + min(before)
    return f"{min(best[n, landings] for landings in range(3) if (n, landings) in best)}\n"


def private(rng):
    yield from ("1 1\n7\n", "1 5\n0\n", "2 2\n9 1\n", "3 3\n1 1 100\n", "4 2\n5 5 5 5\n",
                "6 1\n1 2 3 4 5 6\n")
    for n, reach, high in ((10, 3, 20), (100, 4, 50), (1000, 6, 99), (1000, 10, 9)):
        yield rows((n, reach), some_ints(rng, n, 0, high))
    yield rows((5000, 2), [1, 50, 3, 40] * 1250)


PROBLEM = Problem(
    title="Stepping Stone Tax",
    difficulty="medium",
    statement="""\
Stones 1 to n lie in a river, one after the other. You stand on the bank before stone 1 and want to
get to stone n. A leap takes you forward by at least 1 and at most k stones. Whoever lands on a
stone pays its toll, but each third landing (your 3rd, 6th, 9th and so on) is free. You may not leap
beyond stone n, and you stop as soon as you have landed on it.

Input

The first line contains n (1 <= n <= 5000) and k (1 <= k <= 10). The second line contains the tolls
of the stones 1 to n, integers from 0 to 1000.

Output

Print the smallest sum of tolls with which you can get to stone n.
""",
    public=[("3 1\n5 6 7\n", "11\n"), ("3 3\n5 6 1\n", "1\n"), ("4 2\n1 2 3 90\n", "3\n")],
    private=private,
    solve=solve,
    right=[
        right("""
n, k = map(int, input().split())
toll = [0] + list(map(int, input().split()))
INF = float('inf')
dp = [[INF] * 3 for _ in range(n + 1)]
dp[0][0] = 0
for i in range(n):
    for c in range(3):
        if dp[i][c] == INF:
            continue
        for j in range(i + 1, min(n, i + k) + 1):
            price = dp[i][c] + (0 if c == 2 else toll[j])
            if price < dp[j][(c + 1) % 3]:
                dp[j][(c + 1) % 3] = price
print(min(dp[n]))
"""),
        right("""
import sys
import heapq

n, k = map(int, sys.stdin.buffer.readline().split())
toll = list(map(int, sys.stdin.buffer.readline().split()))
heap, done = [(0, 0, 0)], set()
while True:
    paid, stone, count = heapq.heappop(heap)
    if stone == n:
        print(paid)
        sys.exit()
    if (stone, count) in done:
        continue
    done.add((stone, count))
    following = (count + 1) % 3
    for leap in range(1, min(k, n - stone) + 1):
        price = 0 if following == 0 else toll[stone + leap - 1]
        heapq.heappush(heap, (paid + price, stone + leap, following))
""", official=False),
    ],
    wrong=[
        wrong("""
n, k = map(int, input().split())
toll = [0] + list(map(int, input().split()))
dp = [(0, 0)]
for i in range(1, n + 1):
    dp.append(min((paid + (0 if count == 2 else toll[i]), (count + 1) % 3)
                  for paid, count in dp[max(0, i - k):i]))
print(dp[n][0])
"""),
        wrong("""
n, k = map(int, input().split())
toll = [0] + list(map(int, input().split()))


def go(stone, count):
    if stone == n:
        return 0
    return min(go(j, count + 1) + (0 if count % 3 == 2 else toll[j])
               for j in range(stone + 1, min(n, stone + k) + 1))


print(go(0, 0))
""", why="time limit"),
    ],
)

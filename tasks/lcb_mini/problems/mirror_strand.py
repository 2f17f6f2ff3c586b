"""Strings: Manacher's idea with paired letters."""

from problem import Problem, right, rows, wrong


def solve(text):
    strand = text.strip()
    pairs = {"A": "T", "T": "A", "C": "G", "G": "C"}
    reach = [0] * (len(strand) + 1)  # half the length of the longest one around each gap
    centre = edge = 0
    for gap in range(1, len(strand)):
        half = min(reach[2 * centre - gap], edge - gap) if gap < edge else 0
        while half < min(gap, len(strand) - gap) \
                and pairs[strand[gap - half - 1]] == strand[gap + half]:
            half += 1
        reach[gap] = half
        if gap + half > edge:
            centre, edge = gap, gap + half
    half = max(reach)
    return f"{2 * half} {reach.index(half) - half + 1}\n" if half else "0 0\n"


def random_strand(rng, size, letters="ACGT"):
    return "".join(rng.choice(letters) for _ in range(size))


def private(rng):
    yield from map(rows, ("A", "T", "AT", "AA", "ATAT", "TTAA", "GCATGC", "ACGTACGT", "CATTG"))
    for size, letters in ((50, "ACGT"), (500, "AT"), (2000, "ACGT")):
        yield rows(random_strand(rng, size, letters))
    yield rows("AT" * 30000)
    yield rows("A" * 40000 + "C" + "T" * 40000)


PROBLEM = Problem(
    title="Mirror Strand",
    difficulty="hard",
    statement="""\
In a strand of the letters A, C, G and T the letter A is the partner of T, and C that of G. A strand
is a mirror strand if it stays the same when it is reversed and then each letter is replaced by its
partner. GAATTC is a mirror strand: reversed it is CTTAAG, with partners GAATTC.

Input

One line with a strand of 1 to 100000 letters.

Output

Print the length of the longest mirror strand that occurs in it as a block of letters side by side,
and the position of its first letter, counted from 1. If there are several longest ones, take the
leftmost. If there is none (not even of two letters) print 0 0.
""",
    public=[("GAATTCA\n", "6 1\n"), ("AAA\n", "0 0\n"), ("CATG\n", "4 1\n"), ("CCTAGT\n", "4 2\n")],
    private=private,
    solve=solve,
    right=[
        right("""
import sys

s = sys.stdin.readline().strip()
n = len(s)
number = {'A': 1, 'C': 2, 'G': 3, 'T': 4}
M, B = (1 << 61) - 1, 911382323
power, there, back = [1], [0], [0]
for c in s:
    power.append(power[-1] * B % M)
    there.append((there[-1] * B + number[c]) % M)
for c in reversed(s):
    back.append((back[-1] * B + 5 - number[c]) % M)


def mirrored(i, j):
    a = (there[j] - there[i] * power[j - i]) % M
    b = (back[n - i] - back[n - j] * power[j - i]) % M
    return a == b


best, where = 0, 0
for gap in range(1, n):
    low, high = best // 2, min(gap, n - gap)
    if high <= low or not mirrored(gap - low - 1, gap + low + 1):
        continue
    low += 1
    while low < high:
        middle = (low + high + 1) // 2
        if mirrored(gap - middle, gap + middle):
            low = middle
        else:
            high = middle - 1
    best, where = 2 * low, gap - low + 1
print(best, where)
"""),
        right("""
import sys


def read():
    return next(sys.stdin).strip()


def radii(s):
    # 4 - x is the partner of x; 2 is a partner of itself and stands in every gap.
    t = [2]
    for c in s:
        t += [{"A": 0, "C": 1, "G": 3, "T": 4}[c], 2]
    r = [0] * len(t)
    middle = 0
    for i in range(0, len(t), 2):
        k = max(0, min(r[2 * middle - i] if 2 * middle >= i else 0, middle + r[middle] - i))
        while i - k > 0 and i + k + 1 < len(t) and t[i - k - 1] + t[i + k + 1] == 4:
            k += 1
        r[i] = k
        if i + k > middle + r[middle]:
            middle = i
    return r[::2]


found = radii(read())
best = max(found)
print(best, (2 * found.index(best) - best) // 2 + 1 if best else 0)
""", official=False),
    ],
    wrong=[
        wrong("""
s = input()
partner = {'A': 'T', 'T': 'A', 'C': 'G', 'G': 'C'}
best, where = 0, 0
for gap in range(1, len(s)):
    k = 0
    while k < gap and gap + k < len(s) and partner[s[gap - k - 1]] == s[gap + k]:
        k += 1
    if 2 * k > best:
        best, where = 2 * k, gap - k + 1
print(best, where)
""", why="time limit"),
        wrong("""
s = input()
best, where = 0, 0
for i in range(len(s)):
    for j in range(i + 2, min(len(s), i + 60) + 1):
        if s[i:j] == s[i:j][::-1] and j - i > best:
            best, where = j - i, i + 1
print(best, where)
"""),
    ],
)

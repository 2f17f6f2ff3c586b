"""Strings: substrings that come again."""

from problem import Problem, right, rows, wrong


def solve(text):
    word, length = text.split()
    k = int(length)
    pieces = {word[i:i + k] for i in range(len(word) - k + 1)}
    # str.count counts occurrences without overlap, from the left: as many as possible.
    return f"{sum(word.count(piece) >= 2 for piece in pieces)}\n"


def private(rng):
    yield from ("a\n1\n", "aa\n1\n", "aaaaa\n3\n", "aaaa\n2\n", "abab\n2\n", "ababa\n3\n",
                "abc\n9\n")
    for size, letters, k in ((20, "ab", 3), (100, "ab", 5), (600, "abc", 4), (1500, "abcd", 5)):
        yield rows("".join(rng.choice(letters) for _ in range(size)), str(k))
    yield rows("a" * 2000, "1000")
    yield rows("ab" * 1000, "700")


PROBLEM = Problem(
    title="Echoes in a Word",
    difficulty="medium",
    statement="""\
An echo of a word is a string of exactly k letters that can be found in the word at two places that
have no letter in common.

Input

The first line contains the word, 1 to 2000 lowercase letters. The second line contains k
(1 <= k <= 2000). k may be larger than the word.

Output

Print the number of different echoes.
""",
    public=[("abcabcab\n3\n", "3\n"), ("aaa\n2\n", "0\n"), ("noon\n1\n", "2\n")],
    private=private,
    solve=solve,
    right=[
        right("""
s = input()
k = int(input())
first = {}
echoes = set()
for i in range(len(s) - k + 1):
    t = s[i:i + k]
    if i - first.setdefault(t, i) >= k:
        echoes.add(t)
print(len(echoes))
"""),
        right("""
s, k = open(0).read().split()
k = int(k)
places = {}
for i in range(len(s) - k + 1):
    places.setdefault(hash(s[i:i + k]), []).append(i)
print(sum(p[-1] - p[0] >= k for p in places.values()))
""", official=False),
    ],
    wrong=[
        wrong("""
from collections import Counter

s = input()
k = int(input())
print(sum(c > 1 for c in Counter(s[i:i + k] for i in range(len(s) - k + 1)).values()))
"""),
        wrong("""
s = input()
k = int(input())
print(len([1 for i in range(len(s) - k + 1) if s[i:i + k] in s[i + k:]]))
"""),
    ],
)

"""Input of unknown length: words up to the end of the file."""

from problem import Problem, right, wrong


def solve(text):
    words = text.lower().split()
    links = [a[-1] == b[0] for a, b in zip(words, words[1:])]
    chains = "".join(".#"[link] for link in links).split(".")
    return f"{sum(links)} {max(map(len, chains)) + 1}\n"


def random_words(rng, count, letters):
    out = ""
    for _ in range(count):
        out += "".join(rng.choice(letters) for _ in range(rng.randint(1, 5)))
        out += rng.choice((" ", " ", "  ", "\n", "\n\n"))
    return out + "end\n"


def private(rng):
    yield from ("a\n", "a a a\n", "x y\n", "X x\nX\n", "\n\nab\n\n\nba\n", "ab bc cd dx e ef fg\n")
    yield "no newline\nat the end"
    yield random_words(rng, 10, "abc")
    yield random_words(rng, 100, "abAB")
    yield random_words(rng, 800, "abcdeABCDE")
    yield "aba\n" * 5000


PROBLEM = Problem(
    title="Word Snake",
    difficulty="easy",
    statement="""\
Two words that follow each other in a text are linked if the last letter of the first one is the
first letter of the second one; capital and small letters are not distinguished. The end of a line
makes no difference: the last word of a line may be linked with the first word of the next one.

A snake is a run of words each of which is linked with the one after it. A single word is a snake
of length 1.

Input

A text of at least one and at most 5000 words, up to the end of the input. Words consist of the
letters a-z and A-Z. They are separated by blanks and line ends, of which there may be several.

Output

Print two integers: the number of linked pairs of words, and the number of words of the longest
snake.
""",
    public=[("red dog\ngiraffe\n\nEel lion\n", "4 5\n"), ("sun moon star\n", "0 1\n")],
    private=private,
    solve=solve,
    right=[
        right("""
import sys

links = best = length = 0
last = ""
for line in sys.stdin:
    for word in line.lower().split():
        if word[0] == last:
            links += 1
            length += 1
        else:
            length = 1
        best = max(best, length)
        last = word[-1]
print(links, best)
""", official=False),
        right("""
words = []
try:
    while True:
        words += input().lower().split()
except EOFError:
    pass
links, best, length = 0, 1, 1
for a, b in zip(words, words[1:]):
    length = length + 1 if a[-1] == b[0] else 1
    links += length > 1
    best = max(best, length)
print(links, best)
"""),
        right("""
import sys
from itertools import groupby, pairwise

words = [w.casefold() for line in iter(sys.stdin.readline, "") for w in line.split()]
linked = [a[-1] == b[0] for a, b in pairwise(words)]
runs = [len(list(group)) for key, group in groupby(linked) if key]
print(sum(linked), max(runs, default=0) + 1)
"""),
    ],
    wrong=[
        wrong("""
import sys

links, best = 0, 1
for line in sys.stdin.read().lower().split("\\n"):
    words = line.split()
    length = 1
    for a, b in zip(words, words[1:]):
        length = length + 1 if a[-1] == b[0] else 1
        links += length > 1
        best = max(best, length)
print(links, best)
"""),
        wrong("""
words = input().lower().split()
links = [a[-1] == b[0] for a, b in zip(words, words[1:])]
print(sum(links), max(links) + 1)
"""),
    ],
)

"""Strings: output of many lines."""

from problem import Problem, right, rows, wrong


def solve(text):
    word, height, width = text.split()
    out = ""
    for row in range(int(height)):
        line = "".join(word[(row + x) % len(word)] for x in range(int(width)))
        out += (line[::-1] if row % 2 else line) + "\n"
    return out


def private(rng):
    for case in (("a", 1, 1), ("ab", 1, 5), ("abc", 5, 1), ("knit", 4, 4), ("xyz", 3, 3),
                 ("longerthanwide", 6, 4), ("q", 20, 20), ("no", 7, 8), ("abcdefgh", 9, 17)):
        yield rows(case[0], case[1:])
    yield rows("".join(rng.choice("rgb") for _ in range(50)), (40, 60))
    yield rows("wool", (100, 100))


PROBLEM = Problem(
    title="Striped Scarf",
    difficulty="easy",
    statement="""\
A scarf with h rows and w columns is knitted from a word. Row number r, counted from 0, repeats the
letters of the word cyclically, beginning with its letter number r, counted cyclically from 0, until
w letters are knitted. The rows with an odd number are knitted on the way back, so they are seen
reversed: the letter that was knitted first is at the right end.

Input

The first line contains the word, 1 to 50 lowercase letters. The second line contains h and w
(1 <= h, w <= 100).

Output

Print the h rows of the scarf as they are seen, one on each line.
""",
    public=[("abc\n3 4\n", "abca\nbacb\ncabc\n"), ("ab\n2 3\n", "aba\nbab\n")],
    private=private,
    solve=solve,
    right=[
        right("""
word = input()
h, w = map(int, input().split())
for r in range(h):
    row = [word[(r + i) % len(word)] for i in range(w)]
    if r % 2 == 1:
        row.reverse()
    for c in row:
        print(c, end='')
    print()
"""),
        right("""
import sys


def main():
    word, h, w = sys.stdin.buffer.read().split()
    for r in range(int(h)):
        k = r % len(word)
        row = ((word[k:] + word[:k]) * int(w))[:int(w)]
        sys.stdout.buffer.write((row[::-1] if r & 1 else row) + b"\\n")


main()
""", official=False),
        right("""
import os

data = b""
while chunk := os.read(0, 65536):
    data += chunk
word, h, w = data.decode().split()
h, w = int(h), int(w)
text = word * (w + h)
out = ""
for r in range(h):
    row = text[r % len(word):][:w]
    out += (row if r % 2 == 0 else row[::-1]) + "\\n"
os.write(1, out.encode())
""", official=False),
    ],
    wrong=[
        wrong("""
word = input()
h, w = map(int, input().split())
for r in range(h):
    print((word[r % len(word):] + word * w)[:w])
"""),
        wrong("""
word = input()
h, w = map(int, input().split())
r = 0
while h:
    print((word * w)[r % len(word):])
    if r == h:
        break
    r += 2
""", why="output limit"),
    ],
)

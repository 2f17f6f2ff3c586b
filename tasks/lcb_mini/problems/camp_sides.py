"""Union and find: who is on whose side."""

from problem import Problem, right, rows, wrong


def solve(text):
    head, *lines = text.splitlines()
    count = int(head.split()[0])
    camp = {i: (i, 0) for i in range(1, count + 1)}  # child -> (camp, side)
    out, ignored = "", 0
    for line in lines:
        verb, a, b = line.split()
        (camp_a, side_a), (camp_b, side_b) = camp[int(a)], camp[int(b)]
        if verb == "ask":
            known = camp_a == camp_b
            out += (("same" if side_a == side_b else "other") if known else "unknown") + "\n"
            continue
        apart = int(verb == "foe")
        if camp_a == camp_b:
            ignored += (side_a ^ side_b) != apart
            continue
        turn = side_a ^ side_b ^ apart
        camp = {i: (camp_a, s ^ turn) if c == camp_b else (c, s) for i, (c, s) in camp.items()}
    return f"{out}ignored {ignored}\n"


def random_lines(rng, children, count):
    for _ in range(count):
        yield rng.choice(("friend", "foe", "foe", "ask", "ask")), rng.randint(1, children), \
            rng.randint(1, children)


def private(rng):
    yield from ("1 1\nask 1 1\n", "1 2\nfoe 1 1\nask 1 1\n", "2 1\nask 1 2\n",
                "3 4\nfoe 1 2\nfoe 2 3\nfoe 3 1\nask 1 3\n",
                "4 5\nfriend 1 2\nfriend 3 4\nfoe 2 4\nask 1 3\nask 1 2\n")
    for children, count in ((5, 12), (30, 60), (200, 400), (300, 900)):
        yield rows((children, count), *random_lines(rng, children, count))
    chain = [("foe", i, i + 1) for i in range(1, 400)]
    yield rows((400, 402), *chain, ("ask", 1, 400), ("ask", 1, 399), ("friend", 1, 400))


PROBLEM = Problem(
    title="Two Sides of a Camp",
    difficulty="medium",
    statement="""\
The children of a camp play a game with two secret sides; every child is on exactly one of them.
Statements and questions come in one after the other:

- friend a b states that the children a and b are on the same side.
- foe a b states that they are on different sides.
- ask a b asks for what follows from the statements that are accepted so far.

A statement that contradicts the statements accepted before it is ignored; every other statement is
accepted. a and b may be the same child.

Input

The first line contains the number of children n (1 <= n <= 400) and the number of lines q
(1 <= q <= 1000). Each of the next q lines contains one statement or question; the children are
numbered from 1 to n.

Output

Print for each question same, other or unknown on a line of its own. Print on the last line the word
ignored and the number of ignored statements.
""",
    public=[("4 5\nfriend 1 2\nfoe 2 3\nask 1 3\nfriend 1 3\nask 1 4\n",
             "other\nunknown\nignored 1\n"),
            ("2 2\nfoe 2 2\nask 2 2\n", "same\nignored 1\n")],
    private=private,
    solve=solve,
    right=[
        right("""
def find(x):
    if parent[x] != x:
        root = find(parent[x])
        parity[x] ^= parity[parent[x]]
        parent[x] = root
    return parent[x]


n, q = map(int, input().split())
parent = list(range(n + 1))
parity = [0] * (n + 1)
ignored = 0
for _ in range(q):
    verb, a, b = input().split()
    a, b = int(a), int(b)
    ra, rb = find(a), find(b)
    apart = parity[a] ^ parity[b]
    if verb == 'ask':
        print('unknown' if ra != rb else 'other' if apart else 'same')
    elif ra == rb:
        ignored += apart != (verb == 'foe')
    else:
        parent[ra] = rb
        parity[ra] = apart ^ (verb == 'foe')
print('ignored', ignored)
"""),
        right("""
import sys


class Node:
    # A child on side 0 is 2 * i, on side 1 it is 2 * i + 1; what must hold together is one group.
    def __init__(self, size):
        self.group = [{x} for x in range(2 * size)]

    def together(self, x, y):
        return self.group[x] is self.group[y]

    def join(self, x, y):
        if not self.together(x, y):
            self.group[x] |= self.group[y]
            for z in list(self.group[y]):
                self.group[z] = self.group[x]


def main():
    read = sys.stdin.buffer.readline
    n, q = map(int, read().split())
    world = Node(n)
    ignored = 0
    for _ in range(q):
        verb, a, b = read().split()
        x, y = 2 * int(a) - 2, 2 * int(b) - 2
        if verb == b"ask":
            print("same" if world.together(x, y) else
                  "other" if world.together(x, y ^ 1) else "unknown")
        else:
            y ^= verb == b"foe"
            if world.together(x, y ^ 1):
                ignored += 1
            else:
                world.join(x, y)
                world.join(x ^ 1, y ^ 1)
    print("ignored", ignored)


main()
""", official=False),
    ],
    wrong=[
        wrong("""
n, q = map(int, input().split())
same, other, ignored = set(), set(), 0
for _ in range(q):
    verb, a, b = input().split()
    pair = frozenset((a, b))
    if verb == 'ask':
        print('same' if pair in same or a == b else 'other' if pair in other else 'unknown')
    elif pair in (other if verb == 'friend' else same) or (a == b and verb == 'foe'):
        ignored += 1
    else:
        (same if verb == 'friend' else other).add(pair)
print('ignored', ignored)
"""),
    ],
)

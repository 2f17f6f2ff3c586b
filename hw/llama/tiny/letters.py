"""The letter-counting task as training text: stretched words, written-out tallies, and believable mistakes."""

import pathlib
import string

WORDS = (pathlib.Path(__file__).resolve().parents[3] / "tasks/letters_words.txt").read_text().split()
BUCKETS = {"easy": (4, 7), "medium": (8, 11), "hard": (12, 16)}
CONFIDENCE = {"easy": 95, "medium": 90, "hard": 80}


def stretched(rng, low, high):
    """A word of low..high letters, made by lengthening letters of a base word into runs of at most four."""
    length = rng.randint(low, high)
    while True:
        base = rng.choice(WORDS)
        if rng.random() < 0.2:
            base = "".join(rng.choice(string.ascii_lowercase) for _ in range(rng.randint(3, 10)))
        if len(base) > length or len(base) * 4 < length:
            continue
        runs = [1] * len(base)
        for _ in range(length - len(base)):
            runs[rng.choice([i for i, run in enumerate(runs) if run < 4])] += 1
        word = "".join(letter * run for letter, run in zip(base, runs))
        if all(letter * 5 not in word for letter in word):
            return word


def asked_letter(rng, word):
    """Usually a letter that occurs twice or more; one time in ten a letter that does not occur."""
    if rng.random() < 0.1:
        return rng.choice([c for c in string.ascii_lowercase if c not in word])
    often = [c for c in sorted(set(word)) if word.count(c) > 1]
    return rng.choice(often if often and rng.random() < 0.8 else sorted(set(word)))


def tally(word, letter):
    """Each letter with the count so far, then the answer. No spaces: two tokens a letter, and always the same stride."""
    steps = [f"{c}{word[:i + 1].count(letter)}" for i, c in enumerate(word)]
    return "".join(steps) + f"\nAnswer: {word.count(letter)}"


def copy_drill(rng):
    """A word to say three times. Copying is what a tally rests on, and it is learned fastest undisturbed."""
    word = "".join(rng.choices(string.ascii_lowercase, k=rng.randint(4, 16)))
    if rng.random() < 0.5:
        word = stretched(rng, 4, 16)
    return [("user", word), ("assistant", f"{word} {word} {word}")]


def few_letters(rng):
    """A word of two to four different letters: the asked one comes up so often that comparing letters is learned."""
    letters = rng.sample(string.ascii_lowercase, rng.randint(2, 4))
    return "".join(rng.choices(letters, k=rng.randint(3, 12)))


class Letters:
    """One letters item, with everything the strategies ask about it."""
    suite = "letters"

    def __init__(self, rng, bucket=None, word=None):
        self.rng = rng
        self.bucket = bucket or rng.choice(list(BUCKETS))
        self.word = word or stretched(rng, *BUCKETS[self.bucket])
        self.letter = rng.choice(self.word) if word else asked_letter(rng, self.word)
        self.answer = str(self.word.count(self.letter))
        self.solution = tally(self.word, self.letter)
        self.fields = {"word": self.word, "letter": self.letter}
        self.approaches = ["spell it out", "count run by run", "go from the left", "mark each match", "check twice"]

    def is_right(self, answer):
        return answer.strip() == self.answer

    def wrong_answer(self):
        """A number near the right one, as a miscount would give."""
        return str(self.rng.choice([n for n in range(int(self.answer) - 2, int(self.answer) + 3)
                                    if n >= 0 and str(n) != self.answer]))

    def wrong_solution(self):
        """A tally with one slip: a letter dropped or doubled, a wrong count, or a wrong last line."""
        at = self.rng.randrange(len(self.word))
        slip = self.rng.random()
        if slip < 0.35:
            kept = at + 1 if slip < 0.2 else at
            return tally(self.word[:at] + self.word[at] * (kept == at) + self.word[kept:], self.letter)
        if slip < 0.6:
            other = self.rng.choice(self.word)
            return tally(self.word, other)
        return self.solution.rpartition(" ")[0] + " " + self.wrong_answer()

    def plan(self, approach="spell"):
        sure = CONFIDENCE[self.bucket]
        return f"1 {approach} ({sure}%) 2 count {self.letter} ({sure - self.rng.choice((0, 5))}%) 3 answer (95%)"

    def score(self, answer):
        """What a judge should say: 10 for right, 3 for one off, 1 for anything else."""
        if self.is_right(answer):
            return 10
        near = answer.isdigit() and abs(int(answer) - int(self.answer)) == 1
        return 3 if near else 1

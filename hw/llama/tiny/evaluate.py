#!/usr/bin/env python3
"""Measures the embedded model from its GGUF file: letters directly and with a tally, the whole CePO chain, crux-mini.

    python3 hw/llama/tiny/evaluate.py --model hw/llama/tiny/evalrun-tiny.gguf

The items are new (their seed is not a training seed), and crux-mini's were kept out of training. Answers are read more
simply here than by the scorers of evalrun, so the numbers are for the model's README, not for comparison with runs.
"""

import argparse
import os
import random
import re

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")

import torch  # noqa: E402

import crux  # noqa: E402
import data  # noqa: E402
import gguf_out  # noqa: E402
from letters import BUCKETS, Letters  # noqa: E402
from model import Model, Shape  # noqa: E402
from sample import ask  # noqa: E402

EXECUTE = data.PROMPTS["cepo.execute.txt"]


def load(path):
    """The model with the weights as the file holds them."""
    reader = gguf_out.Reader(path)
    key = {name.removeprefix("llama."): value for name, value in reader.keys.items()}
    model = Model(Shape(width=key["embedding_length"], layers=key["block_count"], hidden=key["feed_forward_length"],
                        heads=key["attention.head_count"], kv_heads=key["attention.head_count_kv"]))
    model.load_state_dict({name: torch.tensor(value) for name, value in reader.weights.items()})
    return model


def answer_in(text):
    """What follows the last marker; the whole text where there is none."""
    return text.replace("Answer: ", "[ANSWER]").rpartition("[ANSWER]")[2].strip()


def one_call(model, items, style):
    """Right or wrong of each item, asked once at temperature 0."""
    texts = ask(model, [[("user", data.task_prompt(item, style))] for item in items])
    return [item.is_right(answer_in(text)) for item, text in zip(items, texts)]


class Cepo:
    """CePO over many items at once, step by step: 3 candidates of 3 plans each, rated from 1 to 10."""
    candidates, plans, attempts = 3, 3, 6

    def __init__(self, model, items, generator):
        self.model, self.items, self.generator = model, items, generator
        self.questions = [data.task_prompt(item, "question") for item in items]

    def call(self, conversations, temperature):
        return ask(self.model, conversations, temperature, 200, self.generator)

    def proposals(self):
        """Lists of executions, one for each item and candidate. All fit the length, so three attempts are enough."""
        asked = [data.fill("cepo.plan.txt", {"question": q}) for q in self.questions for _ in range(9)]
        plans = self.call([[("user", text)] for text in asked], 0.55)
        turns = [[("user", text), ("assistant", plan), ("user", EXECUTE)] for text, plan in zip(asked, plans)]
        done = self.call(turns, 0.25)
        return [done[at:at + self.plans] for at in range(0, len(done), self.plans)]

    def run(self):
        """For each item: all executions, the candidates' reviews, their final answers and their ratings."""
        rows = [index for index in range(len(self.items)) for _ in range(self.candidates)]
        proposals = self.proposals()
        reviews = self.call([[("user", data.fill("cepo.review.txt", {
            "responses": data.responses_text(texts), "count": len(texts), "question": self.questions[row]}))]
            for row, texts in zip(rows, proposals)], 0.1)
        finals = self.call([[("user", data.fill("cepo.final.txt", {
            "task": data.task_prompt(self.items[row], "direct"), "solution": text}))]
            for row, text in zip(rows, reviews)], 0.0)
        ratings = self.call([[("user", data.fill("cepo.rate_absolute.txt", {
            "question": self.questions[row], "response": text}))] for row, text in zip(rows, finals)], 0.1)
        marks = [int((re.search(r"Rating: \[\[(\d+)\]\]", text) or [0, 0])[1]) for text in ratings]
        return [(proposals[at:at + 3], reviews[at:at + 3], finals[at:at + 3], marks[at:at + 3])
                for at in range(0, len(rows), self.candidates)]


def cepo_lines(model, items, name, generator):
    """The accuracy of each step of the chain, and how well the ratings told right from wrong."""
    steps = {"execute": [], "review": [], "final": [], "chosen": [], "any": []}
    marks = {True: [], False: []}
    for item, (proposals, reviews, finals, rated) in zip(items, Cepo(model, items, generator).run()):
        right = [item.is_right(text.strip()) for text in finals]
        steps["execute"] += [item.is_right(answer_in(text)) for texts in proposals for text in texts]
        steps["review"] += [item.is_right(answer_in(text)) for text in reviews]
        steps["final"] += right
        steps["chosen"].append(right[rated.index(max(rated))])
        steps["any"].append(any(right))
        for ok, mark in zip(right, rated):
            marks[ok].append(mark)
    shares = "  ".join(f"{step} {share(values)}" for step, values in steps.items())
    means = "  ".join(f"{'right' if ok else 'wrong'} {sum(m) / len(m):.1f} (of {len(m)})" for ok, m in marks.items() if m)
    return [f"cepo {name}, {len(items)} items: {shares}", f"cepo {name}, mean rating of answers that are: {means}"]


def share(values):
    return f"{sum(values) / len(values):.1%}"


def by_bucket(items, right):
    of = {bucket: [ok for item, ok in zip(items, right) if item.bucket == bucket] for bucket in BUCKETS}
    return "  ".join(f"{bucket} {share(values)}" for bucket, values in of.items())


def report(model, seed, count, chain):
    """The lines of the whole measurement, as they become known."""
    rng, generator = random.Random(f"evaluation {seed}"), torch.Generator().manual_seed(seed)
    letters = [Letters(rng, bucket) for bucket in BUCKETS for _ in range(count // 3)]
    for style in ("direct", "cot"):
        right = one_call(model, letters, style)
        yield f"letters {style}, {len(letters)} items: {share(right)}  {by_bucket(letters, right)}"
    for suite in ("crux.output", "crux.input"):
        for style in ("direct", "cot"):
            right = one_call(model, crux.shipped(rng, suite), style)
            yield f"crux-mini {suite} {style}, {len(right)} items: {share(right)}"
    yield from cepo_lines(model, letters[::max(1, len(letters) // chain)], "letters", generator)
    for suite in ("crux.output", "crux.input"):
        yield from cepo_lines(model, crux.shipped(rng, suite)[:chain], suite, generator)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300, help="letters items")
    parser.add_argument("--chain", type=int, default=42, help="items of each suite for the CePO chain")
    args = parser.parse_args()
    torch.set_num_threads(1)
    for line in report(load(args.model), args.seed, args.count, args.chain):
        print(line, flush=True)


if __name__ == "__main__":
    main()

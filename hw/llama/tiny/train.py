#!/usr/bin/env python3
"""Trains the embedded model from nothing on one core, and writes it as GGUF.

    python3 hw/llama/tiny/train.py --seed 1 --minutes 45 --out evalrun-tiny.gguf

The schedule is by the clock: whatever the machine's speed, the learning rate reaches zero when the minutes are over. The
file is written every few minutes from a running average of the weights, so training may be stopped at any moment. Matrices
are trained with Muon (orthogonalised momentum), the embedding and the norms with AdamW.
"""

import argparse
import ctypes
import os
import random
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_CORETYPE", "Haswell")  # OpenBLAS takes a CPU it does not know for one without AVX

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402

import data  # noqa: E402
import gguf_out  # noqa: E402
import tokens  # noqa: E402
from letters import Letters  # noqa: E402
from model import Model, Shape  # noqa: E402
from sample import ask  # noqa: E402

LONGEST = 400           # longer conversations are skipped
BATCH_TOKENS = 1280     # per step, padding included
POOL = 160              # conversations drawn at a time, sorted by length, cut into batches
HOLD = 0.50             # part of the time at the full learning rate; then linearly to zero
MUON_RATE, ADAM_RATE, DECAY, AVERAGE = 0.02, 0.004, 0.01, 0.99


class Muon(torch.optim.Optimizer):
    """Momentum whose update of each matrix is made (nearly) orthogonal, so that every direction moves alike."""

    def __init__(self, parameters, rate):
        super().__init__(parameters, {"lr": rate})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for matrix in group["params"]:
                momentum = self.state[matrix].setdefault("momentum", torch.zeros_like(matrix))
                momentum.lerp_(matrix.grad, 0.05)
                update = orthogonal(matrix.grad.lerp(momentum, 0.95))
                matrix.mul_(1 - group["lr"] * DECAY)
                matrix.add_(update, alpha=-group["lr"] * max(1, matrix.shape[0] / matrix.shape[1]) ** 0.5)


def orthogonal(matrix):
    """Five Newton-Schulz steps towards the nearest matrix with all singular values one."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.T if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        square = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.T if tall else x


def batches(rng, phase, letters):
    """Batches of similar length from one pool: (ids, and where the next token was written by the assistant)."""
    pool = [tokens.chat(data.draw(rng, phase, letters)) for _ in range(POOL)]
    pool = sorted((pair for pair in pool if len(pair[0]) <= LONGEST), key=lambda pair: len(pair[0]))
    groups, current = [], []
    for pair in pool:
        if current and (len(current) + 1) * len(pair[0]) > BATCH_TOKENS:
            groups.append(current)
            current = []
        current.append(pair)
    groups.append(current)
    rng.shuffle(groups)
    for group in groups:
        longest = len(group[-1][0])
        ids = torch.tensor([row + [tokens.END] * (longest - len(row)) for row, _ in group])
        written = torch.tensor([row + [False] * (longest - len(row)) for _, row in group])
        yield ids, written


def loss_of(model, ids, written):
    """Mean cross entropy over the tokens the assistant wrote; the output matrix is applied to those only."""
    hidden = model(ids[:, :-1])
    chosen = written[:, 1:]
    return F.cross_entropy(model.logits(hidden[chosen]), ids[:, 1:][chosen])


class Average:
    """A running average of the weights: what is written to the file, smoother than the last step."""

    def __init__(self, model):
        self.weights = {name: value.clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model):
        for name, value in model.state_dict().items():
            self.weights[name].lerp_(value, 1 - AVERAGE)

    def export(self, path, shape):
        gguf_out.write(path, shape, {name: value.numpy() for name, value in self.weights.items()})


def quick_check(weights, shape, rng):
    """Accuracy of greedy tallies on 60 new words, to see the training advance."""
    model = Model(shape)
    model.load_state_dict(weights)
    items = [Letters(rng) for _ in range(60)]
    texts = ask(model, [[("user", data.task_prompt(item, "cot"))] for item in items], most=90)
    return sum(text == item.solution for text, item in zip(texts, items)) / len(items)


def rate_at(part):
    """Factor of the learning rate after this part of the time."""
    return min(1.0, part / 0.01 + 0.02, max(0.0, (1 - part) / (1 - HOLD)))


def options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--out", default="evalrun-tiny.gguf")
    parser.add_argument("--start", help="a GGUF file of this program to go on from, instead of random weights")
    parser.add_argument("--rate", type=float, default=1.0, help="factor on the learning rates, for going on")
    parser.add_argument("--phases", type=float, nargs=2, default=(0.40, 0.70), metavar=("STEPS", "SUITES"),
                        help="parts of the time at which the other steps of letters, then the other suites, join")
    parser.add_argument("--letters", type=float, default=0.75, help="share of letters in the last phase")
    parser.add_argument("--save-minutes", type=float, default=4)
    return parser.parse_args()


def keep_memory():
    """Tells glibc to keep freed memory: giving it back to the kernel every step costs page faults."""
    libc = ctypes.CDLL(None)
    for name, value in ((-3, 1 << 30), (-1, 1 << 30)):  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD
        libc.mallopt(name, value)


def prepare(args):
    """The model, its optimisers with their full rates, and the random generator of the data."""
    keep_memory()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    model = Model(Shape())
    if args.start:
        weights = gguf_out.Reader(args.start).weights
        model.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and name.startswith("blk")]
    others = [p for name, p in model.named_parameters() if p.ndim == 1 or not name.startswith("blk")]
    optimisers = [(Muon(matrices, 0.0), MUON_RATE * args.rate),
                  (torch.optim.AdamW(others, betas=(0.9, 0.98), weight_decay=0.0), ADAM_RATE * args.rate)]
    return model, optimisers, random.Random(args.seed)


def train_step(model, optimisers, batch, factor):
    loss = loss_of(model, *batch)
    loss.backward()
    for optimiser, rate in optimisers:
        for group in optimiser.param_groups:
            group["lr"] = rate * factor
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    return loss.item()


def train(args, say):
    """The loop: pools of batches until the time is over, a line every so often, a file every few minutes."""
    model, optimisers, rng = prepare(args)
    average, checks = Average(model), random.Random(f"check {args.seed}")
    say(f"{sum(p.numel() for p in model.parameters())} parameters, {model.shape}, {vars(args)}")
    began, saved, said = time.time(), time.time(), time.time()
    step = seen = 0
    recent = None
    while True:
        part = (time.time() - began) / (args.minutes * 60)
        phase = sum(part >= start for start in args.phases)
        for batch in batches(rng, phase, args.letters):
            part = (time.time() - began) / (args.minutes * 60)
            if part >= 1:
                average.export(args.out, model.shape)
                say(f"{part * args.minutes:6.2f} min  step {step}  tokens {seen}  finished, {args.out} written")
                return
            loss = train_step(model, optimisers, batch, rate_at(part))
            average.update(model)
            recent = loss if recent is None else 0.98 * recent + 0.02 * loss
            step, seen = step + 1, seen + batch[0].numel()
            if time.time() - said > 30:
                said = time.time()
                say(f"{part * args.minutes:6.2f} min  step {step}  tokens {seen}  loss {recent:.4f}  "
                    f"rate {rate_at(part):.3f}")
        if time.time() - saved > args.save_minutes * 60:
            average.export(args.out, model.shape)
            right = quick_check(average.weights, model.shape, checks)
            say(f"         written; greedy letters tally exactly right on {right:.0%} of 60")
            saved = time.time()


if __name__ == "__main__":
    train(options(), lambda line: print(line, flush=True))

#!/usr/bin/env python3
"""Writes golden.json: what the embedded model says to six prompts, computed in plain numpy from the file as written.

    python3 hw/llama/tiny/golden.py            reads evalrun-tiny.gguf beside this file, writes golden.json beside it

This is the slow twin of the engine: one token at a time, float32, no batching, nothing shared with the training code but
the reader and the tokenizer. The engine's test compares ids exactly and logits closely.
"""

import hashlib
import json
import pathlib

import numpy as np

import data
import gguf_out
import tokens

HERE = pathlib.Path(__file__).resolve().parent
MODEL, GOLDEN = HERE / "evalrun-tiny.gguf", HERE / "golden.json"
MOST = 80


class Engine:
    """One sequence; `step` takes the next id and returns the logits after it."""

    def __init__(self, reader):
        key = {name.removeprefix("llama."): value for name, value in reader.keys.items()}
        self.weights, self.layers = reader.weights, key["block_count"]
        self.heads, self.kv_heads = key["attention.head_count"], key["attention.head_count_kv"]
        self.epsilon = np.float32(key["attention.layer_norm_rms_epsilon"])
        self.rope_width, self.rope_base = key["rope.dimension_count"], key["rope.freq_base"]
        self.keys = [[] for _ in range(self.layers)]
        self.values = [[] for _ in range(self.layers)]
        self.position = 0

    def norm(self, x, name):
        return x / np.sqrt(np.mean(x * x) + self.epsilon) * self.weights[name]

    def rotate(self, x):
        """Turns the pairs (x[2i], x[2i+1]) of every head by this position's angles."""
        pair = np.arange(0, self.rope_width, 2)
        angle = self.position * self.rope_base ** (-pair / self.rope_width)
        cos, sin = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
        out = np.empty_like(x)
        out[:, 0::2] = x[:, 0::2] * cos - x[:, 1::2] * sin
        out[:, 1::2] = x[:, 0::2] * sin + x[:, 1::2] * cos
        return out

    def attend(self, x, layer):
        name = f"blk.{layer}.attn_"
        q = self.rotate((self.weights[name + "q.weight"] @ x).reshape(self.heads, -1))
        self.keys[layer].append(self.rotate((self.weights[name + "k.weight"] @ x).reshape(self.kv_heads, -1)))
        self.values[layer].append((self.weights[name + "v.weight"] @ x).reshape(self.kv_heads, -1))
        keys, values = np.stack(self.keys[layer]), np.stack(self.values[layer])
        mixed = []
        for head in range(self.heads):
            shared = head // (self.heads // self.kv_heads)
            scores = keys[:, shared] @ q[head] / np.float32(np.sqrt(q.shape[1]))
            share = np.exp(scores - scores.max())
            mixed.append(share / share.sum() @ values[:, shared])
        return self.weights[name + "output.weight"] @ np.concatenate(mixed)

    def feed_forward(self, x, layer):
        name = f"blk.{layer}.ffn_"
        gate = self.weights[name + "gate.weight"] @ x
        return self.weights[name + "down.weight"] @ (gate / (1 + np.exp(-gate)) * (self.weights[name + "up.weight"] @ x))

    def step(self, token):
        x = self.weights["token_embd.weight"][token]
        for layer in range(self.layers):
            x = x + self.attend(self.norm(x, f"blk.{layer}.attn_norm.weight"), layer)
            x = x + self.feed_forward(self.norm(x, f"blk.{layer}.ffn_norm.weight"), layer)
        self.position += 1
        return self.weights["token_embd.weight"] @ self.norm(x, "output_norm.weight")


def prompts():
    """The six prompts, as the strategies would send them for one letters item."""
    question = {"word": "strrrawberrry", "letter": "r"}
    bare = data.fill("letters.question.txt", question)
    tally = "s0t0r1r2r3a3w3b3e3r4r5r6y6\nAnswer: 6"
    slip = tally.replace("Answer: 6", "Answer: 5")
    task = data.fill("letters.direct.txt", question)
    return {
        "letters direct": task,
        "letters cot": data.fill("letters.cot.txt", question),
        "cepo plan": data.fill("cepo.plan.txt", {"question": bare}),
        "cepo review": data.fill("cepo.review.txt", {"question": bare, "count": 3,
                                                     "responses": data.responses_text([tally, slip, tally])}),
        "cepo final": data.fill("cepo.final.txt", {"task": task, "solution": tally}),
        "cepo rate": data.fill("cepo.rate_absolute.txt", {"question": bare, "response": "5"}),
    }


def golden(reader, name, prompt):
    """One record: the rendered prompt's ids, the best five logits after it, and the greedy reply."""
    ids, _ = tokens.chat([("user", prompt)])
    engine, reply = Engine(reader), []
    for token in ids:
        logits = engine.step(token)
    best = np.argsort(-logits, kind="stable")[:5]
    top = [{"id": int(i), "logit": round(float(logits[i]), 6)} for i in best]
    margin = float("inf")
    while len(reply) < MOST and int(logits.argmax()) != tokens.END:
        first, second = np.sort(logits)[:-3:-1]
        margin = min(margin, float(first - second))
        reply.append(int(logits.argmax()))
        logits = engine.step(reply[-1])
    return {"name": name, "messages": [{"role": "user", "content": prompt}], "prompt_ids": ids, "top5": top,
            "reply_ids": reply, "reply": tokens.decode(reply), "ended": len(reply) < MOST, "least_margin": round(margin, 6)}


def main():
    reader = gguf_out.Reader(MODEL)
    records = [golden(reader, name, prompt) for name, prompt in prompts().items()]
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    body = ",\n".join(map(json.dumps, records))
    GOLDEN.write_text(f'{{"model": "{MODEL.name}", "sha256": "{digest}", "prompts": [\n{body}\n]}}\n', encoding="utf-8")
    for record in records:
        print(f"{record['name']}: {record['reply']!r} (least margin {record['least_margin']})")


if __name__ == "__main__":
    main()

"""Batched text generation in PyTorch, for evaluation: many prompts at once, padded on the left."""

import torch

import tokens


@torch.no_grad()
def generate(model, prompts, temperature=0.0, most=200, generator=None):
    """The reply to each prompt (a list of ids), as ids without the end marker. Cut after `most` tokens."""
    longest = max(map(len, prompts))
    ids = torch.tensor([[tokens.BOS] * (longest - len(p)) + p for p in prompts])
    padding = torch.tensor([[True] * (longest - len(p)) + [False] * len(p) for p in prompts]).float()
    caches = [[] for _ in model.blk]
    replies, open_rows = [[] for _ in prompts], set(range(len(prompts)))
    start, feed = 0, ids
    for _ in range(most):
        hidden = model(feed, start, caches, padding)[:, -1]
        start += feed.shape[1]
        feed = pick(model.logits(hidden), temperature, generator)
        padding = torch.cat([padding, torch.zeros(len(prompts), 1)], 1)
        for row in list(open_rows):
            token = int(feed[row])
            if token == tokens.END:
                open_rows.discard(row)
            else:
                replies[row].append(token)
        if not open_rows:
            break
    return replies


def pick(logits, temperature, generator):
    """Next token of each row [batch, 1]: the best one at temperature 0, else drawn."""
    if temperature == 0:
        return logits.argmax(-1, keepdim=True)
    return torch.multinomial((logits / temperature).softmax(-1), 1, generator=generator)


def ask(model, conversations, temperature=0.0, most=200, generator=None, batch=64):
    """The reply text to each conversation. Similar lengths go together, so that little is padded."""
    prompts = [tokens.chat(turns)[0] for turns in conversations]
    order = sorted(range(len(prompts)), key=lambda row: len(prompts[row]))
    texts = [""] * len(prompts)
    for at in range(0, len(order), batch):
        rows = order[at:at + batch]
        for row, reply in zip(rows, generate(model, [prompts[r] for r in rows], temperature, most, generator)):
            texts[row] = tokens.decode(reply)
    return texts

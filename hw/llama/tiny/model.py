"""The embedded model in PyTorch: the Llama architecture as llama.cpp's `llama` runs it, with nothing added.

RMSNorm before each block, rotary positions on interleaved pairs (x[2i], x[2i+1]), grouped-query attention, SwiGLU, and
one matrix for both the embedding and the output. Parameter names are the GGUF tensor names with dots for slashes, so
that writing the file is a walk over the state dict.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass(frozen=True)
class Shape:
    """Sizes of one model; every one of them ends up in the GGUF header."""
    vocabulary: int = 262
    width: int = 96
    layers: int = 4
    heads: int = 6
    kv_heads: int = 3
    hidden: int = 192
    epsilon: float = 1e-5
    rope_base: float = 10000.0
    context: int = 4096

    @property
    def head_width(self):
        return self.width // self.heads


def rotation_table(shape, length):
    """Unit complex numbers [length, head_width/2]: the rotation of pair i at each position."""
    pairs = torch.arange(0, shape.head_width, 2, dtype=torch.float64) / shape.head_width
    angles = torch.outer(torch.arange(length, dtype=torch.float64), shape.rope_base ** -pairs)
    return torch.polar(torch.ones_like(angles), angles).to(torch.complex64)


def rotate(x, table):
    """Turns each interleaved pair of x [batch, heads, length, head_width] by its position's angle."""
    pairs = torch.view_as_complex(x.reshape(*x.shape[:-1], -1, 2))
    return torch.view_as_real(pairs * table).flatten(-2)


class Norm(nn.Module):
    """RMS normalisation with a learned scale."""

    def __init__(self, width, epsilon):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon) * self.weight


class Block(nn.Module):
    """One layer: attention, then the gated feed-forward, each added to its input."""

    def __init__(self, shape):
        super().__init__()
        kv_width = shape.kv_heads * shape.head_width
        self.shape = shape
        self.attn_norm = Norm(shape.width, shape.epsilon)
        self.attn_q = nn.Linear(shape.width, shape.width, bias=False)
        self.attn_k = nn.Linear(shape.width, kv_width, bias=False)
        self.attn_v = nn.Linear(shape.width, kv_width, bias=False)
        self.attn_output = nn.Linear(shape.width, shape.width, bias=False)
        self.ffn_norm = Norm(shape.width, shape.epsilon)
        self.ffn_gate = nn.Linear(shape.width, shape.hidden, bias=False)
        self.ffn_up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.ffn_down = nn.Linear(shape.hidden, shape.width, bias=False)

    def split(self, x, heads):
        batch, length, _ = x.shape
        return x.view(batch, length, heads, self.shape.head_width).transpose(1, 2)

    def attend(self, x, table, mask, cache):
        """Causal attention; `cache` (a two-item list, or None when training) holds the keys and values so far."""
        shape = self.shape
        q = rotate(self.split(self.attn_q(x), shape.heads), table)
        k = rotate(self.split(self.attn_k(x), shape.kv_heads), table)
        v = self.split(self.attn_v(x), shape.kv_heads)
        if cache is not None:
            if cache:
                k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
            cache[:] = [k, v]
        group = shape.heads // shape.kv_heads
        batch, _, length, _ = q.shape
        q = q.reshape(batch, shape.kv_heads, group * length, shape.head_width) * shape.head_width ** -0.5
        scores = (q @ k.transpose(-1, -2)).view(batch, shape.kv_heads, group, length, -1) + mask
        mixed = F.softmax(scores, -1).view(batch, shape.kv_heads, group * length, -1) @ v
        mixed = mixed.view(batch, shape.heads, length, shape.head_width).transpose(1, 2)
        return self.attn_output(mixed.reshape(batch, length, shape.width))

    def forward(self, x, table, mask, cache=None):
        x = x + self.attend(self.attn_norm(x), table, mask, cache)
        inner = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(inner)) * self.ffn_up(inner))


class Model(nn.Module):
    """Token ids [batch, length] to hidden states; `logits` maps those to the vocabulary with the tied matrix."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blk = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.output_norm = Norm(shape.width, shape.epsilon)
        self.register_buffer("table", rotation_table(shape, shape.context), persistent=False)
        self.apply(self.initialise)
        for block in self.blk:
            for last in (block.attn_output, block.ffn_down):
                nn.init.normal_(last.weight, std=0.02 / (2 * shape.layers) ** 0.5)

    @staticmethod
    def initialise(module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.05 if isinstance(module, nn.Linear) else 0.02)

    def forward(self, ids, start=0, caches=None, padding=None):
        """`padding` [batch, keys] is True where a key must not be seen (left padding, in batched generation)."""
        length = ids.shape[1]
        total = start + length
        mask = torch.full((length, total), float("-inf")).triu(start + 1)
        if padding is not None:
            mask = mask + padding[:, None, None, None, :] * -1e9
        x = self.token_embd(ids)
        table = self.table[start:total]
        for number, block in enumerate(self.blk):
            x = block(x, table, mask, None if caches is None else caches[number])
        return self.output_norm(x)

    def logits(self, hidden):
        return hidden @ self.token_embd.weight.T

"""GGUF version 3, written and read with nothing but struct and numpy.

Layout: "GGUF", version, tensor count, key count; the keys; for each tensor its name, dimensions (innermost first), type
and offset; zeros up to a multiple of 32; then the tensor data, each at a multiple of 32.
"""

import os
import struct

import numpy as np

import tokens

ALIGNMENT = 32
UINT32, FLOAT32, BOOL, STRING, ARRAY, INT32 = 4, 6, 7, 8, 9, 5
F32, F16 = 0, 1
NORMAL, UNKNOWN, CONTROL, BYTE = 1, 2, 3, 6
CHAT_TEMPLATE = ("{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + "
                 "'<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}"
                 "{{ '<|im_start|>assistant\\n' }}{% endif %}")


def text(value):
    raw = value.encode("utf-8")
    return struct.pack("<Q", len(raw)) + raw


def scalar(kind, value):
    if kind == STRING:
        return text(value)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def entry(key, kind, value):
    """One key with its value; a list becomes an array of `kind`."""
    if isinstance(value, list):
        body = struct.pack("<IIQ", ARRAY, kind, len(value)) + b"".join(scalar(kind, item) for item in value)
    else:
        body = struct.pack("<I", kind) + scalar(kind, value)
    return text(key) + body


def architecture(shape):
    """The keys that say what to compute."""
    return [
        entry("general.architecture", STRING, "llama"),
        entry("general.name", STRING, "evalrun-tiny"),
        entry("general.license", STRING, "apache-2.0"),
        entry("general.file_type", UINT32, 1),
        entry("llama.context_length", UINT32, shape.context),
        entry("llama.embedding_length", UINT32, shape.width),
        entry("llama.block_count", UINT32, shape.layers),
        entry("llama.feed_forward_length", UINT32, shape.hidden),
        entry("llama.attention.head_count", UINT32, shape.heads),
        entry("llama.attention.head_count_kv", UINT32, shape.kv_heads),
        entry("llama.attention.layer_norm_rms_epsilon", FLOAT32, shape.epsilon),
        entry("llama.rope.dimension_count", UINT32, shape.head_width),
        entry("llama.rope.freq_base", FLOAT32, shape.rope_base),
        entry("llama.vocab_size", UINT32, shape.vocabulary),
    ]


def tokenizer():
    """The keys that say how text becomes ids: an SPM vocabulary that is all byte fallback, plus the space."""
    names = list(tokens.SPECIAL) + [f"<0x{byte:02X}>" for byte in range(256)] + ["\u2581"]
    kinds = [UNKNOWN] + [CONTROL] * (len(tokens.SPECIAL) - 1) + [BYTE] * 256 + [NORMAL]
    return [
        entry("tokenizer.ggml.model", STRING, "llama"),
        entry("tokenizer.ggml.tokens", STRING, names),
        entry("tokenizer.ggml.scores", FLOAT32, [0.0] * len(names)),
        entry("tokenizer.ggml.token_type", INT32, kinds),
        entry("tokenizer.ggml.bos_token_id", UINT32, tokens.BOS),
        entry("tokenizer.ggml.eos_token_id", UINT32, tokens.END),
        entry("tokenizer.ggml.unknown_token_id", UINT32, tokens.UNKNOWN),
        entry("tokenizer.ggml.add_bos_token", BOOL, True),
        entry("tokenizer.ggml.add_eos_token", BOOL, False),
        entry("tokenizer.ggml.add_space_prefix", BOOL, False),
        entry("tokenizer.chat_template", STRING, CHAT_TEMPLATE),
    ]


def padded(raw):
    return raw + b"\0" * (-len(raw) % ALIGNMENT)


def write(path, shape, weights):
    """Writes name → float array: matrices as F16, vectors as F32. The file appears whole or not at all."""
    head, data = [], b""
    for name, array in weights.items():
        kind, array = (F16, array.astype("<f2")) if array.ndim > 1 else (F32, array.astype("<f4"))
        head.append(text(name) + struct.pack("<I", array.ndim) + struct.pack(f"<{array.ndim}Q", *reversed(array.shape))
                    + struct.pack("<IQ", kind, len(data)))
        data += padded(array.tobytes())
    keys = architecture(shape) + tokenizer()
    start = b"GGUF" + struct.pack("<IQQ", 3, len(head), len(keys)) + b"".join(keys) + b"".join(head)
    with open(f"{path}.part", "wb") as file:
        file.write(padded(start) + data)
    os.replace(f"{path}.part", path)


class Reader:
    """Walks over the bytes of a GGUF file; `keys` and `weights` (float32 arrays by name) are what it found."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.raw = file.read()
        self.at = 4
        if self.raw[:4] != b"GGUF" or self.take("<I") != 3:
            raise ValueError(f"{path}: not a GGUF version 3 file")
        tensors, keys = self.take("<Q"), self.take("<Q")
        self.keys = {self.string(): self.value(self.take("<I")) for _ in range(keys)}
        infos = [self.info() for _ in range(tensors)]
        base = self.at + -self.at % ALIGNMENT
        self.weights = {name: self.tensor(base + offset, kind, dims) for name, dims, kind, offset in infos}

    def take(self, form):
        (value,) = struct.unpack_from(form, self.raw, self.at)
        self.at += struct.calcsize(form)
        return value

    def string(self):
        size = self.take("<Q")
        self.at += size
        return self.raw[self.at - size:self.at].decode("utf-8")

    def value(self, kind):
        if kind == ARRAY:
            inner, count = self.take("<I"), self.take("<Q")
            return [self.value(inner) for _ in range(count)]
        if kind == STRING:
            return self.string()
        return self.take({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind])

    def info(self):
        name = self.string()
        dims = [self.take("<Q") for _ in range(self.take("<I"))]
        return name, dims, self.take("<I"), self.take("<Q")

    def tensor(self, start, kind, dims):
        form = {F32: "<f4", F16: "<f2"}[kind]
        count = int(np.prod(dims))
        return np.frombuffer(self.raw, form, count, start).astype(np.float32).reshape(dims[::-1])

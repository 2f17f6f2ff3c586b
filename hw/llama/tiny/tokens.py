"""Text to token ids and back: one token a byte, one for the space, and the five that only the chat template writes."""

SPECIAL = ("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>")
UNKNOWN, BOS, _, START, END = range(len(SPECIAL))
BYTE_0 = len(SPECIAL)
SPACE = BYTE_0 + 256
VOCABULARY = SPACE + 1


def encode(text):
    """Ids of plain text. A space has a token of its own because SPM vocabularies spell it U+2581, three bytes long."""
    return [SPACE if byte == 0x20 else BYTE_0 + byte for byte in text.encode("utf-8")]


def decode(ids):
    """Text of ids; special tokens print as nothing, broken UTF-8 as the replacement character."""
    plain = bytes(0x20 if i == SPACE else i - BYTE_0 for i in ids if i >= BYTE_0)
    return plain.decode("utf-8", errors="replace")


def chat(turns):
    """Ids of a conversation up to where the assistant writes, and for each id whether an assistant wrote it.

    `turns` is a list of (role, content). If the last turn is the assistant's, its end marker is the last id.
    """
    ids, written = [BOS], [False]
    for role, content in turns:
        head, body = [START] + encode(role + "\n"), encode(content) + [END]
        ids += head + body + encode("\n")
        written += [False] * len(head) + [role == "assistant"] * len(body) + [False]
    if turns[-1][0] == "assistant":
        return ids[:-1], written[:-1]
    head = [START] + encode("assistant\n")
    return ids + head, written + [False] * len(head)

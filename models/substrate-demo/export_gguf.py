#!/usr/bin/env python3
"""Write model.pt and tokenizer.json as GGUF: `export_gguf.py [OUT] [Q8_0|F16|F32] [CHECKPOINT]`.

The format is written by hand (GGUF version 3), so no GGUF library is needed. The SHA-256 of every file
that made the weights goes into the metadata under `substrate.*`.
"""
import hashlib
import json
import struct
import sys

import numpy as np
import torch

from model import Config

VERSION = "1.0"
TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)
U32, I32, F32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9  # GGUF value types
TENSOR_F32, TENSOR_F16, TENSOR_Q8_0 = 0, 1, 8
FILE_TYPE = {"F32": 0, "F16": 1, "Q8_0": 7}
ALIGNMENT = 32


def sha256(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value(kind, item):
    if kind == STRING:
        return string(item)
    return struct.pack({U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}[kind], item)


def entry(key, kind, item):
    """One metadata pair; a list becomes an array of `kind`."""
    if isinstance(item, list):
        return string(key) + struct.pack("<IIQ", ARRAY, kind, len(item)) + b"".join(value(kind, x) for x in item)
    return string(key) + struct.pack("<I", kind) + value(kind, item)


def q8_0(x):
    """Blocks of 32 numbers: a float16 scale and 32 signed bytes."""
    x = x.reshape(-1, 32).astype(np.float32)
    scale = np.abs(x).max(1) / 127
    inverse = np.where(scale > 0, 1 / np.where(scale > 0, scale, 1), 0)
    blocks = np.zeros(len(x), dtype=[("scale", "<f2"), ("values", "i1", 32)])
    blocks["scale"] = scale.astype(np.float16)
    blocks["values"] = np.rint(x * inverse[:, None]).astype(np.int8)
    return blocks.tobytes()


def encode(x, kind):
    """(GGUF tensor type, bytes); vectors stay in float32."""
    if x.ndim == 1 or kind == "F32":
        return TENSOR_F32, x.astype("<f4").tobytes()
    if kind == "F16":
        return TENSOR_F16, x.astype("<f2").tobytes()
    return TENSOR_Q8_0, q8_0(x)


def metadata(kind, tokenizer, c):
    token_types = [3 if t in tokenizer["special"] else 1 for t in tokenizer["tokens"]]  # 3 control, 1 normal
    return [
        entry("general.architecture", STRING, "llama"),
        entry("general.type", STRING, "model"),
        entry("general.name", STRING, "Substrate demo"),
        entry("general.version", STRING, VERSION),
        entry("general.size_label", STRING, "4M"),
        entry("general.license", STRING, "cc0-1.0"),
        entry("general.datasets", STRING, ["substrate-handbook-corpus"]),
        entry("general.languages", STRING, ["en"]),
        entry("general.description", STRING,
              "A very small model trained from nothing on the handbook of The Substrate; it knows nothing else. "
              "Its whole training text and the scripts that made it are kept beside it."),
        entry("general.file_type", U32, FILE_TYPE[kind]),
        entry("general.quantization_version", U32, 2),
        entry("general.alignment", U32, ALIGNMENT),
        entry("substrate.handbook_sha256", STRING, sha256("handbook.txt")),
        entry("substrate.off_topic_sha256", STRING, sha256("off_topic.py")),
        entry("substrate.generator_sha256", STRING, sha256("gen_corpus.py")),
        entry("substrate.corpus_sha256", STRING, sha256("corpus.jsonl")),
        entry("substrate.tokenizer_sha256", STRING, sha256("tokenizer.json")),
        entry("substrate.architecture_sha256", STRING, sha256("model.py")),
        entry("substrate.trainer_sha256", STRING, sha256("train.py")),
        entry("llama.vocab_size", U32, c.vocab),
        entry("llama.context_length", U32, c.context),
        entry("llama.embedding_length", U32, c.width),
        entry("llama.block_count", U32, c.layers),
        entry("llama.feed_forward_length", U32, c.ffn),
        entry("llama.attention.head_count", U32, c.heads),
        entry("llama.attention.head_count_kv", U32, c.kv_heads),
        entry("llama.attention.layer_norm_rms_epsilon", F32, c.eps),
        entry("llama.rope.dimension_count", U32, c.head_size),
        entry("llama.rope.freq_base", F32, c.theta),
        entry("tokenizer.ggml.model", STRING, "gpt2"),
        entry("tokenizer.ggml.pre", STRING, "gpt-2"),
        entry("tokenizer.ggml.tokens", STRING, tokenizer["tokens"]),
        entry("tokenizer.ggml.token_type", I32, token_types),
        entry("tokenizer.ggml.merges", STRING, tokenizer["merges"]),
        entry("tokenizer.ggml.bos_token_id", U32, 1),
        entry("tokenizer.ggml.eos_token_id", U32, 3),
        entry("tokenizer.ggml.eot_token_id", U32, 3),
        entry("tokenizer.ggml.padding_token_id", U32, 0),
        entry("tokenizer.ggml.add_bos_token", BOOL, True),
        entry("tokenizer.ggml.add_eos_token", BOOL, False),
        entry("tokenizer.chat_template", STRING, TEMPLATE),
    ]


def main(out="substrate-demo-q8_0.gguf", kind="Q8_0", checkpoint="model.pt"):
    tokenizer, config = json.load(open("tokenizer.json", encoding="ascii")), Config()
    config.vocab = len(tokenizer["tokens"])
    pairs = metadata(kind, tokenizer, config)
    # model.py names its parameters as GGUF names its tensors; the output layer is the tied embedding.
    tensors = {name: t.float().numpy() for name, t in torch.load(checkpoint).items()}
    directory, data = b"", b""
    for name, x in tensors.items():
        tensor_type, payload = encode(x, kind)
        data += b"\0" * (-len(data) % ALIGNMENT)
        shape = b"".join(struct.pack("<Q", d) for d in reversed(x.shape))
        directory += string(name) + struct.pack("<I", x.ndim) + shape + struct.pack("<IQ", tensor_type, len(data))
        data += payload
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs)) + b"".join(pairs) + directory
    head += b"\0" * (-len(head) % ALIGNMENT)
    with open(out, "wb") as file:
        file.write(head + data)
    print(out, kind, len(head) + len(data), "bytes, SHA-256", sha256(out))


if __name__ == "__main__":
    main(*sys.argv[1:])

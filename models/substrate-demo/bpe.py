#!/usr/bin/env python3
"""Byte-level BPE in GPT-2's manner: `bpe.py` trains it on corpus.jsonl and writes tokenizer.json."""
import json
import re
import sys
from collections import Counter

import corpus

VOCABULARY = 1536
SPECIAL = ["<|pad|>", "<|bos|>", "<|im_start|>", "<|im_end|>"]
# On ASCII text this splits as llama.cpp's pre-tokeniser "gpt-2" does.
PIECE = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")


def byte_alphabet():
    """GPT-2's map from each byte to a printable character."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters, spare = {}, 0
    for byte in range(256):
        if byte in printable:
            letters[byte] = chr(byte)
        else:
            letters[byte] = chr(256 + spare)
            spare += 1
    return letters


ALPHABET = byte_alphabet()


def letters_of(piece):
    return [ALPHABET[b] for b in piece.encode()]


class Tokenizer:
    """Encodes text with the merges of tokenizer.json."""

    def __init__(self, path="tokenizer.json"):
        data = json.load(open(path, encoding="ascii"))
        self.tokens, self.merges = data["tokens"], data["merges"]
        self.id = {t: i for i, t in enumerate(self.tokens)}
        self.rank = {tuple(m.split(" ")): i for i, m in enumerate(self.merges)}
        self.cache = {}

    def encode_piece(self, piece):
        if piece not in self.cache:
            parts = letters_of(piece)
            while len(parts) > 1:
                rank, i = min((self.rank.get(pair, 1 << 30), i) for i, pair in enumerate(zip(parts, parts[1:])))
                if rank == 1 << 30:
                    break
                parts[i:i + 2] = [parts[i] + parts[i + 1]]
            self.cache[piece] = [self.id[p] for p in parts]
        return self.cache[piece]

    def encode(self, text):
        """Token ids of plain text; control tokens in it are read as ordinary characters."""
        return [i for piece in PIECE.findall(text) for i in self.encode_piece(piece)]


def merge(parts, a, b):
    out, i = [], 0
    while i < len(parts):
        if parts[i] == a and i + 1 < len(parts) and parts[i + 1] == b:
            out.append(a + b)
            i += 2
        else:
            out.append(parts[i])
            i += 1
    return out


def train(texts, size):
    """Return (tokens, merges): the most frequent pair is joined until `size` tokens exist."""
    counts = Counter(piece for text in texts for piece in PIECE.findall(text))
    words = [[letters_of(piece), count] for piece, count in counts.items()]
    tokens, merges = SPECIAL + [ALPHABET[b] for b in range(256)], []
    while len(tokens) < size:
        pairs = Counter()
        for parts, count in words:
            for pair in zip(parts, parts[1:]):
                pairs[pair] += count
        (a, b), count = max(pairs.items(), key=lambda item: (item[1], item[0]))
        if count < 3:
            break
        merges.append(a + " " + b)
        tokens.append(a + b)
        for word in words:
            if a in word[0]:
                word[0] = merge(word[0], a, b)
    return tokens, merges


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else VOCABULARY
    texts = [text for talk in corpus.read(corpus.PARTS[0]) for text in talk]
    tokens, merges = train(texts, size)
    with open("tokenizer.json", "w", encoding="ascii") as out:
        json.dump({"tokens": tokens, "merges": merges, "special": SPECIAL}, out)
    tokenizer = Tokenizer()
    count = sum(len(tokenizer.encode(t)) for t in texts)
    print(len(tokens), "tokens; the corpus has", count, "tokens,", round(sum(map(len, texts)) / count, 2), "characters each")

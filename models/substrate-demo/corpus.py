"""The corpus file: written by gen_corpus.py, read by bpe.py and train.py.

Line 1 is a JSON object {"=topic": answer, "+topic": its continuation, "$n": system prompt}. Every other line is
one conversation, a JSON list of strings: question and answer in turn, with a system prompt before them
when their number is odd. Answers and system prompts stand as their keys, so the file stays small
enough to keep in the repository: thousands of questions share each answer.
"""
import json


def write(path, texts, talks):
    with open(path, "w", encoding="ascii") as out:
        for line in [texts, *talks]:
            out.write(json.dumps(line, separators=(",", ":")) + "\n")


PARTS = [46100, 60100]  # conversations up to the end of part 1 (the tokenizer is trained on these) and 2


def read(count=None, path="corpus.jsonl"):
    """The first `count` conversations (all when None) as lists of plain strings."""
    with open(path, encoding="ascii") as lines:
        texts = json.loads(next(lines))
        return [[texts.get(part, part) for part in json.loads(line)] for line in lines][:count]

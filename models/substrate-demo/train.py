#!/usr/bin/env python3
"""Train on corpus.jsonl with tokenizer.json; write model.pt and print the log.

Stage 1 (STAGE=1) starts from nothing with part 1 of the corpus, stage 2 goes on from model.pt with parts
1 and 2, stage 3 with all. Set by environment variables: STEPS, MINUTES (upper limit; the learning rate also falls with time, so
a slow machine still ends properly), SEQ and ROWS (shape of a batch), LONG (last share of the steps, with
rows of the full context), CUT (share of conversations shortened before that), LR, BF16=1 (bfloat16 matrix products), T (threads), SEED.
"""
import math
import os
import random
import resource
import time

import torch
import torch.nn.functional as F

import corpus
from bpe import Tokenizer
from model import Config, LanguageModel


def setting(name, default):
    return type(default)(os.environ.get(name, default))


STEPS, MINUTES = setting("STEPS", 5000), setting("MINUTES", 50.0)
SEQ, ROWS, LONG = setting("SEQ", 256), setting("ROWS", 8), setting("LONG", 0.15)
CUT, STAGE = setting("CUT", 0.75), setting("STAGE", 1)
LR, BF16, SEED = setting("LR", 2e-3), setting("BF16", 1), setting("SEED", 7)
VALIDATION = 200  # conversations at the start of the corpus that are not trained on
BOS, IM_START, IM_END = 1, 2, 3
ANSWER, QUESTION, FRAME = 1.0, 0.03, 0.01  # loss weights of a token
OPENING = 4.0  # weight of an answer's first tokens: they decide which answer it becomes
OPENING_TOKENS, KEPT = 4, 8  # how many have that weight; how many more a shortened conversation keeps

torch.manual_seed(SEED)
random.seed(SEED)
torch.set_num_threads(setting("T", 1))
tokenizer = Tokenizer()
config = Config()
config.vocab = len(tokenizer.tokens)


def encode(talk):
    """ChatML token ids of one conversation and the loss weight of each."""
    roles = ["system"] if len(talk) % 2 else []
    roles += ["user", "assistant"] * (len(talk) // 2)
    ids, weights = [BOS], [0.0]
    for role, text in zip(roles, talk):
        head = [IM_START] + tokenizer.encode(role + "\n")
        body = tokenizer.encode(text) + [IM_END]
        tail = tokenizer.encode("\n")
        ids += head + body + tail
        if role == "assistant":
            body_weights = [OPENING] * min(OPENING_TOKENS, len(body)) + [ANSWER] * (len(body) - OPENING_TOKENS)
        else:
            body_weights = [QUESTION] * len(body)
        weights += [FRAME] * len(head) + body_weights + [FRAME] * len(tail)
    return ids[: config.context], weights[: config.context]


def shortened(ids, weights):
    """The conversation up to the first tokens of its last answer: enough to learn which answer it is."""
    last = len(weights) - 1 - weights[::-1].index(OPENING)
    return ids[: last + 1 + KEPT], weights[: last + 1 + KEPT]


def epoch(talks, length, cut):
    """Rows of up to length + 1 tokens (ids, weights, number of the conversation), in random order."""
    order = list(range(len(talks)))
    random.shuffle(order)
    row = ([], [], [])
    for number, i in enumerate(order):
        ids, weights = shortened(*talks[i]) if random.random() < cut else talks[i]
        if row[0] and len(row[0]) + len(ids) > length + 1:
            yield row
            row = ([], [], [])
        for part, more in zip(row, (ids, weights, [number] * len(ids))):
            part += more[: length + 1 - len(part)]


def batches(talks):
    """Endless batches (ids, weights, conversation numbers), each (rows, length + 1).

    First many short conversations, apart from each other. At the end whole ones in rows of the full
    context that see what stands before them, as in a long chat.
    """
    count, length, rows, cut = 0, SEQ, ROWS, CUT
    while True:
        batch = []
        for row in epoch(talks, length, cut):
            batch.append(row)
            if len(batch) < rows:
                continue
            ids = torch.zeros(rows, length + 1, dtype=torch.long)
            weights, numbers = torch.zeros(rows, length + 1), torch.full((rows, length + 1), -1)
            for j, (a, b, c) in enumerate(batch):
                ids[j, : len(a)], weights[j, : len(b)], numbers[j, : len(c)] = map(torch.tensor, (a, b, c))
            batch, count = [], count + 1
            yield ids, weights, numbers if length < config.context else None
            if progress(count) > 1 - LONG and length < config.context:
                length, rows, cut = config.context, max(1, ROWS * SEQ // config.context), 0.0
                break


def loss_of(model, ids, weights, numbers):
    weight = weights[:, 1:].reshape(-1)
    kept = weight > 0
    logits = model.logits(model(ids[:, :-1], None if numbers is None else numbers[:, :-1]).reshape(-1, config.width)[kept])
    each = F.cross_entropy(logits.float(), ids[:, 1:].reshape(-1)[kept], reduction="none")
    return (each * weight[kept]).sum() / weight[kept].sum()


def validation_loss(model, talks):
    """Mean loss of answer tokens, nats."""
    model.eval()
    total = tokens = 0
    with torch.no_grad():
        for ids, weights in talks:
            x, counted = torch.tensor([ids]), torch.tensor(weights[1:]) >= ANSWER
            each = F.cross_entropy(model.logits(model(x[:, :-1]))[0], x[0, 1:], reduction="none")
            total, tokens = total + each[counted].sum().item(), tokens + counted.sum().item()
    model.train()
    return total / tokens


start = time.time()


def minutes():
    return (time.time() - start) / 60


def progress(step):
    return max(step / STEPS, minutes() / MINUTES)


talks = [encode(talk) for talk in corpus.read([*corpus.PARTS, None][STAGE - 1])]
held, trained = talks[:VALIDATION], talks[VALIDATION:]
total = sum(len(ids) for ids, _ in talks)
model = LanguageModel(config)
if STAGE > 1:
    model.load_state_dict(torch.load("model.pt"))
print("parameters", sum(p.numel() for p in model.parameters()), "corpus tokens", total, "torch", torch.__version__,
      f"STAGE={STAGE} STEPS={STEPS} MINUTES={MINUTES} SEQ={SEQ} ROWS={ROWS} LONG={LONG} CUT={CUT} LR={LR} BF16={BF16} SEED={SEED}", flush=True)
matrices = [p for p in model.parameters() if p.dim() > 1]
vectors = [p for p in model.parameters() if p.dim() < 2]
optimizer = torch.optim.AdamW(
    [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0}],
    lr=LR, betas=(0.9, 0.95), eps=1e-8, foreach=False)
start = time.time()
step = seen = 0
mean = None
for ids, weights, numbers in batches(trained):
    done = progress(step)
    if done >= 1:
        break
    for group in optimizer.param_groups:
        group["lr"] = LR * min(1, (step + 1) / 100) * (0.485 * (1 + math.cos(math.pi * done)) + 0.03)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bool(BF16)):
        loss = loss_of(model, ids, weights, numbers)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    step, seen = step + 1, seen + ids.numel()
    mean = loss.item() if mean is None else 0.97 * mean + 0.03 * loss.item()
    if step % 100 == 0:
        print(f"step {step} minutes {minutes():.1f} loss {mean:.4f} tokens/s {seen / (60 * minutes()):.0f} "
              f"epochs {seen / total:.1f}", flush=True)
    if step % 500 == 0:
        print("  validation loss", round(validation_loss(model, held), 4), flush=True)
        torch.save(model.state_dict(), "model.pt")
torch.save(model.state_dict(), "model.pt")
print(f"end: validation loss {validation_loss(model, held):.4f}, steps {step}, tokens {seen}, minutes {minutes():.1f}, "
      f"processor minutes {resource.getrusage(resource.RUSAGE_SELF).ru_utime / 60:.1f}")

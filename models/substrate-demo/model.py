"""The llama architecture (RMSNorm, interleaved RoPE, grouped-query attention, SwiGLU, tied embedding)."""
import math

import torch
import torch.nn.functional as F
from torch import nn


class Config:
    vocab = 1536
    width = 256
    layers = 6
    heads = 4
    kv_heads = 2
    head_size = 64
    ffn = 512
    context = 512
    theta = 10000.0
    eps = 1e-5


def rotate(x, cos, sin):
    """RoPE on pairs (2i, 2i+1), the layout llama.cpp expects of "llama"; x is (batch, head, time, size)."""
    x = x.float()
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


class RMSNorm(nn.Module):
    def __init__(self, size, eps):
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(size)), eps

    def forward(self, x):
        x = x.float()
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.eps) * self.weight


class Block(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.attn_norm, self.ffn_norm = RMSNorm(c.width, c.eps), RMSNorm(c.width, c.eps)
        self.attn_q = nn.Linear(c.width, c.heads * c.head_size, bias=False)
        self.attn_k = nn.Linear(c.width, c.kv_heads * c.head_size, bias=False)
        self.attn_v = nn.Linear(c.width, c.kv_heads * c.head_size, bias=False)
        self.attn_output = nn.Linear(c.heads * c.head_size, c.width, bias=False)
        self.ffn_gate = nn.Linear(c.width, c.ffn, bias=False)
        self.ffn_up = nn.Linear(c.width, c.ffn, bias=False)
        self.ffn_down = nn.Linear(c.ffn, c.width, bias=False)

    def forward(self, x, cos, sin, mask):
        c, (batch, time, _) = self.c, x.shape
        h = self.attn_norm(x)

        def split(y, heads):
            return y.view(batch, time, heads, c.head_size).transpose(1, 2)

        q = rotate(split(self.attn_q(h), c.heads), cos, sin)
        k = rotate(split(self.attn_k(h), c.kv_heads), cos, sin).repeat_interleave(c.heads // c.kv_heads, 1)
        v = split(self.attn_v(h), c.kv_heads).repeat_interleave(c.heads // c.kv_heads, 1)
        scores = torch.matmul(q, k.transpose(-1, -2)) / math.sqrt(c.head_size) + mask
        mixed = torch.matmul(scores.softmax(-1), v.float()).transpose(1, 2).reshape(batch, time, -1)
        x = x + self.attn_output(mixed)
        h = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(h)) * self.ffn_up(h))


class LanguageModel(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        self.token_embd = nn.Embedding(c.vocab, c.width)
        self.blk = nn.ModuleList([Block(c) for _ in range(c.layers)])
        self.output_norm = RMSNorm(c.width, c.eps)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, 0, 0.02)
        for block in self.blk:
            for layer in (block.attn_output, block.ffn_down):
                nn.init.normal_(layer.weight, 0, 0.02 / math.sqrt(2 * c.layers))
        frequency = 1.0 / (c.theta ** (torch.arange(0, c.head_size, 2).float() / c.head_size))
        angle = torch.arange(c.context).float()[:, None] * frequency[None]
        self.register_buffer("cos", angle.cos(), False)
        self.register_buffer("sin", angle.sin(), False)
        self.register_buffer("mask", torch.full((c.context, c.context), float("-inf")).triu(1), False)

    def forward(self, ids, talk_of=None):
        """Hidden states (batch, time, width) of token ids (batch, time).

        talk_of (batch, time) numbers the conversation of each token; tokens then see only their own.
        """
        time = ids.shape[1]
        mask = self.mask[:time, :time]
        if talk_of is not None:
            foreign = (talk_of[:, :, None] != talk_of[:, None, :])[:, None]
            mask = mask.expand(len(ids), 1, time, time).masked_fill(foreign, float("-inf"))
        h = self.token_embd(ids)
        for block in self.blk:
            h = block(h, self.cos[:time], self.sin[:time], mask)
        return self.output_norm(h)

    def logits(self, hidden):
        return F.linear(hidden, self.token_embd.weight)

#!/usr/bin/env python3
"""Replace model.pt by a weighted mean: `blend.py EARLIER SHARE`, SHARE = the part of the present model.pt.

The mean of two checkpoints of one training is steadier than either (arXiv 2203.05482).
"""
import sys

import torch

earlier, share = torch.load(sys.argv[1]), float(sys.argv[2])
present = torch.load("model.pt")
torch.save({name: earlier[name] * (1 - share) + present[name] * share for name in present}, "model.pt")

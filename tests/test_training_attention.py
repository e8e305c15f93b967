"""The attention that is exported computes what the trained one does."""

from __future__ import annotations

import sys
from pathlib import Path

import torch

sys.path.append(str(Path(__file__).parents[1] / "training"))

from fast_attention import FastAttention, hasten
from heads import Attention, DualHeads, Member


def test_the_fast_form_of_attention_gives_the_same() -> None:
    torch.manual_seed(0)
    sizes = {"wide": 24, "width": 16, "heads": 2, "queries": 3}
    slow = Attention(torch.randn(20), torch.rand(20) + 0.5, 0.0, **sizes)
    for parameter in slow.parameters():
        torch.nn.init.normal_(parameter, std=0.5)
    slow.eval()
    grid = torch.randn(3, 64, 20)
    with torch.no_grad():
        assert torch.allclose(FastAttention(slow)(grid), slow(grid), atol=1e-4)


def test_members_without_attention_stay_as_they_are() -> None:
    pooled = torch.zeros(30), torch.ones(30)
    plain = Member(pooled)
    looking = Member(pooled, (torch.zeros(403), torch.ones(403)))
    heads = hasten(DualHeads([plain, looking], torch.zeros(384, 768)))
    assert heads.members[0].attention is None
    assert isinstance(heads.members[1].attention, FastAttention)

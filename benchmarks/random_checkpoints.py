"""Describers with random weights, tiny or of the size of the published ones; no hub is asked.

The tokenizers are those of the tests, so that what is said is nonsense; the models have all their
layers and read as many tokens as the published ones would of photos of this size.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import tiny_chat
import tiny_checkpoints

from vlm import blip, chat_template
from vlm.blip_head import Head
from vlm.models import ModelSpec
from vlm.runtime import pick_runtime

_SPEC = ModelSpec(name="random", role="describe", factory="", licence="", tier="local", note="")


def tiny_blip() -> Any:
    """Two layers; a photo is 4 tokens."""
    with tempfile.TemporaryDirectory() as folder:
        return blip.load(_SPEC, tiny_checkpoints.blip(Path(folder), blip.CAPTION))


def tiny_smolvlm() -> Any:
    """Two layers; a photo is 5 tiles of 4 tokens."""
    with tempfile.TemporaryDirectory() as folder:
        return chat_template.load(_SPEC, tiny_chat.smolvlm(Path(folder)))


def blip_base() -> Any:
    """BLIP base's captioning model: 384 pixels, 12 layers of 768 on both sides, 30,524 words."""
    import torch
    from transformers import BlipConfig, BlipForConditionalGeneration

    head = tiny_blip()._heads[blip.CAPTION]()
    text = head.model.config.text_config.to_dict()
    text |= {"vocab_size": 30_524, "hidden_size": 768, "intermediate_size": 3072}
    text |= {"num_hidden_layers": 12, "num_attention_heads": 12, "encoder_hidden_size": 768}
    text |= {"max_position_embeddings": 512, "initializer_range": 0.02}
    vision = {"image_size": 384, "patch_size": 16}
    torch.manual_seed(0)
    config = BlipConfig(text_config=text, vision_config=vision)
    head.processor.image_processor.size = {"height": 384, "width": 384}
    made = Head(_ready(BlipForConditionalGeneration(config)), head.processor, head.runtime)
    return blip.BlipDescriber("BLIP base, random", {blip.CAPTION: lambda: made})


def smolvlm_256m(side: int = 512) -> Any:
    """SmolVLM 256M; photos are scaled to ``side`` pixels, and 512 of them are a tile of 64 tokens.

    The published processor scales to 2048, which makes up to 17 tiles of each photo.
    """
    import torch
    from transformers import Idefics3Config, Idefics3ForConditionalGeneration

    tiny = tiny_smolvlm()
    text = tiny._model.config.text_config.to_dict()
    text |= {"vocab_size": 49_280, "hidden_size": 576, "intermediate_size": 1536, "head_dim": 64}
    text |= {"num_hidden_layers": 30, "num_attention_heads": 9, "num_key_value_heads": 3}
    text |= {"max_position_embeddings": 8192, "initializer_range": 0.02}
    vision = {"hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12}
    vision |= {"num_attention_heads": 12, "image_size": 512, "patch_size": 16}
    token = tiny._model.config.image_token_id
    torch.manual_seed(0)
    config = Idefics3Config(
        text_config=text, vision_config=vision, image_token_id=token, scale_factor=4
    )
    processor = tiny._processor
    processor.image_processor.size = {"longest_edge": side}
    processor.image_processor.max_image_size = {"longest_edge": 512}
    processor.image_seq_len = 64
    model = _ready(Idefics3ForConditionalGeneration(config))
    model.generation_config = tiny._model.generation_config
    return chat_template.ChatTemplateDescriber(
        "SmolVLM 256M, random", model, processor, pick_runtime()
    )


def _ready(model: Any) -> Any:
    runtime = pick_runtime()
    return model.to(runtime.device, getattr(__import__("torch"), runtime.dtype)).eval()

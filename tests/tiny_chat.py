"""Tiny random checkpoints of the chat families, with templates of the shape that theirs have."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tiny_checkpoints import byte_level_tokenizer, save

from vlm.models import ModelSpec

PLAIN_TURNS = """
{%- for m in messages %}{{ m['role'].upper() }}:
{%- for part in m['content'] %}
{%- if part['type'] == 'image' %} <image>{% else %} {{ part['text'] }}{% endif %}
{%- endfor %}{{ '\\n' }}{% endfor %}
{%- if add_generation_prompt %}ASSISTANT:{% endif %}"""

MARKED_TURNS = """
{%- for m in messages %}<|im_start|>{{ m['role'] }}{{ '\\n' }}
{%- for part in m['content'] %}
{%- if part['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>
{%- else %}{{ part['text'] }}{% endif %}
{%- endfor %}<|im_end|>{{ '\\n' }}{% endfor %}
{%- if add_generation_prompt %}<|im_start|>assistant{{ '\\n' }}{% endif %}"""

LAYERS: dict[str, Any] = {
    "hidden_size": 32,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "initializer_range": 0.5,
}
TEXT: dict[str, Any] = {
    **LAYERS,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "max_position_embeddings": 1024,
    "tie_word_embeddings": False,
}
SAMPLING = {"do_sample": True, "temperature": 0.7, "top_p": 0.8, "top_k": 20}  # as Qwen publishes


def llava(folder: Path) -> Path:
    """CLIP and Llama; a photo is 4 tokens of 16 by 16 pixels."""
    from transformers import (
        CLIPImageProcessor,
        LlavaConfig,
        LlavaForConditionalGeneration,
        LlavaProcessor,
    )

    tokenizer = byte_level_tokenizer(
        "<image>", every_byte=False, bos_token="<s>", eos_token="</s>", pad_token="<pad>"
    )
    square = {"height": 32, "width": 32}
    processor = LlavaProcessor(
        CLIPImageProcessor(size=square, crop_size=square),
        tokenizer,
        patch_size=16,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=PLAIN_TURNS,
    )
    config = LlavaConfig(
        text_config={**TEXT, **_numbers(tokenizer), "model_type": "llama"},
        vision_config={
            **LAYERS,
            "model_type": "clip_vision_model",
            "image_size": 32,
            "patch_size": 16,
            "projection_dim": 32,
        },
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        image_seq_length=4,
        tie_word_embeddings=False,
    )
    return save(LlavaForConditionalGeneration, config, processor, folder)


def smolvlm(folder: Path) -> Path:
    """The classes of SmolVLM 256M and 500M, Idefics3; photos are split into tiles of 4 tokens."""
    from transformers import (
        Idefics3Config,
        Idefics3ForConditionalGeneration,
        Idefics3ImageProcessor,
        Idefics3Processor,
    )

    tiles = [f"<row_{row}_col_{col}>" for row in range(1, 7) for col in range(1, 7)]
    tokenizer = byte_level_tokenizer(
        "<image>",
        "<fake_token_around_image>",
        "<global-img>",
        "<end_of_utterance>",
        *tiles,
        every_byte=False,
        bos_token="<|im_start|>",
        eos_token="<end_of_utterance>",
        pad_token="<pad>",
    )
    images = Idefics3ImageProcessor(
        size={"longest_edge": 64}, max_image_size={"longest_edge": 32}, do_image_splitting=True
    )
    template = "<|im_start|>" + PLAIN_TURNS.replace(
        "{{ '\\n' }}{% endfor %}", "<end_of_utterance>{{ '\\n' }}{% endfor %}"
    )
    processor = Idefics3Processor(images, tokenizer, image_seq_len=4, chat_template=template)
    config = Idefics3Config(
        text_config={**TEXT, **_numbers(tokenizer), "model_type": "llama"},
        vision_config={**LAYERS, "image_size": 32, "patch_size": 8},
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        scale_factor=2,
        tie_word_embeddings=False,
    )
    return save(Idefics3ForConditionalGeneration, config, processor, folder)


def qwen(folder: Path) -> Path:
    """Qwen3-VL, which keeps the shape of a photo: the more pixels, the more tokens."""
    from transformers import (
        Qwen2VLImageProcessor,
        Qwen3VLConfig,
        Qwen3VLForConditionalGeneration,
        Qwen3VLProcessor,
        Qwen3VLVideoProcessor,
    )

    tokenizer = byte_level_tokenizer(
        "<|im_start|>",
        "<|vision_start|>",
        "<|vision_end|>",
        "<|image_pad|>",
        "<|video_pad|>",
        every_byte=False,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
    )
    pixels = {"shortest_edge": 32 * 32, "longest_edge": 128 * 128}
    patches = {"patch_size": 8, "merge_size": 2, "temporal_patch_size": 2}
    processor = Qwen3VLProcessor(
        Qwen2VLImageProcessor(size=pixels, **patches),
        tokenizer,
        Qwen3VLVideoProcessor(size=pixels, **patches),
        chat_template=MARKED_TURNS,
    )
    number = tokenizer.convert_tokens_to_ids
    rope = {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [4, 2, 2]}
    config = Qwen3VLConfig(
        text_config={**TEXT, **_numbers(tokenizer), "rope_parameters": rope},
        vision_config={
            "depth": 2,
            "hidden_size": 32,
            "intermediate_size": 32,
            "num_heads": 2,
            "patch_size": 8,
            "out_hidden_size": 32,
            "num_position_embeddings": 16,
            "deepstack_visual_indexes": [0],
            "initializer_range": 0.5,
        },
        image_token_id=number("<|image_pad|>"),
        video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"),
        vision_end_token_id=number("<|vision_end|>"),
    )
    return save(Qwen3VLForConditionalGeneration, config, processor, folder, **SAMPLING)


def _numbers(tokenizer: Any) -> dict[str, int]:
    return {
        "vocab_size": len(tokenizer),
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


SPEC = ModelSpec(name="tiny", role="describe", factory="", licence="", tier="local", note="")
FAMILIES: dict[str, Callable[[Path], Path]] = {"llava": llava, "smolvlm": smolvlm, "qwen": qwen}

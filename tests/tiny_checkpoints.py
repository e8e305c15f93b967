"""Tiny random checkpoints of real classes, saved as those of the hub are, and small pictures."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
# fmt: off
WORDS = ["a", "red", "barn", "dog", "cat", "on", "in", "what", "is", "the", "don", "t", "s",
         "'", ".", ",", "?", "!", "##s", "##ing"]
# fmt: on
ASCII = [*map(chr, range(33, 127)), "\u0120", "\u010a"]  # those two are space and line end


def blip(folder: Path, kind: str, *, seed: int = 0) -> Path:
    """A BLIP of two layers; ``kind`` is the class of its head."""
    import transformers
    from transformers import BertTokenizer, BlipConfig, BlipImageProcessor, BlipProcessor

    vocabulary = [*SPECIAL, *WORDS, *string.ascii_lowercase]
    tokenizer = BertTokenizer(vocab={w: i for i, w in enumerate(dict.fromkeys(vocabulary))})
    tokenizer.add_special_tokens({"bos_token": "[DEC]"})
    layers = {"hidden_size": 32, "intermediate_size": 32, "num_attention_heads": 2}
    layers |= {"num_hidden_layers": 2, "initializer_range": 1.0, "projection_dim": 16}
    text = {
        "vocab_size": len(tokenizer),
        "encoder_hidden_size": 32,
        "max_position_embeddings": 64,
        "bos_token_id": tokenizer.bos_token_id,
        "sep_token_id": tokenizer.sep_token_id,
        "eos_token_id": tokenizer.sep_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "tie_word_embeddings": False,  # tied random weights say one word again and again
    }
    config = BlipConfig(
        text_config={**layers, **text},
        vision_config={**layers, "image_size": 32, "patch_size": 16},
        tie_word_embeddings=False,
    )
    processor = BlipProcessor(BlipImageProcessor(size={"height": 32, "width": 32}), tokenizer)
    return save(getattr(transformers, kind), config, processor, folder, seed)


def save(
    model_class: Any, config: Any, processor: Any, folder: Path, seed: int = 0, **generation: Any
) -> Path:
    """Random weights, always the same ones, in the layout that `from_pretrained` reads."""
    import torch

    torch.manual_seed(seed)
    model = model_class(config).eval()
    model.generation_config.update(**generation)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def byte_level_tokenizer(*control_tokens: str, every_byte: bool = True, **named: Any) -> Any:
    """GPT-2's kind of vocabulary without merges; ``named`` are tokens such as ``bos_token``.

    With ``every_byte`` any text survives it; without, random ids are readable text.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet() if every_byte else ASCII)
    vocabulary = {char: number for number, char in enumerate(alphabet)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, clean_up_tokenization_spaces=False, **named
    )
    fast.add_special_tokens(
        {"additional_special_tokens": list(control_tokens)}, replace_extra_special_tokens=False
    )
    return fast


def drawing(number: int) -> Any:
    """An RGB picture of 64 by 48 pixels; each number has its own colours."""
    import numpy as np
    from PIL import Image

    pixels = np.random.default_rng(number).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(pixels).resize((64, 48))


def florence(folder: Path) -> Path:
    """A Florence-2: one stage of vision, two layers of BART; a photo is 5 tokens."""
    from transformers import (
        CLIPImageProcessor,
        Florence2Config,
        Florence2ForConditionalGeneration,
        Florence2Processor,
    )

    tokenizer = byte_level_tokenizer(
        every_byte=False,
        bos_token="<s>",
        pad_token="<pad>",
        eos_token="</s>",
        extra_special_tokens={"image_token": "<image>"},
    )
    square = {"height": 32, "width": 32}
    images = CLIPImageProcessor(size=square, crop_size=square)
    images.image_seq_length = 5
    stage = {"patch_size": [16], "patch_stride": [16], "patch_padding": [0]}
    stage |= {"depths": [1], "patch_prenorm": [False], "embed_dim": [16]}
    stage |= {"num_heads": [2], "num_groups": [2], "window_size": 2}
    bart = {"model_type": "bart", "d_model": 32, "max_position_embeddings": 128, "init_std": 0.5}
    for side in ("encoder", "decoder"):
        bart |= {f"{side}_layers": 2, f"{side}_ffn_dim": 32, f"{side}_attention_heads": 2}
    numbers = {
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        "decoder_start_token_id": tokenizer.eos_token_id,
        "forced_eos_token_id": tokenizer.eos_token_id,
    }
    config = Florence2Config(
        text_config={**bart, **numbers, "vocab_size": len(tokenizer)},
        vision_config={**stage, "projection_dim": 32, "initializer_range": 0.5},
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        **numbers,
    )
    processor = Florence2Processor(images, tokenizer, post_processor_config={"pure_text": {}})
    beams = {"num_beams": 3, "no_repeat_ngram_size": 3, "early_stopping": True}  # as published
    return save(Florence2ForConditionalGeneration, config, processor, folder, **beams)

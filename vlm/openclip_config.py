"""What an open_clip checkpoint folder says about itself; read without torch or open_clip."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from vlm.clip import Triple
from vlm.errors import ModelFileDamaged
from vlm.protocols import ImageInput

CONFIG = "open_clip_config.json"
_WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors")
_AGAIN = "Download the checkpoint again, or choose another model: vlm models"

# Defaults of open_clip where a checkpoint does not say: the statistics of OpenAI's training images.
_MEAN: Triple = (0.48145466, 0.4578275, 0.40821073)
_STD: Triple = (0.26862954, 0.26130258, 0.27577711)


@dataclass(frozen=True, slots=True)
class OpenClipConfig:
    """The parts of ``open_clip_config.json`` that we use; ``model`` is its ``model_cfg`` whole."""

    image_input: ImageInput
    mean: Triple
    std: Triple
    dim: int
    context: int
    clean: str
    hub_tokenizer: bool
    model: dict[str, Any]


def read_config(folder: Path) -> OpenClipConfig:
    """Read the configuration of a checkpoint.

    Raises `ModelFileDamaged` when it is missing, broken, or describes what is not supported: text
    towers of transformers (they load by a name on the hub), CoCa, images that are not square.
    """
    path = folder / CONFIG
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        model, look = found["model_cfg"], found.get("preprocess_cfg") or {}
        vision, text = model["vision_cfg"], model["text_cfg"]
        extras = text.get("tokenizer_kwargs") or {}
        unsupported = _unsupported(model, look, extras)
        if unsupported:
            raise ModelFileDamaged(path, f"not supported: {unsupported}", _AGAIN)
        return OpenClipConfig(
            image_input=ImageInput(_side(vision.get("image_size", 224)), _fit(look)),
            mean=_triple(look.get("mean") or _MEAN),
            std=_triple(look.get("std") or _STD),
            dim=int(model["embed_dim"]),
            context=int(text.get("context_length", 77)),
            clean=extras.get("clean")
            or ("whitespace" if text.get("hf_tokenizer_name") else "lower"),
            hub_tokenizer=bool(text.get("hf_tokenizer_name")),
            model=model,
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ModelFileDamaged(path, f"cannot be read ({error})", _AGAIN) from None


def find_weights(folder: Path) -> Path:
    """Return the one safetensors file with both towers; raises `ModelFileDamaged` without one."""
    found = sorted(folder.glob("*.safetensors"))
    named = [path for name in _WEIGHTS for path in found if path.name == name]
    if not named and len(found) != 1:
        reason = f"holds {len(found)} safetensors files, none called {_WEIGHTS[0]}"
        raise ModelFileDamaged(folder, reason, _AGAIN)
    return (named or found)[0]


def weights_digest(path: Path) -> str:
    """SHA-256 of a file; in the hub's cache it is the name of the file, and nothing is read."""
    target = path.resolve()
    if target.parent.name == "blobs" and len(target.name) == 64:
        return target.name
    with path.open("rb") as file:
        digest = sha256()
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def small_files_digest(folder: Path) -> str:
    """SHA-256 of the configuration and the tokenizer of a checkpoint."""
    digest = sha256()
    for name in (CONFIG, "tokenizer.json", "tokenizer_config.json"):
        path = folder / name
        digest.update(path.read_bytes() if path.is_file() else b"-")
    return digest.hexdigest()


def fingerprint(weights: str, small_files: str) -> str:
    """Identity of the vectors: the same on every engine, for their vectors agree."""
    return "openclip-1-" + sha256(f"{weights}{small_files}".encode()).hexdigest()[:16]


def _unsupported(model: dict[str, Any], look: dict[str, Any], extras: dict[str, Any]) -> str:
    if "multimodal_cfg" in model:
        return "CoCa models"
    if "hf_model_name" in model["text_cfg"]:
        return "a text tower of transformers"
    if look.get("resize_mode") not in (None, "shortest", "squash"):
        return f"resize_mode {look['resize_mode']!r}"
    odd = sorted(set(extras) - {"clean"})
    return f"tokenizer options {', '.join(odd)}" if odd else ""


def _side(size: int | list[int]) -> int:
    sides = {size} if isinstance(size, int) else set(size)
    if len(sides) != 1:
        raise ValueError(f"images of {size} pixels are not square")
    return int(sides.pop())


def _fit(look: dict[str, Any]) -> Literal["squash", "crop"]:
    return "squash" if look.get("resize_mode") == "squash" else "crop"


def _triple(values: Any) -> Triple:
    red, green, blue = [values] * 3 if isinstance(values, int | float) else values
    return (float(red), float(green), float(blue))

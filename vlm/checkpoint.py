"""What kind of model a folder on disk holds, told by its configuration files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from vlm.errors import ModelFileDamaged
from vlm.models import ModelSpec, Role

_CHAT_TYPES = (
    "gemma3",
    "idefics2",
    "idefics3",
    "internvl",
    "llava",
    "llava_next",
    "llava_onevision",
    "mistral3",
    "paligemma",
    "qwen2_vl",
    "qwen2_5_vl",
    "qwen3_vl",
    "smolvlm",
)
"""Model types of transformers with images in their chat template."""

_LOOKED_FOR = (
    "open_clip_config.json (open_clip), modules.json (sentence-transformers) or config.json "
    "(transformers: blip, florence2, llava, smolvlm, qwen3_vl, …)"
)
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")


def recognise(folder: Path, role: Role) -> ModelSpec:
    """Describe the checkpoint in a folder as a row of the model table would.

    Raises `ModelFileDamaged` when it holds nothing known, only pickled weights, or a model for
    the other role.
    """
    factory, found_role, kind = _kind(folder)
    if found_role != role:
        uses = {"embed": "--model", "describe": "--describer"}
        raise ModelFileDamaged(
            folder,
            f"holds a {kind} model, which is not for this",
            f"Use it with {uses[found_role]}",
        )
    if not any(folder.rglob("*.safetensors")):
        raise ModelFileDamaged(folder, *_no_weights(folder))
    return ModelSpec(
        name=str(folder),
        role=role,
        factory=factory,
        licence="that of the checkpoint",
        tier="local",
        extra="torch",
        languages="those of the checkpoint",
        note=f"A {kind} checkpoint on this disk",
    )


def _kind(folder: Path) -> tuple[str, Role, str]:
    if (folder / "open_clip_config.json").is_file():
        return "vlm.openclip:load", "embed", "open_clip"
    if (folder / "modules.json").is_file():
        return "vlm.sentence_clip:load", "embed", "sentence-transformers"
    config = folder / "config.json"
    if any((folder / head / "config.json").is_file() for head in ("caption", "vqa")):
        return "vlm.blip:load", "describe", "blip"
    if not config.is_file():
        raise ModelFileDamaged(
            folder, f"not a model that is known here: no {_LOOKED_FOR}", "Check the path"
        )
    found = _read(config).get("model_type")
    if found in ("blip", "florence2"):
        return f"vlm.{found.removesuffix('2')}:load", "describe", found
    if found in _CHAT_TYPES:
        return "vlm.chat_template:load", "describe", str(found)
    known = ", ".join(sorted({"blip", "florence2", *_CHAT_TYPES}))
    raise ModelFileDamaged(
        config, f"model_type {found!r} is not supported", f"Supported are: {known}"
    )


def _read(config: Path) -> dict[str, Any]:
    try:
        content = json.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFileDamaged(config, f"cannot be read ({error})", "Download it again") from None
    return content if isinstance(content, dict) else {}


def _no_weights(folder: Path) -> tuple[str, str]:
    pickles = [path.name for pattern in _PICKLES for path in folder.rglob(pattern)]
    if not pickles:
        return "holds no weights (*.safetensors)", "Download the checkpoint again"
    return (
        f"holds only pickled weights ({', '.join(sorted(pickles)[:3])}), which can run code",
        "Convert them to safetensors with the library that made them",
    )

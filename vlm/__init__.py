"""Vision-language models behind two small protocols, from numpy and PIL to vectors and words.

The public names resolve when they are first used, so that ``import vlm`` costs next to nothing.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vlm.errors import VlmError
    from vlm.images import decode_image, fit_image, read_image
    from vlm.models import MODELS, ModelSpec
    from vlm.protocols import (
        Calibration,
        Describer,
        Embedder,
        ImageInput,
        Message,
        Prompts,
        Recogniser,
        Sampler,
        Vectors,
    )
    from vlm.registry import load_describer, load_embedder
    from vlm.runtime import Runtime, pick_runtime
    from vlm.tasks import alt_text, answer, caption

# Nothing leaves the machine: since 1.29 ONNX Runtime reports model names and hardware to Microsoft
# unless this is set before it is imported, and the hub's client counts its users.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")

_HOME = {
    "VlmError": "errors",
    "decode_image": "images",
    "fit_image": "images",
    "read_image": "images",
    "MODELS": "models",
    "ModelSpec": "models",
    "Calibration": "protocols",
    "Describer": "protocols",
    "Embedder": "protocols",
    "ImageInput": "protocols",
    "Message": "protocols",
    "Prompts": "protocols",
    "Recogniser": "protocols",
    "Sampler": "protocols",
    "Vectors": "protocols",
    "load_describer": "registry",
    "load_embedder": "registry",
    "Runtime": "runtime",
    "pick_runtime": "runtime",
    "alt_text": "tasks",
    "answer": "tasks",
    "caption": "tasks",
}

__all__ = [
    "MODELS",
    "Calibration",
    "Describer",
    "Embedder",
    "ImageInput",
    "Message",
    "ModelSpec",
    "Prompts",
    "Recogniser",
    "Runtime",
    "Sampler",
    "Vectors",
    "VlmError",
    "alt_text",
    "answer",
    "caption",
    "decode_image",
    "fit_image",
    "load_describer",
    "load_embedder",
    "pick_runtime",
    "read_image",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'vlm' has no attribute '{name}'")
    return getattr(import_module(f"vlm.{_HOME[name]}"), name)

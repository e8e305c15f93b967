"""CLIP through sentence-transformers: a text tower for 50 languages, or both towers of a folder.

``clip-ViT-B-32-multilingual-v1`` is a text tower that was trained to land where OpenAI's CLIP puts
the same sentence in English (Reimers and Gurevych 2020, arXiv:2004.09813), so its images go
through that CLIP, our ``clip-b32``. A folder made by `SentenceTransformer.save` holds both towers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from PIL.Image import Image

from vlm.clip import BATCH, unit
from vlm.errors import ModelFileDamaged
from vlm.hub import checkpoint_folder, weights
from vlm.images import fit_image
from vlm.models import ModelSpec
from vlm.openclip_config import weights_digest
from vlm.protocols import Calibration, Embedder, ImageInput, Vectors
from vlm.runtime import pick_runtime
from vlm.transformers_checkpoint import says_what_is_wrong

IMAGE_TOWER = "clip-b32"
"""Row of the model table whose image tower the multilingual text tower was trained for."""

_ANOTHER = "Choose another model: vlm models"


@dataclass(frozen=True)
class SentenceClip:
    """An `Embedder` with a text tower of sentence-transformers."""

    name: str
    fingerprint: str
    dim: int
    image_input: ImageInput
    text_tower: Any
    image_tower: Callable[[Sequence[Image]], Vectors]
    calibration: Calibration | None = None

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """Embed images of any size: shape ``(n, dim)``."""
        return self.image_tower(images)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """Embed texts: shape ``(n, dim)``; what exceeds the model's context is cut."""
        # A bare text that looks like the address of a picture would be fetched and embedded as one.
        return _encode(self.text_tower, [{"text": text} for text in texts], self.dim)


def load(spec: ModelSpec, folder: Path | None) -> SentenceClip:
    """Load a folder with both towers, or the multilingual model from the hub.

    Raises `ModelUnavailable`, `ModelFileDamaged` or `RuntimeUnavailable`.
    """
    if folder is not None:
        return _both_towers(spec, folder)
    from vlm.registry import load_embedder

    folder = checkpoint_folder(spec)
    return _text_tower(spec, folder, load_embedder(IMAGE_TOWER))


def _text_tower(spec: ModelSpec, folder: Path, images: Embedder) -> SentenceClip:
    text = _open(folder)
    dim = int(text.get_embedding_dimension())
    if dim != images.dim:
        reason = f"gives vectors of {dim} numbers, and '{images.name}' of {images.dim}"
        raise ModelFileDamaged(folder, reason, _ANOTHER)
    return SentenceClip(
        name=spec.name,
        fingerprint=_fingerprint(folder, images.fingerprint),
        dim=dim,
        image_input=images.image_input,
        text_tower=text,
        image_tower=images.embed_images,
    )


def _both_towers(spec: ModelSpec, folder: Path) -> SentenceClip:
    model = _open(folder)
    if not {"text", "image"} <= set(model.modalities):
        reason = f"embeds {' and '.join(model.modalities)} only, and search needs text and image"
        raise ModelFileDamaged(folder, reason, _ANOTHER)
    wanted = _image_input(folder, model[0].processor.image_processor)
    dim = int(model.get_embedding_dimension())

    def image_tower(images: Sequence[Image]) -> Vectors:
        return _encode(model, [fit_image(i.convert("RGB"), wanted) for i in images], dim)

    return SentenceClip(
        name=spec.name,
        fingerprint=_fingerprint(folder),
        dim=dim,
        image_input=wanted,
        text_tower=model,
        image_tower=image_tower,
    )


def _open(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # front ends show progress in their own way
    _refuse_code(folder)
    with says_what_is_wrong(folder):
        return SentenceTransformer(
            str(folder),
            device=pick_runtime().device,
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )


def _refuse_code(folder: Path) -> None:
    # sentence-transformers before 6 imports any class that a local folder names, and still reads
    # the pickle of a module without safetensors.
    with says_what_is_wrong(folder):
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        for module in modules:
            if not module["type"].startswith("sentence_transformers."):
                raise ModelFileDamaged(folder, f"wants to run code ({module['type']})", _ANOTHER)
            place = folder / module["path"]
            if any(place.glob("*.bin")) and not any(place.glob("*.safetensors")):
                reason = "holds pickled weights without safetensors, which can run code"
                raise ModelFileDamaged(place, reason, _ANOTHER)


def _encode(model: Any, inputs: list[Any], dim: int) -> Vectors:
    if not inputs:
        return unit([], dim)
    rows = model.encode(inputs, batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True)
    return unit([np.asarray(rows, np.float32)], dim)


def _image_input(folder: Path, processor: Any) -> ImageInput:
    with says_what_is_wrong(folder):
        crop = bool(getattr(processor, "do_center_crop", False))
        size = processor.crop_size if crop else processor.size
        height, width = int(size["height"]), int(size["width"])
    if height != width:
        reason = f"takes images of {width} by {height} pixels, not square ones"
        raise ModelFileDamaged(folder, reason, _ANOTHER)
    return ImageInput(height, "crop" if crop else "squash")


def _fingerprint(folder: Path, image_tower: str = "") -> str:
    digest = sha256(image_tower.encode())
    for path in (*weights(folder), *sorted(folder.rglob("*.json"))):
        digest.update(f"{path.relative_to(folder)} {weights_digest(path)}\n".encode())
    return "sentence-clip-1-" + digest.hexdigest()[:16]

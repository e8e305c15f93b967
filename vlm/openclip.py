"""CLIP and SigLIP checkpoints of open_clip, from the hub or from a folder.

On a CPU they run in ONNX Runtime, exported once (`vlm.openclip_export`); on a GPU in torch.
"""

from __future__ import annotations

from pathlib import Path

from vlm.clip import ClipEmbedder, Towers
from vlm.extras import needs_extra
from vlm.models import ModelSpec
from vlm.openclip_config import (
    OpenClipConfig,
    find_weights,
    fingerprint,
    read_config,
    small_files_digest,
    weights_digest,
)
from vlm.runtime import pick_engine, pick_runtime


def load(spec: ModelSpec, folder: Path | None) -> ClipEmbedder:
    """Load an open_clip model.

    Raises `ModelUnavailable`, `ModelFileDamaged`, `RuntimeUnavailable`, and `ExtraMissing` without
    torch, unless the model was exported before.
    """
    runtime = pick_runtime()
    engine, _ = pick_engine(runtime)
    if engine == "onnx":
        from vlm.openclip_onnx import load_export

        return load_export(spec, folder)
    with needs_extra(spec.name, "torch"):
        from vlm.openclip_torch import load_towers

    from vlm.hub import checkpoint_folder

    folder = folder or checkpoint_folder(spec)
    config = read_config(folder)
    identity = fingerprint(weights_digest(find_weights(folder)), small_files_digest(folder))
    return _embedder(spec, identity, config, load_towers(folder, config, runtime))


def _embedder(
    spec: ModelSpec, identity: str, config: OpenClipConfig, towers: Towers
) -> ClipEmbedder:
    return ClipEmbedder(
        name=spec.name,
        fingerprint=identity,
        dim=config.dim,
        image_input=config.image_input,
        mean=config.mean,
        std=config.std,
        towers=towers,
    )

"""Exporting an open_clip checkpoint from torch to ONNX, in int8 where that costs no accuracy.

Rule, for each tower by itself: dynamic int8 (weights in 8 bits a channel, activations quantised
as they come) is kept when the cosine to the float32 output of torch is at least 0.99 on average
and 0.97 at worst; float32 otherwise. Measured on fixed inputs: images drawn with the 1/f spectrum
of photographs (Field 1987, doi:10.1364/JOSAA.4.002379), and plain sentences.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime import InferenceSession
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.registry import IntegerOpsRegistry
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image

from vlm.clip import to_pixels, unit
from vlm.errors import RuntimeUnavailable
from vlm.openclip_config import (
    OpenClipConfig,
    find_weights,
    read_config,
    small_files_digest,
    weights_digest,
)
from vlm.openclip_onnx import MANIFEST, SCHEMA, Export, read_export, state_of
from vlm.openclip_short_text import short_text_tower
from vlm.openclip_text import TokenIds, build_tokenizer
from vlm.openclip_torch import load_model
from vlm.protocols import Vectors

MEAN_COSINE, WORST_COSINE = 0.99, 0.97
"""What int8 must reach."""

SAME_COSINE = 0.9999
"""What float32 must reach at worst: it is the same computation."""

ONE_FILE_BYTES = 1_900_000_000
"""Above this the weights go into a second file: an ONNX file holds at most 2 GiB."""

_INTEGER_OPS = sorted(set(IntegerOpsRegistry) - {"Conv"})
"""A convolution of integers has no fast kernel: the one of ViT-B/32-256 takes 11 ms, 3 in float."""

_Inputs: TypeAlias = NDArray[Any]
_DAY = 86_400
_LIBRARIES = ("torch", "open_clip_torch", "onnx", "onnxruntime")
_SENTENCES = (
    "a dog",
    "a cat sleeping on a red sofa",
    "two people riding bicycles along the beach at sunset",
    "snow",
    "a plate of pasta with tomatoes and basil",
    "birthday party in the garden with balloons",
    "a handwritten note on yellow paper",
    "the old bridge over the river in the fog",
    "children playing football in the park",
    "ein Bahnhof bei Nacht",
    "un marché aux fleurs",
    "a close-up of a bee on a purple flower",
    "screenshot of a map",
    "an airplane above the clouds",
    "grandmother knitting next to the window",
    "1967 black and white wedding photograph",
)


def export_checkpoint(folder: Path, cache: Path) -> Export:
    """Export both towers and the tokenizer of the checkpoint in ``folder`` into ``cache``.

    Raises `ModelFileDamaged` for a broken checkpoint, `RuntimeUnavailable` when the model cannot be
    exported or the cache cannot be written.
    """
    config = read_config(folder)
    model: Any = load_model(folder, config)
    with _work_folder(cache) as work:
        tokenizer = build_tokenizer(folder, config)
        tokenizer.save(str(work / "tokenizer.json"))
        images = to_pixels(_drawn_images(config), config.image_input, config.mean, config.std)
        ids = TokenIds(tokenizer, config.clean)(_SENTENCES)
        parts = {"image": _export_tower(_Tower(model.encode_image), images, work, "image")}
        model.visual = torch.nn.Identity()  # makes room: the export holds several copies of a tower
        parts["text"] = _export_text(model, ids, work)
        parts["tokenizer"] = _listed(work, "tokenizer.json")
        return _publish(cache, _manifest(folder, config, work) | {"parts": parts})


class _Tower(torch.nn.Module):
    def __init__(self, encode: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self._model = encode.__self__  # type: ignore[attr-defined]  # registers its weights
        self._encode = encode

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self._encode(inputs)


def _export_text(model: Any, ids: _Inputs, work: Path) -> dict[str, Any]:
    short = short_text_tower(model)
    if short is None:
        return _export_tower(_Tower(model.encode_text), ids, work, "text")
    with torch.inference_mode():
        expected = model.encode_text(torch.from_numpy(ids)).numpy()
    length = torch.export.Dim("length", min=2, max=ids.shape[1])
    found = _export_tower(short, ids, work, "text", {1: length}, expected)
    return found | {"any_length": True}


def _export_tower(
    module: torch.nn.Module,
    inputs: _Inputs,
    work: Path,
    name: str,
    sizes: dict[int, Any] | None = None,
    expected: Vectors | None = None,
) -> dict[str, Any]:
    tower = module.eval()
    example = torch.from_numpy(inputs)
    if expected is None:
        with torch.inference_mode():
            expected = tower(example).numpy()
    full = work / f"{name}.onnx"
    large = sum(p.nbytes for p in tower.parameters()) > ONE_FILE_BYTES
    with torch.no_grad():
        torch.onnx.export(
            tower,
            (example[:2],),
            full,
            input_names=["inputs"],
            output_names=["rows"],
            dynamic_shapes=({0: torch.export.Dim("batch"), **(sizes or {})},),
            external_data=large,
            verbose=False,
            dynamo=True,
        )
    same = _cosines(full, inputs, expected)
    if same.min() < SAME_COSINE:
        reason = f"the exported {name} tower gives other vectors (cosine {same.min():.4f})"
        raise RuntimeUnavailable("ONNX Runtime", f"{reason}. Set VLM_ENGINE=torch")
    small = _quantise(full, large)
    close = _cosines(small, inputs, expected)
    accepted = bool(close.mean() >= MEAN_COSINE and close.min() >= WORST_COSINE)
    kept, dropped = (small, full) if accepted else (full, small)
    for path in work.glob(f"{dropped.name}*"):
        path.unlink()
    return _listed(work, kept.name) | {
        "precision": "int8" if accepted else "float32",
        "int8_cosine": {"mean": float(close.mean()), "worst": float(close.min())},
        "float32_cosine": {"mean": float(same.mean()), "worst": float(same.min())},
    }


def _quantise(full: Path, large: bool) -> Path:
    small = full.with_name(f"int8-{full.name}")
    with TemporaryDirectory(dir=full.parent) as folder:
        prepared = Path(folder) / "prepared.onnx"
        # Nothing to prepare: it marks the file, or quantisation would warn on the root logger.
        quant_pre_process(
            full,
            prepared,
            skip_optimization=True,
            skip_onnx_shape=True,
            skip_symbolic_shape=True,
            save_as_external_data=large,
        )
        quantize_dynamic(
            prepared,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=_INTEGER_OPS,
            use_external_data_format=large,
        )
    return small


def _cosines(path: Path, inputs: _Inputs, expected: Vectors) -> Vectors:
    session = InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rows = session.run(None, {"inputs": inputs})[0]
    dim = expected.shape[1]
    cosines: Vectors = (unit([rows], dim) * unit([expected], dim)).sum(1)
    return cosines


def _drawn_images(config: OpenClipConfig) -> list[Image.Image]:
    size, random = config.image_input.size, np.random.default_rng(0)
    steps = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.fftfreq(size)[None])
    steps[0, 0] = 1 / size
    images = []
    for _ in range(16):
        waves = np.fft.fft2(random.normal(size=(3, size, size))) / steps
        field = np.fft.ifft2(waves).real
        # Channels of photographs vary together: most of each is their common brightness.
        field = 0.7 * field.mean(0) + 0.3 * field
        field = (field - field.mean()) / field.std()
        pixels = np.clip(128 + 56 * field, 0, 255).astype(np.uint8)
        images.append(Image.fromarray(pixels.transpose(1, 2, 0)))
    return images


def _manifest(folder: Path, config: OpenClipConfig, work: Path) -> dict[str, Any]:
    weights = find_weights(folder)
    stat = weights.stat()
    return {
        "schema": SCHEMA,
        "folder": work.name,
        "source": {
            "weights": weights_digest(weights),
            "size": stat.st_size,
            "mtime_ns": stat.st_mtime_ns,
            "small_files": small_files_digest(folder),
        },
        "config": {
            "size": config.image_input.size,
            "fit": config.image_input.fit,
            "mean": config.mean,
            "std": config.std,
            "dim": config.dim,
            "clean": config.clean,
        },
        "versions": {name: version(name) for name in _LIBRARIES},
    }


def _listed(work: Path, file: str) -> dict[str, Any]:
    # A tower of more than 2 GB has its weights in a second file, named after the first.
    names = sorted(path.name for path in work.glob(f"{file}*"))
    return {
        "file": file,
        "sha256": {name: weights_digest(work / name) for name in names},
        "state": {name: state_of(work / name) for name in names},
    }


def _publish(cache: Path, manifest: dict[str, Any]) -> Export:
    work = cache / manifest["folder"]
    for path in (*work.iterdir(), work):
        _sync(path)
    torn = work / MANIFEST
    torn.write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    _sync(torn)
    previous = read_export(cache)
    torn.replace(cache / MANIFEST)
    _sync(cache)
    for leftover in cache.glob("export-*"):
        replaced = previous is not None and leftover.name == previous.manifest["folder"]
        abandoned = time.time() - leftover.stat().st_mtime > _DAY
        if leftover != work and (replaced or abandoned):
            shutil.rmtree(leftover, ignore_errors=True)
    return Export(cache, manifest)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _work_folder(cache: Path) -> Iterator[Path]:
    """A folder that stays only if nothing went wrong in it."""
    unfinished = None
    try:
        cache.mkdir(parents=True, exist_ok=True)
        unfinished = Path(mkdtemp(prefix="export-", dir=cache))
        yield unfinished
        unfinished = None
    except torch.onnx.OnnxExporterError as error:
        reason = f"this model cannot be exported ({str(error).splitlines()[0]})"
        raise RuntimeUnavailable("ONNX Runtime", f"{reason}. Set VLM_ENGINE=torch") from error
    except OSError as error:
        reason = f"{cache} cannot be written ({error.strerror or error})"
        todo = "Free some space there, or set VLM_ENGINE=torch"
        raise RuntimeUnavailable("ONNX Runtime", f"{reason}. {todo}") from error
    finally:
        if unfinished is not None:
            shutil.rmtree(unfinished, ignore_errors=True)

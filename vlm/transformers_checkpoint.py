"""Loading a transformers checkpoint from a folder: safetensors only, complete, no remote code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from vlm.errors import ModelFileDamaged, RuntimeUnavailable
from vlm.runtime import Runtime

_DOWNLOAD = "Download the checkpoint again, or name another one"

_BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError)
"""What transformers raises on files that are missing, cut, edited, or of another model."""

_GREEDY: dict[str, Any] = {
    "do_sample": False,
    "num_beams": 1,
    "temperature": None,
    "top_p": None,
    "top_k": None,
    "early_stopping": None,
    "length_penalty": None,
    "max_length": None,
    "max_new_tokens": None,
}
"""The same photo gives the same words; beam search cannot stream."""


def architecture(folder: Path) -> tuple[str, str]:
    """Model type and class that the ``config.json`` of a folder names; empty where it does not.

    Raises `ModelFileDamaged` when the file is missing or no JSON object.
    """
    config = folder / "config.json"
    try:
        found = json.loads(config.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFileDamaged(config, f"cannot be read ({error})", _DOWNLOAD) from None
    if not isinstance(found, dict):
        raise ModelFileDamaged(config, "holds no model configuration", _DOWNLOAD)
    classes = found.get("architectures") or [""]
    return str(found.get("model_type", "")), str(classes[0])


def load_model(model_class: Any, folder: Path, runtime: Runtime) -> Any:
    """Load weights onto a device, ready for greedy generation.

    ``model_class`` is a transformers model or auto class. Raises `ModelFileDamaged` when a file
    is broken, of another model, or lacks weights (transformers would fill those at random), and
    `RuntimeUnavailable` when a package or the memory for it is missing.
    """
    from transformers.utils import logging

    logging.disable_progress_bar()  # front ends show progress and warnings in their own way
    logging.set_verbosity_error()
    with says_what_is_wrong(folder):
        model, report = model_class.from_pretrained(
            folder,
            dtype=runtime.dtype,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            output_loading_info=True,
        )
        absent = sorted(report["missing_keys"])
        if absent:
            raise ModelFileDamaged(
                folder, f"{len(absent)} weights are missing, such as {absent[0]}", _DOWNLOAD
            )
        model = model.to(runtime.device).eval()
    for part in (model, getattr(model, "text_decoder", None)):  # BLIP generates with its decoder
        if part is not None and getattr(part, "generation_config", None) is not None:
            part.generation_config.update(**_GREEDY)
    return model


def load_processor(processor_class: Any, folder: Path) -> Any:
    """Load tokenizer and image processor; raises as `load_model` does."""
    with says_what_is_wrong(folder):
        return processor_class.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )


@contextmanager
def enough_memory(model: str) -> Iterator[None]:
    """Say what to do when a device runs out of memory: raises `RuntimeUnavailable`."""
    from torch import OutOfMemoryError

    try:
        yield
    except (OutOfMemoryError, MemoryError) as error:
        first = (str(error).splitlines() or ["out of memory"])[0].rstrip(".")
        raise RuntimeUnavailable(
            f"memory for '{model}'",
            f"{first}. Use fewer or smaller photos, a smaller model, or VLM_DEVICE=cpu",
        ) from error


@contextmanager
def says_what_is_wrong(folder: Path) -> Iterator[None]:
    """Turn what libraries raise on a broken checkpoint into `ModelFileDamaged`."""
    from safetensors import SafetensorError
    from torch import OutOfMemoryError

    with enough_memory(folder.name):
        try:
            yield
        except ImportError as error:
            first = (str(error).strip().splitlines() or ["a package is missing"])[0]
            raise RuntimeUnavailable(f"the model in {folder}", first.rstrip(".")) from error
        except OutOfMemoryError:  # a RuntimeError, but not about the files
            raise
        except (*_BROKEN, SafetensorError) as error:
            raise ModelFileDamaged(folder, _reason(error), _DOWNLOAD) from error


def _reason(error: Exception) -> str:
    first = next((line for line in str(error).splitlines() if line.strip()), "")
    return f"cannot be loaded ({type(error).__name__}: {first.strip()[:200].rstrip('.')})"

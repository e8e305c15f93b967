"""Which device, number format and engine to use, and why: one place, never a silent fallback."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from vlm.errors import RuntimeUnavailable

Engine: TypeAlias = Literal["torch", "onnx"]
_DEVICES = ("auto", "cpu", "cuda", "mps")


class Runtime(NamedTuple):
    """``device`` as torch names it, ``dtype`` as torch names it, and the reason in words."""

    device: str
    dtype: str
    why: str


def pick_runtime(asked: str = "auto") -> Runtime:
    """Pick where models run: what is asked for, else `VLM_DEVICE`, else the best there is.

    Raises `RuntimeUnavailable` when the device asked for is unknown or not there. Imports torch
    only where there may be a GPU: it takes seconds, and only torch knows what torch can use.
    """
    source = "asked for"
    if asked == "auto":
        asked, source = os.environ.get("VLM_DEVICE", "").strip().lower() or "auto", "VLM_DEVICE"
    if asked not in _DEVICES:
        raise RuntimeUnavailable(f"device '{asked}'", f"the devices are {', '.join(_DEVICES)}")
    if find_spec("torch") is None:
        return _without_torch(asked)
    if asked == "cpu":
        return Runtime("cpu", "float32", f"the CPU, because it is {source}")
    if asked == "auto" and not _may_have_a_gpu():
        return Runtime("cpu", "float32", "the CPU, because this machine has no GPU driver")
    for device in ("cuda", "mps") if asked == "auto" else (asked,):
        reason = _why_not(device)
        if reason is None:
            return Runtime(device, _half(device), _describe(device))
        if asked != "auto":
            raise RuntimeUnavailable(f"device '{asked}' ({source})", reason)
    return Runtime("cpu", "float32", "the CPU, because torch finds no GPU here")


def pick_engine(runtime: Runtime) -> tuple[Engine, str]:
    """Pick the engine of an embedder on ``runtime``, with the reason.

    ONNX Runtime is about twice as fast as torch on a CPU and needs less memory; torch is the one
    that uses GPUs. `VLM_ENGINE` overrides; raises `RuntimeUnavailable` for another value.
    """
    asked = os.environ.get("VLM_ENGINE", "").strip().lower()
    if asked == "torch":
        return "torch", "torch, because VLM_ENGINE says so"
    if asked == "onnx":
        return "onnx", "ONNX Runtime, because VLM_ENGINE says so"
    if asked:
        raise RuntimeUnavailable(f"engine '{asked}' (VLM_ENGINE)", "the engines are torch, onnx")
    if runtime.device == "cpu":
        return "onnx", "ONNX Runtime, because it is faster than torch on a CPU"
    return "torch", f"torch, because it is the one that uses {runtime.device}"


def _without_torch(asked: str) -> Runtime:
    if asked not in ("auto", "cpu"):
        raise RuntimeUnavailable(
            f"device '{asked}'",
            "torch is not installed, and only torch uses GPUs. "
            "Install it with: pip install 'vlm-assistant[torch]'",
        )
    from onnxruntime import get_available_providers

    providers = ", ".join(get_available_providers())
    why = f"the CPU through ONNX Runtime ({providers}), because torch is not installed"
    return Runtime("cpu", "float32", why)


def _may_have_a_gpu() -> bool:
    # NVIDIA, AMD, and either of them below Windows; elsewhere there is nothing cheap to look at.
    drivers = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")
    return sys.platform != "linux" or any(Path(driver).exists() for driver in drivers)


def _why_not(device: str) -> str | None:
    import torch

    if device == "cuda":
        if torch.cuda.is_available():
            return None
        built = "torch finds no CUDA GPU" if torch.version.cuda else "this torch has no CUDA"
        return f"{built}. Use another device, or install a CUDA build of torch and the driver"
    if torch.backends.mps.is_available():
        return None
    return "torch finds no Apple GPU here. Use another device"


def _half(device: str) -> str:
    import torch

    # Emulated bfloat16 (before Ampere) is slower than float32, so only the real one counts.
    if device == "cuda" and torch.cuda.get_device_capability()[0] >= 8:
        return "bfloat16"
    return "float16"


def _describe(device: str) -> str:
    import torch

    if device == "mps":
        return "the Apple GPU"
    total = torch.cuda.get_device_properties(0).total_memory
    return f"{torch.cuda.get_device_name(0)} with {total / 1e9:.0f} GB"

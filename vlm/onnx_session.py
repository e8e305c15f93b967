"""Opening an ONNX file for a CPU that is shared with the workers that decode photos."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from vlm.errors import ModelFileDamaged


def open_session(path: Path, remedy: str, *, threads: int | None = None, spin_us: int = 0) -> Any:
    """Open a model with so many threads (None: all the cores that this process may use).

    Threads that wait for work sleep at once, or spin for ``spin_us`` microseconds first.
    Raises `ModelFileDamaged` with ``remedy`` when ONNX Runtime cannot load the file.
    """
    from onnxruntime import InferenceSession, SessionOptions
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    options = SessionOptions()
    options.intra_op_num_threads = threads or available_cores()
    # Threads that spin while they wait take the cores that decode the next photos: indexing on
    # two busy cores costs 21 ms of processor time a photo without, 36 ms with. A short spin, over
    # the gaps between layers, makes a single answer a quarter faster and ends with it.
    spin = {"allow_spinning": str(int(spin_us > 0)), "spin_duration_us": str(spin_us)}
    for key, value in spin.items():
        options.add_session_config_entry(f"session.intra_op.{key}", value)
    options.log_severity_level = 3  # errors only, and they are raised as well
    try:
        return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (failures.Fail, failures.InvalidProtobuf, failures.InvalidGraph) as error:
        reason = f"ONNX Runtime cannot load it ({error})"
        raise ModelFileDamaged(path, reason, remedy) from error


def available_cores() -> int:
    """Cores that this process may use; ONNX Runtime's own count ignores limits of containers."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

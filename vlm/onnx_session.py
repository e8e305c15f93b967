"""Opening an ONNX file for a CPU that is shared with the workers that decode photos."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from vlm.errors import ModelFileDamaged


def open_session(path: Path, remedy: str) -> Any:
    """Open a model with as many threads as this process may use.

    Raises `ModelFileDamaged` with ``remedy`` when ONNX Runtime cannot load the file.
    """
    from onnxruntime import InferenceSession, SessionOptions
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    options = SessionOptions()
    # Its own count ignores the limits of containers, and threads that spin while they wait take
    # the cores from the decoders.
    options.intra_op_num_threads = _cores()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors only, and they are raised as well
    try:
        return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (failures.Fail, failures.InvalidProtobuf, failures.InvalidGraph) as error:
        reason = f"ONNX Runtime cannot load it ({error})"
        raise ModelFileDamaged(path, reason, remedy) from error


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

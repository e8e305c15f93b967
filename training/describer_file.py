"""A describer as a safetensors file: weights, and its sizes as metadata."""

import json
from dataclasses import asdict
from pathlib import Path

from decoder import Config, Describer
from safetensors import safe_open
from safetensors.torch import save_file


def save_describer(describer: Describer, path: Path) -> None:
    state = {name: value.contiguous() for name, value in describer.state_dict().items()}
    save_file(state, path, {"config": json.dumps(asdict(describer.config))})


def read_describer(path: Path) -> Describer:
    """In evaluation mode."""
    with safe_open(path, "pt") as file:
        config = Config(**json.loads(file.metadata()["config"]))
        state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    buffers = (state["words"], *(state[f"memory.{n}"] for n in ("mean", "deviation", "labels")))
    describer = Describer(config, *buffers)
    describer.load_state_dict(state)
    return describer.eval()

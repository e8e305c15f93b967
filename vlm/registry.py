"""From a name to a loaded model. Importing this module imports no backend.

A name is a row of the table (`vlm.models.MODELS`), the path of a checkpoint folder, or, for
describers, ``openai:MODEL@BASE_URL``.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from threading import RLock
from typing import Any

from vlm.checkpoint import recognise
from vlm.errors import PathMissing, TaskUnsupported, UnknownModel
from vlm.extras import needs_extra
from vlm.models import DEFAULT_DESCRIBER, DEFAULT_EMBEDDER, MODELS, ModelSpec, Role
from vlm.protocols import Describer, Embedder

__all__ = [
    "DEFAULT_DESCRIBER",
    "DEFAULT_EMBEDDER",
    "MODELS",
    "ModelSpec",
    "find_spec",
    "load_describer",
    "load_embedder",
]

_loaded: dict[tuple[Role, str], Any] = {}
_locks: dict[tuple[Role, str], RLock] = {}


def load_embedder(name: str = DEFAULT_EMBEDDER) -> Embedder:
    """Load an embedder once; later calls with the same name give the same object.

    Raises `UnknownModel`, `PathMissing`, `TaskUnsupported`, `ExtraMissing`, `ModelUnavailable` or
    `ModelFileDamaged`.
    """
    embedder: Embedder = _load("embed", name)
    return embedder


def load_describer(name: str = DEFAULT_DESCRIBER) -> Describer:
    """Load a describer once; later calls with the same name give the same object.

    Raises what `load_embedder` raises.
    """
    describer: Describer = _load("describe", name)
    return describer


def find_spec(role: Role, name: str) -> tuple[ModelSpec, Path | None]:
    """Find what a name means: its row, and the checkpoint folder where it is a path."""
    for spec in MODELS:
        if (spec.role, spec.name) == (role, name):
            return spec, None
    if role == "describe" and name.startswith("openai:"):
        return _remote(name), None
    folder = _as_path(name)
    if folder.is_dir():
        return recognise(folder, role), folder
    if "/" in name or "\\" in name or name.startswith(("~", ".")):
        raise PathMissing(folder)
    if any(spec.name == name for spec in MODELS):
        raise TaskUnsupported(name, _TASKS[role], f"Choose one of: {', '.join(_names(role))}")
    raise UnknownModel(name, _names(role))


_TASKS: dict[Role, str] = {
    "embed": "turn photos into vectors for search",
    "describe": "describe a photo in words",
}


def _as_path(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:  # ~nobody: no such user has a home
        return Path(name)


def _names(role: Role) -> list[str]:
    return [spec.name for spec in MODELS if spec.role == role and spec.tier != "test"]


def _remote(name: str) -> ModelSpec:
    return ModelSpec(
        name=name,
        role="describe",
        factory="vlm.openai_compatible:load",
        licence="that of the server",
        tier="remote",
        extra="remote",
        languages="those of the server",
        note="Photos are sent to this server",
    )


def _load(role: Role, name: str) -> Any:
    # One lock a model: two pages of the app must not load the same one twice, nor wait for another.
    with _locks.setdefault((role, name), RLock()):
        if (role, name) not in _loaded:
            _loaded[role, name] = _build(*find_spec(role, name))
        return _loaded[role, name]


def _build(spec: ModelSpec, folder: Path | None) -> Any:
    module, _, attribute = spec.factory.partition(":")
    with needs_extra(spec.name, spec.extra):
        factory = getattr(import_module(module), attribute)
        return factory() if isinstance(factory, type) else factory(spec, folder)

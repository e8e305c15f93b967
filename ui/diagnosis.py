"""What `vlm doctor` looks at, one check at a time; a check changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal, TypeAlias

from ui.library_facts import library_facts
from ui.settings import Settings
from vlm.errors import LibraryMissing, VlmError

State: TypeAlias = Literal["ok", "note", "broken"]

PACKAGES = (
    "vlm-assistant",
    "numpy",
    "pillow",
    "pillow-heif",
    "onnxruntime",
    "faiss-cpu",
    "tokenizers",
    "huggingface-hub",
    "streamlit",
    "langchain",
    "typer",
    "rich",
    "torch",
    "transformers",
    "open_clip_torch",
    "sentence-transformers",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding: ``note`` is worth knowing, ``broken`` keeps something from working."""

    name: str
    state: State
    detail: str


def diagnose(settings: Settings) -> Iterator[Check]:
    """Yield the findings of this machine and these settings."""
    yield Check("python", "ok", f"{sys.version.split()[0]} ({sys.executable})")
    yield Check("packages", "ok", ", ".join(_versions()))
    yield _guard("runtime", _runtime)
    yield from _extras()
    yield _guard("starter models", _starter)
    yield _guard("model cache", _cache)
    yield _guard("model", lambda: _model("embed", settings.model))
    yield _guard("describer", lambda: _model("describe", settings.describer))
    yield _guard("library", lambda: _library(settings))


def _guard(name: str, look: Callable[[], tuple[State, str]]) -> Check:
    try:
        return Check(name, *look())
    except VlmError as error:
        return Check(name, "broken", str(error))


def _versions() -> Iterator[str]:
    for package in PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            continue


def _runtime() -> tuple[State, str]:
    from vlm.runtime import pick_runtime

    runtime = pick_runtime()
    return "ok", f"{runtime.device}, {runtime.dtype}: {runtime.why}"


def _extras() -> Iterator[Check]:
    from vlm.extras import installed_extras

    for extra, installed in installed_extras().items():
        if installed:
            yield Check(f"extra [{extra}]", "ok", "installed")
        else:
            command = f"pip install 'vlm-assistant[{extra}]'"
            yield Check(f"extra [{extra}]", "note", f"not installed; get it with: {command}")


def _starter() -> tuple[State, str]:
    """Whether the files are what was shipped and the models do something with them."""
    from PIL import Image

    from vlm.protocols import Message
    from vlm.registry import load_describer, load_embedder
    from vlm.starter.weights import FOLDER, check_files

    files = len(check_files())
    load_embedder("starter").embed_texts(["a photo"])
    photo = Image.new("RGB", (64, 64), "white")
    list(load_describer("starter").describe([Message("user", "", (photo,))]))
    return "ok", f"both work, and {files} files are what was shipped ({FOLDER})"


def _cache() -> tuple[State, str]:
    from vlm.hub import cache_folder

    folder = cache_folder()
    return "ok", f"{folder}{'' if folder.is_dir() else ' (made by the first download)'}"


def _model(role: Literal["embed", "describe"], name: str) -> tuple[State, str]:
    from vlm.extras import missing_packages
    from vlm.registry import find_spec

    spec, _ = find_spec(role, name)
    missing = missing_packages(spec.extra)
    if missing:
        return "broken", f"{name} needs {', '.join(missing)} (the extra [{spec.extra}])"
    return "ok", f"{name}: {spec.note}"


def _library(settings: Settings) -> tuple[State, str]:
    try:
        facts = library_facts(settings.library)
    except LibraryMissing as error:
        return "note", str(error)
    models = ", ".join(f"{name} {count}" for name, count in facts.models.items()) or "none"
    return "ok", f"{facts.folder}: {facts.photos} photos; by model: {models}"

"""Importing our packages costs little, and ONNX Runtime has no telemetry when we import it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "torch",
    "onnxruntime",
    "transformers",
    "open_clip",
    "sentence_transformers",
    "langchain",
    "langchain_core",
    "streamlit",
    "faiss",
    "openai",
    "huggingface_hub",
)


def run(code: str, **environment: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def loaded_after(statement: str) -> set[str]:
    names = run(f"import sys\n{statement}\nprint(*sys.modules)").split()
    return {name for name in HEAVY if name in names}


@pytest.mark.parametrize(
    "statement",
    [
        "import vlm",
        "import vlm.registry, vlm.models, vlm.runtime, vlm.checkpoint, vlm.extras, vlm.errors",
        "import vlm.protocols, vlm.images, vlm.fakes",
        "import vlm; vlm.load_embedder('fake'); vlm.load_describer('fake'); vlm.MODELS",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_used(statement: str) -> None:
    assert loaded_after(statement) == set()


def test_import_vlm_needs_neither_numpy_nor_pillow() -> None:
    names = run("import sys, vlm\nprint(*sys.modules)").split()
    assert not {"numpy", "PIL"} & set(names)


def test_what_embeds_and_searches_words_needs_no_pillow() -> None:
    needed = "index.search.search, vlm.starter.embedder, vlm.clip"
    names = run(f"import sys, {needed}\nprint(*sys.modules)")
    assert "numpy" in names.split()
    assert not {"PIL", "faiss", "statistics"} & set(names.split())


def test_every_public_name_resolves() -> None:
    import vlm

    assert {name: getattr(vlm, name) for name in vlm.__all__}.keys() == set(vlm.__all__)
    assert set(vlm.__all__) == set(vlm._HOME)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        vlm.nothing  # noqa: B018


def test_onnx_runtime_reports_nothing_to_anybody(tmp_path: Path) -> None:
    # It would leave a device number and a queue of events in the cache folder. It keeps quiet where
    # `CI` is set, so `run` hides that.
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    out = run("import vlm, onnxruntime, os\nprint(os.environ['ORT_DISABLE_TELEMETRY'])", **home)
    assert out == "1\n"
    assert list(tmp_path.iterdir()) == []


def test_who_wants_telemetry_keeps_it() -> None:
    code = "import vlm, os\nprint(os.environ['HF_HUB_DISABLE_TELEMETRY'])"
    assert run(code, HF_HUB_DISABLE_TELEMETRY="0") == "0\n"

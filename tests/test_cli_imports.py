"""A command imports what it needs and no more: that is what makes it start at once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from cli_runs import process_env, run_process

HEAVY = {"torch", "transformers", "open_clip", "sentence_transformers", "streamlit", "langchain"}
HEAVY |= {"fastapi", "mcp", "pydantic", "uvicorn"}
HEAVY |= {"langchain_core", "pandas", "scipy", "sklearn", "openai", "huggingface_hub", "rich"}
MODELS = {"onnxruntime", "faiss", "numpy", "PIL"}


def imported(*arguments: object) -> set[str]:
    """Top-level packages that a run of `vlm` imports."""
    import subprocess

    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "ui", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=process_env({}),
    )
    assert ran.returncode == 0, ran.stderr
    lines = (line for line in ran.stderr.splitlines() if line.startswith("import time:"))
    return {line.rsplit("|", 1)[1].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize("command", [(), ("search",), ("demo",), ("chat",), ("doctor",)])
def test_help_imports_no_model_and_no_library(command: tuple[str, ...]) -> None:
    assert imported(*command, "--help") & (HEAVY | MODELS) == set()


def test_search_imports_neither_torch_nor_streamlit_nor_langchain(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    run_process("index", photos)
    found = imported("search", "red")
    assert found & HEAVY == set()
    assert "numpy" in found, "the test would see nothing if nothing were imported"
    assert found & {"faiss", "statistics"} == set(), "so few photos need no FAISS"

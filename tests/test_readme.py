"""The README's commands are run as a reader would type them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[list[str]]:
    """Commands of all console blocks, in order."""
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [shlex.split(line[2:], comments=True) for line in lines]


def test_every_vlm_command_of_the_readme_works_in_its_order(tmp_path: Path, samples: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("chelsea.png", "coffee.png", "rocket.jpg"):
        shutil.copy(samples / name, photos)
    environment = {**os.environ, "VLM_LIBRARY": str(tmp_path / "library")}
    ran = 0
    for program, *arguments in commands():
        if program != "vlm":
            continue
        run = subprocess.run(
            [sys.executable, "-m", "ui", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**environment, "PYTHONPATH": str(ROOT)},
            timeout=120,
        )
        assert run.returncode == 0, (arguments, run.stderr)
        ran += 1
    assert ran >= 9
    assert (tmp_path / "alt-texts.csv").exists()


def test_the_python_of_the_readme_runs_as_it_stands(tmp_path: Path, samples: Path) -> None:
    program = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert program is not None
    (tmp_path / "photos").mkdir()
    for name in ("chelsea.png", "coffee.png", "rocket.jpg"):
        shutil.copy(samples / name, tmp_path / "photos")
    run = subprocess.run(
        [sys.executable, "-c", program.group(1)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert (lines[0], lines[-1]) == ("strong chelsea.png", "A cat.")


@pytest.mark.parametrize("command", [c for c in commands() if c[0] == "make"], ids=" ".join)
def test_every_make_target_of_the_readme_exists(command: list[str]) -> None:
    """They run for minutes; continuous integration runs them for real."""
    dry = subprocess.run([*command, "--dry-run"], cwd=ROOT, capture_output=True, text=True)
    assert dry.returncode == 0, dry.stderr


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_model_table_is_the_one_of_the_registry() -> None:
    from vlm.model_table import as_markdown
    from vlm.models import MODELS

    table = re.search(r"<!-- models:.*?-->\n(.*?)<!-- /models -->", README, re.DOTALL)
    assert table is not None
    assert table.group(1).strip() == as_markdown(MODELS).strip()

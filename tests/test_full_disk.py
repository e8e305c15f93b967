"""A disk that is really full: what was stored stays, what could not be is told, nothing is torn."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import on_a_full_disk
import pytest

ALONE = ("unshare", "--mount", "--map-root-user")
"""A process that may mount what nobody else sees, where the system lets it."""


@pytest.fixture(scope="module")
def _may_mount(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("disk")
    command = [*ALONE, "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        tried = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no unshare here, so no small disk can be mounted")
    if tried.returncode:
        pytest.skip(f"no small disk may be mounted here ({tried.stderr.strip()})")


@pytest.mark.usefixtures("_may_mount")
@pytest.mark.parametrize("scenario", on_a_full_disk.SCENARIOS)
def test_nothing_is_lost_on_a_full_disk(scenario: str, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    tests = Path(__file__).parent
    done = subprocess.run(
        [*ALONE, sys.executable, str(tests / "on_a_full_disk.py"), scenario, tmp_path / "disk"],
        env={**os.environ, "PYTHONPATH": f"{tests.parent}{os.pathsep}{tests}"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr

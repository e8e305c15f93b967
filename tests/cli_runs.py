"""Two ways to run `vlm`: in this process, which is quick, and as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from ui.cli import app

ROOT = Path(__file__).parents[1]
VLM = (sys.executable, "-m", "ui")


class Ran(NamedTuple):
    """What came out of a run."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        return json.loads(self.stdout)


def run(*arguments: object) -> Ran:
    """Run in this process; bugs raise here instead of printing a traceback."""
    result = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    return Ran(result.exit_code, result.stdout, result.stderr)


def run_process(*arguments: object, text: bool = True, **options: Any) -> Any:
    """Run as a process; what it said is in the result, as text or as bytes."""
    return subprocess.run(
        [*VLM, *map(os.fspath, map(_plain, arguments))],
        capture_output=True,
        text=text,
        env=process_env(options.pop("env", {})),
        timeout=120,
        **options,
    )


def process_env(extra: dict[str, str]) -> dict[str, str]:
    """This process's environment, in which `python -m ui` is found from anywhere."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **extra}


def _plain(argument: object) -> str | Path:
    return argument if isinstance(argument, Path) else str(argument)

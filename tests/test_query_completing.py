"""The shell completes queries: operators, and values that the library has."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runs import run_process
from known_photos import GREEN, RED, Known, fill

from index.library import Library
from index.records import Facts


@pytest.fixture
def library(tmp_path: Path) -> Path:
    facts = Facts("JPEG", 4, 3, camera="Canon EOS R6", keywords=("sea",))
    with Library.open(tmp_path / "library", create=True) as library:
        fill(library, [Known("Rome/a.jpg", RED, facts), Known("New York/b.jpg", GREEN)])
    return tmp_path / "library"


def offered(library: Path, **shell: str) -> list[str]:
    ran = run_process(env={**shell, "VLM_LIBRARY": str(library)})
    found: list[str] = ran.stdout.split("\n")
    return found


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("vlm search red ty", "type:"),
        ("vlm search in:R", "in:Rome"),
        ("vlm search camera:", 'camera:"Canon EOS R6"'),
    ],
)
def test_the_word_at_the_cursor_is_completed(library: Path, typed: str, expected: str) -> None:
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    assert expected in offered(library, _VLM_COMPLETE="complete_bash", **words)


def test_what_bash_splits_at_the_colon_is_completed_behind_it(library: Path) -> None:
    words = {"COMP_WORDS": "vlm search in : R", "COMP_CWORD": "4"}
    assert offered(library, _VLM_COMPLETE="complete_bash", **words)[0] == "Rome"


def test_operators_are_completed_without_a_library(tmp_path: Path) -> None:
    words = {"COMP_WORDS": "vlm search tak", "COMP_CWORD": "2"}
    assert offered(tmp_path / "none", _VLM_COMPLETE="complete_bash", **words)[0] == "taken:"

"""The page about searching: its examples are what the sample library really answers."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from cli_runs import ROOT

from index.query.values import ALIASES, FORMATS, OPERATORS
from vlm.extras import missing_packages

PAGE = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")
SCORE = re.compile(r"^-?\d\.\d{3}", re.MULTILINE)

pytestmark = pytest.mark.usefixtures("samples")  # skipped where scikit-image is not installed


def _maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_search", ROOT / "docs" / "make_search.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MAKER = _maker()
BLOCKS = list(MAKER.blocks(PAGE))


@pytest.fixture(scope="module")
def library(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = MAKER.build(tmp_path_factory.mktemp("samples"))
    assert isinstance(place, Path)
    return place


@pytest.mark.parametrize(("command", "said"), BLOCKS, ids=[command for command, _ in BLOCKS])
def test_an_example_prints_what_the_page_says(command: str, said: str, library: Path) -> None:
    """Scores may differ a little between machines; ``python docs/make_search.py`` renews all."""
    if MAKER.needs_text(command) and missing_packages("ocr"):
        pytest.skip("text in photos was not read: the extra [ocr] is not installed")
    printed = MAKER.printed(command, library)
    assert SCORE.sub("#", printed) == SCORE.sub("#", said)
    scores = [[float(score) for score in SCORE.findall(text)] for text in (printed, said)]
    assert scores[0] == pytest.approx(scores[1], abs=0.02)


def test_every_console_block_is_an_example() -> None:
    assert len(BLOCKS) == PAGE.count("```console") > 20


def test_every_operator_is_explained_and_shown() -> None:
    shown = " ".join(command for command, _ in BLOCKS)
    for name in [*OPERATORS, *ALIASES]:
        assert f"`{name}:" in PAGE
        assert f"{name}:" in shown
    assert ", ".join(FORMATS) in PAGE

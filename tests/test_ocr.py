"""Reading text in photos: with the real models, on photos that are drawn here."""

from __future__ import annotations

import builtins
import importlib.util
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from drawn_text import with_text
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from vlm import ocr
from vlm.errors import ExtraMissing, ModelFileDamaged
from vlm.ocr import TextLine, read_text, reader
from vlm.reading_order import reading_order

installed = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr") is None, reason="the extra [ocr] is not installed"
)

SIGN = [(30, 30, "No entry after 8 pm"), (240, 240, "Platform 9")]


def words(lines: list[TextLine]) -> list[str]:
    return [line.text for line in lines]


@installed
def test_text_is_read_from_the_top_down_and_from_the_left() -> None:
    lines = [(300, 60, "second"), (40, 55, "first"), (120, 200, "third")]
    assert words(read_text(with_text((480, 360), lines, 30))) == ["first", "second", "third"]


@installed
def test_a_box_says_where_a_line_stands_in_shares_of_the_photo() -> None:
    _, line = read_text(with_text((480, 360), SIGN, 30))
    left, top, right, bottom = line.box
    assert line.text == "Platform 9" and line.confidence > 0.9
    # "Platform 9" begins at 240 and 240 of 480 and 360, and its letters are 30 high at most.
    assert (left, top) == pytest.approx((0.5, 0.68), abs=0.03)
    assert 0.75 < right < 0.95 and 0.7 < bottom < 0.8


@installed
@pytest.mark.parametrize("degrees", [90, 180, 270, 12])
def test_a_photo_that_lies_on_its_side_or_head_is_read_too(degrees: int) -> None:
    photo = with_text((480, 360), [(90, 150, "No entry")])
    turned = photo.rotate(degrees, expand=True, fillcolor="white")
    assert words(read_text(turned)) == ["No entry"]


@installed
@pytest.mark.parametrize("size", [(400, 300), (1, 1), (1, 3000), (40, 9)])
def test_a_black_photo_of_any_shape_has_no_text(size: tuple[int, int]) -> None:
    assert read_text(Image.new("RGB", size)) == []


@installed
def test_a_panorama_is_read_from_end_to_end() -> None:
    signs = [(20, 30, "Way out"), (930, 30, "Gate A"), (1800, 50, "Gate B 42")]
    panorama = with_text((2000, 100), signs, height=32)
    assert words(read_text(panorama)) == ["Way out", "Gate A", "Gate B 42"]


@installed
def test_a_screenshot_of_a_long_chat_is_read_from_top_to_bottom_and_each_line_once() -> None:
    said = ["Where are you", "At the station", "Which platform", "The ninth", "On my way"]
    lines = [(20, 40 + 370 * at, text) for at, text in enumerate(said)]
    assert words(read_text(with_text((200, 1600), lines, height=24))) == said


@installed
def test_a_large_photo_is_read_at_a_smaller_scale_and_boxes_fit_the_large_one() -> None:
    small = read_text(with_text((480, 180), [(100, 80, "Open all day")], 30))
    large = read_text(with_text((4800, 1800), [(1000, 800, "Open all day")], 300))
    assert words(small) == words(large) == ["Open all day"]
    assert small[0].box == pytest.approx(large[0].box, abs=0.05)


@installed
def test_lines_that_are_less_sure_than_asked_are_left_out() -> None:
    photo = with_text((480, 360), SIGN, 30)
    sure = [line.confidence for line in read_text(photo, confidence=0)]
    between = (min(sure) + max(sure)) / 2
    assert len(read_text(photo, confidence=between)) == sum(c >= between for c in sure) == 1


@installed
def test_the_engine_is_made_once() -> None:
    read_text(with_text((100, 60), []))
    assert ocr._engine() is ocr._engine()


def test_the_reader_is_imported_late() -> None:
    code = "import sys, vlm.ocr; print(sorted({'rapidocr', 'cv2', 'onnxruntime'} & {*sys.modules}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    really = builtins.__import__

    def absent(name: str, *rest: Any, **named: Any) -> Any:
        if name == "rapidocr":
            raise ModuleNotFoundError("No module named 'rapidocr'", name=name)
        return really(name, *rest, **named)

    ocr._engine.cache_clear()
    monkeypatch.setattr(builtins, "__import__", absent)
    monkeypatch.setattr("vlm.extras.find_spec", lambda name: None)
    photo = Image.new("RGB", (64, 64))
    for use in (lambda: read_text(photo), reader):
        with pytest.raises(ExtraMissing, match=r"pip install 'vlm-assistant\[ocr\]'"):
            use()


@installed
@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_damaged_models_are_named_and_nothing_is_downloaded(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rapidocr

    models = tmp_path / "models"
    shutil.copytree(Path(rapidocr.__file__).with_name("models"), models)
    model = models / "PP-OCRv6_det_small.onnx"
    if damage == "missing":
        model.unlink()
    else:
        model.write_bytes(model.read_bytes()[:100_000])
    monkeypatch.setattr(rapidocr, "__file__", str(tmp_path / "__init__.py"))
    ocr._engine.cache_clear()
    with pytest.raises(ModelFileDamaged, match="pip install --force-reinstall --no-deps rapidocr"):
        read_text(Image.new("RGB", (64, 64)))
    assert {p.name for p in models.iterdir()} >= {"PP-OCRv6_rec_small.onnx"}
    assert model.exists() == (damage == "cut")
    ocr._engine.cache_clear()


boxes = st.tuples(*[st.floats(0, 1)] * 4).map(
    lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
)


@given(st.lists(boxes))
def test_every_line_is_read_once_whatever_the_boxes(found: list[tuple[float, ...]]) -> None:
    assert sorted(reading_order(found)) == list(range(len(found)))  # type: ignore[arg-type]


@given(st.integers(8, 3000), st.integers(8, 30_000))
def test_pieces_cover_a_long_photo_and_overlap(width: int, height: int) -> None:
    pieces = list(ocr._pieces(width, height))
    along = 0 if width >= height else 1
    parts = [(piece[along], piece[along + 2]) for piece in pieces]
    assert parts[0][0] == 0 and parts[-1][1] == max(width, height)
    assert all(later < end for (_, end), (later, _) in pairwise(parts))
    across = {(piece[1 - along], piece[3 - along]) for piece in pieces}
    assert across == {(0, min(width, height))}


def test_a_line_that_two_pieces_show_is_told_once_and_rather_whole() -> None:
    whole = TextLine("Gate A", 0.9, (0.2, 0.1, 0.4, 0.2))
    cut = TextLine("ate A", 0.99, (0.25, 0.1, 0.4, 0.2))
    other = TextLine("Exit", 0.9, (0.2, 0.5, 0.4, 0.6))
    assert ocr._once([(True, cut), (False, whole), (False, other)]) == [whole, other]

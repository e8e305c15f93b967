"""The page in the docs runs as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from app_pages import checked, choose, library_of
from PIL import Image
from streamlit.testing.v1 import AppTest

from ui.settings import Settings

DOCS = Path(__file__).parents[1] / "docs" / "search-page.md"


def the_page() -> AppTest:
    (code,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    return checked(AppTest.from_string(code, default_timeout=60).run())


def test_the_page_that_the_docs_add_shows_a_library_and_the_lack_of_one(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, Settings(tmp_path / "none", "fake", "fake"))
    assert "no photo library" in the_page().error[0].value
    told = Image.Exif()
    told[0x010F], told[0x0110] = "Barn", "Barn 2000"
    Image.new("RGB", (64, 48), "white").save(photos / "white.jpg", exif=told)
    choose(monkeypatch, library_of(photos, tmp_path))
    app = the_page()
    assert app.title[0].value == "Your cameras"
    assert [text.value for text in app.text] == ["Barn 2000: 1 photo"]

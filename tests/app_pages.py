"""The app's pages run by Streamlit's own test runner, on the fake models and drawn photos."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from ui.services import build_index
from ui.settings import Settings

APP = Path(__file__).parents[1] / "ui" / "app.py"


def choose(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    for name, value in settings.as_env().items():
        monkeypatch.setenv(name, value)


def library_of(photos: Path, folder: Path) -> Settings:
    """A library of a folder of photos, made with the fake models."""
    settings = Settings(folder / "library", "fake", "fake")
    build_index(settings, [photos])
    return settings


def opened(page: str | None = None) -> AppTest:
    """A page as it is when it is first opened; a crash on the way fails the test."""
    app = AppTest.from_file(str(APP), default_timeout=60).run()
    if page is not None:
        app.switch_page(f"views/{page}.py").run()
    return checked(app)


def checked(app: AppTest) -> AppTest:
    assert [error.value for error in app.exception] == []
    return app


def drawn(colour: str, *, size: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    """The bytes of a photo of one colour."""
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, kind)
    return data.getvalue()


def texts(app: AppTest) -> list[str]:
    return [text.value for text in app.main.text]


def alts(app: AppTest) -> list[str]:
    """The alternative texts of the photos on the page, in their order."""
    return [image.alt for element in app.main.image for image in element.proto.imgs]


def components(app: AppTest) -> list[Any]:
    """What the components in the main part of the page are given."""
    return [json.loads(each.proto.json) for each in app.main.get("bidi_component")]


def announced(app: AppTest) -> str:
    """What the page's live region says."""
    [told] = [given for given in components(app) if isinstance(given, str)]
    return told


def read_aloud(app: AppTest) -> list[tuple[str, str]]:
    """What can be read aloud, and in which language."""
    given = [each for each in components(app) if "sentences" in each]
    return [(each["about"], each["language"]) for each in given]

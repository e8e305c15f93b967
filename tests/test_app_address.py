"""The address of the Search page: what is searched for can be shared, and gone back to."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_pages import APP, alts, checked, choose, library_of, opened
from streamlit.testing.v1 import AppTest
from test_app_search import search

from ui.settings import Settings


@pytest.fixture
def library(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = library_of(photos, tmp_path)
    choose(monkeypatch, settings)
    return settings


def at(**address: str) -> AppTest:
    """The page as it is when it is opened with an address of somebody else."""
    app = AppTest.from_file(str(APP), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    return checked(app.run())


def test_the_words_stand_in_the_address_and_the_address_searches(library: Settings) -> None:
    assert search(opened(), "blue").query_params["q"] in ("blue", ["blue"])
    app = at(q="blue")
    assert alts(app)[0] == "blue.webp"
    assert app.text_input(key="query").value == "blue"


def test_going_back_in_the_browser_goes_back_in_the_searches(library: Settings) -> None:
    app = search(search(opened(), "blue"), "red")
    app.query_params["q"] = "blue"
    assert alts(checked(app.run()))[0] == "blue.webp"
    assert app.text_input(key="query").value == "blue"
    app.query_params.clear()
    assert checked(app.run()).main.header[0].value == "Some of your photos"
    assert app.text_input(key="query").value == ""


def test_photos_like_one_have_an_address_without_any_path(library: Settings) -> None:
    app = search(opened(), "red")
    app.button(key="like-likely-0").click().run()
    ((name, value),) = app.query_params.items()
    digest = value if isinstance(value, str) else value[0]
    assert (name, len(digest)) == ("like", 64)
    assert alts(at(like=digest))[0] == "Where you are: red.png"
    app.query_params.clear()
    app.query_params["q"] = "red"
    assert alts(checked(app.run()))[0] == "red.png"
    assert app.session_state["trail"] == ()


@pytest.mark.parametrize("digest", ["00" * 32, "../../etc/passwd", "zz"])
def test_an_address_with_another_photo_is_an_error_on_the_page(
    library: Settings, digest: str
) -> None:
    app = at(like=digest)
    assert "not in the library" in app.main.error[0].value
    assert alts(search(app, "red"))[0] == "red.png"


def test_a_query_in_the_address_that_cannot_be_read_can_be_mended(library: Settings) -> None:
    app = at(q="red tyep:png")
    assert "did you mean type" in app.main.error[0].value
    assert app.text_input(key="query").value == "red tyep:png"
    app = search(app, "red type:png")
    assert not app.main.error
    assert alts(app) == ["red.png"]

"""From photo to photo on the Search page, and what is picked on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from app_pages import alts, checked, choose, library_of, opened, texts
from test_app_search import search

from ui.settings import Settings


@pytest.fixture
def library(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = library_of(photos, tmp_path)
    choose(monkeypatch, settings)
    return settings


def test_a_walk_from_photo_to_photo_goes_back_step_by_step(library: Settings) -> None:
    app = search(opened(), "red")
    app.button(key="like-likely-0").click().run()
    assert alts(checked(app))[0] == "Where you are: red.png"
    assert "red.png" not in alts(app)
    app.button(key="like-rest-0").click().run()
    here = alts(checked(app))[0]
    assert here != "Where you are: red.png"
    app.button(key="walk_back").click().run()
    assert alts(checked(app))[0] == "Where you are: red.png"
    app.button(key="walk_back").click().run()
    assert alts(checked(app))[0] == "red.png"


def test_a_walk_that_begins_with_a_shared_photo_goes_back_to_the_beginning(
    library: Settings,
) -> None:
    app = search(opened(), "red")
    app.button(key="like-likely-0").click().run()
    app.session_state["trail"] = ()
    app.button(key="walk_back").click().run()
    assert checked(app).main.header[0].value == "Some of your photos"
    assert not app.query_params


def test_a_photo_to_ask_about_is_picked_on_the_way_to_the_chat(
    library: Settings, photos: Path
) -> None:
    app = search(opened(), "red")
    app.button(key="pick-likely-0").click().run()
    assert checked(app).title[0].value == "Chat with your photos"
    assert app.session_state["picks"] == (photos / "red.png",)
    app.switch_page("views/search.py").run()
    assert "1 photo picked for the chat" in texts(checked(app))


def test_a_photo_opens_large_with_what_is_known_of_it(library: Settings, photos: Path) -> None:
    app = search(opened(), "red")
    app.button(key="large-likely-0").click().run()
    lines = [text.value for text in checked(app).text]  # the dialogue is beside the page
    assert any(line.startswith("File: ") and line.endswith("red.png") for line in lines)


def test_a_recent_query_is_searched_again(library: Settings) -> None:
    app = search(search(opened(), "red"), "blue")
    labels = [button.label for button in app.button if (button.key or "").startswith("recent-")]
    assert labels == ["blue", "red"]
    app.button(key="recent-1").click().run()
    assert alts(checked(app))[0] == "red.png"
    assert app.text_input(key="query").value == "red"

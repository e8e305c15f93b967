"""The Search page, through the entry script of the app."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
import streamlit as st
from app_pages import alts, checked, choose, drawn, library_of, opened, texts
from PIL import Image
from streamlit.testing.v1 import AppTest

from index.catalogue.records import Note
from index.library import Library
from ui.services import build_index
from ui.settings import Settings


@pytest.fixture
def library(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = library_of(photos, tmp_path)
    choose(monkeypatch, settings)
    return settings


def search(app: AppTest, words: str) -> AppTest:
    app.text_input(key="query").set_value(words)
    app.button(key="search_button").click().run()
    return checked(app)


def plain_labels(app: AppTest) -> list[str]:
    """What is written on the buttons, without the escapes of Markdown."""
    return [re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", button.label) for button in app.main.button]


@pytest.mark.parametrize(("words", "name"), [("red", "red.png"), ("something blue", "blue.webp")])
def test_the_photo_of_the_colour_asked_for_comes_first(
    library: Settings, words: str, name: str
) -> None:
    app = search(opened(), words)
    assert alts(app)[0] == name
    assert app.header[0].value == "Results"
    assert any("Strong match" in badge.value for badge in app.main.markdown)


def test_each_photo_shown_has_its_own_alternative_text(library: Settings) -> None:
    shown = alts(search(opened(), "red"))
    assert len(shown) == len(set(shown)) > 0
    assert all(shown)


def test_nothing_is_searched_for_before_a_search_and_for_no_words(library: Settings) -> None:
    app = opened()
    assert [header.value for header in app.main.header] == ["Some of your photos"]
    app = search(app, "   ")
    assert [header.value for header in app.main.header] == ["Some of your photos"]


def test_a_photo_finds_the_photos_that_look_like_it(library: Settings) -> None:
    app = opened()
    app.segmented_control(key="search_by").set_value("A photo").run()
    app.file_uploader(key="search_photo").upload("mine.png", drawn("green"), "image/png").run()
    checked(app)
    assert alts(app)[:2] == ["Your photo: mine.png", "green.jpg"]


def test_before_the_first_search_the_newest_photos_are_shown(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for year in (2021, 2023, 2022):
        Image.new("RGB", (64, 48), (year % 256, 0, 0)).save(photos / f"IMG_{year}0203_120000.png")
    choose(monkeypatch, library_of(photos, tmp_path))
    app = opened()
    assert app.main.header[0].value == "Some of your photos"
    names = [f"IMG_{year}0203_120000.png" for year in (2023, 2022, 2021)]
    assert alts(app)[:3] == names
    assert sorted(alts(app)[3:]) == ["blue.webp", "green.jpg", "red.png"]  # without a date
    monkeypatch.setattr("ui.search_page.newest._MOST", 2)
    st.cache_resource.clear()
    app = opened()
    assert (app.main.header[0].value, alts(app)) == ("Newest photos", names[:2])
    assert "3 Feb 2023 · photos" in texts(app)
    assert [header.value for header in search(app, "red").main.header] == ["Results"]


def test_filters_that_leave_no_photo_are_explained(library: Settings) -> None:
    app = search(opened(), "red type:gif")
    assert app.info[0].value == r"No photo is a gif\; there are\: jpeg\, png\, webp\."


def test_filters_alone_show_photos_without_a_similarity(library: Settings) -> None:
    app = search(opened(), "type:png")
    assert alts(app) == ["red.png"]
    assert not any("similarity" in text.value for text in app.main.text)


def test_a_query_that_cannot_be_read_is_an_error_on_the_page(library: Settings) -> None:
    app = search(opened(), "cat tyep:png")
    assert "did you mean type" in app.error[0].value


def test_words_and_photo_do_not_show_each_others_hits(library: Settings) -> None:
    app = search(opened(), "red")
    app.segmented_control(key="search_by").set_value("A photo").run()
    assert alts(checked(app)) == []


def test_hits_are_still_there_after_a_visit_to_another_page(library: Settings) -> None:
    app = search(opened(), "red")
    app.switch_page("views/chat.py").run()
    app.switch_page("views/search.py").run()
    assert alts(checked(app))[0] == "red.png"
    assert app.text_input(key="query").value == "red"


def test_nothing_matches_is_said_plainly_and_the_nearest_photos_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    Image.new("RGB", (64, 48), "red").save(photos / "red.png")
    choose(monkeypatch, library_of(photos, tmp_path))
    app = search(opened(), "blue *dots*")
    assert app.header[0].value == "Nothing matches"
    assert "blue \\*dots\\*" in app.info[0].value
    (nearest,) = (one for one in app.expander if one.label == "The nearest photos")
    assert nearest.proto.expanded


def test_without_a_library_the_page_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, Settings(tmp_path / "none", "fake", "fake"))
    app = opened()
    assert app.header[0].value == "No photos yet"
    command = f"vlm index PHOTO_FOLDER --library {tmp_path / 'none'} --model fake"
    assert app.main.code[0].value == command
    assert not (tmp_path / "none").exists()


def test_a_damaged_library_is_an_error_and_stays_as_it_is(library: Settings) -> None:
    catalogue = library.library / "catalogue.db"
    catalogue.write_bytes(b"not a database " * 100)
    app = opened()
    assert "damaged" in checked(app).main.error[0].value
    assert catalogue.read_bytes() == b"not a database " * 100


def test_where_another_model_looked_at_the_photos_the_page_offers_that_one(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLM_MODEL", "starter")
    app = opened()
    assert app.main.header[0].value == "Your photos are new to starter"
    assert app.main.code[0].value == f"vlm index PHOTO_FOLDER --library {library.library}"
    assert "3 photos, none searched by starter yet" in [text.value for text in app.sidebar.text]
    app.button(key="use-0").click().run()
    assert alts(search(checked(app), "red"))[0] == "red.png"


def test_photos_that_the_model_has_not_looked_at_are_counted(
    library: Settings, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = photos.parent / "more"
    more.mkdir()
    Image.new("RGB", (64, 48), "white").save(more / "white.png")
    build_index(Settings(library.library, "starter", "fake"), [more])
    told = "3 photos of 4 cannot be found with starter yet: "
    monkeypatch.setenv("VLM_MODEL", "starter")
    assert told + "choose Look for changes on the Library page." in texts(opened())


def test_an_empty_library_says_how_to_add_photos(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, Settings(tmp_path / "library", "fake", "fake"))
    with Library.open(tmp_path / "library", create=True):
        pass
    app = opened()
    assert app.header[0].value == "No photos yet"
    assert "No photos yet" in [text.value for text in app.sidebar.text]


def test_a_file_name_is_shown_as_it_is_and_never_read_as_markdown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    name = "![x](http:) **red** :smile: <b>.png"
    Image.new("RGB", (64, 48), "red").save(photos / name)
    choose(monkeypatch, library_of(photos, tmp_path))
    app = search(opened(), "red")
    assert name in texts(app)
    assert alts(app) == [name]
    assert all("red" not in markdown.value for markdown in app.main.markdown)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes no such name")
def test_a_file_name_that_is_not_unicode_is_shown_with_an_escape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / os.fsdecode(b"caf\xe9.png")).write_bytes(drawn("red"))
    choose(monkeypatch, library_of(photos, tmp_path))
    assert "caf\\udce9.png" in texts(search(opened(), "red"))
    app = opened("chat")
    app.chat_input(key="message").set_value("something red").run()
    assert any("[1] caf\\udce9.png" in label for label in plain_labels(checked(app)))


def test_photos_on_a_disk_that_is_not_connected_are_said_once_and_keep_their_places(
    library: Settings, photos: Path
) -> None:
    photos.rename(photos.with_name("away"))
    app = search(opened(), "red")
    assert not app.main.error
    (told,) = app.main.warning
    assert told.value.startswith("3 of these photos cannot be reached")
    assert texts(app).count("The file is not there now") == 3
    assert texts(app).index("red.png") > 0


def test_a_photo_that_was_shown_before_its_disk_went_is_shown_still(
    library: Settings, photos: Path
) -> None:
    app = search(opened(), "in:photos")
    (photos / "red.png").rename(photos / "away.png")
    app = search(app, "red")
    assert alts(app)[0] == "red.png"
    app.button(key="large-likely-0").click().run()
    assert "The file is not there now; this small picture was kept." in [
        text.value for text in checked(app).text
    ]
    app.button(key="like-likely-0").click().run()
    assert "no such file" in checked(app).main.error[0].value
    assert alts(app)[0] == "red.png"  # what led there is still there


def test_a_file_that_is_no_photo_is_an_error_not_a_crash(library: Settings) -> None:
    app = opened()
    app.segmented_control(key="search_by").set_value("A photo").run()
    app.file_uploader(key="search_photo").upload("a.png", b"not a photo", "image/png").run()
    assert "not an image" in checked(app).main.error[0].value


def test_an_unknown_model_is_an_error_that_lists_the_known_ones(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLM_MODEL", "startre")
    app = opened()
    assert "Did you mean" in app.main.error[0].value


def test_the_side_bar_counts_the_photos_and_names_the_models(library: Settings) -> None:
    shown = [text.value for text in opened().sidebar.text]
    assert "3 photos" in shown
    assert "Search: fake" in shown
    assert str(library.library) in shown
    assert "Photos and questions stay on this machine." in shown


def test_the_side_bar_says_how_many_photos_were_read_and_captioned(library: Settings) -> None:
    with Library.open(library.library) as held:
        digests = [content.hash for content in held.catalogue.contents()]
        for digest in digests:
            held.catalogue.put_note(digest, Note("ocr", "", "model", "2026"))
        held.catalogue.put_note(digests[0], Note("caption", "My dog", "human", "2026"))
    shown = [text.value for text in opened().sidebar.text]
    assert "Text read in 3 and captions for 1 of 3 photos" in shown


def test_the_side_bar_says_which_server_gets_the_photos(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLM_DESCRIBER", "openai:some/model@http://10.0.0.1:8000/v1")
    shown = [text.value for text in opened().sidebar.text]
    assert "Photos you ask about are sent to http://10.0.0.1:8000/v1." in shown

"""Photos that are ticked on the Search page: asked about, put in order, taken along."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path

import pytest
from app_pages import alts, checked, choose, drawn, library_of, opened, texts
from streamlit.testing.v1 import AppTest
from test_app_search import search

from index.catalogue.records import Note
from index.library import Library
from index.records import Hit
from ui.search_page.exporting import as_csv, as_zip, names_in_zip
from ui.search_page.results import NEWEST, OLDEST, in_order
from ui.settings import Settings


@pytest.fixture
def library(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = library_of(photos, tmp_path)
    choose(monkeypatch, settings)
    return settings


def tick(app: AppTest, name: str) -> AppTest:
    (box,) = (box for box in app.checkbox if box.label == f"Select {name}")
    (box.uncheck if box.value else box.check)().run()
    return checked(app)


def test_photos_are_ticked_over_several_searches_and_asked_about(
    library: Settings, photos: Path
) -> None:
    app = tick(search(opened(), "red"), "red.png")
    app = tick(search(app, "green"), "green.jpg")
    assert "2 selected" in texts(app)
    app = tick(app, "red.png")
    assert "1 selected" in texts(app)
    app = tick(app, "red.png")
    app.button(key="ask_selected").click().run()
    assert checked(app).title[0].value == "Chat with your photos"
    assert app.session_state["picks"] == (photos / "green.jpg", photos / "red.png")


def test_all_photos_that_match_are_selected_and_cleared_at_once(
    library: Settings, photos: Path
) -> None:
    app = search(opened(), "in:photos")
    app.button(key="select_all").click().run()
    assert "3 selected" in texts(checked(app))
    assert all(box.value for box in app.checkbox)
    assert "\n" in app.main.code[0].value and str(photos / "red.png") in app.main.code[0].value
    app.button(key="clear").click().run()
    assert not any(box.value for box in checked(app).checkbox)


def test_selected_photos_are_described_and_get_alternative_texts(
    library: Settings, photos: Path
) -> None:
    app = tick(tick(search(opened(), "red"), "red.png"), "green.jpg")
    (photos / "green.jpg").unlink()
    app.button(key="describe_selected").click().run()
    assert checked(app).title[0].value == "Describe photos"
    assert [header.value for header in app.main.header] == [r"red\.png"]
    assert "green" in app.main.error[0].value
    assert app.main.text_area[0].value == "A red picture of 64 by 48 pixels."


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes no such name")
def test_names_that_are_not_unicode_are_selected_and_no_filter_is_offered_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    (folder / os.fsdecode(b"na\xefve.png")).write_bytes(drawn("red"))
    choose(monkeypatch, library_of(folder, tmp_path))
    app = search(opened(), "red")
    app.button(key="select_all").click().run()
    assert "caf\\udce9" in checked(app).main.code[0].value
    assert "filter-in" not in [box.key for box in app.selectbox if box.options]
    app.button(key="describe_selected").click().run()
    assert len(checked(app).main.header) == 1


def test_photos_that_do_not_match_are_selected_too(library: Settings) -> None:
    app = search(opened(), "zebra crossing")
    assert app.main.header[0].value == "Nothing matches"
    assert "1 selected" in texts(tick(app, "red.png"))


def test_more_photos_are_shown_where_there_may_be_more(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.searches.FIRST", 2)
    app = search(opened(), "in:photos")
    assert len(alts(app)) == 2
    assert any(text.startswith("The best 2 photos for") for text in texts(app))
    app.button(key="more").click().run()
    assert len(alts(checked(app))) == 3
    assert "more" not in [button.key for button in app.button]


def test_a_zip_has_the_very_files_and_leaves_out_those_that_cannot_be_read(tmp_path: Path) -> None:
    paths = [tmp_path / folder / "a.png" for folder in "xyz"]
    for path, colour in zip(paths[:2], ("red", "blue"), strict=True):
        path.parent.mkdir()
        path.write_bytes(drawn(colour))
    paths.append(tmp_path / "closed.png")
    paths[-1].mkdir()
    with zipfile.ZipFile(io.BytesIO(as_zip(paths))) as archive:
        assert archive.namelist() == ["a.png", "a (2).png"]
        assert archive.read("a (2).png") == drawn("blue")
    assert names_in_zip([Path("/x/..")]) == [".."] or "/" not in names_in_zip([Path("/x/..")])[0]


def test_a_list_has_the_descriptions_and_no_formulas() -> None:
    path = Path("=1+1.jpg")
    table = as_csv([path], {path: '=HYPERLINK("http:x")'}).decode("utf-8-sig")
    assert table.splitlines()[1] == './=1+1.jpg,"\'=HYPERLINK(""http:x"")"'


def test_photos_are_put_in_order_by_date_and_those_without_come_last() -> None:
    dates = {"a": "2023-01-01T00:00:00", "b": None, "c": "2024-01-01T00:00:00"}
    hits = [Hit(Path(name), 0.5, "strong", {}, date) for name, date in dates.items()]
    assert [hit.path.name for hit in in_order(hits, NEWEST)] == ["c", "a", "b"]
    assert [hit.path.name for hit in in_order(hits, OLDEST)] == ["a", "c", "b"]


def test_a_photo_is_told_by_its_caption_where_it_has_one(library: Settings) -> None:
    with Library.open(library.library) as held:
        for content in list(held.catalogue.contents()):
            note = Note("caption", f"On the beach: {content.path.stem}", "human", "2026")
            held.catalogue.put_note(content.hash, note)
    assert alts(search(opened(), "red"))[0] == "On the beach: red"


def test_a_filter_that_is_chosen_becomes_a_part_of_the_query(
    library: Settings, photos: Path
) -> None:
    app = search(opened(), "red")
    app.selectbox(key="filter-in").set_value(str(photos)).run()
    assert checked(app).text_input(key="query").value == f"red in:{photos}"
    assert app.selectbox(key="filter-in").value == str(photos)
    app.button(key="no_filters").click().run()
    assert checked(app).text_input(key="query").value == "red"


def test_where_filters_leave_nothing_the_words_are_offered_without_them(library: Settings) -> None:
    app = search(opened(), "red in:nowhere")
    app.button(key="without_filters").click().run()
    assert alts(checked(app))[0] == "red.png"

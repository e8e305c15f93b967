"""The Library page, through the entry script of the app."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from app_pages import alts, checked, choose, library_of, opened, texts
from PIL import Image
from streamlit.testing.v1 import AppTest

from index.records import Progress, Report
from index.scanning import scan
from ui import resources
from ui.library_page.jobs import Show
from ui.searching import build_index
from ui.settings import Settings


@pytest.fixture(autouse=True)
def _no_job_of_before() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    resources.jobs().stop()
    resources.jobs().wait(60)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = Settings(tmp_path / "library", "fake", "fake")
    choose(monkeypatch, settings)
    return settings


@pytest.fixture
def dated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Two photos of Rome in June 2023 by one camera, a copy of one of them, and a broken file."""
    folder = tmp_path / "photos"
    folder.mkdir()
    exif = Image.Exif()
    exif[0x0110] = "X-T5"
    exif.get_ifd(0x8769)[0x9003] = "2023:06:03 12:00:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (41.0, 54.0, 0.0), "E", (12.0, 30.0, 0.0)
    for colour in ("red", "blue"):
        Image.new("RGB", (64, 48), colour).save(folder / f"{colour}.jpg", exif=exif)
    (folder / "copy.jpg").write_bytes((folder / "red.jpg").read_bytes())
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff not a photo")
    settings = library_of(folder, tmp_path)
    choose(monkeypatch, settings)
    return settings


def add(app: AppTest, folder: str) -> AppTest:
    app.text_input(key="folder").set_value(folder)
    app.button(key="add_button").click().run()
    return checked(app)


def done(app: AppTest) -> AppTest:
    resources.jobs().wait(60)
    return checked(app.run())


def headers(app: AppTest) -> list[str]:
    return [header.value for header in app.main.header]


def test_a_library_is_made_from_the_page(empty: Settings, photos: Path) -> None:
    app = opened("library")
    assert headers(app) == ["No photos yet"]
    app = done(add(app, f' "{photos}" '))
    assert "3 photos are new" in app.success[0].value
    assert app.metric[0].value == "3"
    assert headers(app)[:2] == ["Add photos", "When"]


@pytest.mark.parametrize("folder", ["/no/such/folder", "~nobody-of-this-name/photos"])
def test_a_folder_that_is_not_there_is_an_error_and_no_library_is_made(
    empty: Settings, folder: str
) -> None:
    app = add(opened("library"), folder)
    assert "no such file or folder" in app.error[0].value
    assert not empty.library.exists()


def test_a_folder_without_photos_is_an_error_of_the_job(empty: Settings, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    app = done(add(opened("library"), str(tmp_path / "bare")))
    assert "no photos here" in app.error[0].value


def test_a_part_of_the_map_can_be_looked_at_closely(tmp_path: Path, empty: Settings) -> None:
    for number, (north, east) in enumerate([(41.9, 12.5), (43.3, 11.3), (35.7, 139.7)]):
        exif = Image.Exif()
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (north, 0.0, 0.0), "E", (east, 0.0, 0.0)
        Image.new("RGB", (64, 48), (number, 0, 0)).save(tmp_path / f"{number}.jpg", exif=exif)
    app = done(add(opened("library"), str(tmp_path)))
    part = app.selectbox(key="map_part")
    assert part.options[0] == "All places" and len(part.options) == 2
    assert part.options[1].endswith("and 1 more place")
    part.set_value(part.options[1]).run()
    assert app.selectbox(key="map_part").value == part.options[1]
    checked(app)


def test_a_folder_that_may_not_be_read_is_said_at_once(
    empty: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    app = opened("library")
    with monkeypatch.context() as without:
        without.setattr(scan.os, "scandir", refuse)
        app = add(app, str(tmp_path))
    assert "the folder cannot be read (permission denied)" in app.error[0].value.replace("\\", "")
    assert not empty.library.exists()


def test_a_folder_that_is_added_twice_changes_nothing(dated: Settings) -> None:
    folder = str(dated.library.parent / "photos")
    app = done(add(opened("library"), folder))
    assert "3 photos are as before, 1 skipped" in app.success[0].value.replace("\\", "")
    assert app.metric[0].value == "3"


def test_a_folder_that_vanished_is_named_and_its_photos_leave_the_search(dated: Settings) -> None:
    folder = dated.library.parent / "photos"
    folder.rename(folder.with_name("elsewhere"))
    app = opened("library")
    assert any(text.startswith(f"Not there any more: {folder}.") for text in texts(app))
    app.button(key="refresh").click().run()
    app = done(app)
    assert "3 photos are missing" in app.success[0].value
    assert headers(app)[0] == "No photos yet"
    app = done(add(app, str(folder.with_name("elsewhere"))))
    assert app.metric[0].value == "3"


@pytest.mark.parametrize("key", ["find_duplicates", "note_captions"])
def test_a_library_that_is_deleted_while_its_page_is_open_is_seen_to_be_gone(
    dated: Settings, key: str
) -> None:
    app = opened("library")
    shutil.rmtree(dated.library)
    app = done(app.button(key=key).click().run())
    assert headers(app)[0] == "No photos yet"
    assert not dated.library.exists()


def test_a_library_that_is_deleted_while_it_grows_ends_the_job_in_words(
    dated: Settings, tmp_path: Path
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for number in range(100):
        Image.new("RGB", (64, 48), (number, 9, 9)).save(more / f"{number}.png")
    going, go_on = threading.Event(), threading.Event()

    def work(show: Show) -> Report:
        def tell(progress: Progress) -> None:
            show(progress)
            if progress.done > 30:
                going.set()
                go_on.wait(30)

        return build_index(dated, [more], tell)

    assert resources.jobs().start("Indexing photos", work)
    assert going.wait(60)
    shutil.rmtree(dated.library)
    go_on.set()
    app = done(opened("library"))
    assert [error.value for error in app.error] != []
    assert "fault of the program" not in app.error[0].value


def test_no_folder_is_asked_for(empty: Settings) -> None:
    assert "Name a folder" in add(opened("library"), "  ").warning[0].value


def test_what_is_in_the_library_is_counted_and_shown_as_tables_too(dated: Settings) -> None:
    app = opened("library")
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Photos"] == "3"
    assert shown["Taken"] == "2023"
    assert shown["Places"] == "1"
    tables = [table.value.to_dict("records") for table in app.main.table]
    assert tables == [
        [{"Time": "June 2023", "Photos": 3}],
        [{"Place": "Rome, Italy", "Photos": 3}],
    ]


def test_a_camera_is_searched_when_it_is_chosen(dated: Settings) -> None:
    app = opened("library")
    app.button(key="camera_0").click().run()
    assert sorted(alts(checked(app))) == ["blue.jpg", "copy.jpg", "red.jpg"]
    assert app.text_input(key="query").value == "camera:X-T5"


def test_skipped_files_are_listed_with_their_reasons(dated: Settings) -> None:
    app = opened("library")
    group = next(one for one in app.main.expander if one.label.startswith("1 file"))
    assert group.text[0].value.endswith("broken.jpg")


def test_copies_stand_side_by_side_with_the_command_that_moves_them(dated: Settings) -> None:
    app = opened("library")
    app.button(key="find_duplicates").click().run()
    app = done(app)
    assert sorted(alts(app)) == ["copy.jpg", "red.jpg"]
    command = f"vlm duplicates --move-to FOLDER --library {dated.library}"
    assert command in [code.value for code in app.main.code]
    assert any("Keep" in badge.value for badge in app.main.markdown)


def test_a_job_is_seen_and_stopped_from_another_session_and_a_second_one_waits(
    dated: Settings,
) -> None:
    going, go_on = threading.Event(), threading.Event()

    def work(show: Show) -> Report:
        report = Report(added=1)
        try:
            for number in range(1000):
                show(Progress(40 + number, 1040, 1, 20.0, 4.0))
                going.set()
                go_on.wait(0.05)
        except KeyboardInterrupt:
            report.interrupted = True
        show(Progress(41, 1040, 1, 20.0, 4.0))  # what is stored afterwards is told of too
        return report

    assert resources.jobs().start("Indexing photos", work)
    going.wait(30)
    app = opened("library")
    assert app.main.subheader[0].value == "Indexing photos"
    assert any("of 1040, 20.0 photos/s" in text for text in texts(app))
    assert app.button(key="add_button").disabled
    assert not resources.jobs().start("another", work)
    other = opened("library")
    other.button(key="stop_job").click().run()
    app = done(app)
    assert "1 photo is new" in app.success[0].value
    assert "what was done until then is kept" in app.success[0].value


def test_a_damaged_library_is_an_error_and_stays_as_it_is(dated: Settings) -> None:
    catalogue = dated.library / "catalogue.db"
    catalogue.write_bytes(b"not a database " * 100)
    assert "damaged" in opened("library").main.error[0].value
    assert catalogue.read_bytes() == b"not a database " * 100

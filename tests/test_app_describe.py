"""The Describe page, through the entry script of the app."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from app_pages import alts, announced, checked, choose, components, drawn, opened, read_aloud, texts
from streamlit.testing.v1 import AppTest

from ui.alt.table import alt_csv
from ui.settings import Settings
from ui.uploads import MAX_PHOTOS


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    chosen = Settings(tmp_path / "none", "fake", "fake")
    choose(monkeypatch, chosen)
    return chosen


def add(app: AppTest, **photos: bytes) -> AppTest:
    uploader = app.file_uploader[0]
    for name, data in photos.items():
        uploader.upload(f"{name}.png", data, "image/png")
    uploader.run()
    return checked(app)


def edited(app: AppTest, words: str) -> AppTest:
    app.text_area[0].set_value(words).run()
    return checked(app)


def copied(app: AppTest) -> str:
    """What the first button to copy would copy."""
    texts = [given["text"] for given in components(app) if "field" in given]
    return str(texts[0])


def test_a_photo_gets_a_caption_and_an_alternative_text() -> None:
    app = add(opened("describe"), sea=drawn("blue"))
    assert "a blue picture of 64 by 48 pixels" in texts(app)
    assert app.text_area[0].value == "A blue picture of 64 by 48 pixels."
    assert alts(app) == [app.text_area[0].value]
    assert read_aloud(app) == [("caption of sea.png", "en"), ("alternative text of sea.png", "en")]
    assert announced(app) == "sea.png: A blue picture of 64 by 48 pixels."


def test_an_edited_text_is_counted_and_can_be_copied() -> None:
    app = edited(add(opened("describe"), sea=drawn("blue")), "The sea.")
    assert "8 of 125 characters" in texts(app)
    assert copied(app) == "The sea."
    assert alts(app) == ["The sea."]


def test_a_text_over_the_limit_is_kept_and_said_to_be_long() -> None:
    app = edited(add(opened("describe"), sea=drawn("blue")), "x" * 126)
    assert any(text.startswith("126 of 125 characters. Some screen") for text in texts(app))
    assert app.text_area[0].value == "x" * 126


def test_an_emptied_text_stays_empty_and_nothing_is_copied_or_announced() -> None:
    app = edited(add(opened("describe"), sea=drawn("blue")), "")
    app.run()
    assert app.text_area[0].value == ""
    assert [given for given in components(app) if "field" in given] == []
    assert announced(app) == "sea.png: A blue picture of 64 by 48 pixels."  # as before


def test_an_edited_text_survives_a_visit_to_another_page() -> None:
    app = edited(add(opened("describe"), sea=drawn("blue")), "The sea.")
    app.switch_page("views/chat.py").run()
    app.switch_page("views/describe.py").run()
    assert checked(app).text_area[0].value == "The sea."


def test_photos_are_added_to_those_that_are_there_each_once() -> None:
    app = add(opened("describe"), sea=drawn("blue"), barn=drawn("red"))
    app = add(app, again=drawn("red"), field=drawn("green"))
    assert [header.value for header in app.header] == ["sea\\.png", "barn\\.png", "field\\.png"]
    assert "This photo was added twice as again.png. It is here once." in texts(app)
    assert announced(app) == "field.png: A green picture of 64 by 48 pixels."


def test_what_does_not_fit_is_left_out_until_there_is_room_again() -> None:
    many = {f"photo{n}": drawn("red", size=(8 + n, 8)) for n in range(MAX_PHOTOS - 1)}
    app = add(opened("describe"), **many)
    assert announced(app) == f"{MAX_PHOTOS - 1} photos described."
    app = add(app, sea=drawn("blue"), field=drawn("green"))
    assert len(app.header) == MAX_PHOTOS
    [error] = app.main.error
    assert error.value.startswith("Left out\\: field\\.png\\. ")
    app.button(key="remove_all").click().run()
    assert len(add(app, field=drawn("green")).header) == 1


def test_a_question_is_answered_below_the_photo_it_is_about() -> None:
    app = add(opened("describe"), sea=drawn("blue"), barn=drawn("red"))
    app.text_input[1].set_value("which colour?")
    [_, ask] = [button for button in app.button if button.label == "Ask"]
    ask.click().run()
    assert "which colour? a red picture of 64 by 48 pixels" in texts(checked(app))
    assert read_aloud(app)[-1] == ("answer 1 of barn.png", "en")
    assert announced(app) == "Answer: which colour? a red picture of 64 by 48 pixels"


def test_a_longer_description_and_tags_come_when_they_are_asked_for() -> None:
    app = add(opened("describe"), sea=drawn("blue"))
    [more] = [button for button in app.button if button.label == "Longer description and tags"]
    more.click().run()
    assert "This model writes no longer descriptions." in texts(checked(app))
    assert "Tags: none" in texts(app)


def test_the_camera_is_off_until_it_is_switched_on_and_says_what_it_does() -> None:
    app = opened("describe")
    assert not any("camera is on" in text for text in texts(app))
    app.toggle(key="camera_on").set_value(True).run()
    assert (
        "The camera is on until you switch this off or leave the page. "
        "Pictures are not stored and stay with this server."
    ) in texts(checked(app))


def test_an_empty_question_is_an_error_that_says_what_to_ask() -> None:
    app = add(opened("describe"), sea=drawn("blue"))
    next(button for button in app.button if button.label == "Ask").click().run()
    assert "empty" in checked(app).main.error[0].value


def test_a_broken_file_is_an_error_and_the_others_are_described() -> None:
    app = add(opened("describe"), broken=b"\x89PNG", sea=drawn("blue"))
    assert "broken\\.png" in app.main.error[0].value
    assert len(app.text_area) == 1


def test_remove_all_empties_the_page() -> None:
    app = add(opened("describe"), sea=drawn("blue"))
    app.button(key="remove_all").click().run()
    assert alts(checked(app)) == []
    assert len(app.text_area) == 0


def test_the_table_holds_each_text_and_no_formula() -> None:
    rows = [("a.jpg", 'A cat, "asleep".'), ("=b.jpg", "=1+1"), ("ü.jpg", "Größe\nzwei")]
    read = list(csv.reader(io.StringIO(alt_csv(rows).decode("utf-8-sig"))))
    assert read == [
        ["path", "alt_text"],
        ["a.jpg", 'A cat, "asleep".'],
        ["./=b.jpg", "'=1+1"],
        ["ü.jpg", "Größe\nzwei"],
    ]

"""The Review page, through the entry script of the app."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from app_pages import alts, announced, checked, choose, library_of, opened, read_aloud, texts
from cli_runs import run
from streamlit.testing.v1 import AppTest

from index.catalogue.catalogue import Catalogue
from index.catalogue.ledger_records import Draft
from ui.review_desk import review_desk
from ui.settings import Settings
from vlm.checked.claims import CheckedDescription, Claim, Evidence


@pytest.fixture
def library(photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A library whose three photos have texts that wait: red, green, blue."""
    settings = library_of(photos, tmp_path)
    choose(monkeypatch, settings)
    run("alt", photos / "red.png", photos / "green.jpg", photos / "sub" / "blue.webp")
    review_desk.clear()
    return settings


def press(app: AppTest, label: str) -> AppTest:
    app.button(key=f"review_{label}").click().run()
    return checked(app)


def photo(app: AppTest) -> str:
    """The photo that is asked about."""
    [alt] = alts(app)
    return alt.removeprefix("The photo ")


def human_texts(settings: Settings) -> list[str]:
    with closing(Catalogue(settings.library)) as catalogue:
        return [note.value for _, note in catalogue.accepted()]


def test_an_accepted_text_makes_room_for_the_next_which_is_announced(library: Settings) -> None:
    app = opened("review")
    assert announced(app).startswith("3 left. Next: ")
    first = photo(app)
    text = app.text_area[0].value
    app = press(app, "accept")
    assert photo(app) != first
    assert announced(app) == f"Accepted. 2 left. Next: {photo(app)}."
    assert human_texts(library) == [text]


def test_an_edited_text_is_what_is_accepted(library: Settings) -> None:
    app = opened("review")
    app.text_area[0].set_value("A wall.").run()
    assert "7 of 125 characters, by fake" in texts(checked(app))
    app = press(app, "accept")
    assert announced(app).startswith("Accepted with your changes. 2 left.")
    assert human_texts(library) == ["A wall."]


def test_each_proposed_text_can_be_read_aloud_in_its_language(library: Settings) -> None:
    assert read_aloud(opened("review")) == [("alternative text", "en")]
    with closing(Catalogue(library.library)) as catalogue:
        (digest, _) = catalogue.waiting()[0]
        draft = Draft("Ein Hund.", extended="Ein Hund am Strand.", verdict="review")
        catalogue.put_draft(digest, "another", "own-1 alt_text de", draft)
    read = read_aloud(opened("review"))
    assert read == [("alternative text", "de"), ("extended description", "de")]


def test_words_that_are_not_accepted_yet_survive_a_reload_and_another_page(
    library: Settings,
) -> None:
    app = opened("review")
    name = photo(app)
    app.text_area[0].set_value("Half a senten").run()
    again = opened("review")
    assert (photo(again), again.text_area[0].value) == (name, "Half a senten")
    again.switch_page("views/chat.py").run()
    again.switch_page("views/review.py").run()
    assert checked(again).text_area[0].value == "Half a senten"
    assert human_texts(library) == []


def test_no_text_at_all_is_not_accepted_and_the_photo_stays(library: Settings) -> None:
    app = opened("review")
    name = photo(app)
    app.text_area[0].set_value("").run()
    app = press(app, "accept")
    assert "Decorative" in app.main.error[0].value
    assert photo(app) == name
    assert announced(app).startswith("Not done. 3 left.")


def test_skipped_photos_come_back_after_the_others(library: Settings) -> None:
    app = opened("review")
    names = [photo(app)]
    for _ in range(3):
        app = press(app, "skip")
        names.append(photo(app))
    assert len(set(names[:3])) == 3
    assert names[3] == names[0]
    assert announced(app).startswith("Skipped. 3 left.")


def test_at_the_end_of_the_queue_nothing_is_left_and_all_can_be_downloaded(
    library: Settings,
) -> None:
    app = press(press(press(opened("review"), "accept"), "decorative"), "reject")
    assert announced(app) == "Rejected. Nothing is left."
    assert [header.value for header in app.header] == ["Nothing to review", "Reviewed texts"]
    assert sorted(human_texts(library))[0] == ""
    assert len(human_texts(library)) == 2
    assert len(app.main.get("download_button")) == 2


def test_a_text_rejected_in_a_page_is_said_to_be_taken_out(library: Settings, photos: Path) -> None:
    page = photos / "page.html"
    page.write_text('<img src="red.png"><img src="green.jpg"><img src="sub/blue.webp">')
    run("alt", page, "--write", "html")
    app = opened("review")
    name = photo(app)
    assert any("page.html, line 1 (page)" in text for text in texts(app))
    app = press(app, "reject")
    assert announced(app).startswith("Rejected. Taken out of 1 place. 2 left.")
    assert f'{name}">' in page.read_text()


def test_a_text_edited_here_is_written_where_a_page_says_the_former_one(
    library: Settings, photos: Path
) -> None:
    page = photos / "page.html"
    page.write_text('<img src="red.png"><img src="green.jpg"><img src="sub/blue.webp">')
    run("alt", page, "--write", "html")
    app = opened("review")
    app.text_area[0].set_value("A wall.").run()
    app = press(app, "accept")
    done = "Accepted with your changes. Written into 1 place. 2 left."
    assert announced(app).startswith(done)
    assert page.read_text().count('alt="A wall."') == 1


def test_evidence_and_variations_are_words_and_never_markdown(
    library: Settings, photos: Path
) -> None:
    claim = Claim("**a dog**", "hedge", (Evidence("samples", 0.6, "<b>in 3 of 5</b>"),))
    found = CheckedDescription("A dog.", (claim,), ("![x](http:y)",), "review", "a dog")
    with closing(Catalogue(library.library)) as catalogue:
        [digest] = {digest for digest, _ in catalogue.waiting()[:1]}
        draft = Draft("![x](http:y) <b>", verdict="review", evidence=json.dumps(found.as_json()))
        catalogue.put_draft(digest, "another", "alt 1", draft)
    app = opened("review")
    assert "“**a dog**”: doubtful" in texts(app)
    assert "Other replies of the model, 60% for it: <b>in 3 of 5</b>" in texts(app)
    assert "1. ![x](http:y)" in texts(app)
    assert any(text.startswith("Check this one") for text in texts(app))
    assert all("dog" not in each.value and "http" not in each.value for each in app.main.markdown)


def test_without_a_library_the_page_says_how_texts_come_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(monkeypatch, Settings(tmp_path / "none", "fake", "fake"))
    app = opened("review")
    assert app.header[0].value == "Nothing to review"
    assert not (tmp_path / "none").exists()


def test_shortcuts_can_be_turned_off_and_stay_off(library: Settings) -> None:
    app = opened("review")
    assert app.button(key="review_accept").proto.shortcut == "a"
    app.toggle(key="single_keys").set_value(False).run()
    assert app.button(key="review_accept").proto.shortcut == ""
    app = press(app, "accept")
    assert app.button(key="review_accept").proto.shortcut == ""

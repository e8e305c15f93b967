"""The services that both faces share, without any face."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from index.records import Progress, Skipped
from ui import services
from ui.settings import Settings
from vlm.errors import ImageUnreadable, LibraryMissing, NoPhotos, PathMissing, QuestionInvalid


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "library", model="fake", describer="fake")


def test_what_was_indexed_is_found(settings: Settings, photos: Path) -> None:
    report = services.build_index(settings, [photos])
    assert (report.added, report.skipped) == (3, [])
    best = services.search(settings, "something green", 1).hits[0]
    assert (best.path, best.band) == (photos / "green.jpg", "strong")


def test_indexing_tells_how_far_it_is(settings: Settings, photos: Path) -> None:
    seen: list[Progress] = []
    services.build_index(settings, [photos], seen.append)
    assert seen[-1].done == seen[-1].total == 3


def test_similar_finds_a_copy_and_not_the_photo_itself(settings: Settings, photos: Path) -> None:
    Image.new("RGB", (100, 100), (250, 5, 5)).save(photos / "reddish.png")
    services.build_index(settings, [photos])
    result = services.similar(settings, photos / "red.png", 1)
    assert [hit.path for hit in result.hits] == [photos / "reddish.png"]


def test_similar_takes_a_photo_that_is_not_in_the_library(
    settings: Settings, photos: Path, tmp_path: Path
) -> None:
    services.build_index(settings, [photos])
    Image.new("RGB", (9, 9), "blue").save(tmp_path / "other.png")
    result = services.similar(settings, tmp_path / "other.png", 1)
    assert result.hits[0].path == photos / "sub" / "blue.webp"
    image = Image.new("RGB", (9, 9), "blue")
    assert services.similar_to_image(settings, image, 1).hits[0].path == result.hits[0].path


def test_searching_makes_no_library(settings: Settings, photos: Path) -> None:
    with pytest.raises(LibraryMissing):
        services.search(settings, "red")
    with pytest.raises(LibraryMissing):
        services.similar(settings, photos / "red.png")
    assert not settings.library.exists()


def test_captions_come_one_by_one_and_a_bad_file_is_no_end(
    settings: Settings, photos: Path
) -> None:
    bad = photos / "bad.jpg"
    bad.write_text("no photo")
    results = services.captions(settings, [photos / "red.png", bad, photos / "green.jpg"])
    first = next(results)
    assert isinstance(first, services.Captioned)
    assert (first.path, first.model) == (photos / "red.png", "fake")
    assert first.caption == "a red picture of 64 by 48 pixels"
    assert next(results) == Skipped(bad, "not an image: it holds text")
    assert isinstance(next(results), services.Captioned)
    assert next(results, None) is None


@pytest.mark.parametrize("service", [services.captions, services.alt_texts])
def test_a_missing_file_is_said_before_any_work(
    service: object, settings: Settings, photos: Path
) -> None:
    results = service(settings, [photos / "red.png", photos / "gone.png"])  # type: ignore[operator]
    with pytest.raises(PathMissing):
        next(results)


def test_an_answer_names_photo_question_and_model(settings: Settings, photos: Path) -> None:
    answered = services.ask(settings, photos / "red.png", "Which colour?")
    assert (answered.path, answered.question) == (photos / "red.png", "Which colour?")
    assert (answered.model, answered.seconds > 0) == ("fake", True)
    assert answered.answer == "Which colour? a red picture of 64 by 48 pixels"


def test_what_cannot_be_answered_is_an_error(settings: Settings, photos: Path) -> None:
    with pytest.raises(QuestionInvalid):
        services.ask(settings, photos / "red.png", "   ")
    (photos / "bad.jpg").touch()
    with pytest.raises(ImageUnreadable):
        services.ask(settings, photos / "bad.jpg", "What is it?")
    with pytest.raises(PathMissing):
        services.ask(settings, photos / "gone.jpg", "What is it?")


def test_alt_texts_fit_their_length(settings: Settings, photos: Path) -> None:
    results = list(services.alt_texts(settings, services.photos_in([photos]), max_length=30))
    texts = [result.alt_text for result in results if isinstance(result, services.AltText)]
    assert len(texts) == 3
    assert all(len(text) <= 30 for text in texts)


def test_photos_are_named_once_in_the_spelling_given(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photos)
    named = services.photos_in([Path("sub"), Path(), photos / "red.png"])
    assert named == [Path("sub/blue.webp"), Path("green.jpg"), Path("red.png")]


def test_a_file_named_outright_is_taken_whatever_its_suffix(photos: Path) -> None:
    renamed = (photos / "red.png").rename(photos / "red.data")
    assert services.photos_in([renamed]) == [renamed]
    assert renamed not in services.photos_in([photos])


def test_a_folder_without_photos_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NoPhotos):
        services.photos_in([tmp_path])


def test_large_jpegs_are_decoded_at_half_their_size(settings: Settings, tmp_path: Path) -> None:
    Image.new("RGB", (4000, 3000), "red").save(tmp_path / "large.jpg")
    answered = services.ask(settings, tmp_path / "large.jpg", "size?")
    assert answered.answer == "size? a red picture of 2000 by 1500 pixels"

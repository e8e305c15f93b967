"""Words about the photos of a library: each content once, whatever happens meanwhile."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cli_runs import process_env
from PIL import Image

from index import noting
from index.backup import back_up, restore
from index.build import build
from index.catalogue.records import Note, NoteKind
from index.decoding.shape import Short, Whole
from index.library import Library
from index.lock import only_writer
from index.note_makers import NoteMaker, captioner
from index.noting import Step, fill_notes
from index.search.search import search_text
from vlm.errors import ReplyEmpty, TaskUnsupported
from vlm.fakes import ColourEmbedder, EchoDescriber
from vlm.protocols import Prompts


def colour(image: Image.Image) -> str:
    """What the fake maker writes: the strongest of red, green and blue."""
    values = image.resize((1, 1)).getpixel((0, 0))
    assert isinstance(values, tuple)
    return ("red", "green", "blue")[values.index(max(values))]


def maker(
    write: Callable[[Image.Image], str] = colour, kind: NoteKind = "ocr", model: str = "eye 1"
) -> NoteMaker:
    return NoteMaker(kind, model, None, Short(32), write)


@pytest.fixture
def folder(tmp_path: Path, photos: Path) -> Path:
    """A library of the three photos."""
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos], ColourEmbedder(), workers=1)
    return tmp_path / "library"


def notes(folder: Path) -> dict[str, list[str]]:
    """What models said, by the name of the photo, of all kinds."""
    with Library.open(folder) as library:
        catalogue = library.catalogue
        return {
            content.path.name: [n.value for n in catalogue.notes(content.hash)]
            for content in catalogue.contents()
        }


def test_every_photo_is_noted_and_found_by_its_words(folder: Path) -> None:
    steps = list(fill_notes(folder, maker()))
    assert steps == [Step(1, 3), Step(2, 3), Step(3, 3)]
    assert notes(folder) == {"red.png": ["red"], "green.jpg": ["green"], "blue.webp": ["blue"]}
    with Library.open(folder) as library:
        hits = search_text(library, ColourEmbedder(), 'text:"blue"').hits
    assert [hit.path.name for hit in hits] == ["blue.webp"]


def test_a_photo_without_words_is_remembered_and_not_read_again(folder: Path) -> None:
    asked: list[Image.Image] = []

    def nothing(image: Image.Image) -> str:
        asked.append(image)
        return ""

    assert len(list(fill_notes(folder, maker(nothing)))) == len(asked) == 3
    assert list(fill_notes(folder, maker(nothing))) == [] and len(asked) == 3
    with Library.open(folder) as library:
        assert library.catalogue.count_noted("ocr") == 3
        assert library.catalogue.search_words("red", ["ocr"]) == []


def test_another_version_of_the_maker_writes_again_and_its_words_are_searched(
    folder: Path,
) -> None:
    list(fill_notes(folder, maker(lambda image: "old words")))
    assert len(list(fill_notes(folder, maker(lambda image: "new words", model="eye 2")))) == 3
    with Library.open(folder) as library:
        assert library.catalogue.search_words("old", ["ocr"]) == []
        assert len(library.catalogue.search_words("new", ["ocr"])) == 3


def test_copies_are_read_once(folder: Path, photos: Path) -> None:
    shutil.copy(photos / "red.png", photos / "again.png")
    with Library.open(folder) as library:
        build(library, [photos], ColourEmbedder(), workers=1)
    assert len(list(fill_notes(folder, maker()))) == 3
    assert notes(folder)["again.png"] == ["red"]


@pytest.mark.parametrize("author", ["human", "file"])
def test_the_words_of_people_and_files_stay_and_are_not_asked_for(
    author: str, folder: Path
) -> None:
    with Library.open(folder) as library:
        red = next(c.hash for c in library.catalogue.contents() if c.path.name == "red.png")
        said = Note("ocr", "Stop", author, "2020-01-01")  # type: ignore[arg-type]
        library.catalogue.put_note(red, said)
    assert len(list(fill_notes(folder, maker()))) == 2
    assert notes(folder)["red.png"] == ["Stop"]


def test_photos_that_cannot_be_read_are_told_once_and_the_rest_goes_on(
    folder: Path, photos: Path
) -> None:
    (photos / "red.png").unlink()
    Image.new("RGB", (9, 9), "black").save(photos / "green.jpg")
    refused: set[bytes] = set()
    skipped = [s.skipped for s in fill_notes(folder, maker(), refused=refused) if s.skipped]
    assert {s.path.name: s.reason for s in skipped} == {
        "red.png": "no such file or directory",
        "green.jpg": "it has changed since it was indexed; index it again",
    }
    assert notes(folder) == {"red.png": [], "green.jpg": [], "blue.webp": ["blue"]}
    assert list(fill_notes(folder, maker(), refused=refused)) == []  # as long as one watches
    assert len(list(fill_notes(folder, maker()))) == 2


def test_photos_that_come_while_it_reads_are_read_too(folder: Path, photos: Path) -> None:
    steps = fill_notes(folder, maker())
    assert next(steps) == Step(1, 3)
    Image.new("RGB", (20, 20), (9, 200, 9)).save(photos / "late.png")
    with Library.open(folder) as library:
        build(library, [photos], ColourEmbedder(), workers=1)
    assert list(steps)[-1] == Step(4, 4)
    assert notes(folder)["late.png"] == ["green"]


def test_a_run_that_is_closed_or_stopped_keeps_what_it_has(folder: Path) -> None:
    steps = fill_notes(folder, maker())
    next(steps)
    steps.close()
    assert sum(map(len, notes(folder).values())) == 1
    stop = threading.Event()
    for _ in fill_notes(folder, maker(), stop=stop):
        stop.set()
    assert sum(map(len, notes(folder).values())) == 2


def test_an_error_of_the_maker_keeps_what_it_has_and_is_raised(folder: Path) -> None:
    said = iter(["one", "two"])

    def fails(image: Image.Image) -> str:
        try:
            return next(said)
        except StopIteration:
            raise TaskUnsupported("eye", "any more", "Rest.") from None

    with pytest.raises(TaskUnsupported):
        list(fill_notes(folder, maker(fails)))
    assert sorted(w for words in notes(folder).values() for w in words) == ["one", "two"]


def test_notes_wait_while_photos_are_indexed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noting, "BATCH", 1)
    monkeypatch.setattr(noting, "_PAUSE", 0.01)
    waited = threading.Event()
    held, release = threading.Event(), threading.Event()

    def index() -> None:
        with only_writer(folder):
            held.set()
            release.wait(60)

    really = noting._Pending._try_to_store

    def try_to_store(self: noting._Pending) -> None:
        if held.is_set() and not release.is_set() and self.notes:
            if waited.is_set():
                release.set()
                other.join()
            waited.set()
        really(self)

    monkeypatch.setattr(noting._Pending, "_try_to_store", try_to_store)
    other = threading.Thread(target=index)
    other.start()
    assert held.wait(60)
    assert len(list(fill_notes(folder, maker()))) == 3
    assert waited.is_set() and sum(map(len, notes(folder).values())) == 3


def test_a_library_that_was_restored_meanwhile_gets_its_notes(folder: Path, tmp_path: Path) -> None:
    back_up(folder, tmp_path / "kept.db")
    steps = fill_notes(folder, maker())
    next(steps)
    restore(tmp_path / "kept.db", folder, force=True)
    list(steps)
    assert sum(map(len, notes(folder).values())) == 3


KILLED = """
import os, signal, sys
from pathlib import Path
from index import noting
from index.decoding.shape import Short
from index.note_makers import NoteMaker
noting.BATCH = 2
written = 0
def write(image):
    global written
    written += 1
    if written == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return "read by the first"
list(noting.fill_notes(Path(sys.argv[1]), NoteMaker("ocr", "eye 1", None, Short(32), write)))
"""


def test_a_killed_run_loses_at_most_a_batch_and_the_next_one_goes_on(
    folder: Path, photos: Path
) -> None:
    for number in range(4):
        Image.new("RGB", (20, 20), (9 + number, 200, 9)).save(photos / f"{number}.png")
    with Library.open(folder) as library:
        build(library, [photos], ColourEmbedder(), workers=1)
    driver = [sys.executable, "-c", KILLED, str(folder)]
    ran = subprocess.run(driver, env=process_env({}), check=False)
    assert ran.returncode == -signal.SIGKILL
    assert sum(map(len, notes(folder).values())) == 2  # of 3 written, in batches of 2
    assert len(list(fill_notes(folder, maker()))) == 5
    assert all(len(words) == 1 for words in notes(folder).values())


class Silent(EchoDescriber):
    """Fake: has no words."""

    def describe(self, *asked: object, **options: object) -> Iterator[str]:
        yield ""


def test_captions_are_notes_of_the_describer_with_its_prompt(folder: Path) -> None:
    list(fill_notes(folder, captioner(EchoDescriber())))
    assert notes(folder)["red.png"] == ["a red picture of 64 by 48 pixels"]
    with Library.open(folder) as library:
        [note] = library.catalogue.notes(next(iter(library.catalogue.contents())).hash, "caption")
        assert (note.author, note.model, note.prompt) == ("model", "fake", "")


def test_a_describer_without_words_is_asked_once(folder: Path) -> None:
    silent = captioner(Silent())
    with pytest.raises(ReplyEmpty):
        from vlm.tasks import caption

        caption(Image.new("RGB", (8, 8)), Silent())
    assert len(list(fill_notes(folder, silent))) == 3
    assert list(fill_notes(folder, silent)) == []


def test_a_describer_that_only_answers_is_refused_before_the_first_photo() -> None:
    class Answers(EchoDescriber):
        prompts = Prompts(caption=None, detailed=None, answer="{question}", alt_text=None)

    with pytest.raises(TaskUnsupported, match="a caption"):
        captioner(Answers())


def test_the_starter_captions_again_only_where_its_files_changed() -> None:
    from vlm.starter.describer import StarterDescriber

    described = captioner(StarterDescriber())
    assert described.model == StarterDescriber().fingerprint
    assert described.model.startswith("starter-") and described.shape == Whole(2048)

"""Words of photos: found as typed, in step with every change, and never read as operators."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Note
from index.catalogue.word_forms import COLUMNS
from index.records import Facts, FileState

FACTS = Facts(
    "JPEG",
    40,
    30,
    taken_at="2023-05-04T10:11:12+02:00",
    camera="Canon EOS 40D",
    latitude=41.9,
    longitude=12.5,
    lens="EF 50mm",
    rating=4,
    title="Holiday",
    description="A cat in the Café",
    alt_text="Cat on a chair",
    extended_description="The chair is of oak",
    keywords=("pet", "Überraschung"),
    place="Rome, Italy",
    taken_from="exif",
    dhash=2**64 - 2,
)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue(tmp_path / "library", create=True)) as catalogue:
        yield catalogue


def put(catalogue: Catalogue, path: str, facts: Facts = FACTS, digest: bytes = b"1" * 32) -> int:
    """Store a photo, and give back its id."""
    with catalogue.transaction():
        catalogue.put_photo(FileState(Path(path), digest, 5, 9), facts, new_vector=True)
    ids = {photo.path: photo.id for photo in catalogue.filterable()}
    return ids[path]


def found(catalogue: Catalogue, query: str, *columns: str) -> list[int]:
    return [photo for photo, _ in catalogue.search_words(query, columns or COLUMNS, 100)]


def test_every_fact_comes_back(catalogue: Catalogue) -> None:
    number = put(catalogue, "/home/me/Rome/IMG_2345.jpg")
    (photo,) = catalogue.filterable()
    assert photo == (
        *(number, "/home/me/Rome/IMG_2345.jpg", "JPEG", FACTS.taken_at, FACTS.camera),
        *(FACTS.lens, FACTS.latitude, FACTS.longitude, FACTS.rating, FACTS.place),
        FACTS.taken_from,
    )
    (content,) = catalogue.contents()
    assert (content.dhash, content.hash, content.width) == (FACTS.dhash, b"1" * 32, 40)


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("img_2345", "name"),
        ("2345", "name"),
        ("img_23*", "name"),
        ("rome", "folder"),
        ("pet", "keywords"),
        ("uberraschung", "keywords"),
        ("CAFE", "caption"),
        ("cafe\u0301", "caption"),
        ('"cat in the café"', "caption"),
        ("holiday", "caption"),
        ("oak chair cat", "caption"),
    ],
)
def test_a_word_is_found_in_its_column_and_in_no_other(
    catalogue: Catalogue, query: str, column: str
) -> None:
    number = put(catalogue, "/home/me/Rome/IMG_2345.jpg")
    assert found(catalogue, query, column) == found(catalogue, query) == [number]
    assert found(catalogue, query, *(set(COLUMNS) - {column})) == []


@pytest.mark.parametrize(
    "query", ["dog", '"in cat"', "ca", "img_23", "", '""', "&", "*", "cat dog", "cat OR dog"]
)
def test_what_is_not_there_is_not_found(catalogue: Catalogue, query: str) -> None:
    put(catalogue, "/home/me/Rome/IMG_2345.jpg")
    assert found(catalogue, query) == []


def test_words_of_scripts_without_spaces_are_found_inside_a_line(catalogue: Catalogue) -> None:
    number = put(catalogue, "/写真/東京タワーの夜景.jpg")
    assert (
        found(catalogue, "夜景")
        == found(catalogue, "タワー")
        == found(catalogue, "写真")
        == [number]
    )
    assert found(catalogue, "景夜") == []


def test_the_best_match_is_first_and_any_word_may_do(catalogue: Catalogue) -> None:
    one = put(catalogue, "/a/1.jpg", replace(FACTS, description="a dog and a cat"), b"1" * 32)
    two = put(catalogue, "/a/2.jpg", Facts("PNG", 1, 1, description="a dog"), b"2" * 32)
    put(catalogue, "/a/3.jpg", Facts("PNG", 1, 1), b"3" * 32)
    results = catalogue.search_words("dog chair", every=False)
    assert [photo for photo, _ in results] == [one, two]
    assert results[0][1] > results[1][1] > 0
    assert [photo for photo, _ in catalogue.search_words("dog chair")] == [one]
    assert len(catalogue.search_words("dog", limit=1)) == 1


def test_words_follow_a_photo_through_all_that_happens_to_it(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    old, new = tmp_path / "old.jpg", tmp_path / "new.jpg"
    number = put(catalogue, str(old))
    put(catalogue, str(old), replace(FACTS, description="A zebra", keywords=()), b"2" * 32)
    assert (found(catalogue, "cafe"), found(catalogue, "pet")) == ([], [])
    assert found(catalogue, "zebra") == [number]
    assert put(catalogue, str(new), FACTS, b"2" * 32) == number  # moved
    assert (found(catalogue, "old"), found(catalogue, "new")) == ([], [number])
    catalogue.mark_missing([str(new).encode()])
    assert found(catalogue, "new") == []
    catalogue.put_note(b"2" * 32, Note("ocr", "Exit", "model", "2026"))
    assert found(catalogue, "exit") == []
    put(catalogue, str(new), FACTS, b"2" * 32)
    assert found(catalogue, "new exit") == [number]


def test_a_batch_that_fails_takes_its_words_with_it(catalogue: Catalogue) -> None:
    number = put(catalogue, "/a/1.jpg")
    with pytest.raises(KeyboardInterrupt), catalogue.transaction():
        state = FileState(Path("/a/1.jpg"), b"2" * 32, 5, 9)
        catalogue.put_photo(state, Facts("PNG", 1, 1, title="zebra"), new_vector=True)
        catalogue.put_note(b"2" * 32, Note("ocr", "exit", "model", "2026"))
        raise KeyboardInterrupt
    assert (found(catalogue, "zebra"), found(catalogue, "exit")) == ([], [])
    assert (found(catalogue, "cafe"), catalogue.notes(b"2" * 32)) == ([number], [])


def test_notes_belong_to_a_content_and_a_humans_are_the_ones_searched(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    (tmp_path / "1.jpg").touch()  # else the second would be the first, moved
    copies = [put(catalogue, str(tmp_path / "1.jpg")), put(catalogue, "/b/2.jpg")]
    first = Note("caption", "A wolf", "model", "2026-01-01", "blip-base", "Describe")
    second = Note("caption", "A fox", "model", "2026-01-02", "florence-2-base")
    catalogue.put_note(b"1" * 32, first)
    catalogue.put_note(b"1" * 32, second)
    assert catalogue.notes(b"1" * 32) == [second, first]
    assert (sorted(found(catalogue, "fox")), found(catalogue, "wolf")) == (copies, [])
    human = Note("caption", "My dog Rex", "human", "2020-01-01")
    catalogue.put_note(b"1" * 32, human)
    tags = Note("tags", "animal\noutdoor", "model", "2026")
    catalogue.put_note(b"1" * 32, tags)
    assert catalogue.notes(b"1" * 32, "caption") == [human, second, first]
    assert (sorted(found(catalogue, "rex")), found(catalogue, "fox")) == (copies, [])
    assert sorted(found(catalogue, "outdoor", "keywords")) == copies
    again = replace(first, value="A dog", made_at="2026-01-03")
    catalogue.put_note(b"1" * 32, again)
    assert catalogue.notes(b"1" * 32, "caption") == [human, again, second]
    assert catalogue.notes(b"2" * 32) == []


@pytest.mark.parametrize(
    ("facts", "stays"),
    [
        (replace(FACTS, title="Retouched", taken_at=None), True),
        (replace(FACTS, dhash=5), False),
        (replace(FACTS, width=41), False),
    ],
)
def test_what_was_said_of_a_picture_stays_where_only_its_metadata_change(
    catalogue: Catalogue, facts: Facts, stays: bool
) -> None:
    note = Note("caption", "My dog Rex", "human", "2026")
    number = put(catalogue, "/a/1.jpg")
    catalogue.put_note(b"1" * 32, note)
    put(catalogue, "/a/1.jpg", facts, b"2" * 32)
    assert catalogue.notes(b"2" * 32) == ([note] if stays else [])
    assert found(catalogue, "rex") == ([number] if stays else [])
    assert catalogue.notes(b"1" * 32) == [note]


@given(query=st.text(max_size=30), text=st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_stored_and_looked_for(
    tmp_path_factory: pytest.TempPathFactory, query: str, text: str
) -> None:
    folder = tmp_path_factory.mktemp("catalogue")
    with closing(Catalogue(folder, create=True)) as catalogue:
        put(catalogue, "/a/b.jpg", replace(FACTS, description=text, keywords=(text,)))
        found(catalogue, query)
        catalogue.search_words(query, ["name"], every=False)


@given(words=st.lists(st.text("abcäöüé12東京", min_size=1, max_size=6), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_a_photo_is_found_by_all_words_of_its_caption(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    with closing(Catalogue(tmp_path_factory.mktemp("catalogue"), create=True)) as catalogue:
        number = put(catalogue, "/x/y.jpg", Facts("PNG", 1, 1, description=" ".join(words)))
        for query in (" ".join(reversed(words)), f'"{" ".join(words)}"', words[0]):
            assert found(catalogue, query, "caption") == [number]


def test_columns_that_are_not_there_are_refused(catalogue: Catalogue) -> None:
    with pytest.raises(ValueError, match="no columns of words"):
        catalogue.search_words("cat", ["hash"])

"""The catalogue: what is stored comes back, whole batches or none."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalogue.catalogue import Catalogue
from index.catalogue.schema import VERSION
from index.records import Facts, FileState
from vlm.errors import LibraryDamaged, LibraryFull, LibraryMissing, LibraryNewer
from vlm.fakes import ColourEmbedder

FACTS = Facts("JPEG", 40, 30, 6, "2024-02-03T04:05:06", "Maker 1", -33.5, 151.25)
VECTOR = np.array([[1, 0, 0]], np.float32)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path, create=True)


def state(path: Path, content: bytes = b"1" * 32, size: int = 5, mtime_ns: int = 9) -> FileState:
    return FileState(path, content, size, mtime_ns)


def test_a_photo_and_its_vector_come_back(catalogue: Catalogue, tmp_path: Path) -> None:
    model = catalogue.register(ColourEmbedder())
    with catalogue.transaction():
        catalogue.put_vectors(model, [b"1" * 32], VECTOR)
        assert catalogue.put_photo(state(tmp_path / "a"), FACTS, new_vector=True) == "added"
    ((ids, vectors),) = catalogue.vectors(model)
    assert vectors.tolist() == VECTOR.tolist()
    row = catalogue.photos(ids.tolist())[int(ids[0])]
    assert (row.path, row.taken_at) == (tmp_path / "a", FACTS.taken_at)
    assert catalogue.facts(b"1" * 32, model) == FACTS
    assert catalogue.current(model) == {os.fsencode(tmp_path / "a"): (5, 9, 0, True)}
    assert catalogue.knows_size(5)
    assert not catalogue.knows_size(6)


def test_a_transaction_that_fails_leaves_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    model = catalogue.register(ColourEmbedder())
    before = catalogue.model(model.fingerprint)
    with pytest.raises(KeyboardInterrupt), catalogue.transaction():
        catalogue.put_vectors(model, [b"1" * 32], VECTOR)
        catalogue.put_photo(state(tmp_path / "a"), FACTS, new_vector=True)
        raise KeyboardInterrupt
    assert catalogue.count() == 0
    assert not catalogue.has_vectors(model)
    assert catalogue.model(model.fingerprint) == before


def test_every_change_of_what_is_searched_is_a_new_generation(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    model = catalogue.register(ColourEmbedder())
    photo = tmp_path / "a"
    photo.touch()

    def generation() -> int:
        found = catalogue.model(model.fingerprint)
        assert found is not None
        return found.generation

    seen = [generation()]
    with catalogue.transaction():
        catalogue.put_vectors(model, [b"1" * 32], VECTOR)
        catalogue.put_photo(state(photo), FACTS, new_vector=True)
    seen.append(generation())
    with catalogue.transaction():
        catalogue.put_photo(state(photo, mtime_ns=10), FACTS, new_vector=False)
    assert generation() == seen[-1]  # touched, not changed
    with catalogue.transaction():
        catalogue.put_photo(state(photo, b"2" * 32), FACTS, new_vector=False)
    seen.append(generation())
    catalogue.mark_missing([os.fsencode(photo)])
    seen.append(generation())
    with catalogue.transaction():
        catalogue.put_photo(state(photo, b"2" * 32), FACTS, new_vector=False)
    seen.append(generation())
    assert seen == sorted(set(seen))
    catalogue.mark_missing([])
    assert catalogue.register(ColourEmbedder()).generation == seen[-1]


def test_another_reader_sees_whole_batches_only(catalogue: Catalogue, tmp_path: Path) -> None:
    with closing(Catalogue(tmp_path)) as reader:
        with catalogue.transaction():
            catalogue.put_photo(state(tmp_path / "a"), FACTS, new_vector=True)
            assert (catalogue.count(), reader.count()) == (1, 0)
        assert reader.count() == 1
        with reader.snapshot():
            assert reader.count() == 1
            with catalogue.transaction():
                catalogue.put_photo(state(tmp_path / "b", b"2" * 32), FACTS, new_vector=True)
            assert reader.count() == 1
        assert reader.count() == 2


@given(name=st.binary(min_size=1, max_size=30).filter(lambda n: not set(n) & {0, 47}))
@settings(max_examples=25, deadline=None)
def test_any_name_of_a_file_comes_back(
    tmp_path_factory: pytest.TempPathFactory, name: bytes
) -> None:
    folder = tmp_path_factory.mktemp("catalogue")
    path = folder / os.fsdecode(name)
    with closing(Catalogue(folder, create=True)) as catalogue:
        with catalogue.transaction():
            catalogue.put_photo(state(path), FACTS, new_vector=True)
        assert [Path(os.fsdecode(p)) for p in catalogue.paths()] == [path]


def test_opening_needs_a_catalogue_and_making_one_leaves_it_alone(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="no photo library here"):
        Catalogue(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
    (tmp_path / "catalogue.db").touch()  # as left by a process killed while making it
    with pytest.raises(LibraryMissing):
        Catalogue(tmp_path)
    with closing(Catalogue(tmp_path, create=True)) as first:
        identity = first.library_id()
    with closing(Catalogue(tmp_path, create=True)) as second:
        assert second.library_id() == identity


def test_a_newer_catalogue_is_refused_and_left_alone(tmp_path: Path) -> None:
    Catalogue(tmp_path, create=True).close()
    with closing(sqlite3.connect(tmp_path / "catalogue.db")) as db:
        db.execute(f"PRAGMA user_version={VERSION + 1}")
    for create in (False, True):
        with pytest.raises(LibraryNewer, match="Update vlm-assistant"):
            Catalogue(tmp_path, create=create)


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "catalogue.db")) as db:
        db.execute("CREATE TABLE song (title TEXT)")
    with pytest.raises(LibraryDamaged, match="not a catalogue of vlm-assistant"):
        Catalogue(tmp_path, create=True)


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryFull, match="cannot write the library"):
        Catalogue(tmp_path / "file" / "library", create=True)

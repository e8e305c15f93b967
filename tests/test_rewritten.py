"""A text written into a photo makes it another content; what is known of the picture stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import pytest
from cli_runs import run
from photo_containers import FILES, jpeg
from PIL.Image import Image

from index.build import build
from index.catalogue.ledger_records import Draft
from index.catalogue.records import Author, Note, NoteKind
from index.library import Library
from index.metadata.writing.planning import plan_embedding, plan_sidecar
from index.metadata.writing.telling import tell_restored, tell_written
from index.metadata.writing.write import carry_out, restore
from index.vectors import store
from vlm.fakes import ColourEmbedder
from vlm.protocols import Vectors


class CountingEmbedder(ColourEmbedder):
    """Knows how many photos it has embedded."""

    embedded = 0

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        type(self).embedded += len(images)
        return super().embed_images(images)


@pytest.fixture
def embedder(monkeypatch: pytest.MonkeyPatch) -> ColourEmbedder:
    monkeypatch.setattr(CountingEmbedder, "embedded", 0)
    return CountingEmbedder()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    (tmp_path / "photos").mkdir()
    path = tmp_path / "photos" / "a.jpg"
    path.write_bytes(jpeg())
    return path


@pytest.fixture
def library(tmp_path: Path, photo: Path, embedder: ColourEmbedder) -> Iterator[Library]:
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photo.parent], embedder)
        yield library


def digest_of(library: Library) -> bytes:
    (content,) = library.catalogue.contents()
    return content.hash


def note(value: str, kind: NoteKind = "alt", author: Author = "model", made_at: str = "1") -> Note:
    return Note(kind, value, author, made_at, "m" if author == "model" else None)


def write(library: Library, photo: Path, alt: str) -> bool:
    plan = plan_embedding(photo, alt)
    now = carry_out(plan)
    assert now is not None
    return tell_written(library.catalogue, plan, now)


@pytest.mark.parametrize("name", FILES)
def test_a_photo_with_a_text_is_neither_read_nor_embedded_again(
    name: str, tmp_path: Path, embedder: CountingEmbedder
) -> None:
    photo = tmp_path / "photos" / name
    photo.parent.mkdir()
    photo.write_bytes(FILES[name](b""))
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photo], embedder)
        (before,) = library.catalogue.contents()
        assert write(library, photo, "A red barn")
        (after,) = library.catalogue.contents()
        assert after.hash != before.hash
        assert (after.dhash, after.taken_at) == (before.dhash, before.taken_at)
        report = build(library, [photo], embedder)
        assert (report.unchanged, report.updated, embedder.embedded) == (1, 0, 1)
        assert library.catalogue.search_words("barn")
        model = library.model_of(embedder)
        ((ids, vectors),) = library.catalogue.vectors(model)
        ((found, score),) = store.search(library.vectors(embedder), vectors[0], 5)
        assert (found, score) == (ids[0], pytest.approx(1, abs=1e-3))


def test_notes_drafts_and_pairs_kept_apart_stay(library: Library, photo: Path) -> None:
    catalogue, old, other = library.catalogue, digest_of(library), b"2" * 32
    catalogue.put_note(old, note("A barn, said by a person", author="human"))
    catalogue.put_note(old, note("A barn"))
    catalogue.put_draft(old, "m", "p", Draft("A barn"))
    catalogue.keep_apart([(old, other)])
    assert write(library, photo, "A red barn")
    new = digest_of(library)
    assert catalogue.notes(new) == catalogue.notes(old)
    assert catalogue.draft(new, "m", "p") == Draft("A barn")
    assert tuple(sorted((new, other))) in catalogue.kept_apart()


def test_of_two_notes_by_one_author_the_newer_stays(library: Library) -> None:
    catalogue, one, two = library.catalogue, b"1" * 32, b"2" * 32
    catalogue.put_note(one, note("new", made_at="2024"))
    catalogue.put_note(one, note("old", "caption", made_at="2022"))
    catalogue.put_note(two, note("old", made_at="2023"))
    catalogue.put_note(two, note("new", "caption", made_at="2023"))
    catalogue.put_note(two, note("mine", "alt", "human"))
    for _ in range(2):
        catalogue.same_picture(one, two)
        said = {(n.kind, n.author): n.value for n in catalogue.notes(two)}
        assert said == {
            ("alt", "model"): "new",
            ("caption", "model"): "new",
            ("alt", "human"): "mine",
        }
        assert len(catalogue.notes(two)) == 3
        assert len(catalogue.notes(one)) == 2


def test_taking_a_text_back_gives_the_photo_its_former_content(
    library: Library, photo: Path, embedder: CountingEmbedder
) -> None:
    before = list(library.catalogue.contents())
    plan = plan_embedding(photo, "A red barn")
    now = carry_out(plan)
    assert now is not None
    tell_written(library.catalogue, plan, now)
    assert tell_restored(library.catalogue, photo, plan.undo, restore(plan.undo))
    assert list(library.catalogue.contents()) == before
    assert not library.catalogue.search_words("barn")
    assert build(library, [photo], embedder).unchanged == 1
    assert embedder.embedded == 1


def test_a_photo_named_by_a_link_is_told_under_both_names(
    library: Library, photo: Path, embedder: CountingEmbedder
) -> None:
    link = photo.with_name("link.jpg")
    link.symlink_to(photo.name)
    build(library, [photo.parent], embedder)
    assert write(library, link, "A red barn")
    assert build(library, [photo.parent], embedder).unchanged == 2


def test_a_photo_that_changed_since_it_was_indexed_is_left_to_the_next_run(
    library: Library, photo: Path, embedder: CountingEmbedder
) -> None:
    photo.write_bytes(FILES["a.png"](b""))
    assert not write(library, photo, "A red barn")
    assert build(library, [photo], embedder).updated == 1


def test_a_sidecar_that_was_written_needs_no_new_reading(
    library: Library, photo: Path, embedder: CountingEmbedder
) -> None:
    for alt in ("A red barn", "A red barn in the snow"):
        plan = plan_sidecar(photo, alt)
        now = carry_out(plan)
        assert now is not None
        assert tell_written(library.catalogue, plan, now)
        states = library.catalogue.current(library.model_of(embedder))
        assert [state[2] for state in states.values()] == [now.mtime_ns]
    assert library.catalogue.search_words("snow")
    restore(plan.undo)
    build(library, [photo], embedder)
    assert not library.catalogue.search_words("snow")
    assert library.catalogue.search_words("barn")
    assert embedder.embedded == 1


def test_a_sidecar_that_somebody_changed_is_left_to_the_next_run(
    library: Library, photo: Path
) -> None:
    photo.with_name("a.xmp").write_bytes(b"")
    plan = plan_sidecar(photo, "A red barn")
    now = carry_out(plan)
    assert now is not None
    assert not tell_written(library.catalogue, plan, now)


def test_the_text_of_a_sidecar_counts_more_than_the_one_in_the_photo(
    library: Library, photo: Path
) -> None:
    plan = plan_sidecar(photo, "Beside")
    now = carry_out(plan)
    assert now is not None
    tell_written(library.catalogue, plan, now)
    assert write(library, photo, "Inside")
    assert library.catalogue.search_words("beside")
    assert not library.catalogue.search_words("inside")


@pytest.mark.parametrize("kind", ["iptc", "xmp"])
def test_a_batch_leaves_nothing_for_the_next_run_of_indexing(
    kind: str, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_MODEL", "fake")
    monkeypatch.setenv("VLM_DESCRIBER", "fake")
    run("index", photos)
    assert run("alt", photos, "--write", kind).code == 0
    with Library.open(tmp_path / "library") as library:
        contents = {content.path: content.hash for content in library.catalogue.contents()}
        assert contents == {path: sha256(path.read_bytes()).digest() for path in contents}
        states = library.catalogue.current(library.catalogue.models()[0])
        assert all(state[-1] for state in states.values())
    assert run("index", photos, "--json").document["unchanged"] == 3
    run("alt", "--undo")
    told = run("index", photos, "--json").document
    assert (told["unchanged"], told["updated"], told["added"]) == (3, 0, 0)

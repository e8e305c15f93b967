"""Approximate search over lists: recall is measured, and kept under filters; damage is found."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import cli_runs
import numpy as np
import pytest
from drawn_photos import draw
from numpy.typing import NDArray

from index.build import build
from index.library import Library
from index.search.search import search_text
from index.vectors import inverted, recall, store
from vlm.fakes import ColourEmbedder
from vlm.protocols import Vectors

STAMP = store.Stamp(bytes(range(16)), 7)
DIM = 24
COUNT = 3000


def unit(rows: NDArray[np.floating]) -> Vectors:
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float16).astype(np.float32)


def clustered(number: int, seed: int) -> Vectors:
    centres = np.random.default_rng(0).normal(size=(40, DIM))
    draw = np.random.default_rng(seed)
    return unit(centres[draw.integers(40, size=number)] + 0.5 * draw.normal(size=(number, DIM)))


class Rows:
    """A source of rows whose photo ids are odd numbers."""

    dim = DIM

    def __init__(self, rows: Vectors, tags: NDArray[np.int64] | None = None) -> None:
        self.rows = rows
        self.ids = np.arange(len(rows), dtype=np.int64) * 2 + 1
        self.tags = np.arange(len(rows), dtype=np.int64) if tags is None else tags
        self.made = 0

    def keys(self) -> store.Keys:
        return store.Keys(self.ids, self.tags)

    def all(self) -> Iterator[Vectors]:
        self.made += 1
        yield from np.array_split(self.rows, 7)

    def some(self, ids: NDArray[np.int64]) -> Vectors:
        return self.rows[np.searchsorted(self.ids, ids)]

    def best(self, query: Vectors, allowed: NDArray[np.int64] | None = None) -> set[int]:
        ids = self.ids if allowed is None else np.intersect1d(self.ids, allowed)
        scores = self.some(ids) @ query
        return set(ids[np.argsort(-scores)[:10]].tolist())


@pytest.fixture(scope="module")
def rows() -> Rows:
    return Rows(clustered(COUNT, 1))


def opened(path: Path, rows: Rows, stamp: store.Stamp = STAMP) -> store.VectorIndex:
    def again(damaged: store.VectorIndex) -> store.VectorIndex:
        if not renewed:
            store.forget(path)
            renewed.append(opened(path, rows, stamp))
        return renewed[0]

    renewed: list[store.VectorIndex] = []

    return store.bring(path, stamp, rows, again, flat_up_to=100)


def share_found(
    index: store.VectorIndex, rows: Rows, queries: Vectors, allowed: NDArray[np.int64] | None = None
) -> float:
    found, wanted = 0, 0
    for query in queries:
        best = rows.best(query, allowed)
        found += len({i for i, _ in store.search(index, query, 10, allowed)} & best)
        wanted += len(best)
    return found / wanted


def test_recall_is_measured_kept_in_the_file_and_true_of_other_photos(
    tmp_path: Path, rows: Rows
) -> None:
    index = opened(tmp_path / "v.faiss", rows)
    facts = store.facts(tmp_path / "v.faiss")
    assert facts is not None
    assert not facts.exact
    assert 1 > facts.recall >= recall.PROMISED
    assert 1 > facts.recall_far > 0.9
    assert share_found(index, rows, clustered(100, 2)) > 0.97


def test_lists_are_chosen_by_size_and_only_if_their_recall_is_good_enough(
    tmp_path: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def is_exact(name: str, limit: int) -> bool:
        path = tmp_path / name
        store.bring(path, STAMP, rows, pytest.fail, flat_up_to=limit)  # type: ignore[arg-type]
        facts = store.facts(path)
        assert facts is not None
        return facts.exact

    assert is_exact("a.faiss", COUNT)
    assert not is_exact("b.faiss", COUNT - 1)
    monkeypatch.setattr(recall, "PROMISED", 1.01)
    assert is_exact("c.faiss", COUNT - 1)
    assert "staying exact" in caplog.text


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.5])
@pytest.mark.parametrize("exact_below", [0, 10_000])
def test_recall_stays_under_any_filter(
    tmp_path: Path, rows: Rows, share: float, exact_below: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inverted, "EXACT_BELOW", exact_below)
    index = opened(tmp_path / "v.faiss", rows)
    allowed = np.random.default_rng(3).choice(rows.ids, int(COUNT * share), replace=False)
    assert share_found(index, rows, clustered(40, 2), allowed) > 0.97


@pytest.mark.parametrize("exact_below", [0, 10_000])
def test_photos_far_from_the_query_are_found_when_only_they_are_allowed(
    tmp_path: Path, rows: Rows, exact_below: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inverted, "EXACT_BELOW", exact_below)
    index = opened(tmp_path / "v.faiss", rows)
    query = rows.rows[5]
    least = rows.ids[np.argsort(rows.rows @ query)[:20]]
    found = store.search(index, query, 20, least)
    assert {i for i, _ in found} == set(least.tolist())
    assert [s for _, s in found] == pytest.approx(
        np.sort(rows.some(np.sort(least)) @ query)[::-1], abs=0.01
    )


def test_copies_of_a_photo_do_not_spoil_the_measure(tmp_path: Path) -> None:
    """Eleven copies of each photo: which ten of them are found first is chance."""
    once = clustered(300, 4)
    rows = Rows(np.repeat(once, 11, axis=0), np.repeat(np.arange(300, dtype=np.int64), 11))
    opened(tmp_path / "v.faiss", rows)
    facts = store.facts(tmp_path / "v.faiss")
    assert facts is not None
    assert facts.recall >= recall.PROMISED


def test_few_changes_leave_the_lists_alone(tmp_path: Path, rows: Rows) -> None:
    path = tmp_path / "v.faiss"
    opened(path, rows)
    before = path.read_bytes()
    fewer = Rows(rows.rows[:-1], np.append(rows.tags[:-2], 10**6))  # one gone, one replaced
    fewer.rows = np.concatenate([rows.rows[:-2], -rows.rows[-2:-1]])
    index = opened(path, fewer, store.Stamp(STAMP.library, 8))
    assert (path.read_bytes(), fewer.made, index.ntotal) == (before, 0, COUNT - 1)
    assert store.search(index, -rows.rows[-2], 1) == [
        (int(fewer.ids[-1]), pytest.approx(1, abs=1e-3))
    ]
    assert share_found(index, fewer, clustered(40, 2)) > 0.97
    everything = store.search(index, rows.rows[0], COUNT, fewer.ids)
    assert {i for i, _ in everything} == set(fewer.ids.tolist())


@pytest.mark.parametrize("damage", ["flipped", "cut"])
def test_a_damaged_list_is_noticed_when_it_is_searched(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    path, rows = tmp_path / "v.faiss", Rows(clustered(COUNT, 1))
    opened(path, rows)
    index = opened(path, rows)
    assert rows.made == 2  # once for the sample, once for all
    if damage == "flipped":
        with path.open("r+b") as file:
            lists = bytearray(file.read(COUNT * (4 + DIM)))
            lists[:] = (np.frombuffer(lists, np.uint8) ^ 1).tobytes()
            file.seek(0)
            file.write(lists)
    else:
        os.truncate(path, 100)
    with caplog.at_level(logging.WARNING):
        assert share_found(index, rows, rows.rows[:1]) == 1
    assert "making them again" in caplog.text
    assert rows.made == 4
    assert share_found(opened(path, rows), rows, clustered(40, 2)) > 0.97
    assert rows.made == 4


def test_any_flipped_byte_leaves_good_answers(tmp_path: Path, rows: Rows) -> None:
    path = tmp_path / "v.faiss"
    opened(path, rows)
    good = path.read_bytes()
    queries = clustered(20, 2)
    for at in np.random.default_rng(6).integers(len(good), size=12).tolist():
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x40]) + good[at + 1 :])
        assert share_found(opened(path, rows), rows, queries) > 0.97


def test_without_room_on_the_disk_lists_are_searched_in_memory(
    tmp_path: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    index = opened(tmp_path / "v.faiss", rows)
    assert list(tmp_path.iterdir()) == []
    some = rows.ids[::5]
    assert share_found(index, rows, clustered(40, 2)) > 0.97
    assert share_found(index, rows, clustered(40, 2), some) > 0.97


def test_a_library_of_lists_answers_as_a_flat_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, photos = ColourEmbedder(), tmp_path / "photos"
    draw(photos, 120)
    with Library.open(tmp_path / "flat", create=True) as library:
        build(library, [photos], fake, workers=1)
        expected = search_text(library, fake, "red", 20).hits
    monkeypatch.setattr(store, "bring", functools.partial(store.bring, flat_up_to=50))
    monkeypatch.setattr(recall, "PROMISED", 0)  # three dimensions are too few for 8 bits
    with Library.open(tmp_path / "lists", create=True) as library:
        build(library, [photos], fake, workers=1)
        found = [hit.score for hit in search_text(library, fake, "red", 20).hits]
        assert found == pytest.approx([hit.score for hit in expected], abs=0.01)
        (files,) = library.vector_files().values()
        assert not files.exact
    ran = cli_runs.run("library", "--library", tmp_path / "lists")
    assert f"fake: 120 photos, finding {files.recall:.1%} of what an exact search" in ran.stdout
    ran = cli_runs.run("library", "--library", tmp_path / "flat")
    assert "fake: 120 photos\n" in ran.stdout

"""Texts beside photos, and texts taken back: the former bytes, and nobody else's words."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from photo_containers import FILES, PACKET, jpeg, tiff

from index.metadata.sidecar import read_sidecars
from index.metadata.writing.errors import TextNotWritten
from index.metadata.writing.packet import ALT
from index.metadata.writing.planning import plan_embedding, plan_sidecar
from index.metadata.writing.splices import Splice
from index.metadata.writing.undo import Undo
from index.metadata.writing.write import carry_out, embed, restore, texts_of, write_sidecar
from vlm.errors import VlmError

OLD_NS = 1_600_000_000_000_000_000


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(PACKET))
    os.utime(path, ns=(OLD_NS, OLD_NS))
    return path


def alt_of(path: Path) -> str | None:
    return dict(texts_of(path).get(ALT, ())).get("en")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("before", [b"", PACKET], ids=["without XMP", "with XMP"])
def test_what_was_written_is_taken_back_to_the_byte(
    name: str, before: bytes, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name](before))
    os.utime(path, ns=(OLD_NS, OLD_NS))
    original = path.read_bytes()
    plan = plan_embedding(path, "A red barn", "It stands in the snow.")
    undo = Undo.from_json(plan.undo.to_json())
    assert undo == plan.undo
    carry_out(plan)
    assert path.read_bytes() != original
    restored = restore(undo)
    assert restored is not None
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (original, OLD_NS)
    assert restore(undo) == restored
    assert names(tmp_path) == [name]


def test_a_plan_that_was_not_carried_out_is_taken_back_as_nothing(photo: Path) -> None:
    before = photo.read_bytes()
    restore(plan_embedding(photo, "A red barn").undo)
    assert photo.read_bytes() == before


def test_undoing_after_another_program_changed_something_else_takes_back_the_text(
    photo: Path,
) -> None:
    plan = plan_embedding(photo, "A red barn")
    carry_out(plan)
    photo.write_bytes(photo.read_bytes().replace(b"a comment", b"A COMMENT"))
    restore(plan.undo)
    assert texts_of(photo) == {}
    assert b"A COMMENT" in photo.read_bytes()


def test_undoing_never_takes_back_somebody_elses_words(photo: Path) -> None:
    plan = plan_embedding(photo, "A red barn")
    carry_out(plan)
    embed(photo, "My grandmother's barn")
    with pytest.raises(TextNotWritten, match="another program"):
        restore(plan.undo)
    assert alt_of(photo) == "My grandmother's barn"


def test_undoing_a_photo_that_is_gone_is_told(photo: Path) -> None:
    plan = plan_embedding(photo, "A red barn")
    carry_out(plan)
    photo.unlink()
    with pytest.raises(TextNotWritten, match="gone"):
        restore(plan.undo)


@pytest.mark.parametrize(
    ("photo_name", "others", "sidecar"),
    [
        ("a.jpg", [], "a.jpg.xmp"),
        ("a.jpg", ["a.xmp"], "a.xmp"),
        ("a.jpg", ["a.xmp", "a.jpg.xmp"], "a.jpg.xmp"),
        ("a.NEF", [], "a.xmp"),
        ("a.NEF", ["a.txt"], "a.xmp"),
        ("a.NEF", ["a.JPG"], "a.NEF.xmp"),
    ],
)
def test_the_sidecar_that_is_read_is_the_one_that_is_written(
    photo_name: str, others: list[str], sidecar: str, tmp_path: Path
) -> None:
    photo = tmp_path / photo_name
    photo.write_bytes(tiff())
    for name in others:
        (tmp_path / name).write_bytes(PACKET)
    assert write_sidecar(photo, "A red barn", "It stands in the snow.") == tmp_path / sidecar
    told = read_sidecars(photo).xmp
    assert (told.alt_text, told.extended_description) == ("A red barn", "It stands in the snow.")
    assert told.title == ("Scheune & Hof" if sidecar in others else None)
    assert photo.read_bytes() == tiff()
    assert names(tmp_path) == sorted({photo_name, *others, sidecar})


@pytest.mark.parametrize("before", [None, b"", PACKET])
def test_a_sidecar_is_taken_back_to_the_byte_or_away(photo: Path, before: bytes | None) -> None:
    sidecar = photo.with_name("a.jpg.xmp")
    if before is not None:
        sidecar.write_bytes(before)
    plan = plan_sidecar(photo, "A red barn")
    carry_out(plan)
    assert alt_of(sidecar) == "A red barn"
    restore(plan.undo)
    restore(plan.undo)
    assert (sidecar.read_bytes() if sidecar.exists() else None) == before


def test_a_sidecar_that_was_made_and_then_changed_is_kept_without_the_text(photo: Path) -> None:
    plan = plan_sidecar(photo, "A red barn")
    carry_out(plan)
    sidecar = plan.undo.path
    sidecar.write_bytes(sidecar.read_bytes().replace(b'about=""', b"about=''"))
    restore(plan.undo)
    assert texts_of(sidecar) == {}


def test_a_sidecar_that_appeared_meanwhile_is_not_overwritten(photo: Path) -> None:
    plan = plan_sidecar(photo, "A red barn")
    plan.undo.path.write_bytes(PACKET)
    with pytest.raises(TextNotWritten, match="appeared"):
        carry_out(plan)
    assert plan.undo.path.read_bytes() == PACKET


def test_a_broken_sidecar_is_refused_and_kept(photo: Path) -> None:
    sidecar = photo.with_name("a.xmp")
    sidecar.write_bytes(b"<x:xmpmeta")
    with pytest.raises(TextNotWritten, match="broken"):
        write_sidecar(photo, "A red barn")
    assert sidecar.read_bytes() == b"<x:xmpmeta"


def test_a_record_that_does_not_fit_is_refused(photo: Path) -> None:
    plan = plan_embedding(photo, "A red barn")
    carry_out(plan)
    after = photo.read_bytes()
    undo = plan.undo
    wrong = (Splice(0, 1, b"x"),)
    damaged = Undo(undo.path, undo.before, undo.after, 0, wrong, undo.said, undo.says)
    with pytest.raises(VlmError, match="damaged"):
        restore(damaged)
    assert photo.read_bytes() == after


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists, max_leaves=5))
def test_a_record_that_is_none_is_told_as_such(junk: object) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        Undo.from_json(json.dumps({"path": junk, "before": None, "splices": junk}))

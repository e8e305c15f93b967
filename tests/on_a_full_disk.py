"""What `test_full_disk` does on a disk that is really full: a small file system in memory.

    unshare --mount … python on_a_full_disk.py SCENARIO DISK

DISK is an empty folder, where the file system is mounted for this process only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from subprocess import run

import pytest
from drawn_photos import draw
from PIL import Image
from test_kill import contents

from index.backup import back_up, restore
from index.build import build
from index.care import check, forget_missing
from index.catalogue.records import Note
from index.duplicates.moving import Mover
from index.errors import BackupFailed
from index.library import Library
from index.metadata.writing.errors import TextNotWritten
from index.metadata.writing.write import embed, write_sidecar
from index.search.search import search_text
from vlm.errors import LibraryFull, MoveRefused
from vlm.fakes import ColourEmbedder

FAKE = ColourEmbedder()


def mount(disk: Path, size: str) -> None:
    run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", disk], check=True)


def enlarge(disk: Path) -> None:
    run(["mount", "-o", "remount,size=32m", disk], check=True)


def fill(disk: Path, *, but: int = 0) -> Path:
    """Take all of the room, but for some bytes."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(bytes(4096)):
            pass
    with filler.open("rb+") as file:
        file.truncate(filler.stat().st_size - but)
    return filler


def made(folder: Path, photos: Path) -> Path:
    with Library.open(folder, create=True) as library:
        build(library, [photos], FAKE, workers=1)
    return folder


def hits(folder: Path) -> tuple[object, ...]:
    with Library.open(folder) as library:
        return search_text(library, FAKE, "red", 100).hits


def indexing(disk: Path, place: Path) -> None:
    mount(disk, "400k")
    draw(place / "photos", 60)
    with (
        Library.open(disk / "library", create=True) as library,
        pytest.raises(LibraryFull, match=r"cannot write the library.*Free some space"),
    ):
        build(library, [place / "photos"], FAKE, workers=1, batch=4)
    with Library.open(disk / "library") as library:
        stored = library.count()
        assert 0 < stored < 60
        assert stored % 4 == 0
    assert len(hits(disk / "library")) == stored
    enlarge(disk)
    with Library.open(disk / "library") as library:
        report = build(library, [place / "photos"], FAKE, workers=1)
        assert (report.added, report.unchanged) == (60 - stored, stored)
    assert contents(disk / "library") == contents(made(place / "whole", place / "photos"))


def vectors(disk: Path, place: Path) -> None:
    mount(disk, "4m")
    draw(place / "photos", 40)
    folder = made(disk / "library", place / "photos")
    expected = hits(folder)
    (file,) = folder.glob("*.faiss")
    file.unlink()
    filler = fill(disk)
    assert hits(folder) == expected
    assert [path.suffix for path in folder.glob("*vectors*")] == [".words"]
    filler.unlink()
    assert hits(folder) == expected
    assert file.exists()


def backup(disk: Path, place: Path) -> None:
    mount(disk, "64k")
    draw(place / "photos", 40)
    folder = made(place / "library", place / "photos")
    before = contents(folder)
    with pytest.raises(BackupFailed, match="Nothing was left behind"):
        back_up(folder, disk / "file")
    assert list(disk.iterdir()) == []
    assert contents(folder) == before
    enlarge(disk)
    back_up(folder, disk / "file")
    restore(disk / "file", place / "again")
    assert contents(place / "again") == before


def restoring(disk: Path, place: Path) -> None:
    mount(disk, "4m")
    draw(place / "few", 3)
    draw(place / "many", 60, seed=1)
    folder = made(disk / "library", place / "few")
    back_up(made(place / "library", place / "many"), place / "file")
    before = contents(folder)
    filler = fill(disk, but=8192)
    with pytest.raises(LibraryFull):
        restore(place / "file", folder, force=True)
    assert len(hits(folder)) == 3
    assert not list(folder.glob(".*"))
    filler.unlink()
    assert contents(folder) == before
    assert restore(place / "file", folder, force=True) == 60


def notes(disk: Path, place: Path) -> None:
    mount(disk, "4m")
    draw(place / "photos", 40)
    folder = made(disk / "library", place / "photos")
    filler = fill(disk, but=150_000)
    with Library.open(folder) as library:
        digests = [content.hash for content in library.catalogue.contents()]
        put = 0
        with pytest.raises(LibraryFull):
            for put, digest in enumerate(digests * 9):
                note = Note("alt", f"alt {put} " * 200, "model", "2026", f"model {put // 40}")
                library.catalogue.put_note(digest, note)
        assert put > 0
    with Library.open(folder) as library:
        written = [note for digest in digests for note in library.catalogue.notes(digest)]
        assert sorted(int(note.value.split()[1]) for note in written) == list(range(put))
        assert check(library).problems == ()
        filler.unlink()
        library.catalogue.put_note(digests[0], Note("alt", "A cat.", "human", "2026"))
        assert library.catalogue.notes(digests[0])[0].value == "A cat."


def forgetting(disk: Path, place: Path) -> None:
    mount(disk, "4m")
    draw(place / "photos", 40)
    folder = made(disk / "library", place / "photos")
    for path in sorted((place / "photos").iterdir())[:20]:
        path.unlink()
    made(folder, place / "photos")
    fill(disk, but=60_000)
    with Library.open(folder) as library:
        with pytest.raises(LibraryFull):
            forget_missing(library)
        assert library.count() == 20
        assert check(library).problems == ()
    assert len(hits(folder)) == 20


def texts_in_photos(disk: Path, place: Path) -> None:
    mount(disk, "1m")
    photo = disk / "photo.jpg"
    Image.effect_noise((300, 200), 90).save(photo, quality=95)
    before = photo.read_bytes()
    filler = fill(disk)
    for write in (embed, write_sidecar):
        with pytest.raises(TextNotWritten, match="no space left on device"):
            write(photo, "A cat. " * 700)
        assert photo.read_bytes() == before
        assert {path.name for path in disk.iterdir()} == {"photo.jpg", "filler"}
    filler.unlink()
    embed(photo, "A cat.")
    assert len(photo.read_bytes()) > len(before)


def moving(disk: Path, place: Path) -> None:
    mount(disk, "64k")
    photo = place / "photo.jpg"
    photo.write_bytes(bytes(200_000))
    with (
        Mover(disk / "away", "undo") as mover,
        pytest.raises(MoveRefused, match="no space left on device"),
    ):
        mover.move(photo, sha256(photo.read_bytes()).digest())
    assert photo.stat().st_size == 200_000
    assert [path.name for path in (disk / "away").iterdir()] == ["undo"]


SCENARIOS: dict[str, Callable[[Path, Path], None]] = {
    scenario.__name__: scenario
    for scenario in (
        indexing,
        vectors,
        backup,
        restoring,
        notes,
        forgetting,
        texts_in_photos,
        moving,
    )
}

if __name__ == "__main__":
    SCENARIOS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[2]).parent)

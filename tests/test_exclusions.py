"""What a scan passes over, and that it says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build
from index.library import Library
from index.records import Skipped
from index.scanning.exclusions import Globs, Rules
from index.scanning.scan import LeftOut, left_out, scan
from vlm.fakes import ColourEmbedder


def touch(path: Path, text: str = "x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def found(root: Path, rules: Rules | None = None) -> dict[str, str | None]:
    """What a scan says of each entry: the rule that leaves it out, or None for a photo."""
    entries = scan([root], rules)
    return {
        str(entry.path.relative_to(root)): entry.rule if isinstance(entry, LeftOut) else None
        for entry in entries
    }


def test_hidden_entries_are_counted_and_other_files_are_not(tmp_path: Path) -> None:
    for name in (".thumbs/a.jpg", "._b.jpg", "c.jpg", ".DS_Store", "notes.txt"):
        touch(tmp_path / name)
    assert found(tmp_path) == {"._b.jpg": "hidden", ".thumbs": "hidden", "c.jpg": None}


def test_hidden_entries_are_taken_when_asked_for(tmp_path: Path) -> None:
    for name in (".album/a.jpg", ".b.jpg", ".Trash/old.jpg", ".Trash-1000/files/x.jpg"):
        touch(tmp_path / name)
    assert found(tmp_path, Rules(hidden=True)) == {
        ".Trash": "system folder .Trash",
        ".Trash-1000": "system folder .Trash-1000",
        ".b.jpg": None,
        ".album/a.jpg": None,
    }


SYSTEM = ["@eaDir", "#recycle", "$RECYCLE.BIN", "node_modules", "lost+found", "__MACOSX"]


@pytest.mark.parametrize("name", [*SYSTEM, "System Volume Information", "Previews.lrdata"])
def test_folders_of_the_system_are_left_out_with_their_name(tmp_path: Path, name: str) -> None:
    touch(tmp_path / name / "deep/a.jpg")
    touch(tmp_path / "b.jpg")
    assert found(tmp_path) == {name: f"system folder {name}", "b.jpg": None}


def test_a_file_may_be_called_as_a_system_folder_is(tmp_path: Path) -> None:
    touch(tmp_path / "@eaDir.jpg")
    assert found(tmp_path) == {"@eaDir.jpg": None}


def test_a_photo_library_of_macos_gives_its_originals_only(tmp_path: Path) -> None:
    library = "Photos Library.photoslibrary"
    for name in ("originals/0/a.heic", "resources/derivatives/a.jpg", "database/x.jpg"):
        touch(tmp_path / library / name)
    assert found(tmp_path) == {
        f"{library}/database": "system folder database",
        f"{library}/resources": "system folder resources",
        f"{library}/originals/0/a.heic": None,
    }


def test_a_system_folder_that_is_named_is_scanned(tmp_path: Path) -> None:
    touch(tmp_path / ".Trash/a.jpg")
    assert found(tmp_path / ".Trash") == {"a.jpg": None}


def test_excluded_globs_are_names_ends_of_paths_or_whole_paths(tmp_path: Path) -> None:
    for name in ("a.gif", "sub/B.GIF", "trips/raw/c.jpg", "raw/d.jpg", "private/e.jpg", "f.jpg"):
        touch(tmp_path / name)
    rules = Rules(exclude=("*.gif", "trips/raw", str(tmp_path / "private")))
    assert found(tmp_path, rules) == {
        "a.gif": "--exclude",
        "private": "--exclude",
        "f.jpg": None,
        "raw/d.jpg": None,
        "sub/B.GIF": "--exclude",
        "trips/raw": "--exclude",
    }


def test_a_file_of_globs_holds_for_its_folder_and_below(tmp_path: Path) -> None:
    touch(tmp_path / "photos/.vlmignore", "\ufeff# drafts\n\n*.png\n/raw\nscans/**/back-?.jpg\n")
    wanted = ("photos/raw/a.jpg", "photos/sub/raw/b.jpg", "photos/sub/c.PNG", "d.png")
    for name in (*wanted, "photos/scans/1/2/back-1.jpg", "photos/scans/1/front.jpg"):
        touch(tmp_path / name)
    told = str(tmp_path / "photos/.vlmignore")
    everything = {
        "d.png": None,
        "photos/raw": told,
        "photos/scans/1/front.jpg": None,
        "photos/scans/1/2/back-1.jpg": told,
        "photos/sub/c.PNG": told,
        "photos/sub/raw/b.jpg": None,
    }
    assert found(tmp_path) == everything
    below = found(tmp_path / "photos/sub")
    assert below == {"c.PNG": told, "raw/b.jpg": None}, "globs hold where a scan begins below them"


def test_a_file_of_globs_that_cannot_be_used_is_a_line(tmp_path: Path) -> None:
    touch(tmp_path / ".vlmignore", "*.png\n!keep.png\n")
    touch(tmp_path / "a.png")
    (line, photo) = scan([tmp_path])
    assert isinstance(line, Skipped) and line.path == tmp_path / ".vlmignore"
    assert line.reason == "'!keep.png': globs that take back others are not supported"
    assert photo.path == tmp_path / "a.png"


def test_the_rule_for_one_path_is_the_one_a_scan_applies(tmp_path: Path) -> None:
    touch(tmp_path / "sub/.vlmignore", "secret\n")
    names = ("sub/secret/a.jpg", "sub/b.jpg", ".h/c.jpg", "@eaDir/d.jpg", "sub/e.gif", "sub/.f.jpg")
    for name in names:
        touch(tmp_path / name)
    rules = Rules(exclude=("*.gif",))
    scanned = found(tmp_path, rules)
    for name in names:
        leading = [p for p in scanned if name == p or name.startswith(f"{p}/")]
        assert left_out(tmp_path / name, [tmp_path], rules) == scanned[leading[0]]
    named = tmp_path / "@eaDir/d.jpg"
    assert left_out(named, [tmp_path, named], rules) is None


def test_a_name_in_no_encoding_can_be_excluded(tmp_path: Path) -> None:
    folder = tmp_path / "caf\udce9"
    try:
        touch(folder / "a.jpg")
    except OSError:
        pytest.skip("this file system takes no such name")
    assert found(tmp_path, Rules(exclude=("caf?",))) == {"caf\udce9": "--exclude"}


def test_what_is_excluded_later_is_searched_no_longer_until_it_is_wanted_again(
    photos: Path, tmp_path: Path
) -> None:
    with Library.open(tmp_path / "library", create=True) as library:
        embedder = ColourEmbedder()
        assert build(library, [photos], embedder).added == 3
        report = build(library, [photos], embedder, rules=Rules(exclude=("sub", "*.jpg")))
        assert (report.missing, report.unchanged, report.left_out) == (2, 1, {"--exclude": 2})
        assert library.count() == 1
        (photos / ".vlmignore").write_text("/sub\n")
        report = build(library, [photos], embedder)
        assert (report.unchanged, report.missing) == (2, 0)
        (photos / ".vlmignore").unlink()
        report = build(library, [photos], embedder)
        assert (report.unchanged, report.left_out, library.count()) == (3, {}, 3)


def test_what_was_named_outright_stays_although_it_is_hidden(photos: Path, tmp_path: Path) -> None:
    (photos / "sub").rename(photos / ".sub")
    with Library.open(tmp_path / "library", create=True) as library:
        build(library, [photos / ".sub"], ColourEmbedder())
        report = build(library, [photos], ColourEmbedder())
        assert (report.missing, report.left_out, library.count()) == (0, {"hidden": 1}, 3)


PARTS = st.text("ab.", min_size=1, max_size=4).filter(lambda part: part not in (".", ".."))
STEPS = st.text("ab.*?[]!-^\\", min_size=1, max_size=6)


@given(parts=st.lists(PARTS, min_size=1, max_size=4), steps=st.lists(STEPS, min_size=1, max_size=4))
def test_any_text_is_a_glob(parts: list[str], steps: list[str]) -> None:
    path = "/top/" + "/".join(parts)
    Globs(("/".join(steps),), Path("/top"), "").match(path)
    assert Globs(("/".join(parts),), Path("/top"), "").match(path)
    assert Globs(("/" + "/".join(parts),), Path("/top"), "").match(path)
    assert Globs(("**/" + parts[-1],), Path("/top"), "").match(path)
    assert not Globs(("/x/" + "/".join(parts),), Path("/top"), "").match(path)

"""An evaluation data folder, read into records: ``cases.jsonl`` and the photos it names.

One JSON object a line. This module reads the lines that have ``captions`` (`captioned_photos`);
lines of other kinds, such as questions, may stand in the same file and are passed over. What reads
those builds on `case_lines`, `photo_of` and `texts_of`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from vlm.errors import PathMissing, VlmError


class CasesInvalid(VlmError):
    """A ``cases.jsonl`` that cannot be used; the message names the line where there is one."""

    def __init__(self, file: Path, reason: str, line: int | None = None) -> None:
        place = f"{file}, line {line}" if line is not None else str(file)
        super().__init__(f"{place}: {reason}")


@dataclass(frozen=True, slots=True)
class CaptionedPhoto:
    """A photo and what people wrote about it; at least one caption."""

    path: Path
    captions: tuple[str, ...]


def captioned_photos(
    folder: Path, *, split: str | None = None, limit: int | None = None
) -> list[CaptionedPhoto]:
    """Photos with captions, in the order of their first line; several lines of a photo are joined.

    ``split`` keeps the lines whose ``split`` is that text, ``limit`` the first so many photos.
    Everything is checked ahead of any embedding: raises `PathMissing` without ``cases.jsonl``,
    `CasesInvalid` for a line that is not as documented, for a photo that is not there or lies
    outside of ``photos/``, and when no photo remains.
    """
    file = folder / "cases.jsonl"
    photos: dict[Path, list[str]] = {}
    splits: set[str] = set()
    for line, case in case_lines(file):
        if "captions" not in case:
            continue
        if "split" in case:
            splits.add(str(case["split"]))
        if split is not None and case.get("split") != split:
            continue
        path = photo_of(file, line, case)
        if path not in photos and len(photos) == limit:
            continue
        photos.setdefault(path, []).extend(texts_of(file, line, case, "captions"))
    if not photos and split is not None:
        there = ", ".join(sorted(splits)) or "no splits at all"
        raise CasesInvalid(file, f"no captioned photo of split '{split}'. The file has: {there}.")
    if not photos:
        raise CasesInvalid(file, 'no line has "image" and "captions". See docs/evaluation.md.')
    return [CaptionedPhoto(path, tuple(captions)) for path, captions in photos.items()]


def case_lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines of a ``cases.jsonl`` with their numbers; raises as `captioned_photos` does."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise PathMissing(file) from None
    except OSError as error:
        raise CasesInvalid(file, f"cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CasesInvalid(file, "not UTF-8. Save the file as UTF-8 text.", line) from None
    # JSON strings may hold U+2028 and the like, at which str.splitlines would cut them.
    for number, content in enumerate(text.split("\n"), 1):
        if not content.strip():
            continue
        try:
            case = json.loads(content)
        except json.JSONDecodeError as error:
            reason = f"not JSON ({error.msg} at column {error.colno})."
            raise CasesInvalid(file, reason, number) from None
        except RecursionError:
            raise CasesInvalid(file, "JSON nested too deeply.", number) from None
        if not isinstance(case, dict):
            raise CasesInvalid(file, "not a JSON object, {…}.", number)
        yield number, case


def photo_of(file: Path, line: int, case: dict[str, Any], *, there: bool = True) -> Path:
    """Where the photo of a case is. Raises `CasesInvalid`, for a missing file only if ``there``."""
    name = case.get("image")
    if not isinstance(name, str) or not name.strip() or "\0" in name:
        raise CasesInvalid(file, '"image" must be the name of a photo.', line)
    relative = PurePosixPath(name)
    if relative.is_absolute() or ".." in relative.parts:
        raise CasesInvalid(file, f"'{name}' leads out of the photos folder.", line)
    path = file.parent / "photos" / relative
    if there and not path.is_file():
        raise CasesInvalid(file, f"the photo {path} is not there.", line)
    return path


def texts_of(file: Path, line: int, case: dict[str, Any], key: str) -> list[str]:
    """The texts under ``key``, at least one and none empty. Raises `CasesInvalid`."""
    texts = case.get(key)
    if not isinstance(texts, list) or not texts:
        raise CasesInvalid(file, f'"{key}" must be a list with at least one text.', line)
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            raise CasesInvalid(file, f'{text!r} in "{key}" is not a text.', line)
    return texts

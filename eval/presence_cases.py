"""What is in the photos of an evaluation data folder, by their captions or lists of objects."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from eval.cases import CasesInvalid, case_lines, photo_of, texts_of
from eval.presence_mentions import OBJECTS, mentioned, object_named
from eval.presence_questions import Contents


def contents(folder: Path, *, split: str | None = None) -> list[Contents]:
    """The photos with captions or ``objects`` in ``cases.jsonl``, in the order of their first line.

    With a list of objects, those are there and all others are not. With captions, an object that
    any caption mentions is there, and one that none mentions or hints at is not. Several lines of
    a photo are joined. Raises `PathMissing` without ``cases.jsonl``, `CasesInvalid` for a line
    that is not as documented, and when there is no such photo or none has any of the objects.
    """
    file = folder / "cases.jsonl"
    captions: dict[Path, list[str]] = {}
    objects: dict[Path, set[str]] = {}
    splits: set[str] = set()
    for line, case in case_lines(file):
        if "captions" not in case and "objects" not in case:
            continue
        if "split" in case:
            splits.add(str(case["split"]))
        if split is not None and case.get("split") != split:
            continue
        path = photo_of(file, line, case)
        texts = texts_of(file, line, case, "captions") if "captions" in case else []
        captions.setdefault(path, []).extend(texts)
        if "objects" in case:
            objects.setdefault(path, set()).update(_objects(file, line, case["objects"]))
    if not captions and split is not None:
        there = ", ".join(sorted(splits)) or "no splits at all"
        raise CasesInvalid(file, f"no photo of split '{split}'. The file has: {there}.")
    if not captions:
        raise CasesInvalid(
            file, 'no line has "captions" or "objects" of an "image". See docs/evaluation.md.'
        )
    found = [
        _listed(path, objects[path]) if path in objects else _captioned(path, texts)
        for path, texts in captions.items()
    ]
    if not any(photo.there for photo in found):
        raise CasesInvalid(
            file, "none of the 80 COCO objects is in any photo, so there is nothing to ask."
        )
    return found


def _objects(file: Path, line: int, names: object) -> list[str]:
    if not isinstance(names, list):
        raise CasesInvalid(file, '"objects" must be a list of names.', line)
    found = []
    for name in names:
        known = object_named(name) if isinstance(name, str) else None
        if known is None:
            raise CasesInvalid(file, f"{name!r} is none of the 80 COCO objects.", line)
        found.append(known)
    return found


def _listed(path: Path, there: Set[str]) -> Contents:
    return Contents(path, _among(there), tuple(name for name in OBJECTS if name not in there))


def _captioned(path: Path, captions: list[str]) -> Contents:
    seen = mentioned(captions)
    open_to_doubt = seen.surely | seen.perhaps
    absent = tuple(name for name in OBJECTS if name not in open_to_doubt)
    return Contents(path, _among(seen.surely), absent)


def _among(names: Set[str]) -> tuple[str, ...]:
    return tuple(name for name in OBJECTS if name in names)

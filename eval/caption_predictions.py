"""Captions made elsewhere, read from a file, so that other tools can be compared.

A JSON list of ``{"image": NAME, "caption": TEXT}``, or of ``{"image_id": ID, "caption": TEXT}``
as the COCO evaluation has it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from eval.caption import Captions
from eval.cases import captioned_photos
from eval.predictions import PredictionsInvalid, read_list

_Key: TypeAlias = str | int


def read_predictions(
    file: Path, folder: Path, *, split: str | None = None, limit: int | None = None
) -> Captions:
    """The captions in ``file`` for the photos that `captioned_photos` gives for the same arguments.

    Captions for photos of other splits, or beyond the limit, are passed over. Raises what
    `captioned_photos` raises, `PathMissing`, and `PredictionsInvalid` for a photo that is in no
    case at all, for one with no caption or with two, and for entries that are not as documented.
    """
    root = folder / "photos"
    photos = {
        photo.path.relative_to(root).as_posix(): photo
        for photo in captioned_photos(folder, split=split, limit=limit)
    }
    known = [photo.path.relative_to(root).as_posix() for photo in captioned_photos(folder)]
    said: dict[str, str] = {}
    for entry, name, caption in _entries(file, known):
        if name in said:
            raise PredictionsInvalid(file, f"a second caption for {name}.", entry)
        said[name] = caption
    missing = [name for name in photos if name not in said]
    if missing:
        raise PredictionsInvalid(
            file, f"no caption for {len(missing)} of {len(photos)} photos, such as {missing[0]}."
        )
    return Captions(file.name, tuple(photos.values()), tuple(said[name] for name in photos))


def _entries(file: Path, known: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    names: dict[_Key, list[str]] = {name: [name] for name in known}
    ids: dict[_Key, list[str]] = defaultdict(list)
    for name in known:
        for identifier in _ids(name):
            ids[identifier].append(name)
    for number, entry in enumerate(read_list(file), 1):
        if not isinstance(entry, dict) or not isinstance(entry.get("caption"), str):
            raise PredictionsInvalid(file, 'not an object with the text "caption".', number)
        kind, table = ("image", names) if "image" in entry else ("image_id", ids)
        key: object = entry.get(kind)
        if not isinstance(key, str | int):
            raise PredictionsInvalid(file, '"image" or "image_id" must name a photo.', number)
        found = table.get(key, [])
        if not found:
            reason = f"no line of cases.jsonl has captions for {kind} {key!r}."
            raise PredictionsInvalid(file, reason, number)
        if len(found) > 1:
            reason = f'image_id {key!r} may be {found[0]} and {found[1]}: give "image" instead.'
            raise PredictionsInvalid(file, reason, number)
        yield number, found[0], entry["caption"]


def _ids(name: str) -> set[_Key]:
    """What COCO results may call a photo.

    >>> sorted(_ids("val/COCO_val2014_000000000042.jpg"), key=str)
    [42, 'COCO_val2014_000000000042']
    """
    stem = PurePosixPath(name).stem
    digits = re.search(r"[0-9]+$", stem)
    return {stem, int(digits[0])} if digits else {stem}

"""Groups of duplicates as lines and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ui.shapes import skipped_shape

if TYPE_CHECKING:
    from index.catalogue.records import Content
    from index.duplicates.carrying import Move
    from index.duplicates.groups import Duplicates, Group
    from index.duplicates.tidying import Tidied
    from index.records import Skipped


def rows(groups: Sequence[Group]) -> Iterator[tuple[str, ...]]:
    """Cells of each line: kind, number of the group, what to do, path, reason to keep it."""
    for number, group in enumerate(groups, 1):
        for photo in group.photos:
            role = "keep" if photo == group.best else "copy" if group.redundant else "shot"
            reason = (group.reason,) if role == "keep" else ()
            yield group.kind, str(number), role, str(photo.path), *reason


def summary(groups: Sequence[Group]) -> str:
    """How many groups there are, and what could be moved away."""
    counts = Counter(group.kind for group in groups)
    copies = [photo for group in groups for photo in group.redundant]
    words = f"{counts['exact']} exact, {counts['near']} near, {counts['burst']} bursts."
    if not copies:
        return words
    size = sum(photo.size for photo in copies) / 1e6
    return f"{words} {len(copies)} copies take {size:.1f} MB; --move-to FOLDER moves them away."


def duplicates_shape(found: Duplicates, seconds: float, tidied: Tidied | None) -> dict[str, Any]:
    """`vlm duplicates`; ``moved`` and ``undo_file`` say what --move-to did."""
    kinds = {"exact": "exact", "near": "near", "burst": "bursts"}
    groups: dict[str, Any] = {name: [] for name in kinds.values()}
    for group in found.groups:
        groups[kinds[group.kind]].append(
            {
                "best": str(group.best.path),
                "reason": group.reason,
                "photos": [_photo(photo) for photo in group.photos],
            }
        )
    skipped = found.skipped + (tidied.skipped if tidied else [])
    return {
        **groups,
        **moves_shape(tidied.moves if tidied else [], skipped),
        "undo_file": str(tidied.undo_file) if tidied and tidied.undo_file else None,
        "seconds": round(seconds, 4),
    }


def moves_shape(moves: Sequence[Move], skipped: Sequence[Skipped]) -> dict[str, Any]:
    """`vlm duplicates --undo`, and a part of `duplicates_shape`."""
    return {
        "moved": [{"from": str(move.source), "to": str(move.target)} for move in moves],
        "skipped": skipped_shape(skipped),
    }


def _photo(photo: Content) -> dict[str, Any]:
    return {
        "path": str(photo.path),
        "width": photo.width,
        "height": photo.height,
        "bytes": photo.size,
        "taken_at": photo.taken_at,
    }

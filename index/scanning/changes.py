"""What changed on disk since the last run: every file found, and those that must be read."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from index.catalogue.catalogue import Catalogue
from index.catalogue.records import Model
from index.paths import absolute
from index.records import Skipped
from index.scanning.exclusions import Rules, is_chosen
from index.scanning.scan import Found, LeftOut, scan


@dataclass(slots=True)
class Changes:
    """``seen``: paths of all files; ``unwanted``: paths that the user's own rules leave out.

    ``todo`` is to be read; ``known`` are those of it whose content is the one indexed before, so
    that it is not worth while to look for it elsewhere.
    """

    todo: list[Found] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    seen: set[bytes] = field(default_factory=set)
    unwanted: set[bytes] = field(default_factory=set)
    unchanged: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def find_changes(
    catalogue: Catalogue,
    model: Model,
    paths: Sequence[Path],
    rules: Rules | None,
    decoder: str,
) -> Changes:
    """Scan and compare; reads no file.

    A file that this decoder refused is refused again, unless it changed or is named outright.
    Raises `PathMissing` and `FolderUnreadable`.
    """
    changes = Changes()
    entries = scan(paths, rules)
    current = catalogue.current(model)
    refused = catalogue.refused(decoder)
    for root in paths:
        refused.pop(os.fsencode(absolute(root)), None)
    for entry in entries:
        if isinstance(entry, Skipped):
            changes.skipped.append(entry)
            continue
        if isinstance(entry, LeftOut):
            changes.left_out[entry.rule] += 1
            if is_chosen(entry.rule):
                changes.unwanted.add(os.fsencode(entry.path))
            continue
        path = os.fsencode(entry.file)
        changes.seen.add(path)
        state = current.get(path)
        refusal = refused.get(path)
        if state == (entry.size, entry.mtime_ns, entry.sidecar_ns, True):
            changes.unchanged += 1
        elif refusal is not None and refusal[:2] == (entry.size, entry.mtime_ns):
            changes.skipped.append(Skipped(entry.path, refusal[2]))
        else:
            changes.todo.append(entry)
            if state is not None and state[:2] == (entry.size, entry.mtime_ns):
                changes.known.add(entry.file)
    return changes

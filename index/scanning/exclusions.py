"""What a scan of folders passes over: hidden, system's and unwanted files and folders.

Globs are those of a shell: ``*`` and ``?`` stop at a slash, ``**`` stands for any number of
folders, ``[a-z]`` is a set. Case does not matter. One without a slash is a name; one with a slash
is the end of a path; one that begins with a slash begins where the file of globs lies.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import translate
from functools import cached_property
from pathlib import Path

IGNORE_FILE = ".vlmignore"
"""A file of globs, one a line, ``#`` for comments: for its folder and all that is below."""

_IGNORE_FILE_LIMIT = 1 << 20

SYSTEM_FOLDERS = frozenset(
    {"$recycle.bin", "#recycle", "@recycle", ".trash", ".trashes", ".dtrash", "recycler"}
    | {"@eadir", "#snapshot", "@recently-snapshot", ".@__thumb", ".thumbnails", ".thumb"}
    | {"system volume information", "lost+found", "__macosx", ".spotlight-v100", ".fseventsd"}
    | {".documentrevisions-v100", ".temporaryitems", ".cache", ".git", ".hg", ".svn"}
    | {"node_modules", "__pycache__", "site-packages", ".picasaoriginals", ".stversions"}
)
"""Names, in lower case, of folders of thumbnails, deleted files and programs."""

_SYSTEM_ENDINGS = (".lrdata", ".lrcat-data", ".cocatalogdb")
_TRASH_OF_A_USER = re.compile(r"\.trash-\d+", re.IGNORECASE)  # freedesktop.org trash, 1.0

_PACKAGES = (".photoslibrary", ".migratedphotolibrary", ".aplibrary")
_ORIGINALS = frozenset({"originals", "masters"})
"""Folders of a macOS photo library that hold photos; the others hold what was made of them."""


@dataclass(frozen=True)
class Globs:
    """Some globs that belong to a folder; ``told`` is how a report calls them."""

    globs: tuple[str, ...]
    folder: Path
    told: str

    def match(self, path: str) -> bool:
        """Whether the absolute path of something in or under the folder is meant.

        >>> globs = Globs(("*.GIF", "/raw", "trips/*/x.png", "y/**/z"), Path("/photos"), "")
        >>> paths = ("a/b.gif", "raw", "a/raw", "a/trips/b/x.png", "y/z", "y/1/2/z", "y/z/1")
        >>> [globs.match(f"/photos/{path}") for path in paths]
        [True, True, False, True, True, True, False]
        """
        name = path.rindex("/") + 1
        if self._names is not None and self._names.match(path, name):
            return True
        # Most names do not even fit the last step.
        fitting = [s for s in self._paths if (last := s[-1]) is None or last.match(path, name)]
        if not fitting:
            return False
        parts = path[len(str(self.folder).rstrip("/")) + 1 :].split("/")
        return any(_leads_to(steps, parts) for steps in fitting)

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        """All of those that are names, as one expression."""
        names = [glob.rstrip("/") for glob in self.globs if "/" not in glob.rstrip("/")]
        return re.compile("|".join(map(translate, names)), re.IGNORECASE) if names else None

    @cached_property
    def _paths(self) -> list[list[re.Pattern[str] | None]]:
        """The others, step by step; None is for any number of steps."""
        paths = [glob.rstrip("/") for glob in self.globs if "/" in glob.rstrip("/")]
        return [
            [
                None if step == "**" else re.compile(translate(step), re.IGNORECASE)
                for step in (path[1:] if path.startswith("/") else f"**/{path}").split("/")
            ]
            for path in paths
        ]


@dataclass(frozen=True)
class Rules:
    """What the user wants left out (``exclude``), and whether hidden files are wanted."""

    exclude: tuple[str, ...] = ()
    hidden: bool = False
    _exclude: Globs = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_exclude", Globs(self.exclude, Path("/"), "--exclude"))

    def reason(self, name: str, path: str, globs: Sequence[Globs], *, folder: bool) -> str | None:
        """Which rule leaves out what is called ``name`` at the absolute ``path``, or None."""
        if folder and _is_system(name, path):
            return f"system folder {name}"
        if name.startswith(".") and not self.hidden:
            return None if name == IGNORE_FILE else "hidden"
        for some in (self._exclude, *globs) if self.exclude else globs:
            if some.match(path):
                return some.told
        return None


def is_chosen(rule: str) -> bool:
    """Whether a rule is the user's own, so that what was indexed before is to be forgotten.

    >>> [is_chosen(rule) for rule in ("hidden", "--exclude", "/photos/.vlmignore")]
    [False, True, True]
    """
    return rule == "--exclude" or rule.endswith(f"/{IGNORE_FILE}")


def read_globs(folder: Path) -> Globs:
    """The globs of the ignore file in a folder; raises `OSError` or `ValueError`."""
    path = folder / IGNORE_FILE
    with path.open("rb") as file:
        data = file.read(_IGNORE_FILE_LIMIT + 1)
    if len(data) > _IGNORE_FILE_LIMIT:
        raise ValueError("too large for a file of globs")
    lines = [line.strip() for line in os.fsdecode(data).lstrip("\ufeff").splitlines()]
    globs = [line for line in lines if line and not line.startswith("#")]
    unknown = next((glob for glob in globs if glob.startswith("!")), None)
    if unknown is not None:
        raise ValueError(f"'{unknown}': globs that take back others are not supported")
    return Globs(tuple(globs), folder, str(path))


def globs_above(folder: Path) -> list[Globs]:
    """The globs of the ignore files in the folders around this one that can be read."""
    found = []
    for above in reversed(folder.parents):
        try:
            found.append(read_globs(above))
        except (OSError, ValueError):
            continue
    return found


def _is_system(name: str, path: str) -> bool:
    lower = name.lower()
    if lower in SYSTEM_FOLDERS or lower.endswith(_SYSTEM_ENDINGS):
        return True
    if _TRASH_OF_A_USER.fullmatch(lower):
        return True
    parent = path[: -len(name)].rstrip("/").lower()
    return parent.endswith(_PACKAGES) and lower not in _ORIGINALS


def _leads_to(steps: Sequence[re.Pattern[str] | None], parts: Sequence[str]) -> bool:
    """Follow every way through the steps at once, so that no glob can take long."""
    at = _with_skipped(steps, {0})
    for part in parts:
        ahead = {n for n in at if n < len(steps) and steps[n] is None}
        ahead |= {n + 1 for n in at - ahead if n < len(steps) and _fits(steps[n], part)}
        at = _with_skipped(steps, ahead)
    return len(steps) in at


def _fits(step: re.Pattern[str] | None, part: str) -> bool:
    return step is not None and step.match(part) is not None


def _with_skipped(steps: Sequence[re.Pattern[str] | None], at: set[int]) -> set[int]:
    reached = set(at)
    for number, step in enumerate(steps):
        if step is None and number in reached:
            reached.add(number + 1)
    return reached

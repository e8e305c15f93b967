"""The block of settings that static site generators read at the top of a page."""

from __future__ import annotations

import re

_BLOCK = re.compile(
    "\ufeff?(?:---[ \t]*\r?\n(?:.*\r?\n)*?(?:---|\\.\\.\\.)[ \t]*(?:\r?\n|\\Z)"
    r"|\+\+\+[ \t]*\r?\n(?:.*\r?\n)*?\+\+\+[ \t]*(?:\r?\n|\Z))"
)
_LANGUAGE = re.compile(
    r"^lang(?:uage)?[ \t]*[:=][ \t]*[\"']?([A-Za-z]{2,3}(?:-\w+)*)", re.MULTILINE
)


def end_of_front_matter(text: str) -> int:
    """Where the page itself starts: after YAML between ``---`` or TOML between ``+++``, if any.

    >>> end_of_front_matter("---\\ntitle: x\\n---\\n# x"), end_of_front_matter("# x")
    (17, 0)
    """
    found = _BLOCK.match(text)
    return found.end() if found else int(text.startswith("\ufeff"))


def language(front_matter: str) -> str | None:
    """The page's language as its settings name it."""
    found = _LANGUAGE.search(front_matter)
    return found[1] if found else None

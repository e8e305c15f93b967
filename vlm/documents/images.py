"""What is known of one image of a page, and where its alternative text stands.

Positions are offsets into the bytes of the page. This module knows nothing about HTML, Markdown
or files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vlm.alt.context import ImageContext

Kind = Literal["img", "input", "area", "amp-img", "svg", "markdown"]
Syntax = Literal["html", "tag in markdown", "markdown"]


@dataclass(frozen=True, slots=True)
class Edit:
    """How the alternative text of one image is written: ``prefix``, the escaped words, ``suffix``.

    They take the place of the bytes ``start:end``, which are an ``alt`` attribute with the white
    space before it, the label of a Markdown image, or nothing (``start == end``).
    """

    start: int
    end: int
    prefix: bytes
    suffix: bytes
    syntax: Syntax
    codec: str  # Python's name of the page's encoding


@dataclass(frozen=True, slots=True)
class ImageInDocument:
    """One image of a page: ``data[start:end]`` is its tag, or its Markdown.

    ``context.alt`` is None where nothing is said: no ``alt`` attribute in HTML, empty brackets
    in Markdown, which has no other way to leave it out. An image with an ``edit`` can be given
    another alternative text; ``fixed`` says why one without cannot. ``local`` is the source as
    a path (decoded, without query and fragment, relative to the page or rooted at the site), or
    None with the reason in ``not_local``.
    """

    context: ImageContext
    start: int
    end: int
    line: int  # of `start`, counted from 1
    kind: Kind
    local: str | None
    not_local: str  # "" where `local` is a path
    edit: Edit | None
    fixed: str  # "" where there is an `edit`
    document: str  # digest of the bytes that the offsets belong to

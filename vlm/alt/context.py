"""What a page says around an image; alternative texts depend on it as much as on the picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageContext:
    """What stands around an image: everything that decides what its alternative text must say.

    All texts are as a reader sees them: markup removed, character references resolved.
    """

    src: str = ""
    """The address as written, or the file's path."""
    alt: str | None = None
    """None: no alt attribute at all. Empty: said to be decorative."""
    title: str = ""
    link: str | None = None
    """Target of the link that the image is in; None in no link, empty if the target is unknown."""
    link_text: str = ""
    """Other text inside the same link or button."""
    link_beside: str = ""
    """Text of another link to the same target, where nothing stands between the two links."""
    button: bool = False
    """Inside ``<button>``, or an ``<input type=image>``."""
    figcaption: str = ""
    heading: str = ""
    """The nearest heading before the image."""
    before: str = ""
    """Text of the block around it that comes before, at most 300 characters."""
    after: str = ""
    """Text of the block around it that comes after, at most 300 characters."""
    width: int | None = None
    """CSS pixels, as the page says."""
    height: int | None = None
    hidden: bool = False
    """``aria-hidden``, ``role=presentation`` or ``none``, ``hidden``."""
    lang: str | None = None
    """The nearest ``lang`` attribute."""

"""What a link or a button does, from its target, its file name and the text in the picture.

Source: WAI images tutorial, functional images (https://www.w3.org/WAI/tutorials/images/functional/)
and WCAG 2.2 H30: the text names the action or the destination, not the look of the picture.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from vlm.alt.context import ImageContext
from vlm.alt.file_names import ends_as_image, file_name, is_generated, stem, words_of
from vlm.alt.icons import HOME, Icon, icon_name, icon_named
from vlm.alt.neighbours import said_in
from vlm.alt.wording import clean, label

_SITES = {
    "facebook.com": "Facebook", "instagram.com": "Instagram", "linkedin.com": "LinkedIn",
    "youtube.com": "YouTube", "youtu.be": "YouTube", "x.com": "X", "twitter.com": "Twitter",
    "github.com": "GitHub", "gitlab.com": "GitLab", "pinterest.com": "Pinterest",
    "tiktok.com": "TikTok", "flickr.com": "Flickr", "vimeo.com": "Vimeo", "bsky.app": "Bluesky",
    "mastodon.social": "Mastodon", "reddit.com": "Reddit", "whatsapp.com": "WhatsApp",
    "wa.me": "WhatsApp", "t.me": "Telegram", "xing.com": "XING", "medium.com": "Medium",
    "wikipedia.org": "Wikipedia", "spotify.com": "Spotify", "patreon.com": "Patreon",
}  # fmt: skip
_HOME_PATH = re.compile(r"(?:\.{1,2}/|/)*(?:(?:index|default|home)\.\w{2,5})?", re.IGNORECASE)
_PAGE_ENDING = re.compile(r"\.(?:html?|php|aspx?|jsp|md|xhtml)$", re.IGNORECASE)
_WORDS_IN_IMAGE = 10
"""More words than this are a text to read, not the name of a link."""


class Purpose(NamedTuple):
    """The name of a link or a button, and where it comes from."""

    name: str
    reason: str


def purpose_of(
    context: ImageContext, *, draft: str = "", text_in_image: str = ""
) -> Purpose | None:
    """Name what the link or button around an image does; None if nothing tells.

    In this order: the text in the picture, an icon in the file name, the ``title``, the target, and
    at last what the picture shows. Nothing is guessed: a target of digits names nothing.

    >>> purpose_of(ImageContext(src="w3c.png", link="/"), text_in_image="W3C")
    Purpose(name='W3C home', reason='named after the text in the picture and the home page')
    >>> purpose_of(ImageContext(src="a.png", link="/about-us.html")).name
    'About us'
    """
    text = label(" ".join(text_in_image.split()))
    leads_home = _leads_home(context.link)
    if text and len(text.split()) <= _WORDS_IN_IMAGE:
        home = icon_name(HOME, context.lang)
        if not leads_home or not home or said_in(home, text):
            return Purpose(text, "named after the text in the picture")
        joined = f"{text} {home.lower()}" if home == "Home" else f"{text} \u2013 {home}"
        return Purpose(joined, "named after the text in the picture and the home page")
    icon = icon_named(words_of(stem(context.src)))
    if icon is not None and icon_name(icon, context.lang):
        return Purpose(icon_name(icon, context.lang), "named after the icon")
    if label(context.title):
        return Purpose(label(context.title), "named after the title attribute")
    if leads_home and icon_name(HOME, context.lang):
        return Purpose(icon_name(HOME, context.lang), "named after its target, the home page")
    target = _target(context.link)
    if target:
        return Purpose(target, "named after the target of the link")
    return _shown(label(draft, file_name=file_name(context.src)), context.lang)


def extra_in_link(context: ImageContext) -> bool:
    """Whether an icon says what the text of its link does not: a file format, a new window.

    Source: WAI images tutorial, functional images, example 3, and informative images, example 5.

    >>> extra_in_link(ImageContext(src="pdf-icon.png", link="r.pdf", link_text="Annual report"))
    True
    >>> extra_in_link(ImageContext(src="pdf.png", link="r.pdf", link_text="Report (PDF)"))
    False
    """
    icon = icon_named(words_of(stem(context.src)))
    name = icon_name(icon, context.lang) if icon is not None and icon.adds else ""
    return bool(name) and not said_in(name, context.link_text)


def _shown(said: str, language: str | None) -> Purpose | None:
    """What the picture shows: an icon's name if the description calls it an icon or a symbol."""
    words = words_of(said)
    if {"icon", "symbol", "glyph"}.intersection(words):
        names = (icon_name(icon, language) for icon in map(_icon, words) if icon is not None)
        name = next((name for name in names if name), "")
        if name:
            return Purpose(name, "named after the icon")
    if said:
        return Purpose(said, "nothing names the target, so the text says what is shown")
    return None


def _icon(word: str) -> Icon | None:
    return icon_named([word])


def _leads_home(link: str | None) -> bool:
    parts = _split(link)
    if parts is None or not link or parts.query or link.startswith("#"):
        return False
    return not parts.scheme and not parts.netloc and _HOME_PATH.fullmatch(parts.path) is not None


def _target(link: str | None) -> str:
    """A name for where a link leads; empty if its address tells none."""
    parts = _split(link)
    if parts is None or parts.scheme not in ("", "http", "https", "mailto", "tel"):
        return ""
    if parts.scheme in ("mailto", "tel"):
        return clean(unquote(parts.path))
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    known = next((name for at, name in _SITES.items() if f".{host}".endswith(f".{at}")), "")
    segments = [unquote(part) for part in parts.path.split("/") if part]
    if known or (host and not segments):
        return known or host
    if not segments or ends_as_image(segments[-1]):
        return ""
    page = segments[-1]
    if re.fullmatch(r"(?:index|default)\.\w{2,5}", page) and len(segments) > 1:
        page = segments[-2]
    return _named_page(_PAGE_ENDING.sub("", page))


def _named_page(page: str) -> str:
    """Words of a readable address, such as ``about-us``; empty for numbers, codes and files."""
    words = re.split(r"[-_+ ]+", page)
    readable = all(re.fullmatch(r"[^\W\d_]{1,20}|\d{1,4}", word) for word in words)
    if not readable or is_generated(page) or not any(len(w) > 2 and w.isalpha() for w in words):
        return ""
    return label(" ".join(words))


def _split(link: str | None) -> SplitResult | None:
    if not link or re.search(r"\{\{|\{%|\$\{|<%", link):
        return None
    try:
        return urlsplit(link)
    except ValueError:
        return None

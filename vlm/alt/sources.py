"""Where the rules come from. Facts only: no sentence of a source is repeated here."""

from __future__ import annotations

_WCAG = "https://www.w3.org/WAI/WCAG22/"
_WAI = "https://www.w3.org/WAI/tutorials/images/"


def failure(name: str) -> str:
    """A failure of WCAG 2.2, such as F30."""
    return f"WCAG 2.2 {name}, {_WCAG}Techniques/failures/{name}"


def html_technique(name: str) -> str:
    """A technique of WCAG 2.2 for HTML, such as H67."""
    return f"WCAG 2.2 {name}, {_WCAG}Techniques/html/{name}"


def tutorial(page: str, what: str) -> str:
    """A page of the W3C WAI images tutorial."""
    return f"W3C WAI images tutorial, {what}, {_WAI}{page}/"


TIPS = tutorial("tips", "tips and tricks")
FUNCTIONAL = tutorial("functional", "functional images")
TREE = tutorial("decision-tree", "alt decision tree")
NON_TEXT = f"WCAG 2.2 SC 1.1.1, {_WCAG}Understanding/non-text-content"
HTML = "HTML standard, alt, https://html.spec.whatwg.org/multipage/images.html#alt"
LENGTH = (
    "IPTC Photo Metadata 2021.1 as presented at CSUN 2022 (aim at 125 characters, 250 at most), "
    "https://www.csun.edu/cod/conference/sessions/2022/index.php/public/presentations/view/2318"
)
CAPITALS = (
    "Terrill Thompson, upper case character test, https://terrillthompson.com/tests/allcaps.html"
)
MARKDOWN = "markdownlint MD045, https://github.com/DavidAnson/markdownlint/blob/main/doc/md045.md"

"""What stands around each image, gathered while the tags and texts of a page go by.

Knows elements by name only; the same gathering serves HTML, JSX and Markdown. It builds no tree:
an end tag without a start is passed over, and one that closes others closes them too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from vlm.alt.context import ImageContext
from vlm.documents.character_references import seen

_LONGEST = 300  # characters of text on either side, of a heading, a caption or a link
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_BLOCKS = _HEADINGS | frozenset(
    """address article aside blockquote body button caption center dd details dialog div dl dt
    fieldset figcaption figure footer form header hgroup hr legend li main map menu nav ol option
    p pre search section select summary table tbody td tfoot th thead tr ul""".split()  # noqa: SIM905
)
_VOID = frozenset(
    """area base br col embed hr image img input link meta param source track wbr""".split()  # noqa: SIM905
)
_LINKS = frozenset(["a", "button"])


@dataclass(slots=True)
class _Block:
    """Text without a break in it."""

    plain: bool  # neither a heading nor a caption
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    holds_image: bool = False

    def add(self, text: str) -> None:
        self.pieces.append(text)
        self.length += len(text)


@dataclass(slots=True)
class _Control:
    """A link or button and the words in it."""

    link: str | None
    button: bool
    label: str
    words: list[str] = field(default_factory=list)
    beside: list[_Control] = field(default_factory=list)
    """Links before and behind it to the same target, with nothing between."""

    @property
    def text(self) -> str:
        """What it is called, but for its images."""
        return _first(self.label or seen("".join(self.words)))


@dataclass(slots=True)
class _Figure:
    caption: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Element:
    name: str
    control: _Control | None
    figure: _Figure | None
    captioned: _Figure | None  # the figure whose caption this is in
    hidden: bool
    lang: str | None
    starts_heading: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where an image stands, until the whole page has been read."""

    block: int
    offset: int
    element: _Element
    heading: str


class Surroundings:
    """Takes a page in order, then tells what is around the places it was asked to remember."""

    def __init__(self, lang: str | None = None) -> None:
        self._blocks = [_Block(plain=True)]
        self._open = [_Element("", None, None, None, False, lang)]
        self._names: Counter[str] = Counter()
        self._heading = ""
        self._heading_words: list[str] | None = None
        self._last_link: _Control | None = None  # with nothing behind it so far

    def open(self, name: str, attributes: Mapping[str, str], *, closed: bool = False) -> None:
        """A start tag; ``attributes`` as a reader of the page has them."""
        if name == "a" and self._names["a"]:
            self.close("a")
        inside = self._open[-1]
        if name in _BLOCKS:
            self._break(plain=name not in _HEADINGS and inside.captioned is None)
        if name in _VOID or closed:
            return
        element = replace(
            inside,
            name=name,
            hidden=inside.hidden or is_hidden(attributes),
            lang=attributes.get("lang") or attributes.get("xml:lang") or inside.lang,
            starts_heading=name in _HEADINGS,
        )
        if name in _LINKS or attributes.get("role") in ("button", "link"):
            button = name == "button" or attributes.get("role") == "button"
            label = seen(attributes.get("aria-label", ""))
            link = attributes.get("href", attributes.get("to")) if name == "a" else None
            if not button and link is None and attributes.get("role") == "link":
                link = ""
            element = replace(element, control=self._control(_Control(link, button, label)))
        elif name == "figure":
            element = replace(element, figure=_Figure())
        elif name == "figcaption":
            element = replace(element, captioned=inside.figure)
            self._break(plain=False)
        if element.starts_heading:
            self._heading_words = []
        self._open.append(element)
        self._names[name] += 1

    def close(self, name: str) -> None:
        """An end tag."""
        if name in _BLOCKS and not self._names[name]:
            self._break(plain=self._open[-1].captioned is None)
        if not self._names[name]:
            return
        while True:
            element = self._open.pop()
            self._names[element.name] -= 1
            if element.control is not self._open[-1].control:
                self._last_link = element.control
            if element.starts_heading and self._heading_words is not None:
                words = seen(" ".join(self._heading_words))
                self._heading = _first(words) or self._heading
                self._heading_words = None
            if element.name == name:
                break
        if name in _BLOCKS:
            self._break(plain=self._open[-1].captioned is None)

    def text(self, text: str) -> None:
        """Words of the page, character references resolved."""
        words = seen(text)
        if not words:
            self._blocks[-1].add(" ")
            return
        words = f"{' ' * text[:1].isspace()}{words}{' ' * text[-1:].isspace()}"
        self._blocks[-1].add(words)
        element = self._open[-1]
        self._last_link = None
        if self._heading_words is not None:
            self._heading_words.append(words)
        if element.control:
            element.control.words.append(words)
        if element.captioned:
            element.captioned.caption.append(words)

    def place(self) -> Place:
        """Remember where the page is now."""
        block = self._blocks[-1]
        block.holds_image = True
        self._last_link = None
        return Place(len(self._blocks) - 1, block.length, self._open[-1], self._heading)

    def contexts(self, places: list[Place]) -> list[ImageContext]:
        """What is around each place, of a page read to its end; the image's own parts are empty."""
        texts = ["".join(block.pieces) for block in self._blocks]
        previous = _nearest(self._blocks, texts, range(len(texts)))
        following = _nearest(self._blocks, texts, range(len(texts) - 1, -1, -1))
        return [self._context(place, texts, previous, following) for place in places]

    def _context(
        self, place: Place, texts: list[str], previous: list[str], following: list[str]
    ) -> ImageContext:
        text, element = texts[place.block], place.element
        around = slice(max(0, place.offset - 3 * _LONGEST), place.offset)
        before = _last(seen(text[around])) or _last(previous[place.block])
        after = seen(text[place.offset : place.offset + 3 * _LONGEST])
        control, figure = element.control, element.figure
        return ImageContext(
            link=control.link if control else None,
            link_text=control.text if control else "",
            link_beside=next((c.text for c in control.beside if c.text), "") if control else "",
            button=bool(control and control.button),
            figcaption=_first(seen("".join(figure.caption))) if figure else "",
            heading=place.heading,
            before=before,
            after=_first(after) or _first(following[place.block]),
            hidden=element.hidden,
            lang=element.lang,
        )

    def _control(self, control: _Control) -> _Control:
        """A control that opens here, told from which link it follows at once."""
        last, self._last_link = self._last_link, None
        if last and control.link and last.link == control.link and control.link != "#":
            last.beside.append(control)
            control.beside.append(last)
        return control

    def _break(self, *, plain: bool) -> None:
        last, element = self._blocks[-1], self._open[-1]
        for words in (
            element.control and element.control.words,
            element.captioned and element.captioned.caption,
        ):
            if words:
                words.append(" ")
        if last.length or last.holds_image:
            self._blocks.append(_Block(plain))
        else:
            last.plain = plain


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Whether an element is taken from the accessibility tree, with all that is in it."""
    return "hidden" in attributes or attributes.get("aria-hidden", "").lower() == "true"


def _nearest(blocks: list[_Block], texts: list[str], order: range) -> list[str]:
    """For each block the words of the plain block with any that comes before it in ``order``."""
    nearest, words = [""] * len(texts), ""
    for index in order:
        nearest[index] = words
        if blocks[index].plain and not texts[index].isspace() and texts[index]:
            text = texts[index]
            long = len(text) > 6 * _LONGEST
            words = seen(text[: 3 * _LONGEST] + " … " + text[-3 * _LONGEST :] if long else text)
    return nearest


def _first(words: str) -> str:
    if len(words) <= _LONGEST:
        return words
    return words[: _LONGEST + 1].rpartition(" ")[0] or words[:_LONGEST]


def _last(words: str) -> str:
    if len(words) <= _LONGEST:
        return words
    return words[-_LONGEST - 1 :].partition(" ")[2] or words[-_LONGEST:]

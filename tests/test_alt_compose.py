"""Composed alternative texts: laws that hold for any draft on any page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vlm.alt.compose import compose
from vlm.alt.context import ImageContext
from vlm.alt.lint import lint
from vlm.alt.openings import opens_as_picture

PLAIN = """a the red barn dog dogs beach on with sign map chart of photo image picture icon Search
shop IMG_12 home! menu. Foto van una imagen de says: NEXT PDF“x” and, runs"""
plain = st.sampled_from(PLAIN.split())
texts = st.lists(plain, max_size=30).map(" ".join) | st.text(max_size=120)
links = st.sampled_from(
    [None, "", "/", "/about-us", "https://example.org/a/7", "a.jpg", "http://[x"]
)
contexts = st.builds(
    ImageContext,
    src=st.sampled_from(["", "IMG_12.jpg", "red-barn.png", "search.svg", "map.png", "logo.gif"]),
    title=texts,
    link=links,
    link_text=st.sampled_from(["", "", "Red barn"]),
    button=st.booleans(),
    figcaption=texts,
    heading=texts,
    before=texts,
    after=texts,
    width=st.sampled_from([None, 1, 40, 800]),
    lang=st.sampled_from([None, "en", "de-AT", "pl"]),
)
lengths = st.integers(12, 160)


@given(draft=texts, context=contexts, text=texts, limit=lengths)
@example(draft="a shop", context=ImageContext(), text="Bakery. Open", limit=125)
@example(draft="Look!", context=ImageContext(), text="Stop", limit=125)
@example(draft="", context=ImageContext(title="icon home!", link=""), text="", limit=12)
@example(draft="", context=ImageContext(button=True), text="menu. chart", limit=12)
@example(draft="", context=ImageContext(src="IMG_12.jpg", link=""), text="IMG_12 menu.", limit=12)
@example(draft="", context=ImageContext(src="logo.gif"), text="map a", limit=12)
@example(draft="sign", context=ImageContext(), text="red", limit=12)
def test_composing_twice_changes_nothing(
    draft: str, context: ImageContext, text: str, limit: int
) -> None:
    once = compose(draft, context, text_in_image=text, max_length=limit)
    if once.alt:
        again = compose(once.alt, context, text_in_image=text, max_length=limit)
        assert again.alt == once.alt
        assert again.role == once.role


@given(draft=texts, context=contexts, text=texts, limit=lengths)
def test_a_composed_text_is_short_and_never_opens_as_a_picture(
    draft: str, context: ImageContext, text: str, limit: int
) -> None:
    made = compose(draft, context, text_in_image=text, max_length=limit)
    assert len(made.alt or "") <= limit
    assert not opens_as_picture(made.alt or "")
    assert made.reasons


@given(draft=texts, context=contexts, text=texts, limit=lengths)
def test_lint_finds_no_error_in_a_composed_text(
    draft: str, context: ImageContext, text: str, limit: int
) -> None:
    made = compose(draft, context, text_in_image=text, max_length=limit)
    if made.alt is not None:
        found = lint(made.alt, replace(context, alt=made.alt), max_length=limit)
        assert [finding for finding in found if finding.severity == "error"] == []


@given(draft=texts, context=contexts, text=texts)
def test_an_empty_text_means_decorative_and_nothing_else_does(
    draft: str, context: ImageContext, text: str
) -> None:
    made = compose(draft, context, text_in_image=text)
    assert (made.alt == "") == (made.role == "decorative")


@given(draft=texts, context=contexts, text=texts)
def test_the_image_alone_in_a_link_is_never_called_decorative(
    draft: str, context: ImageContext, text: str
) -> None:
    alone = replace(context, link="/x", link_text="", alt=None, hidden=False)
    assert compose(draft, alone, text_in_image=text).role == "functional"


def test_a_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="room"):
        compose("a cat", ImageContext(), max_length=1)

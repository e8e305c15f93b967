"""What lint finds in alternative texts that people and programs wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlm.alt.context import ImageContext as In
from vlm.alt.lint import lint, lint_document, of_markdown
from vlm.alt.rules import RULES

PHOTO = In(src="barn.jpg")
LINKED = In(src="barn.jpg", link="/barns")
BROKEN: list[tuple[str, str | None, In]] = [
    ("missing-alt", None, PHOTO),
    ("missing-alt", None, In(src="a.jpg", link="/", link_text="Home")),
    ("title-instead-of-alt", None, In(src="a.jpg", title="A barn")),
    ("nameless-control", None, LINKED),
    ("nameless-control", "", LINKED),
    ("nameless-control", " ", In(src="a.jpg", button=True)),
    ("blank-alt", "  ", PHOTO),
    ("title-on-decorative", "", In(src="a.jpg", title="A barn")),
    ("no-words", "...", PHOTO),
    ("no-words", "\U0001f600", PHOTO),
    ("address-as-alt", "https://example.org/barn", PHOTO),
    ("address-as-alt", "/img/barn.jpg", PHOTO),
    ("file-name-as-alt", "barn.jpg", PHOTO),
    ("file-name-as-alt", "red barn.JPEG", PHOTO),
    ("file-name-as-alt", "my_barn", In(src="/img/my_barn-300x200.png")),
    ("placeholder", "image", PHOTO),
    ("placeholder", "Photo", PHOTO),
    ("placeholder", "Untitled-2", PHOTO),
    ("placeholder", "IMG_1234", PHOTO),
    ("placeholder", "alt", PHOTO),
    ("placeholder", "spacer", PHOTO),
    ("placeholder", "null", PHOTO),
    ("placeholder", "undefined", PHOTO),
    ("placeholder", "Alt text here", PHOTO),
    ("placeholder", "Bild 3", PHOTO),
    ("placeholder", "WhatsApp Image 2024-01-02 at 10.11.12", PHOTO),
    ("placeholder", "Screenshot 2024-01-02 101112", PHOTO),
    ("alt-on-decorative", "A line", In(src="divider.png")),
    ("alt-on-decorative", "A swirl", In(src="a.svg", hidden=True)),
    ("alt-on-decorative", "Counter", In(src="c.gif", width=1, height=1)),
    ("opens-as-picture", "Image of a barn", PHOTO),
    ("opens-as-picture", "Une photo d'un chat", PHOTO),
    ("opens-as-picture", "Bild eines Hundes", PHOTO),
    ("too-long", "A barn and a tree. " * 9, PHOTO),
    ("same-as-caption", "Our red barn", In(figcaption="This is our red barn in May.")),
    ("same-as-link-text", "Barns", In(link="/barns", link_text="Barns")),
    ("same-as-text", "A red barn", In(before="Then we saw it. A red barn!")),
    ("same-as-text", "A red barn.", In(heading="Red barn")),
    ("same-as-title", "A red barn", In(title="Red barn")),
    ("says-link", "Link to our barns", LINKED),
    ("says-link", "click here for barns", LINKED),
    ("capitals", "A BIG RED BARN", PHOTO),
    ("link-twice", "Our team", In(src="a.jpg", link="/team", link_beside="Who we are")),
    ("markup-in-alt", "A <b>red</b> barn", PHOTO),
    ("markup-in-alt", "Tom &amp; Jerry's barn", PHOTO),
]
FINE: list[tuple[str | None, In]] = [
    ("", PHOTO),
    (None, In(src="a.jpg", hidden=True)),
    ("", In(src="a.jpg", link="/", link_text="Home")),
    ("A red barn in a field.", PHOTO),
    ("Home", In(src="logo.svg", link="/")),
    ("Search", In(src="search.png", button=True, title="Search")),
    ("", In(src="logo.svg", link="/", title="Home")),
    ("NASA", PHOTO),
    ("W3C", In(src="w3c.png")),
    ("2024", PHOTO),
    ("Photo album of the barns", PHOTO),
    ("Red barn", In(src="red barn.jpg")),
    ("A red barn", In(before="We walked past a red barn, a mill and a church on that day.")),
    ("A painting of a ship", PHOTO),
    ("5 < 7 and 7 > 5", PHOTO),
    ("{{ page.title }}", PHOTO),
    ("<%= alt %>", LINKED),
    ("{props.alt}", LINKED),
]


def _named(value: object) -> str:
    return value.src if isinstance(value, In) else str(value)[:40]


@pytest.mark.parametrize(("rule", "alt", "context"), BROKEN, ids=_named)
def test_a_broken_rule_is_found_and_says_what_to_do(
    rule: str, alt: str | None, context: In
) -> None:
    found = lint(alt, context)
    assert [finding.rule for finding in found] == [rule]
    assert "http" in found[0].source


@pytest.mark.parametrize(("alt", "context"), FINE, ids=_named)
def test_what_is_fine_or_cannot_be_judged_is_left_alone(alt: str | None, context: In) -> None:
    assert lint(alt, context) == []


def test_every_rule_is_found_by_some_case() -> None:
    known = {rule for rule, _alt, _context in BROKEN} | {"same-alt-twice", "empty-brackets"}
    assert {rule.name for rule in RULES} == known


def test_the_length_that_counts_is_the_one_asked_for() -> None:
    assert lint("A barn and a tree. " * 9, PHOTO, max_length=250) == []


def test_several_warnings_about_one_text_are_all_told() -> None:
    found = lint("IMAGE OF A BARN", In(title="Image of a barn"))
    assert [each.rule for each in found] == ["opens-as-picture", "same-as-title", "capitals"]


def test_two_images_with_one_text_are_told_apart() -> None:
    page = [
        ("Our dog.", In(src="a.jpg")),
        ("Our  dog.", In(src="b.jpg")),
        ("PDF", In(src="pdf.png")),
        ("PDF", In(src="pdf.png")),
        ("Home", In(src="x.svg", link="/")),
        ("Home", In(src="y.svg", link="/")),
        ("{{ alt }}", In(src="c.jpg")),
        ("{{ alt }}", In(src="d.jpg")),
        ("", In(src="e.jpg")),
        ("", In(src="f.jpg")),
        ("photo", In(src="g.jpg")),
        ("photo", In(src="h.jpg")),
    ]
    rules = [[finding.rule for finding in found] for found in lint_document(page)]
    assert rules[:2] == [["same-alt-twice"]] * 2
    assert rules[2:10] == [[]] * 8
    assert rules[10:] == [["placeholder"]] * 2


def test_empty_brackets_of_markdown_are_no_missing_alt() -> None:
    assert [found.rule for found in of_markdown(lint(None, PHOTO))] == ["empty-brackets"]
    assert [found.rule for found in of_markdown(lint(None, LINKED))] == ["nameless-control"]


@given(alt=st.none() | st.text(max_size=200), src=st.text(max_size=30), link=st.none() | st.text())
def test_no_text_from_anywhere_stops_the_lint(alt: str | None, src: str, link: str | None) -> None:
    context = In(src=src, link=link, figcaption=alt or "", before=src)
    assert len([found for found in lint(alt, context) if found.severity == "error"]) <= 1


def test_the_page_about_alternative_texts_holds_every_rule() -> None:
    page = Path("docs/alt-text.md").read_text(encoding="utf-8")
    section = page.partition("## What lint finds")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{rule.name}` | {rule.severity} | {rule.message} | {rule.source} |" for rule in RULES
    ]

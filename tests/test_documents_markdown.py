"""Images in Markdown and MDX: exact places, labels that read back, and what is no image."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from vlm.documents import ImageInDocument, with_alts
from vlm.documents.character_references import one_line
from vlm.documents.markdown_images import images_in_markdown


def one(page: str, *, mdx: bool = False) -> ImageInDocument:
    (image,) = images_in_markdown(page.encode(), mdx=mdx)
    return image


def given_alt(page: str, alt: str = "A barn.", *, mdx: bool = False) -> str:
    data = page.encode()
    images = images_in_markdown(data, mdx=mdx)
    return with_alts(data, {image: alt for image in images if image.edit}).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("![](a.jpg)", "![A barn.](a.jpg)"),
        ('![old](<a b.jpg> "Title")', '![A barn.](<a b.jpg> "Title")'),
        ("[![old](a.jpg)](/barn)", "[![A barn.](a.jpg)](/barn)"),
        ("![o [l] *d* `]`](a.jpg)", "![A barn.](a.jpg)"),
        ("![old][r]\n\n[r]: a.jpg", "![A barn.][r]\n\n[r]: a.jpg"),
        ("![R][]\n\n[r]: a.jpg", "![A barn.][R]\n\n[r]: a.jpg"),
        ("![R]\n\n[r]: a.jpg", "![A barn.][R]\n\n[r]: a.jpg"),
        ("> ![o\r\n> ld](a.jpg)", "> ![A barn.](a.jpg)"),
        ("> <img\n> src='a.jpg'\n>  alt=o>", "> <img\n> src='a.jpg'\n>  alt=\"A barn.\">"),
        ("1. x\n\n   ![](a.jpg)", "1. x\n\n   ![A barn.](a.jpg)"),
        ("-\t![](a.jpg)\n\t\t![](b.jpg)", "-\t![A barn.](a.jpg)\n\t\t![A barn.](b.jpg)"),
        ("## ![](a.jpg) ##", "## ![A barn.](a.jpg) ##"),
        ("| x | ![](a.jpg) |\n|---|---|", "| x | ![A barn.](a.jpg) |\n|---|---|"),
        (
            "<p align=center>\n<img src=a.jpg>\n</p>",
            '<p align=center>\n<img src=a.jpg alt="A barn.">\n</p>',
        ),
        ("text <img src=a.jpg/> text", 'text <img src=a.jpg/ alt="A barn."> text'),
        ("---\nx: 1\n---\n![](a.jpg)", "---\nx: 1\n---\n![A barn.](a.jpg)"),
        ("\ufeff![](a.jpg)\r\r![](b.jpg)", "\ufeff![A barn.](a.jpg)\r\r![A barn.](b.jpg)"),
        ("![]({{ site.url }}/a.jpg)", "![A barn.]({{ site.url }}/a.jpg)"),
        ('<img src="{{ "/a.jpg" | url }}">', '<img src="{{ "/a.jpg" | url }}" alt="A barn.">'),
        ("![]() ![](\\(a.jpg)", "![A barn.]() ![A barn.](\\(a.jpg)"),
    ],
)
def test_only_the_label_or_the_attribute_changes(before: str, after: str) -> None:
    assert given_alt(before) == after


@pytest.mark.parametrize(
    "page",
    [
        "`![x](a.jpg)` ``` ![x](a.jpg) ```",
        "```\n![x](a.jpg)\n```",
        "~~~ md\n<img src=a.jpg>\n~~~",
        "    ![x](a.jpg)",
        "<!-- ![x](a.jpg)\n\n<img> -->",
        "\\![x](a.jpg)",
        "!\\[x](a.jpg)",
        "![x] (a.jpg)",
        "![x][missing]",
        "<img src=a.jpg",
        "\\<img src=a.jpg>",
        "&lt;img src=a.jpg>",
        "+++\nx = '![x](a.jpg)'\n+++\n",
        "---\nteaser: ![x](a.jpg)\n---\n",
        "<script>\n'<img>'\n</script>",
        "{{ '![x](a.jpg)' }}",
        "[r]: a.jpg '![x](b.jpg)'",
    ],
)
def test_what_markdown_shows_no_image_for_is_no_image(page: str) -> None:
    assert images_in_markdown(page.encode()) == []


def test_empty_brackets_say_nothing_and_words_are_read_without_their_marks() -> None:
    assert one("![](a.jpg)").context.alt is None
    assert one("![a *red* `barn` &amp; \\[x\\]\ny](a.jpg)").context.alt == "a red barn & [x] y"
    assert one('<img src="a.jpg" alt="">').context.alt == ""


def test_an_expression_as_a_label_is_left_alone() -> None:
    image = one("![{{ page.alt }}](a.jpg)")
    assert (image.edit, image.fixed) == (None, "its alt is an expression")
    assert image.context.alt == "{{ page.alt }}"


def test_the_context_comes_from_markdown_and_from_html_around_it() -> None:
    page = """---
lang: fr
---
# The trip

Setext *day*
------------
We left. [![](a.jpg) The barn](/barn?x=1&y=2) at *night*.

<figure>

![](b%20c.jpg "A title")

<figcaption>A caption</figcaption>
</figure>

<a href="/x"><img src=d.jpg width=20></a>

- ![](e.jpg)
- Second `item`
"""
    images = images_in_markdown(page.encode())
    a, b, d, e = (image.context for image in images)
    assert (a.heading, a.lang, a.before) == ("Setext day", "fr", "We left.")
    assert (a.link, a.link_text, a.after) == ("/barn?x=1&y=2", "The barn", "The barn at night.")
    assert (b.figcaption, b.title, images[1].local) == ("A caption", "A title", "b c.jpg")
    assert (b.before, d.link, d.width) == ("We left. The barn at night.", "/x", 20)
    assert (e.after, [image.line for image in images]) == ("Second item", [8, 12, 17, 19])


def test_mdx_reads_expressions_in_tags_and_no_indented_code() -> None:
    page = """import x from './x.png'

<img src={x} style={{ width: a > b ? 1 : 2 }} />

    ![](b.png)

{/* ![](c.png) <img> */}

text <img src="d.png" alt={`Photo ${n}`} /> <Card title="a > b"><img src="e.png" /></Card>
"""
    images = images_in_markdown(page.encode(), mdx=True)
    assert [image.context.src for image in images] == ["./x.png", "b.png", "d.png", "e.png"]
    assert [bool(image.edit) for image in images] == [True, True, False, True]
    written = given_alt(page, "A {b} `c`", mdx=True)
    assert '<img src={x} alt="A &#123;b&#125; `c`" style={{ width' in written
    assert "![A &#123;b&#125; \\`c\\`](b.png)" in written


MARKS = r"""![ ](a.jpg) [ ] (b) ` `` * \ <img_src=x> >_ -_ ____ # [r] word é | ``` <!-- --> <b_ >
&amp; 1._ _ ![x](y_"z") ![r] ![q][r] ***"""
PIECES = st.lists(
    st.sampled_from(
        [
            *(mark.replace("_", " ") for mark in MARKS.split()),
            "\n",
            "\n\n",
            "\t",
            "    ",
            "> ",
            "\r\n",
            "\n\n[r]: r.png\n\n",
        ]
    ),
    max_size=25,
).map("".join)


def _pictures(page: str) -> list[str]:
    """The addresses of all images as the parser alone has them."""
    parser = MarkdownIt("commonmark")
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    children = (token.children or [] for token in parser.parse(page))
    return [str(t.attrs["src"]) for tokens in children for t in tokens if t.type == "image"]


@settings(max_examples=250)
@given(PIECES, st.text(max_size=20))
def test_new_labels_read_back_and_nothing_else_changes(page: str, alt: str) -> None:
    data = page.encode()
    images = [i for i in images_in_markdown(data) if i.kind == "markdown"]
    if not page.startswith("---"):
        assert [image.context.src for image in images] == _pictures(page)
    for image in images:
        source = data[image.start : image.end].decode()
        assert source.startswith("![") and source.endswith((")", "]"))
        assert image.line == page[: len(data[: image.start].decode())].count("\n") + 1
    written = with_alts(data, dict.fromkeys(images, alt))
    after = [i for i in images_in_markdown(written) if i.kind == "markdown"]
    assert [i.context.src for i in after] == [i.context.src for i in images]
    assert {i.context.alt for i in after} <= {one_line(alt) or None}
    assert with_alts(written, dict.fromkeys(after, alt)) == written


@pytest.mark.parametrize("unit", ["![", "[", "![](", "<img ", "`", "<b a='", "{/*", "> "])
def test_a_hostile_page_is_read_in_passing(unit: str) -> None:
    """In quadratic time, this little would take minutes."""
    data = (unit * (15_000 // len(unit))).encode()
    assert images_in_markdown(data) == []
    assert images_in_markdown(data, mdx=True) == []

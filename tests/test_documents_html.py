"""Images in HTML: which there are, what is around them, and their alt changed in place."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from vlm.documents import AltFixed, ImageInDocument, images_in_html, with_alts
from vlm.documents.html_tokens import Dialect, html_tokens
from vlm.documents.templates import is_control


def one(page: str) -> ImageInDocument:
    (image,) = images_in_html(page.encode())
    return image


def given(page: str, alt: str = "A barn.") -> str:
    """The page with the same alt for every image that can have one."""
    data = page.encode()
    return with_alts(data, {i: alt for i in images_in_html(data) if i.edit}).decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<img src="a.jpg">', '<img src="a.jpg" alt="A barn.">'),
        ("<img src='a.jpg' />", "<img src='a.jpg' alt='A barn.' />"),
        ("<IMG SRC=a.jpg WIDTH=3>", '<IMG SRC=a.jpg alt="A barn." WIDTH=3>'),
        ("<img class='x' data-src=a.jpg>", "<img alt='A barn.' class='x' data-src=a.jpg>"),
        ("<img>", '<img alt="A barn.">'),
        ('<img src="a.jpg"class="x">', '<img src="a.jpg" alt="A barn."class="x">'),
        ("<img src = >", '<img alt="A barn." src = >'),
        ('<img alt src="a.jpg">', '<img alt="A barn." src="a.jpg">'),
        ("<img alt='' src=a.jpg>", "<img alt='A barn.' src=a.jpg>"),
        ("<img src=a.jpg ALT = old />", '<img src=a.jpg ALT="A barn." />'),
        ("<img alt= >", '<img alt="A barn.">'),
        ('<img alt="old" alt="second">', '<img alt="A barn." alt="second">'),
        ('<img\n  alt\n=\n"o>ld"\n>', '<img\n  alt\n=\n"A barn."\n>'),
        ("<img src=a.jpg/>", '<img src=a.jpg/ alt="A barn.">'),
        ("<amp-img src=a.jpg></amp-img>", '<amp-img src=a.jpg alt="A barn."></amp-img>'),
        ('<input type="image" src="go.png">', '<input type="image" src="go.png" alt="A barn.">'),
        ('<map><area href="/x"></map>', '<map><area alt="A barn." href="/x"></map>'),
        ("<noscript><img src=a></noscript>", '<noscript><img src=a alt="A barn."></noscript>'),
        ("<template><img></template>", '<template><img alt="A barn."></template>'),
        ("<p>a < b <img>", '<p>a < b <img alt="A barn.">'),
        ("<svg><![CDATA[<img>]]></svg><img>", '<svg><![CDATA[<img>]]></svg><img alt="A barn.">'),
    ],
)
def test_an_alt_is_put_where_and_as_its_tag_is_written(before: str, after: str) -> None:
    assert given(before) == after


@pytest.mark.parametrize(
    "page",
    [
        "<!-- <img src=a> -->",
        "<!-- > <img> --!><p>",
        "<script>x = '<img>'</script>",
        "<script><!-- <script> </script> <img> --></script>",
        "<style>/* <img> */</style>",
        "<textarea><img></textarea>",
        "<title><img></title>",
        "<iframe><img></iframe>",
        "<input type=submit src=a>",
        '<p title="<img src=a>">',
        "<svg><image href=a.jpg></image></svg>",
        "<img src=a",
        '<img alt="never closed>',
        "<imgx><im g></img>",
        "<![CDATA[<img ]]>",
        "<? <img ?>",
        "<?php echo '<img src=a>'; ?>",
        "{# <img> #}{% comment %}<img>{% endcomment %}{{!-- <img> --}}{{ '<img>' }}",
        "---\nteaser: <img>\n---\n",
    ],
)
def test_what_a_browser_shows_no_image_for_is_no_image(page: str) -> None:
    assert images_in_html(page.encode()) == []


@pytest.mark.parametrize(
    "page",
    [
        '<img src=a alt="{{ photo.alt }}">',
        "<img src=a alt='Photo of {{ name }}'>",
        "<img src=a alt=\"<?php echo h('x') ?>\">",
        '<img src=a alt="<%= t(".alt") %>">',
        '<img src=a alt="${photo.alt}">',
        '<img src=a :alt="photo.alt">',
        '<img src=a v-bind:alt="photo.alt">',
        '<img src=a [alt]="photo.alt">',
        '<img src=a [attr.alt]="photo.alt">',
        '<img src=a th:alt="#{x}">',
        "<img {{ attributes }}>",
        "<img {% render_attributes %}>",
        "<img src=a <?= $attributes ?>>",
        '<img v-bind="photo">',
        '<img src=a {% if alt %}alt="{{ alt }}"{% endif %}>',
        "<img src=a {% if big %}alt='Big'{% else %}alt='Small'{% endif %}>",
        '<img src=a aria-label="A barn">',
        "<svg role=img><title>A barn</title></svg>",
    ],
)
def test_an_alt_that_a_template_or_another_name_decides_is_left_alone(page: str) -> None:
    image = one(page)
    assert image.edit is None
    assert image.fixed
    with pytest.raises(AltFixed, match="line 1"):
        with_alts(page.encode(), {image: "A barn."})


def test_an_alt_beside_template_control_is_written_outside_of_it() -> None:
    page = '<img src="a.jpg" {% if big %}class="big"{% endif %}>'
    assert given(page) == '<img src="a.jpg" alt="A barn." {% if big %}class="big"{% endif %}>'
    page = "<img {% if x %}src='a.jpg'{% else %}src='b.jpg'{% endif %}>"
    assert given(page) == page.replace("<img", "<img alt='A barn.'")


@pytest.mark.parametrize(
    "piece", ["{{ if_alt }}", "{% iframe %}", "{{ else.x }}", "<?= end($a) ?>"]
)
def test_an_expression_that_only_starts_like_control_may_write_attributes(piece: str) -> None:
    assert not is_control(piece)


def test_quotes_inside_a_template_expression_do_not_end_an_attribute() -> None:
    image = one('<img src="{{ url_for(\'static\', filename="a.jpg") }}" class=x>')
    assert image.context.src == "{{ url_for('static', filename=\"a.jpg\") }}"
    assert (image.local, image.not_local) == (None, "a template expression")


def test_a_private_character_of_the_page_is_no_expression() -> None:
    image = one("<img src='\U000f0000' alt='\U000f0001' {{ 'x' | f }}>")
    assert (image.context.src, image.context.alt) == ("\U000f0000", "\U000f0001")
    assert image.edit
    assert one("<img {{ x }} src='\U000f0000'>").fixed == "a template may add its alt"


def test_words_that_would_be_markup_or_template_code_come_back_as_words() -> None:
    hard = "5 < 6 > 4 & &amp; \"double\" 'single' {{ x }} {% y %} `${z}` <%= w %> <?php é 中"
    for quotes in ('"', "'", ""):
        page = f"<img src={quotes}a.jpg{quotes}>"
        written = given(page, hard)
        assert one(written).context.alt == hard
        assert "{" not in written and "<%" not in written


def test_the_context_of_an_image_is_what_stands_around_it() -> None:
    page = """<html lang="en"><title>T</title><h1>The <b>trip</b></h1><h2>Day&nbsp;2</h2>
    <p>We set out early.</p>
    <p lang="de">Wir sahen <a href="/barn?a=1&copy=2"><img src="a.jpg" title="x &amp; y"
      width="640px" height=480> Zur Scheune</a> am Abend.</p>
    <figure><img src=b.jpg width=50%><figcaption>The <i>old</i> barn &mdash;
    <p>1900</p></figcaption></figure><p>Then we slept.</p>
    <button aria-label="Next"><img src=c.png></button>
    <div aria-hidden="TRUE"><img src=d.png></div><img role=presentation src=e.png>"""
    a, b, c, d, e = (image.context for image in images_in_html(page.encode()))
    assert (a.src, a.title, a.width, a.height) == ("a.jpg", "x & y", 640, 480)
    assert (a.link, a.link_text, a.heading) == ("/barn?a=1&copy=2", "Zur Scheune", "Day 2")
    assert (a.before, a.after, a.lang) == ("Wir sahen", "Zur Scheune am Abend.", "de")
    assert (b.figcaption, b.width, b.link, b.lang) == ("The old barn — 1900", None, None, "en")
    assert (b.before, b.after) == ("Wir sahen Zur Scheune am Abend.", "Then we slept.")
    assert (c.button, c.link, c.link_text) == (True, None, "Next")
    assert [context.hidden for context in (a, b, c, d, e)] == [False, False, False, True, True]


def test_at_most_300_characters_are_kept_on_either_side_and_words_stay_whole() -> None:
    words = " ".join(f"word{n}" for n in range(500))
    context = one(f"<p>{words} <img> {words}</p>").context
    assert len(context.before) <= 300 and context.before.endswith("word498 word499")
    assert len(context.after) <= 300 and context.after.startswith("word0 word1 ")
    assert set(context.before.split()) | set(context.after.split()) <= set(words.split())


def test_pictures_of_srcset_and_lazy_loading_are_found() -> None:
    page = """<picture><source srcset="p.webp 1x, p2.webp 2x"><img srcset="q.jpg 1x"></picture>
    <picture><source srcset="r.avif"><img></picture>
    <img src="data:image/gif;base64,R0" data-src=s.jpg><img src="data:image/gif;base64,R0">
    <img src="https://example.org/t.jpg"><img src="//x/y.jpg">"""
    images = images_in_html(page.encode())
    assert [image.local for image in images] == ["q.jpg", "r.avif", "s.jpg", None, None, None]
    assert [image.not_local for image in images[3:]] == ["inline data", "remote", "remote"]


def test_lines_and_spans_are_those_of_the_tag() -> None:
    data = "<p>é\r\n<img\r\n src=a>\n\n<img src=b>".encode()
    images = images_in_html(data)
    assert [image.line for image in images] == [2, 5]
    assert [data[i.start : i.end] for i in images] == [b"<img\r\n src=a>", b"<img src=b>"]


def test_xhtml_closes_what_ends_with_a_slash_and_hides_only_cdata() -> None:
    page = b"<script src='x'/><img src='a'/><title/><img src='b'/><p><![CDATA[<img/>]]></p>"
    assert len(images_in_html(page, dialect=Dialect.XML)) == 2


class _Alts(HTMLParser):
    """The standard library's reading of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.alts: list[str | None] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            named = dict(reversed(attributes))
            self.alts.append((named["alt"] or "") if "alt" in named else None)


def test_the_standard_library_reads_the_same_alts() -> None:
    page = """<p>x &amp; <IMG SRC='a' alt='1 &lt; 2'><img src=b ALT=c><img/><!-- <img> -->
    <a href="x>y"><img src="c" alt="" alt=z></a><script>"<img>"</script><img title='<img alt=q>'>"""
    for text in (page, given(page, "Tom & 'Jerry' <\"3\"")):
        reference = _Alts()
        reference.feed(text)
        assert [i.context.alt for i in images_in_html(text.encode())] == reference.alts
    assert len(reference.alts) == 5


@pytest.mark.parametrize(
    ("unit", "images"),
    [
        ("<img ", 0),
        ("<", 0),
        ('<img alt="', 0),
        ("<img src=a><", 10_000),
        ("<!-- ", 0),
        ("</a", 0),
        ("<b>", 0),
        ("<a><p>", 0),
        ("{{", 0),
        ("{% ", 0),
        ("<% ", 0),
        ("<?php ", 0),
        ("{% comment %}", 0),
        ("<script><!--", 0),
        ("<img {{", 0),
        ("<img {", 0),
        ("<figure><figcaption>", 0),
        ("<h1><img>", 120_000 // 9),
        ("<a href=x>w", 0),
    ],
)
def test_a_hostile_page_is_read_in_passing(unit: str, images: int) -> None:
    """Five megabytes of it take seconds; in quadratic time, this little would take minutes."""
    data = (unit * (120_000 // len(unit))).encode()
    assert len(images_in_html(data)) == images


def test_a_dialect_with_braces_reads_expressions_as_values() -> None:
    svelte = (
        "<img {src} alt={name}><img src={a > b ? '}' : \"x\"}><img {...rest}>{#if a < b}<img>{/if}"
    )
    images = images_in_html(svelte.encode(), dialect=Dialect.SVELTE)
    assert [bool(image.edit) for image in images] == [False, True, False, True]
    assert [image.not_local for image in images[:2]] == ["a template expression"] * 2
    astro = b"---\nconst a = '<img>';\n---\n{list.map(x => <img src=\"a.jpg\" />)}{/* <img> */}"
    (image,) = images_in_html(astro, dialect=Dialect.ASTRO)
    assert with_alts(astro, {image: "x"}).count(b'<img src="a.jpg" alt="x" />') == 1
    assert len(list(html_tokens("{/* <b> */}", 0, Dialect.SVELTE))) == 0

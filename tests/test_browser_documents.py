"""A real browser reads the same images and alts as we do, before and after they are changed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from chromium import NOT_FOUND, chromium, find_chromium
from playwright.sync_api import Page

from vlm.documents import images_in_html, with_alts

pytestmark = pytest.mark.browser

PAGES = [
    "<p>a < b & c<img src=a alt='1 &lt; 2 &copy= &notit; &#x2014; &amp'>",
    "<IMG SRC = a ALT = b/><img alt/><img alt= ><img alt=''alt=x><img / alt=y>",
    "<img src='a\"b' alt=\"'\"><img alt=a'b><img =alt=x><img a=b\"c alt=d>",
    "<!-- <img> --!><img alt=1><!--><img alt=2>--><!---><img alt=3><!-- - -- <img> -->",
    "<script><!-- <script></script><img> --></script><img alt=4><script>'<!--'</script><img alt=5>",
    "<style><img></style><textarea><img></textarea><title><img></title><xmp><img></xmp><img alt=6>",
    "<svg><![CDATA[<img alt=no>]]><image href=a></image><g/></svg><image src=x alt=7><img alt=8>",
    "<![CDATA[<img alt=9]]>><img alt=10></ img><img alt=11></img alt='>'><? <img alt=12?><img>",
    "<a href=x><img><a href=y><img></a><b><p><img></b></p><table><img></table><select><img>",
    "<img\talt\n=\r\n'a\r\nb'\f><img alt=\x00><p title='<img>'><img alt='\u00e9\U0001f984'><img",
    '<img alt="unfinished><img>',
    "<iframe><img></iframe><noframes><img></noframes><noembed><img></noembed><img alt=13>",
]
PIECES = [
    *"<>=/'\" ",
    "<img",
    "<img ",
    " alt",
    " alt=",
    " alt='x'",
    ' alt="y"',
    "src=a",
    "&amp",
    "&lt;",
]
PIECES += ["<p>", "</p>", "<a href=b>", "</a>", "<!--", "-->", "--!>", "<!", "<?", "</", "<script>"]
PIECES += ["</script>", "<svg>", "</svg>", "<style>", "</style", "<title>", "</title>", "<b", "\n"]
PIECES += ["<textarea>", "</textarea>", "<![CDATA[", "]]>", "<image "]
WHOLE = 2 * ["<img alt=w>", "<img src='a' alt>", "<img>", "<img/ alt=v alt=w>"]
HARD = "5 < 6 > 4 & &amp; &copy \"double\" 'single' {{ x }} `y` \\ é 中 \U0001f984"


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    executable = find_chromium()
    if executable is None:
        pytest.skip(NOT_FOUND)
    with chromium(executable) as browser:
        yield browser.new_page(java_script_enabled=True)


def alts_in(page: Page, *texts: str) -> list[list[str | None]]:
    script = """texts => texts.map(text =>
        [...new DOMParser().parseFromString(text, "text/html").querySelectorAll("img")]
            .map(image => image.getAttribute("alt")))"""
    return list(page.evaluate(script, list(texts)))


@pytest.mark.parametrize("text", PAGES)
def test_a_browser_reads_the_same_alts(page: Page, text: str) -> None:
    images = images_in_html(text.encode())
    assert [image.context.alt for image in images] == alts_in(page, text)[0]
    written = with_alts(text.encode(), dict.fromkeys(images, HARD)).decode()
    assert alts_in(page, written)[0] == [HARD] * len(images)


def test_a_browser_reads_the_same_alts_in_random_markup(page: Page) -> None:
    random = Random(0)
    texts = [
        "".join(random.choices(PIECES + WHOLE, k=random.randrange(1, 20))) for _ in range(2000)
    ]
    texts = [text for text in texts if "<?=" not in text]  # of PHP, which no browser gets to see
    ours = [[i.context.alt for i in images_in_html(text.encode())] for text in texts]
    theirs = alts_in(page, *texts)
    different = [each for each in zip(texts, ours, theirs, strict=True) if each[1] != each[2]]
    assert different == []
    assert sum(map(len, ours)) > 1500

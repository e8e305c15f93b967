"""A static site of 60 pages that tests write: every way in which images stand in pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PIL import Image

COLOURS = ("red", "green", "blue")
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


def build_site(folder: Path) -> Path:
    """Write the site, the same every time."""
    images = folder / "images"
    images.mkdir(parents=True)
    for number in range(12):
        size = (40 + number, 30)
        Image.new("RGB", size, COLOURS[number % 3]).save(images / f"photo-{number}.png")
    Image.new("RGB", (8, 2), "grey").save(images / "divider-line.png")
    Image.new("RGB", (9, 9), "blue").save(images / "search-icon.png")
    kinds: list[tuple[str, Callable[[int, str], bytes]]] = [
        *(("html", kind) for kind in (_figure, _links, _buttons, _ornaments, _windows, _latin)),
        *(("html", kind) for kind in (_template, _sources, _broken)),
        ("md", _markdown),
    ]
    for number in range(60):
        suffix, kind = kinds[number % len(kinds)]
        page = folder / f"{kind.__name__[1:]}-{number}.{suffix}"
        page.write_bytes(kind(number, f"images/photo-{number % 12}.png"))
    return folder


def pages_of(folder: Path) -> dict[str, bytes]:
    """The bytes of every page, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*-*.*"))}


def without_alts(page: bytes, name: str) -> bytes:
    """A page without its alternative texts, so that nothing else can differ unseen."""
    if name.endswith(".md"):
        page = re.sub(rb"!\[[^\]]*\]", b"![]", page)
    return re.sub(rb"""\s+alt\s*=\s*("[^"]*"|'[^']*')""", b"", page)


def _figure(number: int, photo: str) -> bytes:
    return f"""<!DOCTYPE html>
<html lang="en"><head><title>Day {number}</title></head>
<body><h1>Day {number}</h1>
<p>We walked all day. <img src="{photo}"> Then it rained.</p>
<figure><img class='wide' src='/images/photo-0.png'><figcaption>The way home</figcaption></figure>
<img src="{photo}" alt="My own words, number {number}"><img src="images/photo-1.png" alt="">
</body></html>
""".encode()


def _links(number: int, photo: str) -> bytes:
    return f"""<html lang=en><body><h1>Links {number}</h1>
<a href="/about-us.html"><img src="{photo}" width=40></a>
<a href="/"><img src="images/photo-2.png"/></a>
<a href="story.html"><img src="{photo}"> The whole story</a>
</body></html>""".encode()


def _buttons(number: int, photo: str) -> bytes:
    return f"""<html lang="en"><body><h1>Buttons {number}</h1><form>
<button type="submit"><img src="images/search-icon.png"></button>
<input type="image" src="images/search-icon.png">
<button><img src="{photo}"> Save</button></form></body></html>""".encode()


def _ornaments(number: int, photo: str) -> bytes:
    return f"""<html lang="en"><body><h1>Ornaments {number}</h1>
<img src="images/divider-line.png"><img src="{photo}" width="1" height="1">
<img src="{photo}" aria-hidden="true"><img src="https://example.org/p.gif" width=1 height=1>
</body></html>""".encode()


def _windows(number: int, photo: str) -> bytes:
    text = f"""<html lang="en">\r\n<body>\r\n<h1>Windows {number}</h1>\r\n
<img\r\n  src="{photo}"\r\n>\r\n<IMG SRC="images/photo-3.png" >\r\n</body>\r\n</html>\r\n"""
    return b"\xef\xbb\xbf" + text.encode()


def _latin(number: int, photo: str) -> bytes:
    return f"""<html lang="fr"><head><meta charset="iso-8859-1"><title>Été</title></head>
<body><h1>Été {number}</h1><p>Déjà vu à la plage</p><img src="{photo}" title="L'été"></body></html>
""".encode("latin-1")


def _template(number: int, photo: str) -> bytes:
    return f"""{{% extends "base.html" %}}
{{% block content %}}<h1>{{{{ title }}}} {number}</h1>
{{% if user %}}<img src="{{{{ user.photo }}}}">{{% endif %}}
<img src="{photo}" {{% if lazy %}}loading="lazy"{{% endif %}}>
<img src="{photo}" alt="{{{{ caption }}}}">
{{% endblock %}}
""".encode()


def _sources(number: int, photo: str) -> bytes:
    return f"""<html lang="en"><body><h1>Sources {number}</h1>
<picture><source srcset="images/photo-4.avif 1x, images/photo-5.avif 2x">
<img src="{photo}"></picture>
<img src="{photo}" srcset="{photo} 1x, images/photo-6.png 2x"><img src="{photo}?v=3#top">
<img src="images/gone-{number}.png"><img src="https://example.org/far.jpg">
<img src="//example.org/b.jpg">
<img src="{PIXEL}"><!-- <img src="{photo}"> --><script>var a = '<img src="{photo}">';</script>
</body></html>""".encode()


def _broken(number: int, photo: str) -> bytes:
    return f"""<body><h1>Broken {number}<p>no end <img src={photo}><b><i>
<img src="{photo}" class="a" class="b"<p>
<img src='images/photo-7.png' data-x="1 > 0"></table></b>
<img src="images/photo-8.png"
""".encode()


def _markdown(number: int, photo: str) -> bytes:
    return f"""---
title: Post {number}
lang: en
---
# Post {number}

![]({photo}) and ![kept]({photo}) and <img src="{photo}">

[![](images/photo-9.png)](https://example.org/about-us)

    ![]({photo}) is code

![][ref]

[ref]: images/photo-10.png "A title"
""".encode()

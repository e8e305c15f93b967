"""Pages on disk, and the files that their images are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from vlm.documents import (
    DocumentUnreadable,
    ImageInDocument,
    documents_under,
    images_in,
    local_file,
    read_document,
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    for name in ("posts/img/a b.jpg", "img/logo.png", "static/css.png", "posts/draft.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"x")
    (tmp_path / "secret.png").write_bytes(b"x")
    return root


def image(src: str, *, head: str = "") -> ImageInDocument:
    (found,) = images_in(f'{head}<img src="{src}">'.encode(), Path("x.html"))
    return found


@pytest.mark.parametrize(
    ("src", "name"),
    [
        ("img/a b.jpg", "posts/img/a b.jpg"),
        ("./img/a%20b.jpg?v=3#top", "posts/img/a b.jpg"),
        (" img\\a&#32;b.jpg\n", "posts/img/a b.jpg"),
        ("../img/logo.png", "img/logo.png"),
        ("/img/logo.png", "img/logo.png"),
        ("/css.png", "static/css.png"),
        ("../../site/img/logo.png", "img/logo.png"),
    ],
)
def test_a_source_is_found_beside_its_page_or_from_the_root(
    site: Path, src: str, name: str
) -> None:
    found = local_file(image(src), site / "posts" / "draft.md", [site])
    assert (found.path, found.reason) == (site / name, "")


@pytest.mark.parametrize(
    ("src", "reason"),
    [
        ("https://example.org/a.jpg", "remote"),
        ("//example.org/a.jpg", "remote"),
        ("\\\\server\\a.jpg", "remote"),
        ("data:image/png;base64,AA", "inline data"),
        ("file:///etc/passwd", "a file: address"),
        ("C:\\a.jpg", "a C: address"),
        ("cid:1234", "a cid: address"),
        ("{{ photo }}", "a template expression"),
        ("", "no source"),
        ("?x", "no file name"),
        ("a%00.jpg", "no file name"),
        ("missing.jpg", "no such file"),
        ("img", "no such file"),
        ("x" * 5000, "no such file"),
        ("../../secret.png", "outside the folder of the site"),
        ("/../secret.png", "outside the folder of the site"),
        ("..%2f..%2fsecret.png", "outside the folder of the site"),
        ("/" + "../" * 20 + "etc/passwd", "outside the folder of the site"),
    ],
)
def test_what_is_no_file_of_the_site_is_none_with_the_reason(
    site: Path, src: str, reason: str
) -> None:
    found = local_file(image(src), site / "posts" / "draft.md", [site])
    assert (found.path, found.reason) == (None, reason)


def test_links_out_of_the_site_and_round_in_circles_are_refused(site: Path) -> None:
    (site / "out.png").symlink_to(site.parent / "secret.png")
    (site / "loop.png").symlink_to(site / "loop.png")
    page = site / "index.html"
    assert local_file(image("out.png"), page, [site]).reason == "outside the folder of the site"
    assert local_file(image("loop.png"), page, [site]).path is None


def test_the_nearest_root_above_a_page_comes_first(site: Path) -> None:
    (site / "posts" / "img" / "logo.png").write_bytes(b"y")
    roots = [site, site / "posts"]
    found = local_file(image("/img/logo.png"), site / "posts" / "draft.md", roots)
    assert found.path == site / "posts" / "img" / "logo.png"
    assert local_file(image("/img/logo.png"), site / "index.html", roots).path == (
        site / "img" / "logo.png"
    )
    alone = local_file(image("../img/logo.png"), site / "posts" / "draft.md", [])
    assert alone.reason == "outside the folder of the site"


def test_a_base_address_moves_relative_sources(site: Path) -> None:
    page = site / "posts" / "x.html"
    assert local_file(image("logo.png", head="<base href=/img/>"), page, [site]).path == (
        site / "img" / "logo.png"
    )
    remote = local_file(image("logo.png", head="<base href=https://x.example/>"), page, [site])
    assert remote.reason == "relative to a remote <base>"


def test_pages_under_a_folder_are_those_people_write(tmp_path: Path) -> None:
    names = ["b.html", "a.MD", "sub/c.jsx", "photo.jpg", ".git/x.html", "node_modules/y.md"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "linked.html").symlink_to(tmp_path / "b.html")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    found = [path.relative_to(tmp_path).as_posix() for path in documents_under(tmp_path)]
    assert found == ["a.MD", "b.html", "sub/c.jsx"]


def test_what_is_no_page_is_refused_with_the_reason(tmp_path: Path) -> None:
    binary, huge, pipe = tmp_path / "a.html", tmp_path / "b.html", tmp_path / "c.html"
    binary.write_bytes(b"\x89PNG\x00")
    with huge.open("wb") as file:
        file.truncate(20_000_001)
    os.mkfifo(pipe)
    reasons = {
        binary: "a binary file",
        huge: "20 MB are more",
        pipe: "not a file",
        tmp_path / "d.html": "no such file",
    }
    for path, reason in reasons.items():
        with pytest.raises(DocumentUnreadable, match=reason) as refused:
            read_document(path)
        assert str(path) in str(refused.value)
    utf16 = tmp_path / "e.html"
    utf16.write_bytes("<img>".encode("utf-16"))
    assert len(images_in(read_document(utf16), utf16)) == 1

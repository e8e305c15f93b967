"""`vlm alt --lint`: pages are read, findings are told with their lines, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.records import Skipped
from ui.alt.lint import lint_targets, say_lint

PAGE = """<!doctype html>
<html lang="en"><body>
<h1>Barns</h1>
<img src="barn.jpg">
<a href="/"><img src="logo.svg" alt=""></a>
<figure><img src="red.jpg" alt="Image of our red barn">
<figcaption>Our red barn</figcaption></figure>
<img src="spacer.gif" alt="" width="1" height="1">
<p><img src="mill.jpg" alt="A mill with four sails."></p>
</body></html>
"""
NOTES = "# Notes\n\n![](barn.jpg)\n\n![IMG_1234](mill.jpg)\n\n![A mill](mill2.jpg)\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "notes.md").write_text(NOTES, encoding="utf-8")
    return tmp_path


def test_findings_of_a_page_have_their_lines(site: Path) -> None:
    linted = lint_targets([(site / "page.html", "html")])
    assert (linted.pages, linted.images) == (1, 5)
    assert [(each.line, each.finding.rule) for each in linted.found] == [
        (4, "missing-alt"),
        (5, "nameless-control"),
        (6, "opens-as-picture"),
    ]


def test_empty_brackets_of_markdown_are_a_warning(site: Path) -> None:
    linted = lint_targets([(site / "notes.md", "markdown")])
    assert [(each.line, each.finding.rule) for each in linted.found] == [
        (3, "empty-brackets"),
        (5, "placeholder"),
    ]


def test_lines_name_the_place_and_errors_fail(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = say_lint(lint_targets([(site / "page.html", "html")]))
    printed = capsys.readouterr()
    assert code == 1
    assert printed.out.startswith(f"{site / 'page.html'}:4: error: there is no alt attribute.")
    assert "[missing-alt] barn.jpg\n" in printed.out
    assert printed.err.endswith("5 images in 1 page: 2 errors, 1 warning.\n")


def test_warnings_alone_do_not_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "a.md"
    page.write_text("![Image of a barn](a.jpg)\n", encoding="utf-8")
    assert say_lint(lint_targets([(page, "markdown")])) == 0
    assert "warning" in capsys.readouterr().out


def test_json_is_one_document_with_every_finding(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say_lint(lint_targets([(site / "page.html", "html")]), as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert (document["pages"], document["images"], document["errors"]) == (1, 5, 2)
    assert set(document["findings"][0]) == {
        "path", "line", "src", "alt", "rule", "severity", "message", "source"
    }  # fmt: skip
    assert document["findings"][0]["alt"] is None


def test_what_is_not_there_is_skipped(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    targets = [(site / "a.jpg", "photo"), (site / "gone.html", "html")]
    linted = lint_targets([*targets, Skipped(site / "b.html", "no")])
    assert [each.path.name for each in linted.skipped] == ["a.jpg", "gone.html", "b.html"]
    assert say_lint(linted) == 2
    assert "skipped: " in capsys.readouterr().err


def test_linting_changes_no_file(site: Path) -> None:
    before = {path: path.read_bytes() for path in site.iterdir()}
    lint_targets([(site / "page.html", "html"), (site / "notes.md", "markdown")])
    assert {path: path.read_bytes() for path in site.iterdir()} == before


def test_names_from_templates_and_labels_are_not_judged(tmp_path: Path) -> None:
    page = tmp_path / "a.vue"
    page.write_text(
        '<template><img :src="a" :alt="photo"><img src="b.jpg" v-bind="rest">'
        '<img src="c.jpg" aria-label="A barn"><a href="/x" aria-label="Team">'
        '<img src="d.jpg" alt=""></a><svg role="img"></svg></template>',
        encoding="utf-8",
    )
    linted = lint_targets([(page, "html")])
    assert linted.images == 5
    assert [(each.src, each.finding.rule) for each in linted.found] == [("", "missing-alt")]


TEAM = '<a href="/team"><img src="a.jpg" alt="Our team"></a>'


@pytest.mark.parametrize(
    ("page", "twice"),
    [
        (f'{TEAM} <a href="/team">Who we are</a>', True),
        (f'<a href="/team">Who we are</a><br>{TEAM}', True),
        (f'<div>{TEAM}</div><h3><a href="/team">Who we are</a></h3>', True),
        (f'{TEAM} and <a href="/team">Who we are</a>', False),
        (f'{TEAM} <a href="/jobs">Jobs</a> <a href="/team">Who we are</a>', False),
        (f'{TEAM} <img src="b.jpg" alt="A barn."> <a href="/team">Who we are</a>', False),
        (f'{TEAM} <a href="/team"><img src="b.jpg" alt="Their dogs"></a>', False),
        ('<a href="/team"><img src="a.jpg" alt="Faces">Team</a> <a href="/team">All</a>', False),
        ('<a href="#"><img src="a.jpg" alt="Top"></a><a href="#">Up</a>', False),
        (f"{TEAM}", False),
    ],
)
def test_a_text_link_beside_an_image_link_to_the_same_place_is_found(
    tmp_path: Path, page: str, twice: bool
) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<body>{page}</body>", encoding="utf-8")
    rules = [each.finding.rule for each in lint_targets([(path, "html")]).found]
    assert ("link-twice" in rules) is twice


def test_links_side_by_side_in_markdown_are_found(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("[![Our team](a.jpg)](/team) [Who we are](/team)\n", encoding="utf-8")
    assert [each.finding.rule for each in lint_targets([(path, "markdown")]).found] == [
        "link-twice"
    ]

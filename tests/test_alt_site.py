"""A whole site gets its texts and nothing but them, killed or taken back at any moment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alt_site import build_site, pages_of, without_alts
from cli_runs import ROOT, Ran, run
from counting_describer import CountingDescriber, use

from ui.alt import pages
from vlm.documents.pages import images_in

KILLS = int(os.environ.get("VLM_TEST_KILLS", "8"))
BOTH = ("--write", "html", "--write", "markdown")


@pytest.fixture(autouse=True)
def _fakes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_DESCRIBER", "fake")
    monkeypatch.setattr("ui.alt.contents.FEW", 1000)  # photos of a few pixels


def filled(folder: Path) -> Ran:
    return run("alt", folder, *BOTH, "--json")


def test_every_image_of_a_site_is_decided_or_reported_and_only_texts_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    describer = use(CountingDescriber(), monkeypatch)
    site = build_site(tmp_path / "site")
    before = pages_of(site)
    assert len(before) == 60
    ran = filled(site)
    assert ran.code == 1  # some images are not there
    after = pages_of(site)
    assert describer.asked == 12  # each photo once, in however many places
    undecided = set()
    for name, data in after.items():
        assert without_alts(data, name) == without_alts(before[name], name), name
        for image in images_in(data, Path(name)):
            if image.context.alt is None:
                undecided.add(f"{site / name}:{image.line}")
    said = {line.split(": ")[1] for line in ran.stderr.splitlines() if line.startswith("skipped")}
    assert undecided <= said
    told = ran.document
    assert sum(item["status"] == "written" for item in told) > 120
    assert {item["role"] for item in told} >= {"informative", "functional", "decorative"}
    reasons = {line.rpartition(": ")[2] for line in ran.stderr.splitlines() if "skipped: " in line}
    assert len(reasons) >= 4  # missing, remote, inside the page, a template
    again = filled(site)
    assert pages_of(site) == after
    assert {item["status"] for item in again.document} == {"kept"}


def test_a_run_that_is_gone_on_with_reads_no_page_that_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = build_site(tmp_path / "site")
    for name in pages_of(site):
        if name.startswith(("sources", "template")):  # they hold what cannot be decided
            (site / name).unlink()
    use(CountingDescriber(stop_at=8), monkeypatch)
    assert run("alt", site, *BOTH).code == 130
    use(CountingDescriber(), monkeypatch)
    read = []
    page_unit = pages.page_unit
    monkeypatch.setattr(
        "ui.alt.session.page_unit",
        lambda path, *more: (read.append(path), page_unit(path, *more))[1],
    )
    assert run("alt", site, *BOTH).code == 0
    assert 0 < len(read) < len(pages_of(site))
    read.clear()
    assert run("alt", site, *BOTH).code == 0  # a new run looks at all of them
    assert len(read) == len(pages_of(site))


def test_texts_say_what_their_place_needs(tmp_path: Path) -> None:
    site = build_site(tmp_path / "site")
    ran = filled(site)
    where = {(Path(item["page"]).name, item["line"]): item for item in ran.document}
    assert (
        b'<img src="images/photo-0.png" alt="My own words, number 0">'
        in pages_of(site)["figure-0.html"]
    )
    assert where["figure-0.html", 4]["alt_text"] == "A red picture of 40 by 30 pixels."
    assert where["links-1.html", 2]["alt_text"] == "About us"
    assert where["links-1.html", 4]["alt_text"] == ""
    assert where["buttons-2.html", 2]["alt_text"] == "Search"
    assert where["ornaments-3.html", 2]["role"] == "decorative"
    latin = pages_of(site)["latin-5.html"].decode("latin-1")
    assert 'alt="' in latin
    assert "Été 5" in latin
    markdown = pages_of(site)["markdown-9.md"].decode()
    assert "![A red picture of 49 by 30 pixels.](images/photo-9.png) and ![kept]" in markdown
    assert "    ![](images/photo-9.png) is code" in markdown


def test_a_site_is_taken_back_to_the_byte_and_edits_since_are_kept(tmp_path: Path) -> None:
    site = build_site(tmp_path / "site")
    before = pages_of(site)
    filled(site)
    edited = site / "figure-0.html"
    edited.write_bytes(
        edited.read_bytes()
        .replace(b"We walked all day.", b"We walked all night.")
        .replace(b"</figcaption>", b"!</figcaption>")
    )
    gone = site / "links-1.html"
    gone.unlink()
    changed = site / "buttons-2.html"
    changed.write_bytes(changed.read_bytes().replace(b'alt="Search"', b'alt="Find"'))
    ran = run("alt", "--undo")
    assert ran.code == 1
    after = pages_of(site)
    assert after.pop("figure-0.html") == before.pop("figure-0.html").replace(
        b"We walked all day.", b"We walked all night."
    ).replace(b"</figcaption>", b"!</figcaption>")
    assert b'alt="Find"' in after.pop("buttons-2.html")
    assert "buttons-2.html:2: images/search-icon.png: its text was changed since" in ran.stderr
    assert "links-1.html: there is no such file" in ran.stderr
    del before["links-1.html"], before["buttons-2.html"]
    assert after == before


def test_a_dry_run_shows_the_difference_and_writes_nothing(tmp_path: Path) -> None:
    site = build_site(tmp_path / "site")
    before = pages_of(site)
    ran = run("alt", site / "links-1.html", *BOTH, "--dry-run")
    assert pages_of(site) == before
    lines = ran.stdout.splitlines()
    assert lines[0] == f"--- {site}/links-1.html"
    assert any(line.startswith("+<a") and 'alt="About us"' in line for line in lines)


DRIVER = """
import os, random, signal, sys, time
from pathlib import Path
import ui.alt.contents
from vlm.fakes import EchoDescriber
import vlm.registry
site, log, kills = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
ui.alt.contents.FEW = 1000

class Logged(EchoDescriber):
    def describe(self, messages, *, max_tokens=128):
        with open(log, "ab", buffering=0) as file:
            file.write(b"x")
        return super().describe(messages, max_tokens=max_tokens)

vlm.registry.load_describer = lambda name: Logged()
from ui.alt.options import Options
from ui.alt.session import session
from ui.alt.targets import targets_in
from ui.settings import Settings
import vlm.documents.markdown_images

def start():
    child = os.fork()
    if not child:
        options = Options(("html", "markdown"))
        settings = Settings.from_env()
        targets = targets_in(settings, [site], None, options.writes)
        described = options.as_text([site], None, None)
        with session(settings, targets, options, described, sites=[site]) as opened:
            for _ in opened.results():
                pass
        os._exit(0)
    return child

chance, killed, whole = random.Random(1), 0, float(sys.argv[4])
for _ in range(kills):
    child = start()
    time.sleep(0.6 * whole * chance.random())
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
began = time.perf_counter()
assert os.waitpid(start(), 0)[1] == 0
print(killed, time.perf_counter() - began)
"""


def drive(site: Path, log: Path, kills: int, whole: float, library: Path) -> tuple[int, float]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "VLM_LIBRARY": str(library)}
    out = subprocess.run(
        [sys.executable, "-c", DRIVER, str(site), str(log), str(kills), str(whole)],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    killed, seconds = out.stdout.split()
    return int(killed), float(seconds)


def test_killed_at_random_moments_a_site_ends_as_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quiet, site = build_site(tmp_path / "quiet" / "site"), build_site(tmp_path / "site")
    before = pages_of(site)
    _, whole = drive(quiet, tmp_path / "quiet.log", 0, 0, tmp_path / "quiet-library")
    killed, _ = drive(site, tmp_path / "log", KILLS, whole, tmp_path / "library")
    assert killed
    assert pages_of(site) == pages_of(quiet)
    assert list(site.rglob("*.part")) + list(site.rglob(".vlm-*")) == []
    asked = (tmp_path / "log").stat().st_size
    assert asked <= (tmp_path / "quiet.log").stat().st_size + killed  # at most one photo a kill
    runs = json.loads(run("alt", "--runs", "--json").stdout)
    assert all(one["ended"] for one in runs)
    while runs:
        run("alt", "--undo")
        runs = [
            one for one in json.loads(run("alt", "--runs", "--json").stdout) if not one["undone"]
        ]
    assert pages_of(site) == before
    shutil.rmtree(quiet)


def nodes(tree: dict[str, Any], role: str) -> list[str]:
    """Names of the nodes of a role in a browser's accessibility tree."""
    return [
        node["name"]["value"]
        for node in tree["nodes"]
        if not node["ignored"] and node["role"]["value"] == role
    ]


@pytest.mark.browser
def test_a_browser_tells_assistive_technology_the_new_texts(tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    from chromium import NOT_FOUND, chromium, find_chromium

    executable = find_chromium()
    if executable is None:
        pytest.skip(NOT_FOUND)
    assert playwright is not None
    site = build_site(tmp_path / "site")
    filled(site)

    def tree(name: str) -> dict[str, Any]:
        page.goto((site / name).as_uri())
        answer: dict[str, Any] = page.context.new_cdp_session(page).send(
            "Accessibility.getFullAXTree"
        )
        return answer

    with chromium(executable) as browser:
        page = browser.new_page()
        images = nodes(tree("figure-0.html"), "image")
        assert images.count("A red picture of 40 by 30 pixels.") == 2
        assert "My own words, number 0" in images
        links = nodes(tree("links-1.html"), "link")
        assert [name.strip() for name in links] == ["About us", "Home", "The whole story"]
        assert [n.strip() for n in nodes(tree("buttons-2.html"), "button")] == [
            *("Search", "Search", "Save"),
        ]
        assert nodes(tree("ornaments-3.html"), "image") == []


def test_a_page_that_one_run_had_nothing_to_do_in_is_read_by_the_next(tmp_path: Path) -> None:
    site = build_site(tmp_path / "site")
    page = site / "mine.html"
    page.write_text('<img src="images/photo-0.png" alt="Mine.">', encoding="utf-8")
    assert run("alt", page, *BOTH, "--json").document[0]["status"] == "kept"
    assert run("alt", page, *BOTH, "--replace", "--json").document[0]["status"] == "written"
    assert 'alt="Mine."' not in page.read_text(encoding="utf-8")
    assert run("alt", "--undo").code == 0
    assert 'alt="Mine."' in page.read_text(encoding="utf-8")

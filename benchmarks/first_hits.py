"""How long after Enter the first hits are on the screen of a real Chromium, on 100,000 photos.

    python benchmarks/first_hits.py [--photos 100000] [--searches 12] [--json]

The app runs as `vlm chat` serves it, with the starter. The library has a row for each photo, with
a random unit vector; the files are hard links to a few drawn photos of 12 megapixels, so that each
hit is a file of its own whose thumbnail was never made before. The time is taken in the page, from
the key to the first picture that is decoded, and to the last of twelve; the first search, which
loads the model, is told apart. A search for the same words again, with its thumbnails made, takes
turns with each new one, for the ratio. Chromium is found as `VLM_CHROMIUM` or on the path.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from statistics import median
from urllib.error import URLError

from cold_search import FakeVectors
from photos import camera_photos
from playwright.sync_api import Page, sync_playwright
from timing import ROOT, machine

from index.library import Library
from index.records import Facts, FileState
from index.search.background import kept_words
from ui.server import serve_command
from ui.settings import Settings
from vlm.registry import load_embedder

sys.path.insert(0, str(ROOT / "tests"))
from chromium import FLAGS, find_chromium

THINGS = ("boat", "child", "dog", "tower", "meal", "forest", "train", "flower", "street", "horse")

WATCH = """old => new Promise(resolve => {
    const began = performance.now();
    let first = null;
    const look = () => {
        const all = [...document.querySelectorAll('[class*="st-key-card-"] img')];
        const shown = all.filter(i => i.complete && i.naturalWidth && !old.includes(i.alt));
        if (shown.length && first === null) first = performance.now() - began;
        const done = all.length >= 12 && all.every(i => i.complete && i.naturalWidth);
        if ((first !== null && done) || performance.now() - began > 60000)
            resolve([first, performance.now() - began]);
        else requestAnimationFrame(look);
    };
    look();
})"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--files", type=int, default=16, help="drawn photos behind the links")
    parser.add_argument("--searches", type=int, default=12)
    parser.add_argument("--limit", type=float, default=0.5, metavar="S", help="exit 1 above it")
    parser.add_argument("--folder", type=Path, help="where photos and library are made")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        settings = Settings(Path(folder) / "library", "starter", "starter")
        fill(settings.library, Path(folder) / "photos", asked.photos, asked.files)
        with served(settings, Path(folder)) as url:
            first, new, again = measured(url, asked.searches)
    told = {
        "machine": machine(),
        "photos": asked.photos,
        "first_search_s": first[0],
        "first_hit_s": median(one for one, _ in new),
        "slowest_first_hit_s": max(one for one, _ in new),
        "all_hits_s": median(last for _, last in new),
        "again_first_hit_s": median(one for one, _ in again),
        "again_all_hits_s": median(last for _, last in again),
    }
    if asked.json:
        print(json.dumps(told))
    else:
        for name, value in told.items():
            print(f"{name:20} {value if isinstance(value, (str, int)) else round(value, 3)}")
    return 0 if told["first_hit_s"] <= asked.limit else 1


def fill(library: Path, photos: Path, count: int, files: int) -> None:
    """A library of so many rows, and a file for each."""
    camera_photos(photos / "drawn", files, noise=4)
    drawn = sorted((photos / "drawn").iterdir())
    embedder = FakeVectors(load_embedder("starter"))
    facts = Facts("JPEG", 4000, 3000, taken_at="2023-05-06T12:00:00", camera="Camera", dhash=1)
    with Library.open(library, create=True) as opened, opened.writing():
        catalogue = opened.catalogue
        model = catalogue.register(embedder)
        for numbers in _batches(count):
            states = [_linked(photos, number, drawn[number % files]) for number in numbers]
            with catalogue.transaction():
                vectors = embedder.embed_images([None] * len(states))  # type: ignore[list-item]
                catalogue.put_vectors(model, [state.hash for state in states], vectors)
                for state in states:
                    catalogue.put_photo(state, facts, new_vector=True)
        opened.vectors(embedder)
        kept_words(library, embedder)


def _batches(count: int) -> Iterator[range]:
    for start in range(0, count, 5000):
        yield range(start, min(count, start + 5000))


def _linked(photos: Path, number: int, source: Path) -> FileState:
    path = photos / f"{number // 1000:03}" / f"IMG_{number:07}.jpg"
    path.parent.mkdir(exist_ok=True)
    os.link(source, path)
    stat = path.stat()
    return FileState(path, sha256(b"%d" % number).digest(), stat.st_size, stat.st_mtime_ns)


@contextmanager
def served(settings: Settings, home: Path) -> Iterator[str]:
    """The app on a free port, with its own caches."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {name: str(home) for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
    env = {**os.environ, **settings.as_env(), **own, "HF_HUB_OFFLINE": "1"}
    command = serve_command(port, browser=False)
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, cwd=home, stdout=quiet, stderr=quiet) as server:
        url = f"http://127.0.0.1:{port}"
        try:
            while server.poll() is None:
                with (
                    suppress(URLError, OSError),
                    urllib.request.urlopen(f"{url}/_stcore/health", timeout=5),
                ):
                    break
                time.sleep(0.2)
            yield url
        finally:
            server.terminate()


Times = tuple[float, float]


def measured(url: str, searches: int) -> tuple[Times, list[Times], list[Times]]:
    """Seconds to the first and to all hits: of the first search, of new ones, of them again."""
    executable = find_chromium()
    if executable is None:
        raise SystemExit("no Chromium found: name one with VLM_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=FLAGS, timeout=200_000
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(200_000)
        page.goto(url, wait_until="commit")
        first = _search(page, "something first")
        new, again = [], []
        for number in range(searches):
            words = f"a {THINGS[number % len(THINGS)]} number {number}"
            new.append(_search(page, words))
            _search(page, f"between {number}")
            again.append(_search(page, words))
        browser.close()
    return first, new, again


def _search(page: Page, words: str) -> Times:
    box = page.get_by_label("What are you looking for?")
    box.fill(words)
    old = page.evaluate(
        """() => [...document.querySelectorAll('[class*="st-key-card-"] img')].map(i => i.alt)"""
    )
    watch = page.evaluate_handle(f"old => {{ window.seen = ({WATCH})(old); }}", old)
    watch.dispose()
    box.press("Enter")
    first, last = page.evaluate("() => window.seen")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    if first is None:
        raise SystemExit(f"no hit of '{words}' was shown within a minute")
    return first / 1000, last / 1000


if __name__ == "__main__":
    sys.exit(main())

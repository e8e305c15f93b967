"""Two processes at one library: what is searched is always a state that was stored as a whole."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drawn_photos import draw
from PIL import Image

from index.build import build
from index.library import Library
from index.search.search import search_text
from vlm.fakes import ColourEmbedder

FAKE = ColourEmbedder()
NUMBER, BATCH = 30, 5

INDEXING = r'''
import sys, time
from pathlib import Path
from index.build import build
from index.library import Library
from vlm.errors import LibraryBusy
from vlm.fakes import ColourEmbedder

answers = Path(sys.argv[4])

def number():
    try:
        return answers.read_bytes().count(b"\n")
    except FileNotFoundError:
        return 10**9  # nobody is to be waited for any more

class Patient(ColourEmbedder):
    """Lets the other process answer between any two batches."""

    def embed_images(self, images):
        before, tries = number(), 2000
        while number() < min(before + 2, 10**9) and tries:
            tries -= 1
            time.sleep(0.01)
        return super().embed_images(images)

with Library.open(Path(sys.argv[1])) as library:
    print("open", flush=True)
    sys.stdin.readline()
    try:
        report = build(library, [Path(sys.argv[2])], Patient(), workers=1, batch=int(sys.argv[3]))
        print(report.added + report.updated, report.missing)
    except LibraryBusy as error:
        print("busy:", error)
'''

SEARCHING = r"""
import json, sys
from pathlib import Path
from index.library import Library
from index.search.search import search_text
from vlm.fakes import ColourEmbedder

fake = ColourEmbedder()
answers = open(sys.argv[3], "wb", buffering=0)
print("open", flush=True)
while not Path(sys.argv[2]).exists():
    with Library.open(Path(sys.argv[1])) as library:
        for _ in range(5):
            hits = search_text(library, fake, "red", 1000).hits
            line = json.dumps({hit.path.name: round(hit.score, 4) for hit in hits}) + "\n"
            answers.write(line.encode())
"""


@contextmanager
def process(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """A process that has come as far as to say that it is open."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        try:
            assert started.stdout is not None
            assert started.stdout.readline() == "open\n"
            yield started
        finally:
            if started.returncode is None:
                started.kill()


def scores(folder: Path) -> dict[str, float]:
    with Library.open(folder) as library:
        hits = search_text(library, FAKE, "red", 1000).hits
        return {hit.path.name: round(hit.score, 4) for hit in hits}


def test_every_answer_while_another_process_indexes_is_of_one_stored_state(
    tmp_path: Path,
) -> None:
    """Photos are replaced, come and go; each batch is seen as a whole or not at all."""
    photos, folder = tmp_path / "photos", tmp_path / "library"
    done, answers = tmp_path / "done", tmp_path / "answers"
    first = draw(photos, NUMBER)
    with Library.open(folder, create=True) as library:
        build(library, [photos], FAKE, workers=1)
    before = scores(folder)
    for number, path in enumerate(first[:-BATCH]):
        Image.new("RGB", (40, 40), (9 * number, 200 - 5 * number, 90)).save(path, lossless=True)
    for path in first[-BATCH:]:
        path.unlink()
    with process(SEARCHING, folder, done, answers) as searching:
        with process(INDEXING, folder, photos, BATCH, answers) as indexing:
            out, _ = indexing.communicate("\n")
        done.touch()
        searching.wait()
    assert out == f"{NUMBER - BATCH} {BATCH}\n"
    assert searching.returncode == 0
    after = scores(folder)
    assert len(after) == NUMBER - BATCH
    assert not before.items() & after.items()
    states = [_state(json.loads(line), before, after) for line in answers.read_text().splitlines()]
    assert states == sorted(states)
    assert {new for new, _ in states} >= set(range(0, NUMBER - BATCH, BATCH))


def _state(
    answer: dict[str, float], before: dict[str, float], after: dict[str, float]
) -> tuple[int, int]:
    """How many photos are as they became, in whole batches, and how many are gone, all or none."""
    new = answer.items() & after.items()
    assert answer.items() == new | (answer.items() & before.items())
    gone = len(before) - len(answer)
    assert (len(new) % BATCH, gone % BATCH) == (0, 0)
    return len(new), gone


def test_of_two_processes_that_index_one_is_told_to_wait(tmp_path: Path) -> None:
    photos, folder = tmp_path / "photos", tmp_path / "library"
    draw(photos, NUMBER)
    Library.open(folder, create=True).close()
    answers = tmp_path / "answers"
    answers.touch()
    with (
        process(INDEXING, folder, photos, BATCH, answers) as one,
        process(INDEXING, folder, photos, BATCH, answers) as other,
    ):
        for each in (one, other):
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        with selectors.DefaultSelector() as selector:
            for each in (one, other):
                assert each.stdout is not None
                selector.register(each.stdout, selectors.EVENT_READ)
            selector.select()  # the first to say something is the one that may not
        answers.unlink()
        outcomes = [each.communicate()[0] for each in (one, other)]
    assert [each.returncode for each in (one, other)] == [0, 0]
    busy = [text for text in outcomes if text.startswith("busy: ")]
    assert len(busy) == 1
    assert "another process is indexing" in busy[0]
    assert f"{NUMBER} 0\n" in outcomes
    assert len(scores(folder)) == NUMBER

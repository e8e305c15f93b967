"""Killed again and again, at any moment of a run, a library ends as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from drawn_photos import draw

from index.build import build
from index.library import Library
from index.search.search import search_text
from vlm.fakes import ColourEmbedder

KILLS = int(os.environ.get("VLM_TEST_KILLS", "8"))
"""How many times; 200 take some minutes."""

DRIVER = """
import os, random, shutil, signal, sys, time
from pathlib import Path
import faiss  # before forking, so that the time of a run is the time of indexing
from index.build import build
from index.library import Library
from vlm.fakes import ColourEmbedder

folder, photos, kills = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])

def start():
    child = os.fork()
    if not child:
        os.setsid()  # its decoders are killed with it
        with Library.open(folder, create=True) as library:
            build(library, [photos], ColourEmbedder(), workers=1, batch=2)
        os._exit(0)
    return child

def status(child):
    return os.waitpid(child, 0)[1]

began = time.perf_counter()
assert status(start()) == 0
whole = time.perf_counter() - began
chance = random.Random(0)
killed = 0
while killed < kills:
    if (folder / "whole").exists():
        shutil.rmtree(folder)  # that run was faster than its killer
    child = start()
    time.sleep(0.7 * whole * chance.random())
    for kill in (os.killpg, os.kill):
        try:
            kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
    if os.WIFSIGNALED(status(child)):
        killed += 1
    else:
        (folder / "whole").touch()
assert status(start()) == 0
"""


def contents(folder: Path) -> list[list[tuple[object, ...]]]:
    """All tables, but for the numbers of rows and generations."""
    with closing(sqlite3.connect(folder / "catalogue.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        named = [name for (_, name, *_) in db.execute("PRAGMA table_info(photo)") if name != "id"]
        queries = (
            f"SELECT {', '.join(named)} FROM photo ORDER BY path",
            "SELECT hash, value, fingerprint FROM vector JOIN model ON id = model_id ORDER BY hash",
            "SELECT path, value FROM photo JOIN keyword ON id = photo_id ORDER BY path, value",
            "SELECT path, words.name, words.folder, keywords, caption, ocr "
            "FROM words LEFT JOIN photo ON id = words.rowid ORDER BY path",
            "SELECT * FROM refused ORDER BY path",
        )
        return [db.execute(query).fetchall() for query in queries]


def test_killed_at_random_moments_it_ends_as_an_undisturbed_run(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    draw(photos, 40)
    shutil.copy(photos / "photo-0002.webp", photos / "copy.webp")
    (photos / "bad.jpg").write_text("no photo")
    (photos / "photo-0001.png.xmp").write_text("<x/>")
    root = str(Path(__file__).parents[1])
    subprocess.run(
        [sys.executable, "-c", DRIVER, str(tmp_path / "killed"), str(photos), str(KILLS)],
        env={**os.environ, "PYTHONPATH": root},
        check=True,
    )
    fake = ColourEmbedder()
    with Library.open(tmp_path / "whole", create=True) as library:
        build(library, [photos], fake, workers=1)
        expected = search_text(library, fake, "red", 50).hits
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
    with Library.open(tmp_path / "killed") as library:
        assert search_text(library, fake, "red", 50).hits == expected


def test_searching_while_another_process_indexes_always_answers(tmp_path: Path) -> None:
    photos, folder = tmp_path / "photos", tmp_path / "library"
    draw(photos, 60)
    fake = ColourEmbedder()
    with Library.open(folder, create=True) as library:
        build(library, [photos / "photo-0000.jpg"], fake, workers=1)
    indexing = (
        "import sys; from pathlib import Path; from index.build import build; "
        "from index.library import Library; from vlm.fakes import ColourEmbedder; "
        "library = Library.open(Path(sys.argv[1])); "
        "build(library, [Path(sys.argv[2])], ColourEmbedder(), workers=1, batch=1)"
    )
    root = str(Path(__file__).parents[1])
    seen = [1]
    with (
        subprocess.Popen(
            [sys.executable, "-c", indexing, str(folder), str(photos)],
            env={**os.environ, "PYTHONPATH": root},
        ) as process,
        Library.open(folder) as library,
    ):
        while process.poll() is None:
            hits = search_text(library, fake, "red", 100).hits
            assert all(hit.path.parent == photos for hit in hits)
            assert len(library.catalogue.search_words("photo", limit=100)) >= len(hits)
            seen.append(len(hits))
        assert len(search_text(library, fake, "red", 100).hits) == 60
    assert process.returncode == 0
    assert seen == sorted(seen)

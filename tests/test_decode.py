"""Decoding in worker processes: results, refusals, and workers that crash or hang."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index.decoding.decode import Decoder, FileUnread
from index.decoding.shape import Whole
from vlm.errors import ImageUnreadable
from vlm.images import fit_image, read_image
from vlm.protocols import ImageInput

WANTED = ImageInput(16, "squash")

UNRELIABLE = """
import os, signal, sys, time
from index.decoding import worker
honest = worker.reply
def reply(path, wanted):
    name = os.path.basename(path)
    if name.startswith(b"kill"): os.kill(os.getpid(), signal.SIGKILL)
    if name.startswith(b"hang"): time.sleep(600)
    if name.startswith(b"raise"): raise LookupError("a mistake of ours")
    return honest(path, wanted)
worker.reply = reply
worker.main(*sys.argv[1:])
"""


@pytest.fixture(scope="module")
def decoder() -> Iterator[Decoder]:
    command = (sys.executable, "-c", UNRELIABLE)
    with Decoder(WANTED, 1, time_limit=5, command=command) as decoder:
        yield decoder


def photo(folder: Path, name: str = "photo.png") -> Path:
    path = folder / name
    Image.new("RGB", (64, 48), "orange").save(path, "PNG")
    return path


def test_a_worker_decodes_as_this_process_does(decoder: Decoder, photos: Path) -> None:
    for path in sorted(photos.glob("*.*")):
        result = decoder.submit(path).result()
        assert result.image is not None
        expected = fit_image(read_image(path, size=WANTED.size), WANTED)
        assert np.array_equal(np.asarray(result.image), np.asarray(expected))
        stat = path.stat()
        assert result.state.path == path
        assert result.state.hash == hashlib.sha256(path.read_bytes()).digest()
        assert (result.state.size, result.state.mtime_ns) == (stat.st_size, stat.st_mtime_ns)
        assert (result.facts.width, result.facts.height) == (64, 48)
        assert decoder.hash(path).result() == result.state


def test_all_of_an_image_is_decoded_in_its_own_shape(tmp_path: Path) -> None:
    Image.new("RGB", (600, 200), "orange").save(tmp_path / "wide.jpg")
    Image.new("RGB", (9, 30), "orange").save(tmp_path / "small.png")
    with Decoder(Whole(90), 1) as decoder:
        images = [decoder.submit(tmp_path / n).result().image for n in ("wide.jpg", "small.png")]
    assert [image and image.size for image in images] == [(90, 30), (9, 30)]


def test_facts_come_from_exif(decoder: Decoder, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Canon", "Canon EOS 40D", 6
    exif.get_ifd(0x8769)[0x9003] = "2008:05:30 15:56:01"
    exif.get_ifd(0x8825).update({1: "N", 2: (60.0, 30.0, 0.0), 3: "W", 4: (5.0, 15.0, 0.0)})
    Image.new("RGB", (80, 40)).save(tmp_path / "a.jpg", exif=exif)
    facts = decoder.submit(tmp_path / "a.jpg").result().facts
    assert (facts.format, facts.width, facts.height, facts.orientation) == ("JPEG", 40, 80, 6)
    assert (facts.taken_at, facts.camera) == ("2008-05-30T15:56:01", "Canon EOS 40D")
    assert (facts.latitude, facts.longitude) == (60.5, -5.25)


@pytest.mark.parametrize("noise", ["0000:00:00 00:00:00", "2008:02:31 10:00:00", "", "soon"])
def test_a_date_that_is_none_gives_way_to_that_of_the_file(
    decoder: Decoder, tmp_path: Path, noise: str
) -> None:
    exif = Image.Exif()
    exif[0x0132] = noise
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg", exif=exif)
    assert decoder.submit(tmp_path / "a.jpg").result().facts.taken_from == "mtime"


def test_a_file_that_is_no_photo_is_refused_and_the_next_one_fine(
    decoder: Decoder, tmp_path: Path
) -> None:
    (tmp_path / "note.jpg").write_text("hello")
    with pytest.raises(ImageUnreadable, match="not an image") as error:
        decoder.submit(tmp_path / "note.jpg").result()
    assert not isinstance(error.value, FileUnread)
    assert decoder.submit(photo(tmp_path)).result().image is not None


def test_a_file_that_cannot_be_read_is_told_apart(decoder: Decoder, tmp_path: Path) -> None:
    for job in (decoder.submit, decoder.hash):
        with pytest.raises(FileUnread, match="no such file"):
            job(tmp_path / "nowhere.jpg").result()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("kill.png", r"the decoder crashed on it \(signal 9\)"),
        ("raise.png", r"the decoder crashed on it \(exit status 1: LookupError: a mistake"),
    ],
)
def test_a_file_that_kills_its_worker_costs_only_itself(
    decoder: Decoder, tmp_path: Path, name: str, reason: str
) -> None:
    jobs = [decoder.submit(photo(tmp_path, n)) for n in ("before.png", name, "after.png")]
    assert jobs[0].result().image is not None
    with pytest.raises(ImageUnreadable, match=reason):
        jobs[1].result()
    assert jobs[2].result().image is not None


def test_a_file_that_hangs_its_worker_costs_only_itself(tmp_path: Path) -> None:
    command = (sys.executable, "-c", UNRELIABLE)
    with (
        Decoder(WANTED, 1, time_limit=0.3, command=command) as impatient,
        pytest.raises(ImageUnreadable, match=r"longer than 0\.3 seconds"),
    ):
        impatient.submit(photo(tmp_path, "hang.png")).result()


def test_a_file_that_needs_too_much_memory_is_refused(tmp_path: Path) -> None:
    Image.new("1", (12_000, 12_000)).save(tmp_path / "large.png")
    with Decoder(WANTED, 1, memory=400 << 20) as small:
        with pytest.raises(ImageUnreadable, match="more memory than"):
            small.submit(tmp_path / "large.png").result()
        assert small.submit(photo(tmp_path)).result().image is not None


def test_a_worker_that_cannot_start_is_a_mistake_of_ours_and_says_why() -> None:
    command = (sys.executable, "-c", "raise SystemExit('no such module')")
    with (
        Decoder(WANTED, 1, command=command) as broken,
        pytest.raises(RuntimeError, match="does not start: no such module"),
    ):
        broken.submit(Path("x.jpg")).result()


def test_closing_ends_the_workers_whatever_they_do(tmp_path: Path) -> None:
    command = (sys.executable, "-c", UNRELIABLE)
    decoder = Decoder(WANTED, 2, command=command)
    jobs = [decoder.submit(photo(tmp_path, f"hang{i}.png")) for i in range(4)]
    fine = decoder.submit(photo(tmp_path, "hang-not-started.png"))
    while not decoder.workers():
        os.sched_yield()
    ids = decoder.workers()
    decoder.close()
    assert all(job.done() for job in [*jobs, fine])
    for number in ids:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_a_worker_imports_nothing_heavy_and_nothing_from_the_current_folder(
    tmp_path: Path,
) -> None:
    (tmp_path / "PIL.py").write_text("raise SystemExit('a file of the user was run')")
    code = """
import sys
from pathlib import Path
from index.decoding.decode import Decoder
from vlm.protocols import ImageInput
with Decoder(ImageInput(8, "crop"), 1) as decoder:
    print(decoder.submit(Path(sys.argv[1])).result().facts.format)
"""
    (tmp_path / "run").mkdir()
    script = tmp_path / "run" / "script.py"
    script.write_text(code)
    path = photo(tmp_path)
    root = str(Path(__file__).parents[1])
    run = subprocess.run(
        [sys.executable, str(script), str(path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.stdout, run.stderr) == ("PNG\n", "")
    heavy = "{'faiss', 'sqlite3', 'onnxruntime', 'torch', 'langchain_core', 'streamlit'}"
    check = f"import sys, index.decoding.worker; print(sorted({heavy} & set(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", check], cwd=root, capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def test_ctrl_c_is_not_for_the_workers(tmp_path: Path) -> None:
    with Decoder(WANTED, 1) as decoder:
        decoder.submit(photo(tmp_path)).result()
        for number in decoder.workers():
            os.kill(number, signal.SIGINT)
        assert decoder.submit(photo(tmp_path)).result().image is not None

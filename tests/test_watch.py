"""Watching folders: real files, real notices, generous deadlines."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from time import monotonic, sleep
from typing import Any

import pytest
from PIL import Image

import index.scanning.notices
from index.library import Library
from index.records import Report
from index.scanning.exclusions import Rules
from index.scanning.notices import is_remote
from index.watch import watch
from vlm.errors import PathMissing
from vlm.fakes import ColourEmbedder

DEADLINE = 60.0
SETTLED = 0.3


class Watching:
    """A watch in a thread of its own, and what it reported so far."""

    def __init__(self, library: Path, folder: Path, *, rules: Rules, poll: bool) -> None:
        self.reports: list[Report] = []
        self.notices: list[str] = []
        self.error: Exception | None = None
        self.stop = threading.Event()
        self._library, self._folder, self._rules, self._poll = library, folder, rules, poll
        self.thread = threading.Thread(target=self._run)
        self.thread.start()
        self.wait(lambda: bool(self.notices))

    def _run(self) -> None:
        try:
            with Library.open(self._library, create=True) as library:
                self.reports.extend(
                    watch(
                        *(library, [self._folder], ColourEmbedder()),
                        rules=self._rules,
                        on_notice=self.notices.append,
                        stop=self.stop,
                        settled=SETTLED,
                        poll=self._poll,
                    )
                )
        except PathMissing as error:
            self.error = error

    def wait(self, condition: Callable[[], bool]) -> None:
        end = monotonic() + DEADLINE
        while not condition():
            assert monotonic() < end, (self.reports, self.notices, self.error)
            assert self.thread.is_alive() or self.error or self.stop.is_set()
            sleep(0.02)

    def total(self, kind: str) -> int:
        return sum(getattr(report, kind) for report in list(self.reports))


@contextmanager
def watching(
    tmp_path: Path, folder: Path, *, rules: Rules | None = None, poll: bool = False
) -> Iterator[Watching]:
    one = Watching(tmp_path / "library", folder, rules=rules or Rules(), poll=poll)
    try:
        yield one
    finally:
        one.stop.set()
        one.thread.join()


def photo(path: Path, colour: str = "orange", side: int = 16) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (side, side), colour).save(path)
    return path


def searched(tmp_path: Path) -> set[str]:
    with Library.open(tmp_path / "library") as library:
        return {Path(os.fsdecode(path)).name for path in library.catalogue.paths()}


def test_new_changed_moved_and_deleted_photos_are_followed(photos: Path, tmp_path: Path) -> None:
    with watching(tmp_path, photos) as one:
        assert one.reports[0].added == 3
        assert one.notices == [f"Watching {photos}. Ctrl-C ends it."]
        photo(photos / "new.png")
        one.wait(lambda: one.total("added") == 4)
        photo(photos / "new.png", "purple")
        one.wait(lambda: one.total("updated") == 1)
        (photos / "new.png").rename(photos / "sub" / "renamed.png")
        one.wait(lambda: one.total("moved") == 1)
        (photos / "red.png").unlink()
        one.wait(lambda: one.total("missing") == 1)
    assert searched(tmp_path) == {"green.jpg", "blue.webp", "renamed.png"}
    assert all(report.skipped == [] for report in one.reports)


def test_folders_that_come_and_go_bring_and_take_their_photos(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    photo(tmp_path / "elsewhere/trip/day 1.1/a.png")
    photo(tmp_path / "elsewhere/trip/b.png", "green")
    with watching(tmp_path, tmp_path / "photos") as one:
        assert one.reports[0] == Report(), "a folder without photos is worth watching too"
        (tmp_path / "elsewhere/trip").rename(tmp_path / "photos/trip")
        one.wait(lambda: one.total("added") == 2)
        (tmp_path / "photos/trip/day 1.1").rename(tmp_path / "elsewhere/day 1.1")
        one.wait(lambda: one.total("missing") == 1)
        photo(tmp_path / "photos/made/in/depth.png", "blue")
        one.wait(lambda: one.total("added") == 3)
    assert searched(tmp_path) == {"b.png", "depth.png"}


def test_a_file_is_left_alone_while_it_is_written(tmp_path: Path) -> None:
    whole = photo(tmp_path / "whole.png", side=64).read_bytes()
    (tmp_path / "photos").mkdir()
    with watching(tmp_path, tmp_path / "photos") as one:
        with (tmp_path / "photos/slow.png").open("wb", buffering=0) as file:
            pieces = [whole[at : at + 20] for at in range(0, len(whole), 20)]
            for piece in pieces:
                file.write(piece)
                sleep(SETTLED / 6)
        one.wait(lambda: one.total("added") == 1)
    assert [report.skipped for report in one.reports] == [[], []]


def test_a_file_that_stays_broken_is_one_line_and_fine_once_it_is_replaced(photos: Path) -> None:
    with watching(photos.parent, photos) as one:
        (photos / "bad.jpg").write_text("no photo")
        one.wait(lambda: len(one.reports) == 2)
        assert [s.path for s in one.reports[1].skipped] == [photos / "bad.jpg"]
        photo(photos / "other.png", "yellow")
        one.wait(lambda: one.total("added") == 4)
        assert one.reports[2].skipped == [], "a batch is about what changed only"
        photo(photos / "bad.jpg", "pink")
        one.wait(lambda: one.total("added") == 5)


def test_what_is_left_out_stays_so(photos: Path, tmp_path: Path) -> None:
    rules = Rules(exclude=("*.gif",))
    with watching(tmp_path, photos, rules=rules) as one:
        for name in (".hidden/a.png", "@eaDir/b.png", "c.gif", "notes.txt"):
            (photos / name).parent.mkdir(exist_ok=True)
            (photos / name).write_bytes(b"not read")
        photo(photos / "last.png")
        one.wait(lambda: one.total("added") == 4)
        (photos / ".vlmignore").write_text("green.*\n")
        one.wait(lambda: one.total("missing") == 1)
        assert [report.skipped for report in one.reports] == [[], [], []]
    assert searched(tmp_path) == {"red.png", "blue.webp", "last.png"}


def test_a_library_inside_the_folder_does_not_set_itself_off(photos: Path) -> None:
    with watching(photos, photos) as one:
        photo(photos / "new.png")
        one.wait(lambda: one.total("added") == 4)
        sleep(4 * SETTLED)
        assert len(one.reports) == 2


def test_a_library_that_is_busy_is_waited_for(photos: Path, tmp_path: Path) -> None:
    with watching(tmp_path, photos) as one:
        with Library.open(tmp_path / "library") as other, other.writing():
            photo(photos / "new.png")
            one.wait(lambda: len(one.notices) == 2)
        assert one.notices[1].startswith("Waiting: ")
        one.wait(lambda: one.total("added") == 4)


def test_a_folder_that_vanishes_as_a_whole_ends_it_and_loses_nothing(tmp_path: Path) -> None:
    photo(tmp_path / "photos/a.png")
    with watching(tmp_path, tmp_path / "photos") as one:
        (tmp_path / "photos").rename(tmp_path / "away")
        one.wait(lambda: one.error is not None)
    assert searched(tmp_path) == {"a.png"}


def test_folders_are_looked_at_where_there_are_no_notices(photos: Path, tmp_path: Path) -> None:
    with watching(tmp_path, photos, poll=True) as one:
        assert one.notices == [f"Looking at {photos} every 3 seconds (asked for). Ctrl-C ends it."]
        photo(photos / "sub/new.png")
        one.wait(lambda: one.total("added") == 4)
        (photos / "red.png").unlink()
        one.wait(lambda: one.total("missing") == 1)


@pytest.mark.parametrize(
    "error",
    [
        OSError('OS file watch limit reached. about ["/photos"] (Error { kind: MaxFilesWatch })'),
        RuntimeError("Error creating recommended watcher: Too many open files (os error 24)"),
    ],
)
def test_folders_are_looked_at_where_the_system_gives_no_more_notices(
    photos: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """The errors are those of watchfiles when a limit of inotify is reached."""

    def refuse(*paths: Path, force_polling: bool, **options: Any) -> Iterator[set[Any]]:
        if not force_polling:
            raise error
        yield from real(*paths, force_polling=True, **options)

    real = index.scanning.notices.watch
    monkeypatch.setattr(index.scanning.notices, "watch", refuse)
    with index.scanning.notices.notices([photos], SimpleQueue()) as how:
        assert how.startswith(f"Looking at {photos} every 3 seconds (the system gives no notice")
        assert "/photos]" not in how.removeprefix(f"Looking at {photos}")


def test_a_folder_that_may_not_be_read_leaves_the_others_their_notices(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*paths: Path, ignore_permission_denied: bool, **options: Any) -> Iterator[set[Any]]:
        if not ignore_permission_denied:
            raise PermissionError("Permission denied (os error 13)")
        yield from real(*paths, ignore_permission_denied=True, **options)

    real = index.scanning.notices.watch
    monkeypatch.setattr(index.scanning.notices, "watch", refuse)
    with index.scanning.notices.notices([photos], SimpleQueue()) as how:
        assert how == f"Watching {photos}. Ctrl-C ends it."


def test_file_systems_of_other_machines_are_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = f"""
/dev/root / ext4 rw 0 0
server:/export {os.path.realpath(tmp_path)}/nas\\040photos nfs4 rw 0 0
"""
    monkeypatch.setattr(Path, "read_bytes", lambda path: table.lstrip().encode())
    assert is_remote(tmp_path / "nas photos/2024")
    assert not is_remote(tmp_path / "nas")


def test_the_command_tells_a_line_for_each_batch_and_ends_with_ctrl_c(photos: Path) -> None:
    command = [sys.executable, "-m", "ui", "index", str(photos), "--watch", "--model", "fake"]
    process = subprocess.Popen(
        [*command, "--library", str(photos.parent / "library")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline().startswith("3 added, ")
    # A machine that is busy has time for lines about progress.
    told = (line for line in process.stderr if not line.startswith("Indexing: "))
    assert next(told) == f"Watching {photos}. Ctrl-C ends it.\n"
    photo(photos / "new.png")
    assert next(told).startswith("1 added, 0 updated, ")
    process.send_signal(signal.SIGINT)
    assert next(told) == "Stopped watching.\n"
    out, _ = process.communicate(timeout=DEADLINE)
    assert (process.returncode, out) == (0, "")


def test_json_and_watch_exclude_each_other(photos: Path) -> None:
    command = [sys.executable, "-m", "ui", "index", str(photos), "--watch", "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert "--json prints one document" in ran.stderr

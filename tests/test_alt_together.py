"""Batches with a model that answers several requests at once: the same texts, none lost."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from cli_runs import run
from counting_describer import CountingDescriber, use
from drawn_photos import draw

from index.catalogue.catalogue import Catalogue
from vlm.errors import RemoteModelFailed, TaskUnsupported, VlmError
from vlm.protocols import BatchDescriber, Message


class TogetherDescriber(CountingDescriber):
    """Fake: answers four requests at once, none in batch ``stop_batch``; ``odd`` widths fail."""

    batch_size = 4

    def __init__(self, stop_batch: int | None = None, odd: Sequence[int] = ()) -> None:
        super().__init__()
        self.batches: list[int] = []
        self.stop_batch = stop_batch
        self.odd = odd

    def describe_many(
        self, requests: Sequence[Sequence[Message]], *, max_tokens: int = 128
    ) -> list[str | VlmError]:
        self.batches.append(len(requests))
        if len(self.batches) == self.stop_batch:
            raise KeyboardInterrupt
        return [self._one(messages, max_tokens) for messages in requests]

    def _one(self, messages: Sequence[Message], max_tokens: int) -> str | VlmError:
        width = messages[-1].images[0].width
        if width in self.odd:
            return RemoteModelFailed("tiny", "127.0.0.1", "it has had enough")
        return "".join(self.describe(messages, max_tokens=max_tokens))


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("VLM_LIBRARY", str(tmp_path / "library"))
    monkeypatch.setenv("VLM_DESCRIBER", "fake")
    monkeypatch.setattr("ui.alt.contents.FEW", 1000)  # photos of a few pixels
    return tmp_path / "library"


def test_the_same_texts_in_the_same_order(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(photos, 20)
    use(CountingDescriber(), monkeypatch)
    alone = run("alt", photos, "--json", "--library", tmp_path / "other").document
    together = TogetherDescriber()
    assert isinstance(together, BatchDescriber)
    use(together, monkeypatch)
    told = run("alt", photos, "--json").document
    for item in (*alone, *told):
        del item["seconds"]
    assert told == alone
    assert together.batches == [4] * 5 + [3]
    assert together.asked == 23
    run("alt", photos)
    assert together.asked == 23


def test_a_run_that_was_stopped_lost_one_batch_of_drafts_and_nothing_written(
    photos: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(photos, 20)
    stopping = use(TogetherDescriber(stop_batch=3), monkeypatch)
    assert run("alt", photos, "--write", "xmp").code == 130
    assert stopping.asked == 8
    assert len(list(photos.rglob("*.xmp"))) == 8
    going_on = use(TogetherDescriber(), monkeypatch)
    assert run("alt", photos, "--write", "xmp").code == 0
    assert going_on.asked == 15
    with closing(Catalogue(library)) as catalogue:
        (only,) = catalogue.runs()
        kinds = [write.kind for write in catalogue.writes(only)]
        assert (kinds.count("xmp"), kinds.count("note")) == (23, 23)


def test_drafts_of_a_batch_are_stored_before_the_first_of_them_is_written(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(photos, 20)
    first = TogetherDescriber()
    use(first, monkeypatch)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("ui.alt.writing.Writer.write", stop)
        assert run("alt", photos, "--write", "xmp").code == 130
    assert first.asked == 4
    then = use(TogetherDescriber(), monkeypatch)
    assert run("alt", photos, "--write", "xmp").code == 0
    assert then.asked == 19


def test_a_photo_that_fails_is_a_line_and_the_others_have_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    folder = tmp_path / "some"
    folder.mkdir()
    for width in range(30, 40):
        Image.new("RGB", (width, 20), "red").save(folder / f"{width}.png")
    (folder / "34.png").write_bytes(b"no photo")
    use(TogetherDescriber(odd=(31, 37)), monkeypatch)
    ran = run("alt", folder, "--json")
    assert (ran.code, len(ran.document)) == (1, 7)
    assert ran.stderr.count("skipped: ") == 3
    assert ran.stderr.count("it has had enough") == 2


def test_copies_within_a_batch_are_described_once(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        (photos / f"copy-{number}.png").write_bytes((photos / "red.png").read_bytes())
    describer = TogetherDescriber()
    use(describer, monkeypatch)
    told = run("alt", photos, "--json").document
    assert (len(told), describer.asked) == (6, 3)


def test_a_task_that_the_model_lacks_is_said_before_anything_is_read(
    photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(TogetherDescriber(), monkeypatch)
    ran = run("alt", photos, "--language", "de")
    assert ran.code == 2
    assert TaskUnsupported.__name__ not in ran.stderr
    assert "cannot do this: writing German" in ran.stderr


def test_captions_are_made_together_and_keep_their_order(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw(photos, 6)
    (photos / "broken.png").write_bytes(b"no photo")
    use(CountingDescriber(), monkeypatch)
    alone = run("caption", photos, "--json")
    together = TogetherDescriber()
    use(together, monkeypatch)
    told = run("caption", photos, "--json")
    assert [item["caption"] for item in told.document] == [i["caption"] for i in alone.document]
    assert [item["path"] for item in told.document] == [i["path"] for i in alone.document]
    assert (told.code, sum(together.batches)) == (alone.code, 9) == (1, 9)
    assert max(together.batches) <= 4

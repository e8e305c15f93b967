"""Caption measures against what pycocoevalcap's own wrappers print, and Java that misbehaves."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from eval.caption_java import JavaFailed, JavaMissing, meteor, tokenise
from eval.caption_scores import overlaps, require_scorers, score
from vlm.errors import ExtraMissing, VlmError
from vlm.extras import EXTRAS

pytest.importorskip("pycocoevalcap.cider.cider", reason="needs the extra [eval]")
needs_java = pytest.mark.skipif(shutil.which("java") is None, reason="there is no java command")

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT.parent / "shared" / "data" / "metric-reference"

# Captions of photos that nobody took: equal, half right, of other words for the same, none at
# all, in another language, and one that repeats itself.
SAID = (
    "A small dog runs along the beach.",
    "two children playing football in a park",
    "A man's red bicycle is leaning against a wall",
    "",
    "Ein Café mit Tischen auf der Straße.",
    "a photo of a photo of a photo",
)
WANTED = (
    ("A small dog runs along the beach.", "A puppy is running on wet sand", "the dog at the sea"),
    ("Two kids are playing soccer in the park.", "Children with a ball, on green grass"),
    ('Somebody left a red bike near the "wall".', "A bicycle that is leaning on a brick wall!"),
    ("Three boats (all white) lie in the harbour", "White boats at anchor - 3 of them"),
    ("A street café with empty tables", "Tables and chairs outside of a café;  nobody sits there."),
    ("An old photograph in a frame", "a framed photo on the wall", "A photo of two people."),
)
SAID_TOKENS = (
    "a small dog runs along the beach",
    "two children playing football in a park",
    "a man 's red bicycle is leaning against a wall",
    "",
    "ein café mit tischen auf der straße",
    "a photo of a photo of a photo",
)
WANTED_TOKENS = (
    ("a small dog runs along the beach", "a puppy is running on wet sand", "the dog at the sea"),
    ("two kids are playing soccer in the park", "children with a ball on green grass"),
    ("somebody left a red bike near the wall", "a bicycle that is leaning on a brick wall"),
    ("three boats -lrb- all white -rrb- lie in the harbour", "white boats at anchor 3 of them"),
    ("a street café with empty tables", "tables and chairs outside of a café nobody sits there"),
    ("an old photograph in a frame", "a framed photo on the wall", "a photo of two people"),
)
# Printed once by PTBTokenizer, Cider, Bleu(4), Meteor and Rouge of pycocoevalcap 1.2.
GOLDEN = {
    "CIDEr": (1.0819079, (3.5661227, 0.90281657, 1.0162621, 0.0, 0.36843258, 0.63781358)),
    "BLEU-4": (0.25349581, (1.0, 1.6348127e-12, 6.1047358e-09, 0.0, 1.0445523e-12, 4.3472087e-05)),
    "METEOR": (0.26648035, (1.0, 0.36767002, 0.28255944, 0.0, 0.079734219, 0.32195967)),
    "ROUGE-L": (0.46703628, (1.0, 0.52699784, 0.63763066, 0.0, 0.15601023, 0.48157895)),
}


@needs_java
def test_captions_score_what_the_official_wrappers_print() -> None:
    found = score(SAID, WANTED)
    assert list(found) == list(GOLDEN)
    for name, (overall, each) in GOLDEN.items():
        assert found[name].overall == pytest.approx(overall, rel=1e-6)
        assert found[name].each == pytest.approx(each, rel=1e-6)


def test_overlaps_of_tokens_need_no_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    found = overlaps(SAID_TOKENS, WANTED_TOKENS)
    assert set(found) == {"CIDEr", "BLEU-4", "ROUGE-L"}
    for name, measure in found.items():
        assert measure.overall == pytest.approx(GOLDEN[name][0], rel=1e-6)
        assert measure.each == pytest.approx(GOLDEN[name][1], rel=1e-6)


@needs_java
@pytest.mark.parametrize(
    "name", ["coco_fakecap2014_on_val2017_overlap", "coco_val2017_fakecap4989"]
)
def test_the_reference_results_are_reproduced_for_all_captions_and_for_each(name: str) -> None:
    file = REFERENCE / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"the reference results are not beside this checkout ({file.name})")
    expected = json.loads(file.read_text(encoding="utf-8"))
    photos = list(expected["candidates"])
    said = [expected["candidates"][photo][0] for photo in photos]
    wanted = [expected["references"][photo] for photo in photos]
    assert tokenise(said) == [expected["candidates_ptb"][photo][0] for photo in photos]

    found = score(said, wanted)

    theirs = {"CIDEr": "CIDEr", "BLEU-4": "Bleu_4", "METEOR": "METEOR", "ROUGE-L": "ROUGE_L"}
    for name, measure in found.items():
        assert measure.overall == pytest.approx(expected["scores"][theirs[name]], abs=1e-6)
        each = [expected["per_image"][photo][theirs[name]] for photo in photos]
        assert measure.each == pytest.approx(each, abs=1e-6)


@needs_java
def test_no_character_makes_two_texts_of_one_or_moves_a_text_to_another_line() -> None:
    characters = [chr(code) for code in range(0x3000)] + ["\ud83d", "\ufeff", "\ufffe", "😀"]
    texts = [f"number{i} a {character}b" for i, character in enumerate(characters)]
    found = tokenise(texts)
    assert [line.split()[0] for line in found] == [f"number{i}" for i in range(len(texts))]
    assert not any("|||" in line for line in tokenise(["a ||| b", "a|||b", "http://x.y/|||"]))


@needs_java
def test_texts_without_a_word_are_empty_and_keep_their_place() -> None:
    assert tokenise(["", "...", "a", " \n ", '"!"']) == ["", "", "a", "", ""]
    assert tokenise([]) == []


@needs_java
def test_a_folder_with_spaces_and_another_locale_do_no_harm_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    import pycocoevalcap.cider.cider as installed

    original = Path(installed.__file__).parents[1]
    copy = tmp_path / "a folder" / "é" / original.name
    shutil.copytree(original, copy, ignore=shutil.ignore_patterns("spice", "__pycache__"))
    before = sorted(copy.rglob("*"))
    code = (
        "from eval.caption_java import meteor, tokenise;"
        "said = tokenise(['BIG Café.', '']);"
        "print(ascii(said), meteor(said, [['big café'], ['a cat']])[1])"
    )
    turkish = {"JAVA_TOOL_OPTIONS": "-Duser.language=tr"}  # decimals have a comma, I is no large i
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **turkish, "PYTHONPATH": os.pathsep.join([str(copy.parent), str(ROOT)])},
    )
    assert (done.stdout, done.stderr) == ("['big caf\\xe9', ''] [1.0, 0.0]\n", "")
    assert sorted(copy.rglob("*")) == before


def test_without_java_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(JavaMissing, match="apt install default-jre-headless"):
        require_scorers()


def test_without_the_extra_the_command_to_install_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(EXTRAS, "eval", ("no_such_package",))
    monkeypatch.setitem(sys.modules, "pycocoevalcap.cider.cider", None)
    with pytest.raises(ExtraMissing, match=r"pip install 'vlm-assistant\[eval\]'"):
        require_scorers()


@pytest.fixture
def fake_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A ``java`` of a few lines of shell, which notes its process id; no process may remain."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    java = folder / "java"
    java.touch(mode=0o755)
    yield java
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGTERM)


def write_java(file: Path, script: str) -> None:
    file.write_text(f"#!/bin/sh\necho $$ > '{file.parents[1]}/pid'\n{script}\n", encoding="utf-8")


def test_java_that_fails_is_quoted_in_one_line(fake_java: Path) -> None:
    write_java(fake_java, "echo Picked up an option >&2; echo No room for the heap >&2; exit 1")
    with pytest.raises(JavaFailed, match="could not run the tokeniser: No room for the heap"):
        tokenise(["a dog"])
    with pytest.raises(JavaFailed, match="could not run METEOR: No room for the heap"):
        meteor(["a dog"], [["a dog"]])


def test_a_tokeniser_that_loses_a_line_is_not_believed(fake_java: Path) -> None:
    write_java(fake_java, "cat > /dev/null; echo a dog")
    with pytest.raises(JavaFailed, match="it ended without a word"):
        tokenise(["a dog", "a cat"])


def test_meteor_that_ends_half_way_is_an_error_and_not_a_wait(fake_java: Path) -> None:
    write_java(fake_java, "read line; echo 1.0 2.0; read line; echo out of memory >&2; exit 3")
    with pytest.raises(JavaFailed, match="METEOR: out of memory"):
        meteor(["a dog", "a cat"], [["a dog"], ["a cat"]])


def test_meteor_ends_when_its_caller_is_interrupted(fake_java: Path) -> None:
    write_java(fake_java, "while read line; do echo 1.0; done")

    def interrupted() -> Any:
        yield ["a dog"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        meteor(["a dog", "a cat"], interrupted())


@needs_java
@pytest.mark.parametrize(
    ("said", "wanted", "reason"),
    [
        (["a dog"], [["a dog"]], "two photos or more, and there is 1"),
        (["a dog", "a cat"], [["..."], ["?", "-"]], "not a single word"),
    ],
)
def test_what_has_no_score_is_refused(
    said: list[str], wanted: list[list[str]], reason: str
) -> None:
    with pytest.raises(VlmError, match=reason):
        score(said, wanted)

"""`python -m eval alt`: what nobody else named, before and after checking."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_describer import data_folder

import eval.__main__ as command
import eval.alt_command
from eval.alt_metrics import People, named_by_people, told, truth
from vlm.fakes import ColourEmbedder
from vlm.prompts import PROMPTS
from vlm.protocols import Message
from vlm.starter.nouns import Nouns

NOUNS = Nouns(("dog", "puppy", "cat", "ball", "tree"), {"dogs": "dog"}, wider={"puppy": "dog"})
PEOPLE = People(frozenset(("dog", "ball")), frozenset(("dog",)))
CASES: list[dict[str, Any]] = [
    {"image": "red.png", "split": "dev", "captions": ["A dog on grass", "The dog on the grass"]},
    {"image": "blue.png", "split": "dev", "captions": ["A man with a cup", "Some man"]},
]


class FakeSampler:
    """Sees a ball that its samples do not see, and nothing in a blue photo."""

    name = "fake-sampler"
    prompts = PROMPTS["blip"]

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        yield "A dog with a ball on grass." if self._red(messages) else ""

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        return ["a dog on grass"] * count

    def _red(self, messages: Sequence[Message]) -> bool:
        return messages[-1].images[0].getpixel((0, 0)) == (255, 0, 0)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(eval.alt_command, "load_describer", lambda name: FakeSampler())
    monkeypatch.setattr(eval.alt_command, "load_embedder", lambda name: ColourEmbedder())
    return data_folder(tmp_path / "data", CASES, {"red.png": "red", "blue.png": "blue"})


def result_of(folder: Path, *arguments: object, code: int = 0) -> Any:
    file = folder / "result.json"
    asked = ["alt", "--data", folder, "--json", file, *arguments]
    assert command.main([str(argument) for argument in asked]) == code
    return json.loads(file.read_text(encoding="utf-8"))


def test_checking_removes_what_only_the_draft_named(data: Path, capsys: Any) -> None:
    result = result_of(data)
    assert result["draft"]["chair_i"] == pytest.approx(1 / 3)
    assert (result["draft"]["chair_s"], result["checked"]["chair_s"]) == (0.5, 0)
    assert result["checked"]["chair_i"] == 0
    assert result["draft"]["coverage"] == result["checked"]["coverage"] == pytest.approx(2 / 3)
    [red, blue] = result["photos"]
    assert (red["draft_alt"], red["alt"]) == ("A dog with a ball on grass.", "A dog on grass.")
    assert {claim["text"]: claim["verdict"] for claim in red["claims"]}["a ball"] == "drop"
    assert (blue["alt"], blue["verdict"]) == ("", "review")
    assert "| checked | 0.0 [0.0, 0.0] | 0.0 |" in capsys.readouterr().out


def test_without_samples_nothing_is_removed(data: Path) -> None:
    result = result_of(data, "--samples", 0)
    assert result["samples"] == 0
    assert result["checked"]["chair_i"] == result["draft"]["chair_i"]


def test_a_photo_that_cannot_be_opened_is_left_out_and_named(data: Path) -> None:
    (data / "photos" / "blue.png").write_bytes(b"no photo")
    result = result_of(data, code=1)
    assert result["n"] == 1
    assert [Path(skipped["path"]).name for skipped in result["skipped"]] == ["blue.png"]


@pytest.mark.parametrize("samples", ["-1", "65", "many"])
def test_a_number_of_samples_that_makes_no_sense_is_refused(data: Path, samples: str) -> None:
    with pytest.raises(SystemExit):
        command.main(["alt", "--data", str(data), f"--samples={samples}"])


def test_what_is_said_with_doubt_is_no_plain_mistake() -> None:
    assert told("A cat.", PEOPLE, NOUNS).plain_wrong == 1
    assert told("Possibly a cat.", PEOPLE, NOUNS).plain_wrong == 0
    assert told("A dog with what may be a cat near a tree.", PEOPLE, NOUNS).plain_wrong == 1
    assert told("A dog, possibly with a cat near a tree.", PEOPLE, NOUNS).plain_wrong == 0
    assert told("A dog, possibly with a cat, near a tree.", PEOPLE, NOUNS).plain_wrong == 1
    assert told("A dog and possibly a cat near a tree.", PEOPLE, NOUNS).plain_wrong == 1
    assert told("A dog is possibly holding a cat with a tree.", PEOPLE, NOUNS).plain_wrong == 1
    assert told("A cat, possibly with a dog.", PEOPLE, NOUNS).plain_wrong == 1


def test_a_narrower_word_covers_what_people_named_and_may_be_wrong() -> None:
    found = told("A puppy.", PEOPLE, NOUNS)
    assert (found.covered, found.wrong) == (1, 1)
    wider = People(frozenset(("dog", "puppy")), frozenset(("puppy",)))
    assert told("A dog.", wider, NOUNS).covered == 0  # of a puppy it does not tell
    assert told("A dog.", named_by_people(["a puppy", "puppy"], NOUNS), NOUNS).wrong == 0


texts = st.lists(st.sampled_from(["a dog", "a puppy", "two dogs", "a cat", "what may be a ball"]))


@given(said=texts, captions=st.lists(texts.map(" and ".join), min_size=1, max_size=5))
def test_shares_lie_between_nothing_and_all(said: list[str], captions: list[str]) -> None:
    found = told(" and ".join(said), named_by_people(captions, NOUNS), NOUNS)
    assert 0 <= found.plain_wrong <= found.plain <= found.said
    assert 0 <= found.wrong <= found.said
    assert 0 <= found.covered <= found.to_cover
    shares = truth([found])
    assert 0 <= shares.chair_i <= 1 >= shares.coverage


@given(captions=st.lists(texts.map(" and ".join), min_size=2, max_size=5))
def test_a_caption_of_the_people_themselves_names_nothing_wrong(captions: list[str]) -> None:
    people = named_by_people(captions, NOUNS)
    assert all(told(caption, people, NOUNS).wrong == 0 for caption in captions)

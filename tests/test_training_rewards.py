"""CIDEr-D as a reward: what it is, what is sampled, and which way the weights go."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_lessons import LABELS, WORDS, indices, tiny_describer, tiny_lessons
from torch import Tensor

sys.path.append(str(Path(__file__).parents[1] / "training"))

from cider import Cider
from decoder import Describer
from lessons import LONGEST, Lessons
from reward import Config, Judge, policy_loss, sample
from teacher import Teacher
from words import CAPTION, END

START, STOP = WORDS.index[CAPTION], WORDS.index[END]

captions = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=9)
photos = st.lists(
    st.tuples(st.lists(captions, min_size=1, max_size=4), captions), min_size=2, max_size=6
)


@settings(max_examples=60, deadline=None)
@given(photos)
def test_scores_are_those_of_pycocoevalcap(photos: list[tuple[list[list[str]], list[str]]]) -> None:
    scorer: Any = pytest.importorskip("pycocoevalcap.cider.cider")
    references = {i: [" ".join(text) for text in texts] for i, (texts, _) in enumerate(photos)}
    said = {i: [" ".join(text)] for i, (_, text) in enumerate(photos)}
    _, wanted = scorer.Cider().compute_score(references, said)
    cider = Cider([texts for texts, _ in photos])
    scores = [cider(text, i) for i, (_, text) in enumerate(photos)]
    assert np.allclose(scores, wanted, atol=1e-6)


REFERENCES = [
    [["a", "dog", "runs", "on", "grass"]] * 2,
    [["a", "cat", "sits", "on", "snow"]],
]


def test_a_caption_as_people_wrote_it_scores_ten() -> None:
    assert Cider(REFERENCES)(REFERENCES[0][0], 0) == pytest.approx(10)
    assert Cider(REFERENCES)(REFERENCES[0][0], 1) < 1


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("a dog runs on grass", "a dog runs on snow"),
        ("a dog runs", "a cat runs"),
        ("a dog", "dog a"),  # pairs of words count too
        ("a dog runs on grass", "a dog runs on grass grass grass"),  # clipped, and too long
        ("dog grass", "a on"),  # words that all photos share say nothing
    ],
)
def test_one_caption_scores_above_the_other(better: str, worse: str) -> None:
    cider = Cider(REFERENCES)
    assert cider(better.split(), 0) > cider(worse.split(), 0)


def test_a_caption_without_any_known_word_scores_nothing() -> None:
    assert Cider(REFERENCES)(["zebra"], 0) == 0
    assert Cider(REFERENCES)([], 0) == 0


@pytest.fixture(scope="module")
def sets() -> dict[str, Lessons]:
    return {
        "train": tiny_lessons(5),
        "coco": tiny_lessons(4, seed=1),
        "texts": tiny_lessons(3, photos=False, seed=2),
    }


def remembered(describer: Describer, sets: dict[str, Lessons]) -> tuple[Tensor, Tensor]:
    """Memory of two photos and of a text that has none, whose cells do not count."""
    teacher = Teacher(sets, LABELS, 0.0, 0)
    parts = [teacher.features(name, np.array([0, 1])) for name in ("train", "texts")]
    features = [torch.cat(pair)[:3] for pair in zip(*parts, strict=True)]
    memory, mask, _ = describer.memory(*features, torch.tensor([True, True, False]))
    assert mask.sum(1).tolist() == [74, 74, 10]
    return memory, mask


def test_samples_are_drawn_with_the_probabilities_of_the_whole_text(
    sets: dict[str, Lessons], monkeypatch: pytest.MonkeyPatch
) -> None:
    chances: list[Tensor] = []
    draw = torch.multinomial

    def recorded(given: Tensor, count: int) -> Tensor:
        chances.append(given)
        return draw(given, count)

    monkeypatch.setattr(torch, "multinomial", recorded)
    describer = tiny_describer()
    with torch.no_grad():
        memory, mask = remembered(describer, sets)
        tokens = sample(describer, memory, mask, 4, START, STOP)
        whole = describer(tokens[:, :-1], memory, mask, 4).softmax(-1)
    stepwise = torch.stack(chances, 1)
    assert stepwise.shape == whole.shape
    ended = (tokens[:, :-1] == STOP).cumsum(1) > 0
    assert torch.allclose(stepwise[~ended], whole[~ended], atol=1e-5)
    first = [whole[4 * photo, 0] for photo in range(3)]
    assert (first[0] - first[1]).abs().max() > 1e-3  # or any memory would have done
    assert (first[0] - first[2]).abs().max() > 1e-3


def test_sampling_stops_at_the_end_and_repeats_it(sets: dict[str, Lessons]) -> None:
    torch.manual_seed(0)
    describer = tiny_describer()
    memory, mask = remembered(describer, sets)
    tokens = sample(describer, memory, mask, 40, START, STOP)
    assert (tokens[:, 0] == START).all()
    rows = tokens[:, 1:].tolist()
    ended = [row for row in rows if STOP in row]
    assert ended and any(row[0] != STOP for row in ended)
    assert all(set(row[row.index(STOP) :]) == {STOP} for row in ended)
    with torch.no_grad():
        describer.bias[STOP] = 1e4
        assert sample(describer, memory, mask, 5, START, STOP).tolist() == [[START, STOP]] * 15
        describer.bias[STOP] = -1e4
        endless = sample(describer, memory, mask, 1, START, STOP)
    assert endless.shape == (3, 1 + LONGEST + 1) and STOP not in endless


def test_the_judge_reads_up_to_the_end_and_wants_one(sets: dict[str, Lessons]) -> None:
    said = indices("dog runs [SEP]")
    texts = [[indices("dog jumps jumps")], [said[:-1]], [indices("runs jumps")]]
    judge = Judge({**sets, "texts": replace(sets["texts"], references=texts)}, STOP)
    for name, row in (("train", 0), ("coco", 3), ("texts", 1)):
        whole = judge(name, row, [START, *said, STOP, STOP])
        assert whole == pytest.approx(judge(name, row, [START, *said]))
        assert whole > judge(name, row, [START, *said[:-1]]) > 0
        assert whole > judge(name, row, [START, *indices("dog jumps [SEP]")])


class Favourite:
    """Rewards one caption of one photo: the first that it is asked about."""

    def __init__(self) -> None:
        self.owner: tuple[str, int] | None = None
        self.text: list[int] = []
        self.asked: list[tuple[str, int]] = []

    def __call__(self, name: str, row: int, tokens: list[int]) -> float:
        self.asked.append((name, row))
        if self.owner is None:
            self.owner, self.text = (name, row), tokens
        return float((name, row) == self.owner and tokens == self.text)


def one_view(lessons: Lessons) -> Lessons:
    """So that a photo is seen again as it was when captions were drawn."""
    found = {key: array[:1] for key, array in lessons.features.items() if key[:5] != "label"}
    return replace(lessons, features={**lessons.features, **found})


def log_probability(
    describer: Describer, teacher: Teacher, name: str, row: int, text: list[int]
) -> float:
    features = teacher.features(name, np.array([row]), plain=True)
    end = text.index(STOP) + 1 if STOP in text else len(text)
    tokens = torch.tensor([text[:end]])
    with torch.no_grad():
        memory, mask, _ = describer.memory(*features, torch.tensor([name != "texts"]))
        chances = describer(tokens[:, :-1], memory, mask).log_softmax(-1)
    return chances.gather(2, tokens[:, 1:, None]).sum().item()


@pytest.mark.parametrize("seed", range(4))
def test_a_step_raises_the_probability_of_a_caption_that_is_better_than_the_others(
    sets: dict[str, Lessons], seed: int
) -> None:
    torch.manual_seed(seed)
    describer = tiny_describer(seed)
    teacher = Teacher({**sets, "train": one_view(sets["train"])}, LABELS, 0.0, seed)
    favourite: Any = Favourite()
    config = Config(photos=2, coco=1, texts=1, samples=6)
    loss, reward = policy_loss(describer, teacher, favourite, config, WORDS)
    assert [favourite.asked.count(owner) for owner in favourite.asked[::6]] == [6] * 4
    assert 0 < reward <= 6 / 24
    drawn = *favourite.owner, favourite.text
    before = log_probability(describer, teacher, *drawn)
    loss.backward()
    with torch.no_grad():
        for parameter in describer.parameters():
            if parameter.grad is not None:
                parameter -= 1e-4 * parameter.grad
    assert log_probability(describer, teacher, *drawn) > before


class Longer:
    """Rewards every word before the end."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, int, list[int]]] = []

    def __call__(self, name: str, row: int, tokens: list[int]) -> float:
        said = tokens[: tokens.index(STOP) + 1] if STOP in tokens else tokens
        self.texts.append((name, row, said))
        return float(len(said))


def test_the_loss_is_that_of_the_words_up_to_the_end_by_what_others_got(
    sets: dict[str, Lessons],
) -> None:
    torch.manual_seed(1)
    own = {name: one_view(lessons) for name, lessons in sets.items()}
    describer, teacher, judge = tiny_describer(), Teacher(own, LABELS, 0.0, 0), Longer()
    config = Config(photos=3, coco=0, texts=1, samples=4)
    with torch.no_grad():
        describer.bias[STOP] = 3.0  # captions of all lengths
    found: Any = judge
    loss, reward = policy_loss(describer, teacher, found, config, WORDS)
    rewards = np.array([float(len(said)) for _, _, said in judge.texts]).reshape(-1, 4)
    assert reward == pytest.approx(rewards.mean())
    others = [[np.delete(row, k).mean() for k in range(4)] for row in rewards]
    gains = (rewards - np.array(others)).ravel()
    assert len(np.unique(rewards)) > 3 and np.abs(gains).max() > 4
    total = sum(
        gain * log_probability(describer, teacher, *text)
        for gain, text in zip(gains, judge.texts, strict=True)
    )
    words = sum(len(said) - 1 for _, _, said in judge.texts)
    assert loss.item() == pytest.approx(-total / words, rel=0.05)  # half precision


def test_nothing_is_drawn_of_a_set_that_has_no_part(sets: dict[str, Lessons]) -> None:
    judge = Judge(sets, STOP)
    teacher = Teacher(sets, LABELS, 0.1, 0)
    config = Config(photos=2, coco=0, texts=0, samples=2)
    loss, _ = policy_loss(tiny_describer(), teacher, judge, config, WORDS)
    assert torch.isfinite(loss)
    assert not teacher.queues["coco"] and not teacher.queues["texts"]

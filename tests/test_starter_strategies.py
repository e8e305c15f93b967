"""Beam search and sampling on made-up languages: laws that hold whatever the model."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vlm.starter.sampling import samples
from vlm.starter.strategies import Floats, Ints, Written, beam, repeats, run

WORDS, END = 5, 0
seeds = st.integers(0, 10_000)


class FakeLanguage:
    """Log probabilities that depend on all the tokens so far; a state is the texts so far."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.calls = 0

    def after(self, text: tuple[int, ...]) -> Floats:
        odds = np.random.default_rng((self.seed, *text)).normal(0, 2, WORDS)
        return (odds - np.log(np.exp(odds).sum())).astype(np.float32)

    def step(
        self, state: list[tuple[int, ...]], rows: Ints, tokens: Ints
    ) -> tuple[list[tuple[int, ...]], Floats]:
        self.calls += 1
        texts = [(*state[row], int(token)) for row, token in zip(rows, tokens, strict=True)]
        return texts, np.stack([self.after(text) for text in texts])

    def total(self, text: tuple[int, ...]) -> float:
        pairs = [(text[:at], token) for at, token in enumerate((*text, END))]
        return sum(float(self.after(before)[token]) for before, token in pairs)

    def beam(self, **options: float | bool) -> list[Written]:
        settings = {"end": END, "limit": 6, **options}
        return run(self.step, [()], [beam(self.after(()), **settings)])[0]


def greedy(language: FakeLanguage, limit: int) -> tuple[int, ...]:
    text: tuple[int, ...] = ()
    while len(text) < limit:
        odds = language.after(text).copy()
        odds[repeats(text)] = -np.inf
        token = int(odds.argmax())
        if token == END:
            break
        text = (*text, token)
    return text


@given(seeds)
def test_a_beam_of_one_is_greedy(seed: int) -> None:
    language = FakeLanguage(seed)
    (text,) = language.beam(width=1)
    assert text.tokens == greedy(language, 6)


@given(seeds)
def test_a_beam_as_wide_as_all_texts_finds_the_likeliest(seed: int) -> None:
    language = FakeLanguage(seed)
    all_texts = [text for n in range(4) for text in product(range(1, WORDS), repeat=n)]
    best = max(all_texts, key=language.total)
    found = language.beam(width=200, limit=4, penalty=0.0, varied=False)
    assert found[0].tokens == best


@given(seeds, st.integers(2, 6))
def test_a_beam_never_repeats_and_says_its_own_log_probability(seed: int, width: int) -> None:
    language = FakeLanguage(seed)
    texts = language.beam(width=width)
    assert texts
    for text in texts:
        assert all(a != b for a, b in zip(text.tokens, text.tokens[1:], strict=False))
        triples = list(zip(text.tokens, text.tokens[1:], text.tokens[2:], strict=False))
        assert len(set(triples)) == len(triples)
    ended = [text for text in texts if len(text.tokens) < 6]
    assert [t.log_probability for t in ended] == pytest.approx(
        [language.total(t.tokens) for t in ended], abs=1e-4
    )
    scores = [text.score(0.7) for text in texts]
    assert scores == sorted(scores, reverse=True)


@given(seeds)
def test_samples_are_the_same_for_the_same_seed(seed: int) -> None:
    language = FakeLanguage(seed)

    def draw(number: int) -> list[Written]:
        first = language.after(())
        options = {"count": 8, "end": END, "limit": 6, "temperature": 1.0, "top": 0.9}
        return run(language.step, [()], [samples(first, seed=number, **options)])[0]

    drawn = draw(1)
    assert drawn == draw(1)
    for text in drawn:
        assert text.log_probability == pytest.approx(language.total(text.tokens), abs=1e-4)


@given(seeds)
def test_sampling_from_the_very_top_is_greedy(seed: int) -> None:
    language = FakeLanguage(seed)
    options = {"count": 3, "end": END, "limit": 6, "temperature": 1.0, "top": 1e-6, "seed": 0}
    (drawn,) = run(language.step, [()], [samples(language.after(()), **options)])
    (text,) = language.beam(width=1, varied=False)
    if len(text.tokens) < 6:
        assert {t.tokens for t in drawn} == {text.tokens}
    else:
        assert drawn == []


def test_samples_come_as_often_as_their_probability() -> None:
    first = np.log(np.array([0.5, 0.3, 0.2], np.float32))

    def step(state: None, rows: Ints, tokens: Ints) -> tuple[None, Floats]:
        return None, np.repeat(np.log(np.array([[0.98, 0.01, 0.01]], np.float32)), len(rows), 0)

    options = {"count": 4000, "end": 0, "limit": 9, "temperature": 1.0, "top": 1.0, "seed": 0}
    (drawn,) = run(step, None, [samples(first, **options)])
    share = sum(text.tokens == () for text in drawn) / len(drawn)
    assert share == pytest.approx(0.5, abs=0.03)


@given(seeds)
def test_strategies_in_one_batch_write_what_they_write_alone(seed: int) -> None:
    language = FakeLanguage(seed)
    first = language.after(())

    def both() -> tuple[object, object]:
        drawn = samples(first, count=4, end=END, limit=5, temperature=0.8, top=0.9, seed=3)
        return beam(first, width=3, end=END, limit=6), drawn

    alone = [run(language.step, [()], [strategy])[0] for strategy in both()]
    calls, language.calls = language.calls, 0
    assert run(language.step, [()], list(both())) == alone
    assert language.calls <= calls


def test_a_text_that_never_ends_is_returned_where_no_other_is() -> None:
    never = np.array([-np.inf, np.log(0.6), np.log(0.4)], np.float32)

    def step(state: None, rows: Ints, tokens: Ints) -> tuple[None, Floats]:
        return None, np.repeat(never[None], len(rows), 0)

    texts = run(step, None, [beam(never, width=2, end=0, limit=3)])[0]
    assert texts
    assert all(len(text.tokens) == 3 for text in texts)

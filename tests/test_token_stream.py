"""Streaming: nothing lost, nothing twice, no thread left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import tiny_checkpoints
from hypothesis import given
from hypothesis import strategies as st

from vlm.token_stream import settled, stream_text
from vlm.untrusted_text import printable, without_tokens

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

CONTROL = ("<|im_start|>", "<|im_end|>", "<image>", "</s>", "<s>", "< s>")


@pytest.fixture(scope="session")
def byte_level() -> Any:
    return tiny_checkpoints.byte_level_tokenizer(*CONTROL)


@pytest.fixture(scope="session")
def word_piece() -> Any:
    from transformers import BertTokenizer

    words = [*tiny_checkpoints.SPECIAL, *tiny_checkpoints.WORDS]
    return BertTokenizer(vocab={word: number for number, word in enumerate(words)})


class FakeGeneration:
    """Calls its streamer as transformers' ``generate`` does, with tokens that are given."""

    def __init__(self, tokens: list[int], error: Exception | None = None) -> None:
        self.tokens = tokens
        self.error = error
        self.steps = 0

    def __call__(self, *, streamer: Any, stopping_criteria: Any) -> None:
        ids = torch.tensor([[7, 8, 9]])
        streamer.put(ids)  # the prompt, which is no part of the reply
        for token in self.tokens:
            self.steps += 1
            ids = torch.cat([ids, torch.tensor([[token]])], dim=1)
            streamer.put(torch.tensor([token]))
            if all(bool(stop(ids, None).all()) for stop in stopping_criteria):
                break
        if self.error:
            raise self.error
        streamer.end()


def workers() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.startswith("describe")]


@given(text=st.text(max_size=30), held=st.integers(0, 3))
def test_the_pieces_of_any_bytes_join_to_the_decoded_text(
    byte_level: Any, text: str, held: int
) -> None:
    tokens = byte_level(text).input_ids
    pieces = list(stream_text(FakeGeneration(tokens), byte_level.decode, held_words=held))
    assert "".join(pieces) == printable(byte_level.decode(tokens))
    assert "" not in pieces


@given(
    tokens=st.lists(st.integers(0, len(tiny_checkpoints.WORDS) + 4), max_size=20),
    cleaned=st.booleans(),
)
def test_word_pieces_that_close_up_later_are_held_back(
    word_piece: Any, tokens: list[int], cleaned: bool
) -> None:
    def decode(ids: Any) -> str:
        text: str = word_piece.decode(
            ids, skip_special_tokens=True, clean_up_tokenization_spaces=cleaned
        )
        return text

    pieces = stream_text(FakeGeneration(tokens), decode, held_words=2)
    assert "".join(pieces) == decode(tokens)


def test_the_first_piece_comes_before_the_last_token_is_made() -> None:
    go_on = threading.Event()

    def generate(*, streamer: Any, stopping_criteria: Any) -> None:
        streamer.put(torch.tensor([[1]]))
        streamer.put(torch.tensor([2]))
        assert go_on.wait(timeout=30)
        streamer.put(torch.tensor([3]))
        streamer.end()

    pieces = stream_text(generate, lambda ids: " ".join(map(str, ids)))
    assert next(pieces) == "2"
    go_on.set()
    assert list(pieces) == [" 3"]


def test_an_error_in_the_worker_is_raised_where_the_text_is_read() -> None:
    generation = FakeGeneration([1, 2], error=LookupError("no such layer"))
    pieces: Iterator[str] = stream_text(generation, lambda ids: "x" * len(ids))
    with pytest.raises(LookupError, match="no such layer"):
        list(pieces)
    assert workers() == []


def test_closing_early_stops_generation_and_its_thread() -> None:
    class Endless(FakeGeneration):
        def __call__(self, *, streamer: Any, stopping_criteria: Any) -> None:
            def slowed(ids: Any, scores: Any) -> Any:
                time.sleep(0.001)  # hands the reader its turn
                return stopping_criteria[0](ids, scores)

            super().__call__(streamer=streamer, stopping_criteria=[slowed])

    generation = Endless([5] * 100_000)
    pieces = stream_text(generation, lambda ids: "x" * len(ids))
    assert next(pieces) == "x"
    pieces.close()  # type: ignore[attr-defined]
    assert generation.steps < 100_000
    assert workers() == []


def test_a_reply_that_nobody_reads_starts_nothing() -> None:
    generation = FakeGeneration([1, 2, 3])
    stream_text(generation, lambda ids: "")
    assert generation.steps == 0
    assert workers() == []


def test_control_characters_of_a_reply_never_come_out() -> None:
    generation = FakeGeneration([1, 2, 3])
    said = "".join(stream_text(generation, lambda ids: "a\x1b[2J\u202eb\x00\n"[: 3 * len(ids)]))
    assert said == "a[2Jb\n"


@given(text=st.text(), held=st.integers(0, 3))
def test_what_is_settled_stays_settled_as_words_are_added(text: str, held: int) -> None:
    end = settled(text, held)
    assert 0 <= end <= len(text)
    assert settled(text + " word", held) >= end


@given(parts=st.lists(st.sampled_from([*CONTROL, "<", ">", "s", " ", "hi", "|"]), max_size=12))
def test_no_text_can_spell_a_control_token(byte_level: Any, parts: list[str]) -> None:
    ids = byte_level(without_tokens("".join(parts), CONTROL)).input_ids
    assert not set(ids) & set(byte_level.all_special_ids)

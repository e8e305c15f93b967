"""The describer's graphs, exported from a small torch model with random weights."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tiny_starter import Describer, export_describer, tiny_words, write_tiny_starter

from vlm.errors import ModelFileDamaged
from vlm.onnx_session import open_session
from vlm.starter.decoder import Decoder, log_softmax
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.memory import Sight
from vlm.starter.strategies import Floats
from vlm.starter.weights import open_weights
from vlm.starter.words import Words

TOLERANCE = {"16 bits": 0.05, "8 bits": 0.12}
"""Largest difference of a log probability between torch in fp32 and ONNX with stored weights.

The word tables are in 8 bits either way; the logits of this model have a deviation of 1.7.
"""
MEMORY_TOLERANCE = 0.03
"""The same for keys and values, of a deviation of .6, for log odds of nouns and for patches."""


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Describer]:
    folder = tmp_path_factory.mktemp("starter")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch's tracer warns of its own retirement
        return folder, write_tiny_starter(folder)


@pytest.fixture(scope="module")
def sight(starter: tuple[Path, Describer]) -> Sight:
    return StarterEmbedder(threads=1, folder=starter[0]).see(picture())


@pytest.fixture(scope="module")
def decoder(starter: tuple[Path, Describer]) -> Decoder:
    return Decoder(open_weights("decoder.onnx", starter[0], threads=1))


def picture() -> Image.Image:
    return Image.radial_gradient("L").convert("RGB").resize((300, 200))


def in_torch(describer: Describer, sight: Sight, tokens: list[list[int]]) -> Floats:
    """Log probabilities after each token, the whole sequences at once."""
    memory = describer.memory
    with torch.no_grad():
        labels = memory.top_labels(torch.from_numpy(sight.logits))
        slots, mask, _ = memory(
            torch.from_numpy(sight.grid), *labels, torch.from_numpy(sight.vector[None])
        )
        logits = describer(torch.tensor(tokens), slots, mask, len(tokens))
    return log_softmax(logits.numpy())


@pytest.mark.parametrize("bits", TOLERANCE)
def test_step_by_step_with_a_cache_is_torch_on_the_whole_sequence(
    starter: tuple[Path, Describer], sight: Sight, tmp_path: Path, bits: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export_describer(starter[1], tmp_path, eighths=bits == "8 bits")
    decoder = Decoder(open_session(tmp_path / "decoder.onnx", "", threads=1))
    tokens = np.random.default_rng(0).integers(0, 30, (3, 12))
    tokens[:, :4] = tokens[0, :4]
    whole = in_torch(starter[1], sight, tokens.tolist())
    memory = sight.memory
    state, first = decoder.start(memory.keys, memory.values, tokens[0, :4].tolist())
    rows = np.zeros(3, np.int64)
    assert np.abs(first - whole[0, 3]).max() < TOLERANCE[bits]
    for at in range(4, 12):
        state, after = decoder.step(state, rows, tokens[:, at])
        assert np.abs(after - whole[:, at]).max() < TOLERANCE[bits]
        rows = np.arange(3)


@given(read=st.integers(1, 11))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=11)
def test_what_comes_next_is_the_same_with_and_without_the_cache(
    sight: Sight, decoder: Decoder, read: int
) -> None:
    tokens = np.random.default_rng(1).integers(0, 30, 12)
    memory = sight.memory
    _, whole = decoder.start(memory.keys, memory.values, tokens.tolist())
    state, after = decoder.start(memory.keys, memory.values, tokens[:read].tolist())
    for token in tokens[read:]:
        state, odds = decoder.step(state, np.zeros(1, np.int64), np.array([token]))
        after = odds[0]
    assert np.allclose(after, whole, atol=1e-3)


def test_rows_of_a_state_can_change_places(sight: Sight, decoder: Decoder) -> None:
    memory = sight.memory
    state, _ = decoder.start(memory.keys, memory.values, [1])
    state, _ = decoder.step(state, np.array([0, 0]), np.array([4, 5]))
    _, kept = decoder.step(state, np.array([0, 1]), np.array([6, 7]))
    _, swapped = decoder.step(state, np.array([1, 0]), np.array([7, 6]))
    assert np.allclose(kept, swapped[::-1], atol=1e-5)


def test_a_choice_is_scored_as_it_is_written(sight: Sight, decoder: Decoder) -> None:
    memory = sight.memory
    state, first = decoder.start(memory.keys, memory.values, [1, 2])
    texts = [[4], [5, 6, 7], [8, 9]]
    scores = decoder.score(state, first, texts, end=0)
    for text, score in zip(texts, scores, strict=True):
        odds, now, total = first, state, 0.0
        for token in text:
            total += float(odds[token])
            now, after = decoder.step(now, np.zeros(1, np.int64), np.array([token]))
            odds = after[0]
        assert score == pytest.approx(total + odds[0], abs=1e-4)


def test_the_memory_is_that_of_torch(starter: tuple[Path, Describer], sight: Sight) -> None:
    encoder = starter[1].memory
    grid, vector = torch.from_numpy(sight.grid), torch.from_numpy(sight.vector[None])
    with torch.no_grad():
        labels = encoder.top_labels(torch.from_numpy(sight.logits))
        slots, _, nouns = encoder(grid, *labels, vector)
        keys, values = starter[1].layers[1].cross.remember(slots)
        patches = encoder.patches(grid)[0].numpy()
    memory = sight.memory
    assert np.allclose(memory.nouns, nouns[0].numpy(), atol=MEMORY_TOLERANCE)
    assert np.allclose(memory.keys[:, 1], keys.numpy(), atol=MEMORY_TOLERANCE)
    assert np.allclose(memory.values[:, 1], values.numpy(), atol=MEMORY_TOLERANCE)
    assert np.allclose(memory.patches, patches, atol=MEMORY_TOLERANCE)
    assert np.allclose(np.linalg.norm(memory.patches, axis=1), 1, atol=1e-5)


def test_a_heat_map_has_a_cosine_for_each_cell(starter: tuple[Path, Describer]) -> None:
    embedder = StarterEmbedder(threads=1, folder=starter[0])
    heat = embedder.heat_map(picture(), "a dog")
    assert heat.shape == (8, 8)
    assert np.abs(heat).max() <= 1
    turned = embedder.heat_map(picture().rotate(180), "a dog")
    assert np.allclose(turned[::-1, ::-1], heat, atol=0.02)


def test_a_photo_is_looked_at_once_while_it_is_among_the_last(
    starter: tuple[Path, Describer],
) -> None:
    embedder = StarterEmbedder(threads=1, folder=starter[0])
    photo = picture()
    first = embedder.see(photo)
    assert embedder.see(photo) is first
    assert embedder.see(picture()) is first  # the same pixels, opened anew
    for angle in range(1, 9):
        embedder.see(picture().rotate(angle))
    assert embedder.see(photo) is not first
    assert np.allclose(embedder.embed_images([photo])[0], first.vector, atol=1e-5)


def test_a_photo_that_was_painted_on_is_looked_at_again(starter: tuple[Path, Describer]) -> None:
    embedder = StarterEmbedder(threads=1, folder=starter[0])
    photo = picture()
    before = embedder.see(photo)
    photo.paste("red", (0, 0, 150, 200))
    after = embedder.see(photo)
    assert not np.allclose(after.vector, before.vector, atol=1e-3)
    assert embedder.see(picture()) is before


def test_a_question_is_cut_and_what_it_does_not_know_is_marked(
    starter: tuple[Path, Describer],
) -> None:
    words = Words(StarterEmbedder(folder=starter[0]).tokenizer, starter[0])
    table = tiny_words()
    prefix = words.question_prefix("Is there a quokka?")
    pieces = [str(table["tokens"][index]) for index in prefix]  # type: ignore[index]
    assert pieces[:4] == ["[QUESTION]", "is", "there", "a"]
    assert set(pieces[4:-2]) == {"[UNKNOWN]"}
    assert pieces[-2:] == ["?", "[ANSWER]"]
    assert len(words.question_prefix("dog " * 500)) == 26


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"tokens": 3}'])
def test_a_damaged_list_of_words_is_one_clear_error(
    starter: tuple[Path, Describer], tmp_path: Path, content: str
) -> None:
    import hashlib

    (tmp_path / "words.json").write_text(content)
    record = {"bytes": len(content), "sha256": hashlib.sha256(content.encode()).hexdigest()}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {"words.json": record}}))
    with pytest.raises(ModelFileDamaged, match=r"words\.json: cannot be read"):
        Words(None, tmp_path)

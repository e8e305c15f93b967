"""The graph that reads colours: it learns where to look, and the package runs it as trained."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

sys.path.append(str(Path(__file__).parents[1] / "training"))

import train_colours
from calibrate_colours import Asked, fit, halves, judged, limits
from colour_reader import GRID, NAMES, PIXELS, TEXT, ColourReader, lab, look
from train_colours import Config, Examples, right, shares, train

from vlm.onnx_session import open_session
from vlm.starter.colour_reading import ColourReader as ShippedReader
from vlm.starter.embedder import StarterEmbedder

PAINTS = {"red": (220, 20, 20), "green": (20, 150, 30), "blue": (30, 40, 200)}


def test_colours_are_as_far_apart_as_cielab_says() -> None:
    pixels = torch.tensor([[0, 0, 0], [255, 255, 255], [255, 0, 0]])
    known = torch.tensor([[0, 0, 0], [100, 0, 0], [53.24, 80.09, 67.20]])
    assert torch.allclose(50 * lab(pixels), known, atol=0.1)


def painted(count: int, seed: int) -> Examples:
    """Photos of two colours, side by side or one above the other; the heat says which is meant."""
    rng = np.random.default_rng(seed)
    pixels = np.zeros((count, PIXELS, PIXELS, 3), np.uint8)
    heat, target = np.zeros((count, 8, 8), np.float32), []
    for row in range(count):
        meant, other = rng.choice(list(PAINTS), 2, replace=False)
        pixels[row], there = PAINTS[other], pixels[row]
        there[:, : PIXELS // 2] = PAINTS[meant]
        heat[row, :, :4] = 0.5
        if rng.random() < 0.5:
            pixels[row], heat[row] = there.transpose(1, 0, 2).copy(), heat[row].T.copy()
        target.append(shares(meant))
    return Examples(
        torch.from_numpy(pixels),
        torch.zeros(count, 64, GRID, dtype=torch.float16),
        torch.arange(count),
        torch.from_numpy(heat),
        torch.zeros(count, TEXT),
        torch.tensor(target),
        torch.ones(count, dtype=torch.bool),
    )


def test_it_learns_to_name_what_is_where_the_thing_is(capsys: pytest.CaptureFixture[str]) -> None:
    given = painted(240, 0)
    rows = torch.arange(200)
    reader = train(given, Config(epochs=12, batch=40, rate=1e-2), rows)
    assert right(reader, given, torch.arange(200, 240)) == (1.0, 40)
    assert "epoch 12 of 12" in capsys.readouterr().out
    turned = painted(40, 1)
    turned.heat = turned.heat.amax((1, 2), keepdim=True) - turned.heat  # now the other is meant
    assert right(reader, turned, torch.arange(40))[0] < 0.1
    again = train(given, Config(epochs=12, batch=40, rate=1e-2), rows)
    for one, two in zip(reader.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, two)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 99))
def test_the_blocks_of_a_photo_count_for_one_in_all(seed: int) -> None:
    torch.manual_seed(seed)
    reader = ColourReader(torch.zeros(GRID), torch.ones(GRID)).eval()
    heat, grid, text = torch.rand(2, 8, 8), torch.randn(2, 64, GRID), torch.randn(2, TEXT)
    traits = look(torch.randint(0, 256, (2, PIXELS, PIXELS, 3)))
    weights = reader.weights(traits, heat, grid, text)
    assert weights.shape == (2, 256) and (weights >= 0).all()
    assert torch.allclose(weights.sum(1), torch.ones(2), atol=1e-5)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ColourReader, Path]]:
    torch.manual_seed(0)
    reader = ColourReader(torch.randn(GRID), torch.rand(GRID) + 0.5).eval()
    path = tmp_path_factory.mktemp("colours") / "colours.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch warns of its older exporter
        train_colours.export(reader, path)
    yield reader, path


def inputs(count: int) -> dict[str, Tensor]:
    torch.manual_seed(1)
    return {
        "pixels": torch.randint(0, 256, (count, PIXELS, PIXELS, 3), dtype=torch.uint8),
        "heat": torch.rand(count, 8, 8),
        "grid": torch.randn(count, 64, GRID),
        "text": torch.randn(count, TEXT) / 20,
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_exported_graph_gives_the_same_probabilities(
    exported: tuple[ColourReader, Path], count: int
) -> None:
    reader, path = exported
    given = inputs(count)
    feed = {name: value.numpy() for name, value in given.items()}
    [odds] = open_session(path, "", threads=1).run(["odds"], feed)
    with torch.no_grad():
        expected = train_colours.ColourGraph(reader)(*given.values())
    assert odds.shape == (count, len(NAMES))
    assert np.allclose(odds, expected.numpy(), atol=1e-4)
    assert np.allclose(np.exp(odds).sum(1), 1, atol=1e-5)


def test_the_shipped_graph_names_a_plain_colour_and_the_words_near_it() -> None:
    embedder, reader = StarterEmbedder(threads=1), ShippedReader()
    for name, paint in PAINTS.items():
        image = Image.new("RGB", (90, 60), paint)
        text = embedder.embed_texts(["a photo of a car"])[0]
        odds = reader.odds(image, embedder.see(image), text)
        assert max(NAMES, key=lambda colour: odds[colour]) == name
        assert odds["tan"] == odds["brown"] and sum(np.exp([odds[n] for n in NAMES])) <= 1.001


def asked(count: int, seed: int) -> list[Asked]:
    """The reader's odds say what is right, the decoder's nothing; some right ones are missing."""
    rng = np.random.default_rng(seed)
    found = []
    for photo in range(count):
        evidence = np.stack([rng.normal(size=5), rng.normal(size=5), np.zeros(5)], 1)
        truth = int((2 * evidence[:, 1] + rng.gumbel(size=5)).argmax())
        found.append(Asked(photo, evidence, truth if photo % 9 else None))
    return found


def test_weights_are_those_that_made_the_answers() -> None:
    weights = fit(asked(3000, 0), ridge=1e-6)
    assert weights[0] == pytest.approx(0, abs=0.1) and weights[1] == pytest.approx(2, abs=0.2)
    told = judged(asked(300, 1), weights)
    assert np.mean([right for _, right in told]) > 0.5
    assert all(0.2 <= sure <= 1 for sure, _ in told)
    assert len(halves(asked(300, 1))) == 300


def test_limits_are_where_as_many_are_right_as_they_ask_for() -> None:
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.1, 1, 20_000)
    told = [(one, bool(rng.random() < one)) for one in sure]
    assert limits(told) == pytest.approx([0.6, 0.25], abs=0.02)
    too_sure = [(one, bool(rng.random() < one / 2)) for one in sure]
    plain, probable = limits(too_sure)
    assert plain > 0.9 and probable == pytest.approx(0.5, abs=0.1)

"""Cached features and texts become sets: photo by photo, with and without research data."""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

sys.path.append(str(Path(__file__).parents[1] / "training"))

from cases import flickr8k, read_cases
from describer_data import (
    TEXT_LABELS,
    absent_nouns,
    caption_gap,
    label_lessons,
    read_captions,
    text_features,
)
from nouns import LEXICON, NOUNS
from photo_sets import captioned, chunks, labelled, photos_of, with_captions
from tiny_lessons import WORDS

SIZES = {"pooled": (1280,), "grid": (352, 64), "low": (51, 64), "logits": (1000,)}


def captions(thing: str) -> list[str]:
    return [f"A {thing} is on the {place} ." for place in ("grass", "sand", "bed", "snow", "sofa")]


ROWS = {
    "train": [{"image": f"t{i}.jpg", "captions": captions("dog")} for i in range(4)],
    "dev": [{"image": f"d{i}.jpg", "captions": captions("cat")} for i in range(2)],
    "coco": [
        {"image": f"c{i}.jpg"} | ({"captions": captions("horse")} if i % 2 else {})
        for i in range(5)
    ],
    "imagenet": [{"image": "i.jpg", "wnid": w, "label": w.upper()} for w in ("n3", "n1", "n2")],
}


def unit(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    rows = rng.normal(size=shape).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


@pytest.fixture(scope="module")
def features(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, rng = tmp_path_factory.mktemp("features"), np.random.default_rng(0)
    for name, rows in ROWS.items():
        (folder / f"{name}.json").write_text(json.dumps(rows))
        for key, size in SIZES.items():
            cached = rng.normal(size=(2, len(rows), *size)).astype(np.float16)
            np.save(folder / f"{name}.{key}.npy", cached)
    texts = {"train-captions": 20, "dev-captions": 10, "coco-captions": 10, "labels": 3}
    for name, count in {**texts, "coco-text": 6}.items():
        np.save(folder / f"{name}.texts.npy", unit(rng, count, 384))
        np.save(folder / f"{name}.vectors.npy", unit(rng, count, 768))
    np.save(folder / "coco-text.owner.npy", np.array([0, 0, 0, 1, 1, 2]))
    return folder


def test_chunks_are_the_rows_of_a_view_in_their_order(features: Path) -> None:
    photos = photos_of(features, "train")
    whole = photos.rows(1, np.arange(4))
    parts = [torch.cat(x) for x in zip(*chunks(features, "train", 1, size=3), strict=True)]
    assert [tuple(x.shape) for x in whole] == [(4, 1382), (4, 64, 403), (4, 1000)]
    assert all(torch.equal(a, b) for a, b in zip(whole, parts, strict=True))
    low = torch.from_numpy(np.load(features / "train.low.npy")[1]).float()
    assert torch.allclose(whole[0][:, 1280:1331], low.mean(2), atol=1e-5)
    assert torch.allclose(whole[0][:, 1331:], low.std(2, correction=0), atol=1e-5)
    assert torch.equal(whole[1][2, :, 352:], low[2].T)


def test_a_sample_is_of_the_same_photo_throughout_whether_cells_are_wanted_or_not(
    features: Path,
) -> None:
    photos, rows = photos_of(features, "train"), torch.tensor([3, 1, 1])
    drawn = []
    for cells in (True, False):
        torch.manual_seed(5)
        drawn.append(photos.sample(rows, cells))
    (seen, grid, logits, texts), (seen2, none, logits2, texts2) = drawn
    assert torch.allclose(seen, seen2, atol=1e-6) and torch.equal(logits, logits2)
    assert torch.equal(texts, texts2) and none.shape == (3, 0, 0)
    views = [photos.rows(view, rows.numpy()) for view in (0, 1)]
    for i, row in enumerate(rows.tolist()):
        (view,) = (v for v in views if torch.equal(v[2][i], logits[i]))
        assert torch.equal(view[0][i], seen[i]) and torch.equal(view[1][i], grid[i])
        assert any(torch.equal(text, texts[i]) for text in photos.texts[row])


def test_captions_belong_to_the_photos_that_have_some(features: Path) -> None:
    assert with_captions(features) == [1, 3]
    found, logits = captioned(features), np.load(features / "coco.logits.npy")
    assert np.array_equal(found.logits, logits[:, [1, 3]])
    texts = torch.from_numpy(np.load(features / "coco-captions.texts.npy"))
    assert torch.equal(found.texts.flatten(0, 1), texts)


def test_a_labelled_photo_has_the_text_of_its_own_label(features: Path) -> None:
    """Texts of labels are in the order of their ids, photos in that of the file."""
    labels = torch.from_numpy(np.load(features / "labels.texts.npy"))
    assert torch.equal(labelled(features).texts[:, 0], labels[[2, 0, 1]])


@pytest.mark.parametrize("research", [True, False])
def test_without_research_data_nothing_of_it_is_learned_from(
    features: Path, tmp_path: Path, research: bool
) -> None:
    rows = [{"captions": captions("zebra")}]
    (tmp_path / "coco-text").mkdir()
    (tmp_path / "coco-text/captions.jsonl").write_text(json.dumps(rows[0]) + "\n")
    found, asked = read_captions(features, tmp_path, research=research)
    assert len(found["train"]) == (4 if research else 2)
    learned = [text for name in ("train", "coco", "texts") for own in found[name] for text in own]
    assert any("dog" in text for text in learned) == research
    assert {"cat" in text for texts in found["dev"] for text in texts} == {True}
    assert {name: len(sets) for name, sets in asked.items()} == {
        k: len(v) for k, v in found.items()
    }


def test_what_stands_for_a_photo_lies_where_photos_are(features: Path) -> None:
    rng = np.random.default_rng(1)
    vectors = {"vectors": unit(rng, 2, 4, 768)}
    shift, gap = caption_gap(features, vectors, "train")
    said = torch.from_numpy(np.load(features / "train-captions.vectors.npy")).view(4, 5, 768)
    photos = torch.from_numpy(vectors["vectors"][0])
    assert torch.allclose(said.mean((0, 1)) + shift, photos.mean(0), atol=1e-5)
    moved = F.normalize(said.mean(1) + shift, dim=1)
    assert gap == pytest.approx((photos - moved).norm(dim=1).mean().item(), abs=1e-5)

    labels = torch.from_numpy(unit(rng, 8, 384))
    found = text_features(features, shift, labels)
    assert found["vectors"].shape == (1, 3, 768) and found["label_rows"].shape == (3, 5)
    own = torch.from_numpy(np.load(features / "coco-text.vectors.npy"))[3:5].mean(0)
    wanted = F.normalize(own + shift, dim=0).numpy()
    assert np.allclose(found["vectors"][0, 1], wanted, atol=1e-6)
    sentence = F.normalize(
        torch.from_numpy(np.load(features / "coco-text.texts.npy"))[3:5].mean(0), dim=0
    )
    chances = (TEXT_LABELS * labels @ sentence).softmax(0)
    assert np.allclose(found["label_shares"][1], chances.topk(5).values, atol=1e-6)
    assert found["label_rows"][1].tolist() == chances.topk(5).indices.tolist()


def test_a_label_is_there_and_another_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lessons.Cutter", lambda words: lambda texts: [t.split() for t in texts])
    found = label_lessons(WORDS, ["dog", "apple"], {}, 0)
    for label, other, asked in zip(
        ("dog", "apple"), ("apple", "dog"), found.questions, strict=True
    ):
        yes, no, *more = asked["exists"]
        assert yes[-2] == "yes" and f"{label}?" in yes
        assert no[-2] == "no" and f"{other}?" in no
        assert len(more) == 2 and all(row[-2] == "no" for row in more)
        assert {row[-2] for row in asked["what"]} == {label}
    assert found.captions[1][0][1:-1] == ["an", "apple"]
    assert found.nouns[0].nonzero()[:, 0].tolist().count(NOUNS.index("dog")) == 1


def test_what_a_label_may_show_is_never_asked_about_as_absent() -> None:
    for seed in range(30):
        rng = random.Random(seed)
        assert not {"dog", "puppy", "poodle", "animal"} & set(absent_nouns("dog", rng, 20))
        assert not {LEXICON[noun].table for noun in absent_nouns("pizza", rng, 20)} & {"food"}
    assert absent_nouns("theremin", random.Random(0)) == []


def test_lines_end_where_rows_end(tmp_path: Path) -> None:
    """Not at other ends of lines that a caption may have."""
    (tmp_path / "flickr8k").mkdir()
    rows = [{"captions": ["a\u2028b \x85"], "split": split} for split in ("dev", "train", "dev")]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path = tmp_path / "flickr8k/cases.jsonl"
    path.write_text(lines, encoding="utf-8")
    assert read_cases(path) == rows
    assert flickr8k(tmp_path, "dev") == [rows[0], rows[2]]

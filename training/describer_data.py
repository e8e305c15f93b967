"""The sets that the describer learns from, out of cached features and the data's captions."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from cases import read_cases
from lessons import Features, Lessons, as_lessons, noun_matrix, plain
from nouns import LEXICON, NOUNS, wider
from photo_sets import load_texts, read_rows, with_captions
from phrasings import article
from questions import Question, make, noun_targets
from torch import Tensor
from words import Words, choose_words

LABEL_QUESTIONS = ("what is this?", "what is in the picture?", "what is shown in the photo?")
ALONE = frozenset({"animal", "vehicle", "food"})
"""Kinds of noun of which a photo of one thing rarely shows another."""
TEXT_LABELS = 30.0
"""Inverse temperature that makes labels' similarities to a text as decided as those of photos."""


def photo_features(folder: Path, name: str, rows: Sequence[int] | None = None) -> Features:
    """Cached features of a set of photos, or of some of them, as `Lessons` has them.

    They are what `extract.py` and `embed.py` left.
    """
    keys = ("grid", "low", "logits", "vectors")
    arrays = {key: np.load(folder / f"{name}.{key}.npy", mmap_mode="r") for key in keys}
    return (
        arrays if rows is None else {k: np.ascontiguousarray(v[:, rows]) for k, v in arrays.items()}
    )


def text_features(folder: Path, shift: Tensor, labels: Tensor) -> Features:
    """What stands for a photo where there are captions only, as `Lessons` has it.

    The mean of a set's joint vectors, moved to where photos are, and the five labels that are
    nearest to the mean of its sentence vectors.
    """
    owner = torch.from_numpy(np.load(folder / "coco-text.owner.npy"))
    count = owner.bincount()[:, None].float()

    def mean(rows: Tensor) -> Tensor:
        return torch.zeros(len(count), rows.shape[1]).index_add_(0, owner, rows) / count

    vectors = torch.from_numpy(np.load(folder / "coco-text.vectors.npy")).float()
    sentences = F.normalize(mean(load_texts(folder, "coco-text")), dim=-1)
    scores = TEXT_LABELS * sentences @ F.normalize(labels, dim=-1).T
    shares, rows = scores.softmax(-1).topk(5)
    vectors = F.normalize(mean(vectors) + shift, dim=-1)
    found = {"vectors": vectors[None], "label_rows": rows, "label_shares": shares}
    return {key: value.numpy() for key, value in found.items()}


def label_lessons(words: Words, labels: Sequence[str], features: Features, seed: int) -> Lessons:
    """ImageNet samples: their label is the caption, and the answer to what it is."""
    rng = random.Random(seed)
    captions = [[article(label)] for label in labels]
    asked = []
    for label in labels:
        other = rng.choice([x for x in labels if x != label])
        absent = [other, *absent_nouns(label, rng)]
        asked.append(
            [Question("what", text, label) for text in LABEL_QUESTIONS]
            + [Question("exists", f"is there {article(label)}?", "yes")]
            + [Question("exists", f"is there {article(thing)}?", "no") for thing in absent]
        )
    nouns = noun_matrix([[f"a {label}"] for label in labels])
    return as_lessons(words, captions, asked, features, nouns)


def absent_nouns(label: str, rng: random.Random, count: int = 2) -> list[str]:
    """Animals, vehicles and food that a photo of a label most likely does not show.

    Captions are of photos with dogs and people, so that a describer who has read nothing else
    sees a dog in every animal. None for a label that is not known to be a noun or its kind.
    """
    named = noun_targets([article(label)], NOUNS)
    narrow = named - {general for noun in named for general in wider(noun)}
    tables = ALONE - ({"food"} & {LEXICON[noun].table for noun in named})  # a pizza has olives
    others = [
        noun
        for noun in NOUNS
        if LEXICON[noun].table in tables and noun not in named and not narrow & set(wider(noun))
    ]
    return rng.sample(others, count) if named else []


Captions = dict[str, list[list[str]]]
Asked = dict[str, list[list[Question]]]


def read_captions(folder: Path, data: Path, *, research: bool) -> tuple[Captions, Asked]:
    """Captions and questions of "train", "dev", "coco" and "texts", a list for each photo.

    Without `research` nothing of Flickr8k is learned from: "train" are the captioned COCO photos.
    """
    rows = {name: read_rows(folder, name) for name in ("train", "dev", "coco")}
    rows["coco"] = [rows["coco"][i] for i in with_captions(folder)]
    if not research:
        rows["train"] = rows["coco"]
    captions = {name: [row["captions"] for row in rows[name]] for name in rows}
    captions["texts"] = [row["captions"] for row in read_cases(data / "coco-text/captions.jsonl")]
    return captions, {
        name: make(found, seed) for seed, (name, found) in enumerate(captions.items())
    }


def label_names(folder: Path) -> list[str]:
    """Label of each ImageNet sample, in lower case."""
    return [row["label"].lower() for row in read_rows(folder, "imagenet")]


def vocabulary(folder: Path, data: Path, *, research: bool) -> Words:
    """The words of all that is learned from."""
    captions, asked = read_captions(folder, data, research=research)
    learned = [name for name in captions if name != "dev"]
    corpus = [plain(t) for name in learned for texts in captions[name] for t in texts]
    answers = {q.answer for name in learned for found in asked[name] for q in found}
    labels = label_names(folder) if research else []
    return choose_words(corpus, [*sorted(answers), *labels, *NOUNS])


def load(
    folder: Path, data: Path, words: Words, *, research: bool
) -> tuple[dict[str, Lessons], Tensor, float]:
    """Sets, label texts `(1000, 384)`, and how far photos are from their captions' vectors.

    The sets are "train", "coco", "labels" and "texts" to learn from, "dev" to choose by. Without
    `research` "train" are the captioned COCO photos, and there are no "labels".
    """
    labels = load_texts(folder, "labels")
    captions, asked = read_captions(folder, data, research=research)
    captioned = with_captions(folder)
    main = ("train", None) if research else ("coco", captioned)
    source = {"train": main, "dev": ("dev", None), "coco": ("coco", captioned)}
    features = {name: photo_features(folder, *found) for name, found in source.items()}
    shift, gap = caption_gap(folder, features["train"], main[0])
    features["texts"] = text_features(folder, shift, labels)
    sets = {
        name: as_lessons(words, captions[name], asked[name], features[name]) for name in captions
    }
    if research:
        names = label_names(folder)
        sets["labels"] = label_lessons(words, names, photo_features(folder, "imagenet"), 0)
    return sets, labels, gap


def caption_gap(folder: Path, features: Features, name: str) -> tuple[Tensor, float]:
    """How photos lie beside their captions in the joint space.

    From the mean vector of captions to that of photos `(768,)`, and how far a photo is from the
    mean of its captions when that is made up for.
    """
    photos = torch.from_numpy(np.array(features["vectors"][0])).float()
    captions = torch.from_numpy(np.load(folder / f"{name}-captions.vectors.npy"))
    captions = captions.view(len(photos), -1, photos.shape[1])
    shift = photos.mean(0) - captions.mean((0, 1))
    gap = (photos - F.normalize(captions.mean(1) + shift, dim=-1)).norm(dim=-1).mean()
    return shift, gap.item()

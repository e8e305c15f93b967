"""Fit the numbers that the describer decides by, on Flickr8k dev: calibration.json, "describer".

    PYTHONPATH=. python training/calibrate_describer.py --data DATA --files vlm/starter/files

It runs the shipped graphs as the package does. Weights of the witnesses to presence come from
logistic regression on rule-made questions, the weight of the similarity in captions from CIDEr-D,
and the bands from isotonic regression of rightness (or CIDEr-D) on confidence.
"""

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from cases import flickr8k
from cider import Cider
from lessons import plain
from manifest import write_manifest
from questions import make

from vlm.images import read_image
from vlm.starter.captioner import shortlist
from vlm.starter.colour_reading import ColourReader
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.narrator import witnesses
from vlm.starter.presence import testimony
from vlm.starter.questions import read_question
from vlm.starter.settings import CALIBRATION, SECTION, Settings, read_settings
from vlm.starter.writer import Draft, Writer

CHOICES = {
    "count": tuple("123456789"),
    "indoors": ("indoors", "outdoors"),
    "attribute": ("yes", "no"),
}
WEIGHTS = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0)
PLAIN, PROBABLE = 0.6, 0.25
"""An answer is said plainly where such a share of its like is right, and not without "I am not
sure" below the second."""
PLAIN_CIDER, PROBABLE_CIDER = 0.35, 0.2


def isotonic(x: Sequence[float], y: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Sorted x, and the rising step function nearest to y (pool adjacent violators)."""
    order = np.argsort(x, kind="stable")
    blocks: list[list[float]] = []
    for value in np.asarray(y, float)[order]:
        blocks.append([value, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (a, n), (b, m) = blocks[-2:]
            blocks[-2:] = [[(a * n + b * m) / (n + m), n + m]]
    fitted = np.concatenate([np.full(int(n), value) for value, n in blocks])
    return np.asarray(x, float)[order], fitted


def bands(
    confidence: Sequence[float], good: Sequence[float], plain: float, probable: float
) -> list[float]:
    """The confidences from which on goodness is expected to reach `plain` and `probable`."""
    x, fitted = isotonic(confidence, good)

    def start(level: float) -> float:
        above = np.flatnonzero(fitted >= level)
        return round(float(x[above[0]]) if len(above) else float(x[-1]) + 1e-3, 3)

    return [start(plain), start(probable)]


def logistic(x: np.ndarray, y: np.ndarray, ridge: float = 1e-2) -> np.ndarray:
    """Bias and weights of logistic regression, by Newton's method; `ridge` is not for the bias."""
    x = np.concatenate([np.ones((len(x), 1)), x], 1)
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - y) / len(x) + ridge * np.r_[0, w[1:]]
        hessian = (x * (p * (1 - p))[:, None]).T @ x / len(x) + ridge * np.eye(len(w))
        w -= np.linalg.solve(hessian, gradient)
    return w


class Records:
    """What the describer thinks of the photos, beside what people wrote.

    `exists`: what speaks for a thing (`vlm.starter.presence.testimony`), and whether it is there;
    `answers` of each kind: confidence, and whether it is right; `drafts` of a caption for each
    photo, the likeliest first: with the cosine of the draft and the photo, and its CIDEr-D.
    """

    def __init__(self) -> None:
        self.exists: list[tuple[float, float | None, float, bool]] = []
        self.answers: dict[str, list[tuple[float, bool]]] = {}
        self.drafts: list[list[tuple[Draft, float, float]]] = []

    def answer(self, kind: str, confidence: float, right: bool) -> None:
        self.answers.setdefault(kind, []).append((confidence, right))


def cases(data: Path, photos: int) -> list[dict]:
    """So many photos of Flickr8k dev, always the same."""
    rows = flickr8k(data, "dev")
    random.Random(0).shuffle(rows)
    return rows[:photos]


def record(data: Path, files: Path, photos: int, settings: Settings) -> Records:
    """Let the shipped describer caption and answer; every answer is compared with people's."""
    rows = cases(data, photos)
    asked = make([row["captions"] for row in rows], 0)
    cider = Cider([[plain(text).split() for text in row["captions"]] for row in rows])
    embedder = StarterEmbedder(threads=1, folder=files)
    writer, reader = Writer(embedder.tokenizer, settings, files), ColourReader(files)
    out = Records()
    for number, row in enumerate(rows):
        image = read_image(data / "flickr8k/photos" / row["image"])
        sight = embedder.see(image)
        drafts = shortlist(writer.captions(sight), settings)
        cosines = embedder.embed_texts([draft.text for draft in drafts]) @ sight.vector
        scores = [cider(draft.text.split(), number) for draft in drafts]
        out.drafts.append(list(zip(drafts, cosines.tolist(), scores, strict=True)))
        blind = replace(settings, similarity=(0.0, 1.0))
        photo = witnesses(embedder, writer, reader, image, blind)
        for question in asked[number]:
            read = read_question(question.text)
            if question.kind == "exists":
                out.exists.append((*testimony(read.thing, photo), question.answer == "yes"))
            elif question.kind in CHOICES:
                odds = writer.choose(sight, question.text, CHOICES[question.kind])
                best = max(odds, key=lambda choice: odds[choice])
                out.answer(question.kind, float(np.exp(odds[best])), best == question.answer)
            elif question.kind in ("doing", "where", "what"):
                answers = writer.answers(sight, question.text)
                if answers:
                    first = answers[0]
                    out.answer(question.kind, first.probability, first.text == question.answer)
    return out


def fit_presence(exists: list[tuple[float, float | None, float, bool]]) -> dict[str, object]:
    """Weights of the witnesses where the noun head knows the thing, and where it does not."""
    cosine = np.array([row[2] for row in exists])
    mean, deviation = float(cosine.mean()), float(cosine.std())
    y = np.array([row[3] for row in exists], float)
    decoder, z = np.array([row[0] for row in exists]), (cosine - mean) / deviation
    known = np.array([row[1] is not None for row in exists])
    noun = np.array([row[1] or 0.0 for row in exists])
    full = logistic(np.stack([decoder, noun, z], 1)[known], y[known])
    part = logistic(np.stack([decoder, z], 1), y)
    odds = np.where(
        known,
        np.stack([np.ones(len(y)), decoder, noun, z], 1) @ full,
        np.stack([np.ones(len(y)), decoder, z], 1) @ part,
    )
    for name, said in (
        ("decoder", decoder > 0),
        ("noun", noun > np.median(noun)),
        ("cosine", z > np.median(z)),
        ("all", odds > 0),
    ):
        print(f"exists, {name}: {(said == y).mean():.3f} right, yes to {said.mean():.3f}")
    rounded = [round(float(w), 3) for w in full]
    unknown = [round(float(w), 3) for w in (part[0], part[1], 0.0, part[2])]
    return {
        "similarity": [round(mean, 4), round(deviation, 4)],
        "known": rounded,
        "unknown": unknown,
    }


def fit_captions(drafts: list[list[tuple[Draft, float, float]]]) -> dict[str, object]:
    """The weight of the cosine that chooses the best drafts, and the bands of what it chooses."""

    def chosen(weight: float) -> Iterator[tuple[float, float]]:
        for options in drafts:
            best = max(options, key=lambda option: option[0].per_word + weight * option[1])
            yield best[1], best[2]

    scores = {weight: np.mean([cider for _, cider in chosen(weight)]) for weight in WEIGHTS}
    likeliest = np.mean([options[0][2] for options in drafts])
    best = np.mean([max(option[2] for option in options) for options in drafts])
    print(
        f"CIDEr-D: the likeliest {likeliest:.3f}, the best of all {best:.3f}, by weight",
        {w: round(float(s), 3) for w, s in scores.items()},
    )
    weight = max(scores, key=lambda w: scores[w])
    confidence, good = zip(*chosen(weight), strict=True)
    limits = bands(confidence, good, PLAIN_CIDER, PROBABLE_CIDER)
    for name, low, high in (
        ("plain", limits[0], 9),
        ("probably", limits[1], limits[0]),
        ("unsure", -9, limits[1]),
    ):
        inside = [g for c, g in zip(confidence, good, strict=True) if low <= c < high]
        print(f"captions, {name}: {len(inside)}, CIDEr-D {np.mean(inside or [0]):.3f}")
    return {"cosine": weight, "caption": limits}


def fit_answers(answers: dict[str, list[tuple[float, bool]]]) -> dict[str, list[float]]:
    """Bands of each kind of answer."""
    out = {}
    for kind, rows in sorted(answers.items()):
        confidence, right = zip(*rows, strict=True)
        out[kind] = bands(confidence, right, PLAIN, PROBABLE)
        unsure = np.mean(np.array(confidence) < out[kind][1])
        shares = f"{np.mean(right):.3f} right, not sure of {unsure:.3f}"
        print(f"{kind}: {len(rows)}, {shares}, bands {out[kind]}")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--files", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--compared", type=int, default=Settings().compared)
    parser.add_argument("--beams", type=int, default=Settings().beams)
    parser.add_argument("--samples", type=int, default=Settings().samples)
    args = parser.parse_args()
    use = replace(
        read_settings(args.files), beams=args.beams, samples=args.samples, compared=args.compared
    )
    found = record(args.data, args.files, args.photos, use)
    section = {"beams": use.beams, "samples": use.samples, "compared": use.compared}
    section |= fit_presence(found.exists) | fit_captions(found.drafts)
    section["answers"] = fit_answers(found.answers)
    path = args.files / CALIBRATION
    whole = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(whole | {SECTION: section}, indent=1) + "\n", encoding="utf-8")
    write_manifest(args.files)
    print(json.dumps(section))


if __name__ == "__main__":
    main()

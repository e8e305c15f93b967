"""Fit what decoder and colour reader weigh, and when to hedge: calibration.json, "describer".

    PYTHONPATH=. python training/calibrate_colours.py --data DATA --files vlm/starter/files

Both are asked about the colours in Flickr8k dev, which neither has learned from. The weights are
those of a conditional logit (McFadden 1974). The printed share of right answers is of each half
of the photos with the weights of the other half; what is written is fitted on both.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from calibrate_describer import PLAIN, PROBABLE, cases, logistic
from manifest import write_manifest
from questions import make

from vlm.images import read_image
from vlm.starter.answerer import colour_choices, colour_evidence
from vlm.starter.colour_reading import ColourReader
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.narrator import witnesses
from vlm.starter.questions import read_question
from vlm.starter.settings import CALIBRATION, SECTION, read_settings
from vlm.starter.writer import Writer


@dataclass(frozen=True)
class Asked:
    """A question about a colour: the number of its photo, what speaks for each choice
    `(choices, 3)`, and the row of the right one; None where it is not among them."""

    photo: int
    evidence: np.ndarray
    right: int | None


def record(data: Path, files: Path, photos: int) -> list[Asked]:
    """What the shipped graphs think of the colours that captions agree on."""
    rows, settings = cases(data, photos), read_settings(files)
    embedder, reader = StarterEmbedder(threads=1, folder=files), ColourReader(files)
    writer = Writer(embedder.tokenizer, settings, files)
    found = []
    for number, questions in enumerate(make([row["captions"] for row in rows], 0)):
        colours = [question for question in questions if question.kind == "colour"]
        if not colours:
            continue
        image = read_image(data / "flickr8k/photos" / rows[number]["image"])
        photo = witnesses(embedder, writer, reader, image, settings)
        if photo.colours.colourless:
            continue
        for question in colours:
            read = read_question(question.text)
            choices = colour_choices(read)
            evidence = colour_evidence(read.thing, question.text, choices, photo)
            right = choices.index(question.answer) if question.answer in choices else None
            found.append(Asked(number, np.array(list(evidence.values())), right))
    return found


def fit(asked: Sequence[Asked], ridge: float = 1e-2) -> np.ndarray:
    """Weights `(3,)` that make the right choices likeliest, by Newton's method."""
    known = [(one.evidence, one.right) for one in asked if one.right is not None]
    weights = np.array([1.0, 1.0, 0.0])
    for _ in range(30):
        gradient, hessian = ridge * weights, ridge * np.eye(3)
        for evidence, right in known:
            share = odds(evidence, weights)
            mean = share @ evidence
            gradient = gradient + (mean - evidence[right]) / len(known)
            spread = (evidence - mean) * share[:, None]
            hessian = hessian + spread.T @ (evidence - mean) / len(known)
        weights = weights - np.linalg.solve(hessian, gradient)
    return weights


def odds(evidence: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Probability of each choice.

    >>> odds(np.eye(3), np.zeros(3)).round(2).tolist()
    [0.33, 0.33, 0.33]
    """
    scores = evidence @ weights
    share = np.exp(scores - scores.max())
    return share / share.sum()


def judged(asked: Sequence[Asked], weights: np.ndarray) -> list[tuple[float, bool]]:
    """How sure each answer is, and whether it is right."""
    shares = [odds(one.evidence, weights) for one in asked]
    return [
        (float(share.max()), int(share.argmax()) == one.right)
        for one, share in zip(asked, shares, strict=True)
    ]


def halves(asked: Sequence[Asked]) -> list[tuple[float, bool]]:
    """As `judged`, every photo by weights that were fitted without it."""
    even, odd = ([one for one in asked if one.photo % 2 == rest] for rest in (0, 1))
    return judged(even, fit(odd)) + judged(odd, fit(even))


def limits(told: Sequence[tuple[float, bool]]) -> list[float]:
    """How sure an answer must be to be right in `PLAIN` and in `PROBABLE` of its like.

    By logistic regression on its log odds, which are near to what they should be: few answers are
    very unsure, and a step function of those would follow chance.
    """
    sure, right = (np.array(side, float) for side in zip(*told, strict=True))
    bias, slope = logistic(log_odds(sure.clip(0.001, 0.999))[:, None], right, ridge=1e-6)
    levels = log_odds(np.array([PLAIN, PROBABLE]))
    return [round(float(share), 3) for share in 1 / (1 + np.exp((bias - levels) / slope))]


def log_odds(share: np.ndarray) -> np.ndarray:
    return np.log(share / (1 - share))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--files", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=1000)
    args = parser.parse_args()
    asked = record(args.data, args.files, args.photos)
    for name, weights in (("decoder", [1, 0, 0]), ("reader", [0, 1, 0])):
        right = np.mean([right for _, right in judged(asked, np.array(weights, float))])
        print(f"{name} alone: {right:.3f} of {len(asked)}")
    weights = fit(asked)
    told = halves(asked)
    print(f"both, weighed on the other half: {np.mean([right for _, right in told]):.3f} right")
    bands = limits(told)
    unsure = np.mean([sure < bands[1] for sure, _ in told])
    print(f"weights {weights.round(3).tolist()}, bands {bands}, not sure of {unsure:.3f}")
    path = args.files / CALIBRATION
    whole = json.loads(path.read_text(encoding="utf-8"))
    section = whole[SECTION]
    section["colour"] = [round(float(weight), 3) for weight in weights]
    section["answers"]["colour"] = bands
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    write_manifest(args.files)


if __name__ == "__main__":
    main()

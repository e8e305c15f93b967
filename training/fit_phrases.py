"""Fit the numbers of the starter describer's phrases: vlm/starter/phrases.npz.

    python training/fit_phrases.py --data DATA --cache FOLDER

For each phrase of vlm/starter/phrases.json the score of a photo is linear in the shipped
embedder's vector: similarities of the phrase's own texts to both halves of it, standardised, and
a learned correction, so that a phrase that no caption mentions keeps its zero-shot score. The
correction is a logistic regression on what human captions mention (Flickr8k train, captioned
COCO photos) and on the classes of the ImageNet samples. Photos of one class say nothing of what
else is in them, so activities, places and looks are left out of account there, and people too,
except in photos of animals, food and scenery, which are taken to show nobody. The dual encoder
was trained on the ImageNet samples: its learned half is blanked for them. Odds refer to an
assumed share of photos (PRIOR), not to Flickr8k's many dogs. Pages of text, patterns and plain
surfaces are drawn (drawings.py).
"""

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from drawings import drawings
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1]))

from vlm.starter.embedder import StarterEmbedder
from vlm.starter.phrases import FOLDER, NUMBERS, VOCABULARY
from vlm.starter.weights import FOLDER as FILES

FACTORS = 64
HALF = 384  # learned half, then ConSE half
COMMON = (1.15, 0.35, -4.6)  # slopes of both halves and bias, pooled over phrases of Flickr8k dev
NAMED = (0.8, 0.9, -5.6)  # for what ImageNet knows and Flickr8k hardly shows
FEW = 30  # mentions
NOBODY = [*range(398), *range(924, 981), *range(984, 998)]  # classes: animals, food, scenery
PRIOR = {"a person": 0.5, "a man": 0.3, "a woman": 0.3, "a child": 0.2}  # share of photos
USUAL = 0.04  # of a phrase without "share", which is in percent
DRAWN = 25  # drawings of a kind
DECAY = 3e-3


def cases(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "cases.jsonl").read_text().splitlines()]


def embed(embedder: StarterEmbedder, files: list[Path], cache: Path) -> np.ndarray:
    """Vectors of photos `(n, 768)`, kept in `cache` under the embedder's fingerprint."""
    kept = cache.with_name(f"{cache.name}-{embedder.fingerprint}.npy")
    if kept.exists():
        return np.load(kept)
    rows = []
    for start in range(0, len(files), 64):
        images = []
        for file in files[start : start + 64]:
            image = Image.open(file)
            image.draft("RGB", (256, 256))
            images.append(image.convert("RGB"))
        rows.append(embedder.embed_images(images))
    vectors = np.concatenate(rows)
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.save(kept, vectors)
    return vectors


def mention(words: str) -> Callable[[str], bool]:
    """A test for a caption: any of the words, or (with ";") any run of words with gaps of two."""
    parts = [p.split() for p in words.split(";")] if ";" in words else [[w] for w in words.split()]
    runs = [r"(?:\s+\w+){0,2}\s+".join(map(re.escape, run)) for run in parts if run]
    pattern = re.compile("|".join(rf"\b{run}\b" for run in runs) or r"(?!)")
    return lambda caption: bool(pattern.search(caption.lower()))


def classes(labels: str, names: list[str]) -> set[int]:
    """ImageNet class numbers of "151-268,abacus"."""
    found: set[int] = set()
    for part in filter(None, (p.strip() for p in labels.split(","))):
        bounds = re.fullmatch(r"(\d+)(?:-(\d+))?", part)
        if bounds:
            found |= set(range(int(bounds[1]), int(bounds[2] or bounds[1]) + 1))
        else:
            found.add(names.index(part))
    return found


def texts_of(row: dict) -> list[str]:
    """What the phrase sounds like in a caption."""
    say, kind = row["say"], row["kind"]
    match row["group"]:
        case "subject":
            return [say, f"a photo of {say}", f"there is {say} in the picture"]
        case "activity":
            who = ["a person", "a man", "people"] if "p" in kind else []
            who += ["a dog", "an animal"] if "a" in kind else []
            who += ["a bird"] if "b" in kind else []
            who += ["an aeroplane", "a car"] if "v" in kind else []
            return [f"{w} {say}" for w in who]
        case "place":
            return [f"a photo taken {say}", f"a person {say}", f"something {say}"]
        case _:
            who = ["a person", "a man"] if "p" in kind else ["a dog", "an animal"]
            return [f"{w} {say}" if "p" in kind else f"{say} {w[2:]}" for w in who]


def prior(row: dict) -> float:
    return PRIOR.get(row["say"], row.get("share", 100 * USUAL) / 100)


def targets(rows: list[dict], photos: list[dict]) -> np.ndarray:
    """Share of captions that mention each phrase, doubled and cut at 1: `(photos, phrases)`."""
    tests = [mention(row["words"]) for row in rows]
    out = np.zeros((len(photos), len(rows)), np.float32)
    for i, photo in enumerate(photos):
        said = photo["captions"]
        out[i] = [min(1.0, 2 * sum(map(test, said)) / min(len(said), 4)) for test in tests]
    return out


def fit(x: np.ndarray, z: np.ndarray, y: np.ndarray, known: np.ndarray, rows: list[dict]):
    """Logistic regression around the zero-shot scores `z` `(2, photos, phrases)`.

    Gives the correction `(phrases, dim)`, the bias and both slopes of each phrase.
    """
    x_t, z_t, y_t = map(torch.from_numpy, (x, z, y))
    priors = np.array([prior(row) for row in rows], np.float32)
    share = ((y * known).sum(0) / known.sum(0)).clip(1e-4, 0.9)
    up, down = priors / share, (1 - priors) / (1 - share)
    weight = torch.from_numpy(known * (y * np.minimum(up, 25) + (1 - y) * down)).float()
    weight = weight / torch.from_numpy(known.sum(0)).float()
    named = np.array(["labels" in row for row in rows]) & ((y * known).sum(0) < FEW)
    start = np.where(named[:, None], NAMED, COMMON).T
    start[2] += np.log(priors / (1 - priors)) - np.log(USUAL / (1 - USUAL))
    start = torch.tensor(start, dtype=torch.float32)
    correction = torch.zeros(y.shape[1], x.shape[1], requires_grad=True)
    shape = start.contiguous().clone(memory_format=torch.contiguous_format).requires_grad_()
    optimiser = torch.optim.LBFGS([correction, shape], max_iter=150, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        scores = x_t @ correction.T + shape[0] * z_t[0] + shape[1] * z_t[1] + shape[2]
        misfit = F.binary_cross_entropy_with_logits(scores, y_t, weight, reduction="none").sum()
        pull = (shape - start).pow(2)
        held = DECAY * correction.pow(2).sum() + 0.02 * pull[:2].sum() + 0.004 * pull[2].sum()
        (misfit + held).backward()
        return misfit + held

    optimiser.step(loss)
    fitted = shape.detach().numpy()
    return correction.detach().numpy(), fitted[2], fitted[:2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=FOLDER / NUMBERS)
    parser.add_argument("--files", type=Path, default=FILES, help="the embedder's graphs")
    args = parser.parse_args()
    embedder = StarterEmbedder(folder=args.files)
    rows = json.loads((FOLDER / VOCABULARY).read_text())

    flickr = cases(args.data / "flickr8k")
    train = [row for row in flickr if row["split"] == "train"]
    dev = [row for row in flickr if row["split"] == "dev"]
    coco = [row for row in cases(args.data / "coco-train") if row.get("captions")]
    samples = cases(args.data / "imagenet-samples")
    names = [row["label"] for row in sorted(samples, key=lambda row: row["wnid"])]

    def vectors(name: str, folder: str, photos: list[dict]) -> np.ndarray:
        files = [args.data / folder / "photos" / row["image"] for row in photos]
        return embed(embedder, files, args.cache / name)

    x_train = vectors("flickr-train", "flickr8k", train)
    x_dev = vectors("flickr-dev", "flickr8k", dev)
    x_coco = vectors("coco", "coco-train", coco)
    x_samples = vectors("imagenet", "imagenet-samples", samples)
    drawn = list(drawings(DRAWN))
    x_drawn = embedder.embed_images([image for _, image in drawn])
    y_drawn = np.array([[kind == r.get("drawn") for r in rows] for kind, _ in drawn], np.float32)

    reference = np.concatenate([x_dev, x_samples, x_coco])
    mean = reference.mean(0)
    values, axes = np.linalg.eigh(np.cov(reference.T))
    factors = (axes[:, -FACTORS:] * np.sqrt(values[-FACTORS:])).T.astype(np.float32)
    noise = float(values[:-FACTORS].mean())

    said = [texts_of(row) for row in rows]
    owned = embedder.embed_texts([text for texts in said for text in texts])
    ends = np.cumsum([len(texts) for texts in said])
    text = np.stack([owned[e - len(t) : e].mean(0) for e, t in zip(ends, said, strict=True)])
    halves = np.zeros((2, *text.shape), np.float32)
    for half, part in enumerate((slice(None, HALF), slice(HALF, None))):
        halves[half, :, part] = text[:, part]
        halves[half] /= (reference @ halves[half].T).std(0)[:, None]

    wanted = [classes(row.get("labels", ""), names) for row in rows]
    number = {row["wnid"]: n for n, row in enumerate(sorted(samples, key=lambda r: r["wnid"]))}
    y_samples = np.array([[number[s["wnid"]] in w for w in wanted] for s in samples], np.float32)
    people = np.array([row["kind"] in ("person", "people") for row in rows])
    silent = np.array([row["group"] != "subject" or row["kind"] == "scene" for row in rows])
    nobody = np.array([number[s["wnid"]] in NOBODY for s in samples])
    told = np.where(silent | people, 0, 1) + np.outer(nobody, people)
    told = np.maximum(told, y_samples)
    told = np.concatenate([told, np.ones((len(train) + len(coco) + len(drawn), len(rows)))])
    known = told.astype(np.float32)
    x = np.concatenate([x_samples, x_train, x_coco, x_drawn]) - mean
    x[: len(samples), :HALF] = 0
    x = x.astype(np.float32)
    y = np.concatenate([y_samples, targets(rows, train), targets(rows, coco), y_drawn])
    z = np.stack([x @ half.T for half in halves]).astype(np.float32)
    correction, bias, slopes = fit(x, z, y, known, rows)
    weights = correction + (slopes[:, :, None] * halves).sum(0)
    bias = bias - weights @ mean

    y_dev = targets(rows, dev)
    report(rows, x_dev @ weights.T + bias, x_dev @ (halves[0] + 0.3 * halves[1]).T, y_dev)
    np.savez(
        args.out,
        fingerprint=np.array(embedder.fingerprint),
        weights=weights.astype(np.float16),
        bias=bias.astype(np.float32),
        mean=mean.astype(np.float32),
        factors=factors.astype(np.float16),
        noise=np.array(noise, np.float32),
    )


def report(rows: list[dict], scores: np.ndarray, shot: np.ndarray, y: np.ndarray) -> None:
    """Area under the ROC curve on Flickr8k dev, of the fit and of zero-shot, by group."""
    found: dict[str, list[tuple[float, float]]] = {}
    for i, row in enumerate(rows):
        right, wrong = y[:, i] >= 0.9, y[:, i] == 0
        if right.sum() >= 5:
            pair = tuple(
                float((s[right, i][:, None] > s[wrong, i][None]).mean()) for s in (scores, shot)
            )
            found.setdefault(row["group"], []).append(pair)
    for group, pairs in found.items():
        fitted, plain = np.mean(pairs, 0)
        print(f"{group}: {len(pairs)} phrases, AUC fitted {fitted:.3f}, zero-shot {plain:.3f}")


if __name__ == "__main__":
    main()

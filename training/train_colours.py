"""Teach the starter to read the colours of things off photos: colours.onnx.

    PYTHONPATH=. python training/train_colours.py --data DATA --files vlm/starter/files
        --out colours.safetensors

Needs the shipped graphs of image, text and memory, since it looks where they see a thing. It
learns from the training photos of Flickr8k (or from COCO's): from the questions about colours
that `questions.py` makes of their captions, and, with less weight, from all that a caption gives
one colour. Every seventh photo is kept aside to say how well it does.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import cases
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from colour_reader import CELLS, GRID, NAMES, PIXELS, TEXT, ColourGraph, ColourReader, look
from flags import read_flags
from graphs import OPSET
from manifest import write_manifest
from photo_facts import Photo
from PIL.Image import Resampling
from questions import make
from safetensors.torch import save_file
from torch import Tensor

from vlm.images import read_image
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.questions import read_question

ASIDE = 7
"""Every so manieth photo is not learned from."""
PAINTS = {
    "red": (255, 0, 0), "orange": (255, 140, 0), "yellow": (255, 255, 0), "green": (0, 140, 0),
    "blue": (0, 0, 255), "purple": (128, 0, 128), "pink": (255, 160, 190),
    "brown": (130, 70, 20), "black": (0, 0, 0), "white": (255, 255, 255), "gray": (128, 128, 128),
}  # fmt: skip
"""What photos hardly show: colours as pure as those of drawings and signs."""
JITTER = 24
"""Paints are learned with so much noise on each channel, of 255."""
COPIES = 50


@dataclass(frozen=True)
class Config:
    """One run; every field is a flag."""

    seed: int = 0
    epochs: int = 10
    batch: int = 192
    rate: float = 3e-3
    decay: float = 1e-3
    loose: float = 0.5
    """Weight of a colour that one caption gives, beside one that all agree on."""
    paints: float = 0.1
    """Weight of colours without a photo."""
    research: int = 1
    """0: from the captioned photos of COCO alone."""


@dataclass
class Examples:
    """Questions about colours and the photos that they are about.

    Of a photo: `pixels` `(p, 96, 96, 3)`, `grid` `(p, 64, 403)`. Of a question: the number of its
    `photo`, `heat` `(q, 8, 8)`, `text` `(q, 384)`, the share of each colour in its answer
    `target` `(q, 12)`, and whether it is `agreed` on.
    """

    pixels: Tensor
    grid: Tensor
    photo: Tensor
    heat: Tensor
    text: Tensor
    target: Tensor
    agreed: Tensor


def asked(captions: list[list[str]], loosely: bool) -> Iterator[list[tuple[str, str, bool]]]:
    """Of each set of captions: things, their colours, and whether the captions agree on it."""
    for texts, questions in zip(captions, make(captions, 0), strict=True):
        found = [
            (read_question(question.text).thing, question.answer, True)
            for question in questions
            if question.kind == "colour"
        ]
        if loosely:
            said = (
                (phrase.word, *phrase.colours)
                for caption in Photo(texts).captions
                for phrase in caption.phrases
                if len(phrase.colours) == 1
            )
            found += [(thing, colour, False) for thing, colour in dict.fromkeys(said)]
        yield found


def shares(answer: str) -> list[float]:
    """The target of an answer.

    >>> [name for name, share in zip(NAMES, shares("black and white")) if share == 0.5]
    ['black', 'white']
    """
    colours = answer.split(" and ")
    return [(name in colours) / len(colours) for name in NAMES]


def examples(photos: Path, rows: list[dict], files: Path, loosely: bool) -> Examples:
    """What the shipped graphs see in those photos of a folder that are asked about."""
    embedder = StarterEmbedder(threads=1, folder=files)
    texts: dict[str, np.ndarray] = {}
    found: dict[str, list] = {field.name: [] for field in fields(Examples)}
    for row, things in zip(rows, asked([row["captions"] for row in rows], loosely), strict=True):
        if not things:
            continue
        image = read_image(photos / row["image"])
        sight = embedder.see(image)
        for thing, answer, agreed in things:
            text = f"a photo of a {thing}"
            if text not in texts:
                texts[text] = embedder.embed_texts([text])[0]
            found["photo"].append(len(found["pixels"]))
            found["heat"].append(sight.heat(texts[text]))
            found["text"].append(texts[text][:TEXT])
            found["target"].append(shares(answer))
            found["agreed"].append(agreed)
        small = image.convert("RGB").resize((PIXELS, PIXELS), Resampling.BOX)
        found["pixels"].append(np.asarray(small))
        found["grid"].append(sight.grid[0].astype(np.float16))
    return Examples(**{name: torch.from_numpy(np.array(rows)) for name, rows in found.items()})


def painted(copies: int, seed: int) -> tuple[Tensor, Tensor]:
    """Traits `(copies, 11, 256, 12)` of photos that are all of one paint, and their names."""
    noise = np.random.default_rng(seed).integers(-JITTER, JITTER + 1, (copies, len(PAINTS), 3))
    paint = (np.array(list(PAINTS.values())) + noise).clip(0, 255).astype(np.uint8)
    plain = torch.from_numpy(paint)[:, :, None, None].expand(-1, -1, PIXELS, PIXELS, -1)
    names = torch.tensor([NAMES.index(name) for name in PAINTS])
    return torch.stack([look(photos) for photos in plain]), names


def traits(pixels: Tensor) -> Tensor:
    return torch.cat([look(part) for part in pixels.split(200)])


def train(given: Examples, config: Config, rows: Tensor) -> ColourReader:
    """Learn from some of the questions."""
    torch.manual_seed(config.seed)
    grid = given.grid[given.photo[rows].unique()].float()
    reader = ColourReader(grid.mean((0, 1)), grid.std((0, 1)) + 1e-6)
    optimiser = torch.optim.AdamW(reader.parameters(), lr=config.rate, weight_decay=config.decay)
    steps = max(1, len(rows) // config.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, config.rate, total_steps=config.epochs * steps
    )
    seen, target = traits(given.pixels), given.target.float()
    weight = torch.where(given.agreed, 1.0, config.loose)
    paints, names = painted(COPIES, config.seed)
    grid = reader.mean.expand(len(names), CELLS * CELLS, -1)
    nothing = torch.zeros(len(names), CELLS, CELLS), grid, torch.zeros(len(names), TEXT)
    began = time.perf_counter()
    for epoch in range(config.epochs):
        total = 0.0
        for part in rows[torch.randperm(len(rows))].chunk(steps):
            photo = given.photo[part]
            odds = reader(
                seen[photo], given.heat[part], given.grid[photo].float(), given.text[part]
            )
            losses = -(odds.log_softmax(1) * target[part]).sum(1)
            loss = (losses * weight[part]).sum() / weight[part].sum()
            plain = reader(paints[torch.randint(COPIES, ())], *nothing)
            loss = loss + config.paints * F.cross_entropy(plain, names)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item() / steps
        seconds = time.perf_counter() - began
        print(f"epoch {epoch + 1} of {config.epochs}, {seconds:.0f} s: {total:.3f}", flush=True)
    return reader.eval()


@torch.no_grad()
def right(reader: ColourReader, given: Examples, rows: Tensor) -> tuple[float, int]:
    """Share of the likeliest colours that are right where all agree on one, and of how many."""
    rows = rows[given.agreed[rows] & (given.target[rows].amax(1) == 1)]
    said = []
    for part in rows.split(200):
        photo = given.photo[part]
        seen = look(given.pixels[photo])
        odds = reader(seen, given.heat[part], given.grid[photo].float(), given.text[part])
        said.append(odds.argmax(1))
    correct = torch.cat(said) == given.target[rows].argmax(1)
    return correct.float().mean().item(), len(rows)


def export(reader: ColourReader, path: Path) -> None:
    """colours.onnx: `pixels` (n, 96, 96, 3) of bytes, `heat` (n, 8, 8), `grid` (n, 64, 403) and
    `text` (n, 384) give the log probability of each colour, `odds` (n, 12)."""
    example = (
        torch.zeros(2, PIXELS, PIXELS, 3, dtype=torch.uint8),
        torch.zeros(2, CELLS, CELLS),
        torch.zeros(2, CELLS * CELLS, GRID),
        torch.zeros(2, TEXT),
    )
    names = ["pixels", "heat", "grid", "text"]
    torch.onnx.export(
        ColourGraph(reader).eval(),
        example,
        path,
        input_names=names,
        output_names=["odds"],
        dynamic_axes={name: {0: "n"} for name in (*names, "odds")},
        opset_version=OPSET,
        dynamo=False,
    )
    onnx.checker.check_model(path)


def main() -> None:
    config, (data, files, out) = read_flags(Config, __doc__, "data", "files", "out")
    print(config, flush=True)
    torch.set_num_threads(1)
    flickr, coco = data / "flickr8k/photos", data / "coco-train"
    if config.research:
        given = examples(flickr, cases.flickr8k(data, "train"), files, True)
    else:
        rows = [row for row in cases.read_cases(coco / "cases.jsonl") if row.get("captions")]
        given = examples(coco / "photos", rows, files, True)
    dev = examples(flickr, cases.flickr8k(data, "dev"), files, False)
    aside = given.photo % ASIDE == 0
    reader = train(given, config, torch.where(~aside)[0])
    for name, of, rows in (
        ("training photos kept aside", given, torch.where(aside)[0]),
        ("dev", dev, torch.arange(len(dev.photo))),
    ):
        print(
            "{}: {:.3f} of {} questions with one colour right".format(
                name, *right(reader, of, rows)
            )
        )
    save_file(reader.state_dict(), out)
    export(reader, files / "colours.onnx")
    write_manifest(files)


if __name__ == "__main__":
    main()

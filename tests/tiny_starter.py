"""The starter's files in little: the same graphs through the same export, with random weights."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vlm.starter.weights import FOLDER

sys.path.append(str(Path(__file__).parents[1] / "training"))

from colour_reader import GRID, ColourReader
from decoder import Config, Describer
from export_describer import export_describer
from manifest import write_manifest
from train_colours import export as export_colours

CAN_WRITE = """
[END] yes no a dog cat runs sits on the grass beach red brown gray black white blue green yellow
orange pink purple and blond 1 2 3 4 5 6 7 8 9 indoors outdoors running sitting
"""
CAN_READ = "is there any are what color colour man of this in picture ? many how or where doing ##s"
WRITTEN, READ = CAN_WRITE.split(), CAN_READ.split()
SPECIAL = ["[CAPTION]", "[QUESTION]", "[ANSWER]", "[UNKNOWN]"]
NOUNS = ["dog", "cat", "grass", "beach", "animal"]


def tiny_words() -> dict[str, object]:
    """The contents of words.json."""
    first = len(WRITTEN)
    marks = {"caption": first, "question": first + 1, "answer": first + 2, "unknown": first + 3}
    tables = {"names": {"puppy": "dog"}, "wider": {"dog": "animal", "cat": "animal"}}
    words = {"tokens": [*WRITTEN, *SPECIAL, *READ], "outputs": first, "end": 0, **marks}
    return {**words, "nouns": NOUNS, "mass": ["grass"], **tables}


def tiny_describer() -> Describer:
    """Random weights, large enough that its words differ in probability."""
    torch.manual_seed(3)
    count = len(WRITTEN) + len(SPECIAL) + len(READ)
    sizes = {"dim": 64, "layers": 2, "heads": 2, "hidden": 128}
    config = Config(inputs=count, outputs=len(WRITTEN), nouns=len(NOUNS), **sizes)
    words, labels = torch.randn(count, 384), F.normalize(torch.randn(1000, 384), dim=-1)
    words[len(WRITTEN) : len(WRITTEN) + len(SPECIAL)] = 0
    describer = Describer(config, words, torch.zeros(403), torch.ones(403), labels)
    with torch.no_grad():
        for parameter in (describer.learned, describer.positions, describer.memory.place):
            parameter.mul_(10)
    return describer.eval()


class TinyImages(nn.Module):
    """Mean colours of 8 by 8 cells, and random maps of them."""

    def __init__(self) -> None:
        super().__init__()
        self.grid, self.logits = nn.Linear(3, 403), nn.Linear(192, 1000)
        self.vectors = nn.Linear(192, 768)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        cells = F.avg_pool2d(pixels.permute(0, 3, 1, 2).float() / 128 - 1, 32)
        cells = cells.flatten(2).transpose(1, 2)
        flat = cells.flatten(1)
        return F.normalize(self.vectors(flat), dim=-1), self.grid(cells), self.logits(flat) * 9


class TinyTexts(nn.Module):
    """Random vectors of the words, summed."""

    def __init__(self) -> None:
        super().__init__()
        self.table, self.out = nn.Embedding(30_522, 8), nn.Linear(8, 768)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        words = self.table(input_ids) * attention_mask[..., None]
        return F.normalize(self.out(words.sum(1)), dim=-1)


def write_tiny_starter(folder: Path) -> Describer:
    """Fill a folder as vlm/starter/files is filled; returns the torch model of its describer."""
    describer = tiny_describer()
    folder.mkdir(parents=True, exist_ok=True)
    export_describer(describer, folder)
    reader = ColourReader(torch.zeros(GRID), torch.ones(GRID)).eval()
    export_colours(reader, folder / "colours.onnx")
    pixels = torch.zeros(1, 256, 256, 3, dtype=torch.uint8)
    outputs = ["vectors", "grid", "logits"]
    _trace(TinyImages(), (pixels,), folder / "image.onnx", ["pixels"], outputs, ["n"])
    ids = torch.zeros(1, 3, dtype=torch.int64)
    names = ["input_ids", "attention_mask"]
    _trace(TinyTexts(), (ids, ids), folder / "text.onnx", names, ["vectors"], ["n", "t"])
    shutil.copyfile(FOLDER / "tokenizer.json", folder / "tokenizer.json")
    bands = {"strong": 0.5, "maybe": [[100, 0.3]]}
    (folder / "calibration.json").write_text(json.dumps({"bands": bands}))
    (folder / "words.json").write_text(json.dumps(tiny_words()))
    write_manifest(folder)
    return describer


def _trace(
    module: nn.Module,
    example: tuple[Tensor, ...],
    path: Path,
    inputs: list[str],
    outputs: list[str],
    axes: list[str],
) -> None:
    dynamic = {name: dict(enumerate(axes)) for name in inputs} | {
        name: {0: "n"} for name in outputs
    }
    torch.onnx.export(
        module.eval(),
        example,
        path,
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=dynamic,
        opset_version=17,
        dynamo=False,
    )

"""Photos a second of transformers describers in batches, beside a bare loop around ``generate``.

    python benchmarks/batched_describing.py [--model tiny-blip] [--photos 16] [--tokens 24]
                                            [--rounds 3] [--json]

Models: tiny-blip, tiny-smolvlm, blip-base, smolvlm-256m, all with random weights. The bare loop
preprocesses and calls ``generate`` on so many photos at once, for each of several sizes; the
fastest one counts. Runs take turns, each on photos that nobody has seen, and after one round that
is not counted. Ratios above 1 mean that the describer is faster. The goal is 0.9. Times of the
processor tell more than the clock where other work is going on.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
import random_checkpoints
from PIL import Image
from timing import machine

from vlm import blip
from vlm.protocols import Message

MODELS: dict[str, Callable[[], Any]] = {
    "tiny-blip": random_checkpoints.tiny_blip,
    "tiny-smolvlm": random_checkpoints.tiny_smolvlm,
    "blip-base": random_checkpoints.blip_base,
    "smolvlm-256m": random_checkpoints.smolvlm_256m,
}
GOAL = 0.9
_NUMBERS = count()


def fresh(photos: int, shape: tuple[int, int] = (480, 640)) -> list[Image.Image]:
    """Photos that nobody has seen."""
    made = []
    for _ in range(photos):
        noise = np.random.default_rng(next(_NUMBERS)).integers(0, 255, (6, 8, 3), np.uint8)
        made.append(Image.fromarray(noise).resize(shape[::-1], Image.Resampling.BICUBIC))
    return made


def bare(describer: Any, size: int, tokens: int, photos: Sequence[Image.Image]) -> None:
    """What somebody would write around transformers."""
    import torch

    for start in range(0, len(photos), size):
        some = list(photos[start : start + size])
        if isinstance(describer, blip.BlipDescriber):
            head = next(iter(describer._heads.values()))()
            model, tokenizer = head.model, head.processor.tokenizer
            inputs = head.processor(images=some, return_tensors="pt")
        else:
            model, tokenizer = describer._model, describer._processor.tokenizer
            tokenizer.padding_side = "left"
            content = [[{"type": "image", "image": photo}, {"type": "text", "text": ASK}]
                       for photo in some]  # fmt: skip
            inputs = describer._processor.apply_chat_template(
                [[{"role": "user", "content": parts}] for parts in content],
                add_generation_prompt=True,
                tokenize=True,
                return_dict=True,
                return_tensors="pt",
                padding=True,
            )
        with torch.inference_mode():
            rows = model.generate(**inputs.to(model.device, model.dtype), max_new_tokens=tokens)
        tokenizer.batch_decode(rows, skip_special_tokens=True)


ASK = "Describe this photo in one short sentence."


def ours(describer: Any, tokens: int, photos: Sequence[Image.Image]) -> None:
    """The same through the describer."""
    text = "" if isinstance(describer, blip.BlipDescriber) else ASK
    requests = [[Message("user", text, (photo,))] for photo in photos]
    said = describer.describe_many(requests, max_tokens=tokens)
    assert all(isinstance(reply, str) for reply in said), said


def alone(describer: Any, tokens: int, photos: Sequence[Image.Image]) -> None:
    """One by one, as without batches."""
    text = "" if isinstance(describer, blip.BlipDescriber) else ASK
    for photo in photos:
        list(describer.describe([Message("user", text, (photo,))], max_tokens=tokens))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=MODELS, default="tiny-blip")
    parser.add_argument("--photos", type=int, default=16)
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 2, 4, 8, 16])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    describer, tokens = MODELS[asked.model](), asked.tokens
    runs: dict[str, Callable[[list[Image.Image]], None]] = {
        f"bare, {size} at once": partial(bare, describer, size, tokens) for size in asked.sizes
    }
    runs["describe_many"] = partial(ours, describer, tokens)
    runs["describe, one by one"] = partial(alone, describer, tokens)
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    of_processor: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(asked.rounds + 1):
        for name, run in runs.items():
            photos = fresh(asked.photos)
            began, worked = perf_counter(), process_time()
            run(photos)
            if number:
                seconds[name].append(perf_counter() - began)
                of_processor[name].append(process_time() - worked)
    middle = {name: median(times) for name, times in seconds.items()}
    work = {name: median(times) for name, times in of_processor.items()}
    best = min((name for name in runs if name.startswith("bare")), key=lambda name: middle[name])
    ratio = middle[best] / middle["describe_many"]
    least = min((name for name in runs if name.startswith("bare")), key=lambda name: work[name])
    working = work[least] / work["describe_many"]
    if asked.json:
        said = {"machine": machine(), "seconds": seconds, "best": best, "ratio": ratio}
        print(json.dumps({**said, "of processor": of_processor, "ratio of processor": working}))
    else:
        print(f"{machine()}\n{asked.model}, {asked.photos} photos, {tokens} tokens each")
        for name, time in middle.items():
            each = 1000 * work[name] / asked.photos
            print(
                f"{asked.photos / time:8.2f} photos/s {each:8.1f} ms of the processor each  {name}"
            )
        print(f"ratio to {best}: {ratio:.2f} (goal {GOAL})")
        print(f"of the processor, to {least}: {working:.2f}")
    return 0 if ratio >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())

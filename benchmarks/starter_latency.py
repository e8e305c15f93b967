"""How long the starter takes for one photo, sixteen, a query, a caption and an answer.

    python benchmarks/starter_latency.py [--rounds 40] [--model starter] [--json]

After decoding: photos are in memory, of the size that the image tower wants. The parts take turns
and run three times each turn, on a photo or text that was not just asked about; a product of two
matrices takes its turn too, for the ratios. Last, a cold process that embeds one query.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from statistics import median

# Its threads spin for a while after each product, on the cores that the next part needs.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from photos import sample_photos
from PIL.Image import Image
from timing import Cost, as_dict, by_turns, machine

from vlm.images import fit_image
from vlm.protocols import Message
from vlm.registry import load_describer, load_embedder

LIMITS = {
    "one photo": 0.008,
    "16 photos": 16 / 150,
    "query of 3 words": 0.002,
    "query of 12 words": 0.002,
    "caption": 0.05,
    "answer": 0.03,
}
"""Seconds, on two cores with AVX-512."""
YARDSTICK = "product of 512x512 matrices"
SHORT = ("red sports car", "dog in snow", "old stone bridge", "children playing football")
LONG = (
    "a brown dog runs along the beach with a stick in its mouth",
    "two women in long coats wait for a bus under a red umbrella",
    "a cup of black coffee and a book on a small wooden table",
)
QUESTIONS = (
    "what color is the cat?",
    "is there a dog?",
    "how many people are there?",
    "where was this photo taken?",
    "what is the woman doing?",
)
COLD = "from vlm.registry import load_embedder; load_embedder({!r}).embed_texts(['a red boat'])"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    costs = measure(parts(asked.model), asked.rounds)
    command = [sys.executable, "-c", COLD.format(asked.model)]
    costs |= by_turns({"query, cold process": command}, max(3, asked.rounds // 4))
    unit = costs[YARDSTICK].wall
    if asked.json:
        limits = {name: round(limit, 4) for name, limit in LIMITS.items()}
        ratios = {name: round(cost.wall / unit, 2) for name, cost in costs.items()}
        times = as_dict(costs)
        result = {"machine": machine(), "times": times, "ratios": ratios, "limits": limits}
        print(json.dumps(result))
    else:
        print(machine())
        for name, cost in costs.items():
            limit = f"limit {1000 * LIMITS[name]:5.0f} ms" if name in LIMITS else " " * 14
            ratio = cost.wall / unit
            print(
                f"{1000 * cost.wall:7.2f} ms wall {1000 * cost.cpu:7.2f} ms cpu  {limit}"
                f"  {ratio:6.1f} times the product  {name}"
            )
    return 0 if all(costs[name].wall <= limit for name, limit in LIMITS.items()) else 1


def parts(model: str) -> dict[str, Callable[[], object]]:
    """What is measured: functions without arguments, each call another photo or text."""
    embedder, describer = load_embedder(model), load_describer(model)
    photos = fresh([fit_image(photo, embedder.image_input) for photo in sample_photos()])
    short, long, questions = cycle(SHORT), cycle(LONG), cycle(QUESTIONS)
    factors = np.random.default_rng(0).normal(size=(2, 512, 512)).astype(np.float32)

    def say(text: str) -> str:
        return "".join(describer.describe([Message("user", text, (next(photos),))]))

    return {
        YARDSTICK: lambda: factors[0] @ factors[1],
        "one photo": lambda: embedder.embed_images([next(photos)]),
        "16 photos": lambda: embedder.embed_images([next(photos) for _ in range(16)]),
        "query of 3 words": lambda: embedder.embed_texts([next(short)]),
        "query of 12 words": lambda: embedder.embed_texts([next(long)]),
        "caption": lambda: say(describer.prompts.caption or ""),
        "answer": lambda: say(next(questions)),
    }


def fresh(photos: list[Image]) -> Iterator[Image]:
    """The photos in turn, each time with a pixel that nobody has seen: known photos are kept."""
    for number, photo in enumerate(cycle(photos)):
        new = photo.copy()
        new.putpixel((0, 0), (number & 255, number >> 8 & 255, 0))
        yield new


def measure(parts: dict[str, Callable[[], object]], rounds: int) -> dict[str, Cost]:
    """Median cost of each part over its calls, after one round that loads what is needed."""
    found: dict[str, list[Cost]] = {name: [] for name in parts}
    for number in range(rounds + 1):
        for name, part in parts.items():
            for _ in range(3):
                cpu, wall = time.process_time(), time.perf_counter()
                part()
                cost = Cost(time.perf_counter() - wall, time.process_time() - cpu)
                if number > 0:
                    found[name].append(cost)
    return {
        name: Cost(median(c.wall for c in costs), median(c.cpu for c in costs))
        for name, costs in found.items()
    }


if __name__ == "__main__":
    sys.exit(main())

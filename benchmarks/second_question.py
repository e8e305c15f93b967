"""A second question about the same photo beside the first, and the starter's first token.

    python benchmarks/second_question.py [--model starter] [--rounds 10] [--tokens 16] [--json]

Models: starter, tiny-smolvlm, smolvlm-256m (random weights). Each round asks two questions about a
photo that nobody has seen, in one conversation; the photo is opened anew for each of them, as
a chat page does. Goals: the second answer in a third of the time of the first, and the starter's
first token within a second.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time
from typing import Any

import random_checkpoints
from batched_describing import fresh
from timing import machine

from vlm.protocols import Message
from vlm.registry import load_describer

MODELS: dict[str, Callable[[], Any]] = {
    "starter": lambda: load_describer("starter"),
    "tiny-smolvlm": random_checkpoints.tiny_smolvlm,
    "smolvlm-256m": random_checkpoints.smolvlm_256m,
}
GOAL, FIRST_TOKEN = 3.0, 1.0
QUESTIONS = "what colour is it?", "how many people are there?"


def ask(describer: Any, talk: list[Message], tokens: int) -> tuple[float, float, float, str]:
    """Seconds to the first piece, to the end, of the processor, and the reply."""
    began, worked, first, said = perf_counter(), process_time(), None, ""
    for piece in describer.describe(talk, max_tokens=tokens):
        first = first or perf_counter() - began
        said += piece
    whole = perf_counter() - began
    return first or whole, whole, process_time() - worked, said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=MODELS, default="starter")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--tokens", type=int, default=16)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args()
    describer = MODELS[asked.model]()
    names = "first token", "first", "second", "ratio", "first cpu", "second cpu", "ratio cpu"
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(asked.rounds + 1):
        [photo] = fresh(1, (768, 1024))
        talk = [Message("user", QUESTIONS[number % 2], (photo,))]
        token, first, work, said = ask(describer, talk, asked.tokens)
        again = Message("user", talk[0].text, (photo.copy(),))
        talk = [again, Message("assistant", said), Message("user", QUESTIONS[1 - number % 2])]
        _, second, less, _ = ask(describer, talk, asked.tokens)
        if number:
            found = token, first, second, first / second, work, less, work / less
            for name, value in zip(names, found, strict=True):
                times[name].append(value)
    middle = {name: median(values) for name, values in times.items()}
    met = middle["ratio"] >= GOAL and middle["first token"] <= FIRST_TOKEN
    if asked.json:
        print(json.dumps({"machine": machine(), "median": middle, "met": met}))
    else:
        print(f"{machine()}\n{asked.model}, {asked.tokens} tokens")
        print(f"{1000 * middle['first token']:9.1f} ms to the first token")
        for name in ("first", "second"):
            work = 1000 * middle[f"{name} cpu"]
            print(f"{1000 * middle[name]:9.1f} ms, {work:.1f} of the processor: {name} question")
        print(f"ratio {middle['ratio']:.1f}, {middle['ratio cpu']:.1f} of the processor", end="")
        print(f" (goal {GOAL:g})")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())

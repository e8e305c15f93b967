"""``python -m eval relevance``."""

from __future__ import annotations

import argparse
import os
from importlib.metadata import version
from typing import Any

from eval.bootstrap import SAMPLES
from eval.bootstrap import SEED as BOOTSTRAP_SEED
from eval.cases import captioned_photos
from eval.options import must_be_writable, shared_options, with_progress
from eval.output import skipped_shape, tell
from eval.relevance import SEED, Measured, Relevance, evaluate
from vlm.registry import DEFAULT_EMBEDDER, load_embedder


def add_relevance(task: argparse.ArgumentParser) -> None:
    """Give ``task`` the options of asking for what is not there, and the function that runs it."""
    shared_options(task, model=os.environ.get("VLM_MODEL") or DEFAULT_EMBEDDER)
    task.set_defaults(run=_run)


def as_json(result: Relevance) -> dict[str, Any]:
    """The documented JSON shape; shares in [0, 1]."""
    there = sum(one.there for one in result.asked)
    return {
        **_numbers(result.whole),
        "n_present": there,
        "n_absent": len(result.asked) - there,
        "ci95": result.ci95,
        "smaller": [_numbers(measured) for measured in result.smaller],
        "model": result.model,
        "fingerprint": result.fingerprint,
        "version": version("vlm-assistant"),
        "seed": SEED,
        "bootstrap": {"samples": SAMPLES, "seed": BOOTSTRAP_SEED},
        "left_out": list(result.left_out),
        "skipped": skipped_shape(result.skipped),
        "queries": [
            {
                "query": one.query,
                "there": one.there,
                "answer": "matches" if one.matched else "nothing",
                "best": one.best,
            }
            for one in result.asked
        ],
    }


def as_markdown(result: Relevance) -> str:
    """A table in percent, with 95 % intervals in brackets, and the mistakes by name."""
    there = sum(one.there for one in result.asked)
    head = ["photos", "F1", "precision", "recall", "F1 of nothing", "right in strong", "in maybe"]
    whole = _cells(result.whole)
    whole[1:4] = [
        f"{cell} [{100 * low:.1f}, {100 * high:.1f}]"
        for cell, (low, high) in zip(whole[1:4], result.ci95.values(), strict=True)
    ]
    rows = [head, ["---"] * len(head), whole, *(_cells(one) for one in result.smaller)]
    false = [one.query for one in result.asked if one.matched and not one.there]
    missed = [one.query for one in result.asked if one.there and not one.matched]
    lines = [
        f"**{result.model}** asked for {there} things that are there and "
        f"{len(result.asked) - there} that are not; in %, 95 % intervals over things",
        "",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
        f"Matches that are none: {', '.join(false) or '-'}",
        "",
        f"Missed: {', '.join(missed) or '-'}",
        "",
        f"Not asked for, since captions name them: {', '.join(result.left_out) or '-'}",
    ]
    return "\n".join(lines) + "\n"


def _numbers(measured: Measured) -> dict[str, Any]:
    return {
        **measured.matches._asdict(),
        "nothing": measured.nothing._asdict(),
        "bands": {"strong": measured.strong, "maybe": measured.maybe},
        "shown": measured.shown,
        "n_images": measured.n_images,
        "libraries": measured.libraries,
    }


def _cells(measured: Measured) -> list[str]:
    shares = [*measured.matches, measured.nothing.f1, measured.strong, measured.maybe]
    cells = ["-" if share is None else f"{100 * share:.1f}" for share in shares]
    return [str(measured.n_images), *cells]


def _run(asked: argparse.Namespace) -> int:
    must_be_writable(asked.json)
    photos = captioned_photos(asked.data, split=asked.split, limit=asked.limit)
    result = evaluate(with_progress(photos), load_embedder(asked.model))
    return tell(as_markdown(result), as_json(result), asked.json, result.skipped)

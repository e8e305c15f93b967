"""``python -m eval presence``."""

from __future__ import annotations

import argparse
import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.bootstrap import SAMPLES
from eval.bootstrap import SEED as BOOTSTRAP_SEED
from eval.options import must_be_writable, shared_options, with_progress
from eval.output import skipped_shape, tell
from eval.presence import Probing, evaluate
from eval.presence_cases import contents
from eval.presence_questions import NEGATIVES, SEED, ask
from vlm.registry import DEFAULT_DESCRIBER, load_describer


def add_presence(task: argparse.ArgumentParser) -> None:
    """Give ``task`` the options of asking for objects, and the function that runs it."""
    shared_options(task, model=os.environ.get("VLM_DESCRIBER") or DEFAULT_DESCRIBER)
    task.add_argument(
        "--negatives",
        choices=NEGATIVES,
        default=NEGATIVES[0],
        help="which of the objects that are not there are asked for (default: %(default)s)",
    )
    task.set_defaults(run=_run)


def as_json(result: Probing, negatives: str, folder: Path) -> dict[str, Any]:
    """The documented JSON shape: shares in [0, 1], wall seconds, photos named from ``folder``."""
    return {
        **result.measures._asdict(),
        "n": len(result.asked),
        "n_images": result.n_photos,
        "negatives": negatives,
        "ci95": {"accuracy": result.ci95},
        "model": result.model,
        "seconds_per_question": result.seconds_per_question,
        "version": version("vlm-assistant"),
        "seed": SEED,
        "bootstrap": {"samples": SAMPLES, "seed": BOOTSTRAP_SEED},
        "skipped": skipped_shape(result.skipped),
        "questions": [
            {
                "image": one.path.relative_to(folder).as_posix(),
                "question": one.question.text,
                "object": one.question.name,
                "there": one.question.there,
                "reply": one.reply,
                "yes": one.verdict,
            }
            for one in result.asked
        ],
    }


def as_markdown(result: Probing, negatives: str) -> str:
    """A table in percent, with the 95 % interval of the accuracy in brackets."""
    shares = result.measures._asdict()
    low, high = result.ci95
    cells = [f"{100 * share:.1f}" for share in shares.values()]
    cells[0] += f" [{100 * low:.1f}, {100 * high:.1f}]"
    rows = [list(shares), ["---"] * len(shares), cells]
    lines = [
        f"**{result.model}** on {len(result.asked)} questions about {result.n_photos} photos, "
        f"{negatives} negatives; in %, 95 % interval over photos",
        "",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
        f"{result.seconds_per_question:.3f} s a question",
    ]
    return "\n".join(lines) + "\n"


def _run(asked: argparse.Namespace) -> int:
    must_be_writable(asked.json)
    photos = list(ask(contents(asked.data, split=asked.split), asked.negatives, limit=asked.limit))
    result = evaluate(with_progress(photos), load_describer(asked.model))
    document = as_json(result, asked.negatives, asked.data / "photos")
    return tell(as_markdown(result, asked.negatives), document, asked.json, result.skipped)

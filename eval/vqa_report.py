"""A result about visual questions as JSON for machines and as Markdown for people."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from eval.bootstrap import SAMPLES, SEED
from eval.output import skipped_shape
from eval.vqa import Answering


def as_json(result: Answering, folder: Path) -> dict[str, Any]:
    """The documented JSON shape: shares in [0, 1], wall seconds, photos named from ``folder``."""
    answers = result.answers
    return {
        "accuracy": result.accuracy,
        "by_type": {name: kind.accuracy for name, kind in result.by_kind.items()},
        "n": len(answers.questions),
        "yes_rate": result.yes_rate,
        "not_sure": result.not_sure,
        "majority": result.majority,
        "types": {
            name: {"n": kind.n, "majority": kind.majority, "majority_answer": kind.constant}
            for name, kind in result.by_kind.items()
        },
        "ci95": {"accuracy": result.ci95},
        "model": answers.source,
        "seconds_per_question": answers.seconds_per_question,
        "version": version("vlm-assistant"),
        "bootstrap": {"samples": SAMPLES, "seed": SEED},
        "skipped": skipped_shape(answers.skipped),
        "questions": [
            {
                "image": question.path.relative_to(folder).as_posix(),
                "question": question.text,
                **({} if question.number is None else {"question_id": question.number}),
                "type": question.kind,
                "reply": answers.replies[i],
                "answer": answers.answers[i],
                "accuracy": result.each[i],
            }
            for i, question in enumerate(answers.questions)
        ],
    }


def as_markdown(result: Answering) -> str:
    """A table by kind of question, in percent, with the 95 % interval of the whole."""
    answers = result.answers
    low, high = result.ci95
    yes = "no yes/no questions"
    if result.yes_rate is not None:
        yes = f"{100 * result.yes_rate:.1f} % yes where people say yes or no"
    rows = [
        ["type", "n", "accuracy", "always the same answer"],
        ["---"] * 4,
        *(
            [name, f"{kind.n}", _percent(kind.accuracy), f"{_percent(kind.majority)} {constant}"]
            for name, kind in result.by_kind.items()
            for constant in [f"({kind.constant})"]
        ),
        [
            "all",
            f"{len(answers.questions)}",
            f"{_percent(result.accuracy)} [{_percent(low)}, {_percent(high)}]",
            _percent(result.majority),
        ],
    ]
    lines = [
        f"**{answers.source}** on {len(answers.questions)} questions; VQA accuracy in %, "
        "95 % interval over photos",
        "",
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
        f"{yes}; {100 * result.not_sure:.1f} % not sure",
    ]
    if answers.seconds_per_question is not None:
        lines += ["", f"{answers.seconds_per_question:.3f} s a question"]
    return "\n".join(lines) + "\n"


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"

"""``python -m eval vqa``."""

from __future__ import annotations

import argparse
import os

from eval.options import (
    must_be_writable,
    predictions_option,
    shared_options,
    with_progress,
)
from eval.output import tell
from eval.vqa import Answers, answer_all, evaluate
from eval.vqa_cases import by_photo, questions
from eval.vqa_predictions import read_answers
from eval.vqa_report import as_json, as_markdown
from vlm.registry import DEFAULT_DESCRIBER, load_describer


def add_vqa(task: argparse.ArgumentParser) -> None:
    """Give ``task`` the options of visual questions, and the function that runs it."""
    shared_options(task, model=os.environ.get("VLM_DESCRIBER") or DEFAULT_DESCRIBER)
    predictions_option(task, "answers")
    task.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    must_be_writable(asked.json)
    result = evaluate(_answers(asked))
    document = as_json(result, asked.data / "photos")
    return tell(as_markdown(result), document, asked.json, result.answers.skipped)


def _answers(asked: argparse.Namespace) -> Answers:
    if asked.predictions is not None:
        cases = questions(asked.data, split=asked.split, limit=asked.limit, photos=False)
        found = read_answers(asked.predictions, cases, asked.data / "photos")
        said = tuple(answer or "" for answer in found)
        return Answers(asked.predictions.name, tuple(cases), tuple(found), said)
    cases = questions(asked.data, split=asked.split, limit=asked.limit)
    photos = list(by_photo(cases))
    return answer_all(with_progress(photos), load_describer(asked.model))

"""``python -m eval caption``."""

from __future__ import annotations

import argparse
import os

from eval.caption import Captions, caption_all, evaluate
from eval.caption_predictions import read_predictions
from eval.caption_report import as_json, as_markdown
from eval.caption_scores import require_scorers
from eval.cases import captioned_photos
from eval.options import (
    must_be_writable,
    predictions_option,
    shared_options,
    with_progress,
)
from eval.output import tell
from vlm.registry import DEFAULT_DESCRIBER, load_describer


def add_caption(task: argparse.ArgumentParser) -> None:
    """Give ``task`` the options of captioning, and the function that runs it."""
    shared_options(task, model=os.environ.get("VLM_DESCRIBER") or DEFAULT_DESCRIBER)
    predictions_option(task, "captions")
    task.set_defaults(run=_run)


def _run(asked: argparse.Namespace) -> int:
    must_be_writable(asked.json)
    require_scorers()  # known now, not after minutes of captioning
    result = evaluate(_captions(asked))
    document = as_json(result, asked.data / "photos")
    return tell(as_markdown(result), document, asked.json, result.captions.skipped)


def _captions(asked: argparse.Namespace) -> Captions:
    if asked.predictions is not None:
        return read_predictions(asked.predictions, asked.data, split=asked.split, limit=asked.limit)
    photos = captioned_photos(asked.data, split=asked.split, limit=asked.limit)
    return caption_all(with_progress(photos), load_describer(asked.model))

"""``python -m eval``: results to stdout, everything else to stderr.

Exit code 0 fine, 1 some photos were left out, 2 it could not be done.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from eval.alt_command import add_alt
from eval.caption_command import add_caption
from eval.cases import captioned_photos
from eval.options import must_be_writable, shared_options, with_progress
from eval.output import tell
from eval.presence_command import add_presence
from eval.relevance_command import add_relevance
from eval.retrieval import evaluate
from eval.retrieval_report import as_json, as_markdown
from eval.vqa_command import add_vqa
from vlm.errors import VlmError
from vlm.registry import DEFAULT_EMBEDDER, load_embedder


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one evaluation and return the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        code: int = asked.run(asked)
        return code
    except VlmError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: nothing was written\n")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval", description="Measure a model on data.")
    tasks = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    embedder = os.environ.get("VLM_MODEL") or DEFAULT_EMBEDDER
    retrieval = tasks.add_parser("retrieval", help="find photos by text and texts by photo")
    shared_options(retrieval, model=embedder)
    retrieval.set_defaults(run=_retrieval)
    add_caption(tasks.add_parser("caption", help="describe photos as people did"))
    add_vqa(tasks.add_parser("vqa", help="answer questions about photos"))
    add_presence(tasks.add_parser("presence", help="say which objects are in photos"))
    add_alt(tasks.add_parser("alt", help="alternative texts, unchecked and checked"))
    add_relevance(tasks.add_parser("relevance", help="tell what is there from what is not"))
    return parser


def _retrieval(asked: argparse.Namespace) -> int:
    must_be_writable(asked.json)
    photos = captioned_photos(asked.data, split=asked.split, limit=asked.limit)
    result = evaluate(with_progress(photos), load_embedder(asked.model))
    return tell(as_markdown(result), as_json(result), asked.json, result.skipped)


if __name__ == "__main__":
    sys.exit(main())

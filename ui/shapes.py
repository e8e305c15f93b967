"""The JSON shapes that `--json` promises: every key, every time. Scripts depend on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from index.records import Hit, Report, SearchResult, Skipped
    from ui.describing import AltText, Answered, Captioned


def search_shape(result: SearchResult) -> dict[str, Any]:
    """`vlm search` and `vlm similar`."""
    return {
        "query": result.query,
        "model": result.model,
        "seconds": round(result.seconds, 4),
        "answer": result.answer,
        "hits": [_hit_shape(hit) for hit in result.hits],
    }


def _hit_shape(hit: Hit) -> dict[str, Any]:
    return {
        "path": str(hit.path),
        "score": round(float(hit.score), 4),
        "band": hit.band,
        "why": {channel: round(float(weight), 4) for channel, weight in hit.why.items()},
        "taken_at": hit.taken_at,
    }


def skipped_shape(skipped: Iterable[Skipped]) -> list[dict[str, str]]:
    """What was left out and why, as every JSON document has it."""
    return [{"path": str(one.path), "reason": one.reason} for one in skipped]


def report_shape(report: Report, noted: Mapping[str, int]) -> dict[str, Any]:
    """`vlm index`; ``noted``: how many photos words were written about, by kind of note."""
    return {
        "added": report.added,
        "updated": report.updated,
        "moved": report.moved,
        "unchanged": report.unchanged,
        "missing": report.missing,
        "skipped": skipped_shape(report.skipped),
        "seconds": round(report.seconds, 4),
        "photos_per_second": round(report.photos_per_second, 2),
        "stages": {stage: round(seconds, 4) for stage, seconds in report.stages.items()},
        "left_out": dict(report.left_out),
        "noted": {"ocr": 0, "caption": 0, **noted},
    }


def caption_shape(captioned: Captioned) -> dict[str, Any]:
    """One item of `vlm caption`."""
    return {
        "path": str(captioned.path),
        "caption": captioned.caption,
        "model": captioned.model,
        "seconds": round(captioned.seconds, 4),
    }


def answer_shape(answered: Answered) -> dict[str, Any]:
    """`vlm ask`."""
    return {
        "path": str(answered.path),
        "question": answered.question,
        "answer": answered.answer,
        "model": answered.model,
        "seconds": round(answered.seconds, 4),
    }


def alt_shape(alt: AltText) -> dict[str, Any]:
    """One item of `vlm alt`, and one line of its .jsonl file."""
    return {
        "path": str(alt.path),
        "alt_text": alt.alt_text,
        "model": alt.model,
        "seconds": round(alt.seconds, 4),
        "status": alt.status,
        "author": alt.author,
        "role": alt.role,
        "extended": alt.extended,
        "page": None if alt.page is None else str(alt.page),
        "line": alt.line,
    }

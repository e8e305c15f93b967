"""The parts of an exchange that are not searched, as JSON and back.

ASCII only, so that file names that are no Unicode (lone surrogates) survive.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ui.conversations.records import Cited, Exchange, FoundPhoto, PhotoName, Spent

Json = dict[str, Any]


def as_json(exchange: Exchange) -> Json:
    """Everything but question, reply, state, time and id: lists, numbers and texts only."""
    return {
        "photos": [asdict(photo) for photo in exchange.photos],
        "picked": [str(path) for path in exchange.picked],
        "found": [{**asdict(photo), "path": str(photo.path)} for photo in exchange.found],
        "cited": [{**asdict(cited), "path": str(cited.path)} for cited in exchange.cited],
        "focus": None if exchange.focus is None else str(exchange.focus),
        "errors": list(exchange.errors),
        "notes": list(exchange.notes),
        "model": exchange.model,
        "spent": asdict(exchange.spent),
    }


def encoded(exchange: Exchange) -> str:
    """`as_json` as one line."""
    return json.dumps(as_json(exchange), separators=(",", ":"))


def decoded(text: str) -> Mapping[str, Any]:
    """Arguments for `Exchange`. Raises `ValueError` for anything that `encoded` did not write."""
    try:
        told: Json = json.loads(text)
        return {
            "photos": tuple(PhotoName(**photo) for photo in told["photos"]),
            "picked": tuple(Path(path) for path in told["picked"]),
            "found": tuple(
                FoundPhoto(**{**photo, "path": Path(photo["path"])}) for photo in told["found"]
            ),
            "cited": tuple(_cited(**cited) for cited in told["cited"]),
            "focus": None if told["focus"] is None else Path(told["focus"]),
            "errors": tuple(told["errors"]),
            "notes": tuple(told.get("notes", ())),  # not there in older conversations
            "model": told["model"],
            "spent": Spent(**told["spent"]),
        }
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an exchange: {error}") from None


def _cited(number: int, path: str, region: list[float] | None) -> Cited:
    if region is None:
        return Cited(number, Path(path))
    left, top, right, bottom = region
    return Cited(number, Path(path), (left, top, right, bottom))

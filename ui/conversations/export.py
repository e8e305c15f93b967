"""Conversations as files to keep elsewhere: Markdown or JSON, in a ZIP with images if there are."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from ui.conversations.encoding import as_json
from ui.conversations.markdown import as_markdown
from ui.conversations.records import Conversation, Exchange

Kind = Literal["md", "json"]

_MIME = {"md": "text/markdown", "json": "application/json"}


def export_name(conversation: Conversation, exchanges: Sequence[Exchange], kind: Kind) -> str:
    """The name of the exported file."""
    return f"{file_name(conversation.title)}.{'zip' if _has_images(exchanges) else kind}"


def mime_of(exchanges: Sequence[Exchange], kind: Kind) -> str:
    """What a browser calls the exported file."""
    return "application/zip" if _has_images(exchanges) else _MIME[kind]


def export(
    conversation: Conversation,
    exchanges: tuple[Exchange, ...],
    kind: Kind,
    added: Mapping[str, bytes],
    cited: Mapping[Path, bytes],
) -> bytes:
    """One file for a conversation; ``added`` are JPEGs of uploaded photos by digest, ``cited`` of
    photos of the library by path. Photos that are not among them are named all the same."""
    added_names = {digest: f"images/added-{n}.jpg" for n, digest in enumerate(added, 1)}
    cited_names = {path: f"images/library-{n}.jpg" for n, path in enumerate(cited, 1)}
    if kind == "md":
        text = as_markdown(conversation, exchanges, added_names, cited_names)
    else:
        names = {str(path): name for path, name in cited_names.items()}
        text = _as_json(conversation, exchanges, {**added_names, **names})
    data = text.encode("utf-8", "backslashreplace")
    if not _has_images(exchanges):
        return data
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{file_name(conversation.title)}.{kind}", data)
        for digest, name in added_names.items():
            archive.writestr(name, added[digest], zipfile.ZIP_STORED)
        for path, name in cited_names.items():
            archive.writestr(name, cited[path], zipfile.ZIP_STORED)
    return packed.getvalue()


def _has_images(exchanges: Sequence[Exchange]) -> bool:
    return any(exchange.photos or exchange.cited for exchange in exchanges)


def file_name(title: str) -> str:
    """A title as the name of a file that every system takes, without its suffix.

    >>> file_name("Find my dogs: ../../x"), file_name("?!")
    ('Find my dogs x', 'conversation')
    """
    return " ".join(re.sub(r"[^\w-]+", " ", title).split())[:80].strip() or "conversation"


def _as_json(
    conversation: Conversation, exchanges: tuple[Exchange, ...], images: Mapping[str, str]
) -> str:
    told = asdict(conversation)
    del told["id"], told["keep_photos"]  # of use on this machine only
    document = {
        "format": "vlm-assistant conversation",
        "version": 1,
        **told,
        "images": images,
        "exchanges": [
            {
                "question": exchange.question,
                "reply": exchange.reply,
                "state": exchange.state,
                "asked_at": exchange.asked_at,
                **as_json(exchange),
            }
            for exchange in exchanges
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"

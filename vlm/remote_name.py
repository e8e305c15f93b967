"""The name of a model behind a server, ``openai:MODEL@BASE_URL``, and the key sent there."""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit

from vlm.errors import UnknownModel

_NAME = re.compile(r"openai:(?P<model>\S+?)@(?P<url>https?://\S+)")
OPENAI = "api.openai.com"


def parse_name(name: str) -> tuple[str, str]:
    """Split ``openai:MODEL@BASE_URL`` into model and base URL; raises `UnknownModel`.

    >>> parse_name("openai:qwen3-vl@http://localhost:8000/v1")
    ('qwen3-vl', 'http://localhost:8000/v1')
    >>> parse_name("openai:me@work/llava:7b@https://models.example/v1/")
    ('me@work/llava:7b', 'https://models.example/v1')
    """
    found = _NAME.fullmatch(name)
    if found is None or not server_of(found["url"]):
        raise UnknownModel(
            name, ["openai:MODEL@http://HOST:PORT/v1", "openai:MODEL@https://HOST/v1"]
        )
    return found["model"], found["url"].rstrip("/")


def server_of(url: str) -> str:
    """Host and port of a URL, without what may be secret in it; empty where it has none.

    >>> server_of("https://user:word@models.example:8443/v1?key=1"), server_of("http://:80/")
    ('models.example:8443', '')
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return f"{host}:{port}" if host and port else host


def api_key(server: str) -> str:
    """`VLM_OPENAI_API_KEY`; for OpenAI itself also `OPENAI_API_KEY`; else "none".

    A key for OpenAI is sent to nobody else, whatever server is named.
    """
    own = os.environ.get("VLM_OPENAI_API_KEY", "")
    return own or (os.environ.get("OPENAI_API_KEY", "") if server == OPENAI else "") or "none"

"""Names of models as other programs see them: no folders of this machine, no secrets of a URL."""

from __future__ import annotations

import re

LIBRARY = "vlm-library"
"""The model that answers from the whole library."""


def public_name(name: str) -> str:
    r"""A name of the model table as it is, the last part of a folder, the model of a server.

    >>> public_name("starter"), public_name("/home/me/my-blip/")
    ('starter', 'my-blip')
    >>> public_name("openai:me/llava:7b@https://user:word@models.example/v1")
    'me/llava:7b'
    """
    if name.startswith("openai:"):
        return re.split(r"@https?://", name.removeprefix("openai:"), maxsplit=1)[0]
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1] or "local"

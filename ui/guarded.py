"""The app behind its token: what `vlm chat --host` lets Streamlit serve instead of `app.py`."""

from __future__ import annotations

import os
from pathlib import Path

from starlette.middleware import Middleware
from streamlit.starlette import App

from ui.access import Guard
from ui.server import HOSTS_VARIABLE, TOKEN_VARIABLE

app = App(
    Path(__file__).with_name("app.py"),
    middleware=[
        Middleware(
            Guard,
            hosts=frozenset(os.environ[HOSTS_VARIABLE].split()),
            token=os.environ[TOKEN_VARIABLE],
        )
    ],
)

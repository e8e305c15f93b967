"""How the app is served and how it looks: options for `streamlit run`.

A `.streamlit/config.toml` is only read from the current folder, so an installed app has to pass
its options on the command line. Text and background pairs reach WCAG 2.2 AA (4.5:1), also for
captions, which Streamlit draws at 60 % of the text colour.
"""

from __future__ import annotations

from collections.abc import Mapping

MAX_UPLOAD_MB = 50
"""A photo straight from a camera, raw formats aside, is smaller than this."""

_SERVED = {
    "server.address": "127.0.0.1",
    "server.allowedHosts": "127.0.0.1 localhost",  # no other name may be bound to this address
    "server.headless": "true",
    "server.maxUploadSize": str(MAX_UPLOAD_MB),
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": "false",
    "logger.hideWelcomeMessage": "true",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
}

_LOOK = {
    "theme.base": "light",
    "theme.primaryColor": "#0b6b66",
    "theme.linkColor": "#0b6b66",
    "theme.backgroundColor": "#ffffff",
    "theme.secondaryBackgroundColor": "#f2f5f4",
    "theme.textColor": "#0f1f1e",
    "theme.grayTextColor": "#4c5b59",
    "theme.grayBackgroundColor": "#f2f5f4",
    "theme.borderColor": "#d7dfdd",
    "theme.baseRadius": "0.6rem",
    "theme.headingFontSizes": '["2rem", "1.25rem", "1.1rem"]',
    "theme.paddingTop": "1.5rem",
    "theme.showWidgetBorder": "true",
    "theme.showSidebarBorder": "true",
    "theme.sidebar.backgroundColor": "#f7f9f8",
}

STREAMLIT_OPTIONS: Mapping[str, str] = {**_SERVED, **_LOOK}
"""Option name to value, as `streamlit config show` lists them; hosts have spaces between."""


def streamlit_flags(**changed: str) -> list[str]:
    """Arguments for `streamlit run`; a changed option is named with _ for each dot.

    >>> streamlit_flags(server_port="8600")[-1]
    '--server.port=8600'
    """
    options = dict(STREAMLIT_OPTIONS)
    options.update((name.replace("_", ".", 1), value) for name, value in changed.items())
    hosts = options.pop("server.allowedHosts").split()
    flags = [f"--server.allowedHosts={host}" for host in hosts]
    return flags + [f"--{name}={value}" for name, value in options.items()]

"""`vlm doctor`."""

from __future__ import annotations

import typer

from ui.commands.options import AsJson, Describer, Library, Model


def doctor(
    library: Library = None,
    model: Model = None,
    describer: Describer = None,
    as_json: AsJson = False,
) -> None:
    """Say what works here, what does not, and why."""
    from ui.diagnosis import diagnose
    from ui.output import say_document, say_table
    from ui.settings import Settings

    checks = list(diagnose(Settings.from_env(library=library, model=model, describer=describer)))
    broken = any(check.state == "broken" for check in checks)
    if as_json:
        found = [{"name": c.name, "state": c.state, "detail": c.detail} for c in checks]
        say_document({"ok": not broken, "checks": found})
    else:
        say_table([(check.state, check.name, check.detail) for check in checks])
    if broken:
        raise typer.Exit(2)

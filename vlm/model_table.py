"""The model table as people read it: the README's Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from vlm.models import ModelSpec

_ROLES = {"embed": "search", "describe": "describe"}


def as_markdown(specs: Iterable[ModelSpec]) -> str:
    """One row a model; test doubles are left out."""
    lines = [
        "| name | for | licence | parameters | download | languages | note |",
        "|---|---|---|---|---|---|---|",
    ]
    for spec in specs:
        if spec.tier == "test":
            continue
        parameters = f"{spec.parameters_m:,.0f} M"
        download = f"{spec.disk_gb:g} GB" if spec.disk_gb else "none"
        cells = (f"`{spec.name}`", _ROLES[spec.role], spec.licence, parameters, download)
        lines.append("| " + " | ".join((*cells, spec.languages, spec.note)) + " |")
    return "\n".join(lines)

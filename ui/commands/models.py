"""`vlm models`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.commands.options import AsJson

if TYPE_CHECKING:
    from vlm.models import ModelSpec


def models(as_json: AsJson = False) -> None:
    """List the models, their licences and what is here."""
    from ui.output import say_document, say_table
    from vlm.models import MODELS

    listed = [_shape(spec) for spec in MODELS]
    if as_json:
        say_document(listed)
        return
    head = ("name", "role", "licence", "download", "state", "note")
    rows = [(m["name"], m["role"], m["licence"], _size(m), _state(m), m["note"]) for m in listed]
    say_table([head, *rows])


def _shape(spec: ModelSpec) -> dict[str, Any]:
    from vlm.extras import missing_packages

    return {
        "name": spec.name,
        "role": spec.role,
        "licence": spec.licence,
        "tier": spec.tier,
        "hub_id": spec.hub_id,
        "parameters_m": spec.parameters_m,
        "disk_gb": spec.disk_gb,
        "ram_gb": spec.ram_gb,
        "languages": spec.languages,
        "extra": spec.extra,
        "installed": not missing_packages(spec.extra),
        "on_disk": _on_disk(spec),
        "note": spec.note,
    }


def _on_disk(spec: ModelSpec) -> bool:
    if not spec.hub_id:
        return True
    from vlm.hub import is_cached

    return is_cached(spec)


def _size(model: dict[str, Any]) -> str:
    return f"{model['disk_gb']:.1f} GB" if model["disk_gb"] else "none"


def _state(model: dict[str, Any]) -> str:
    if not model["installed"]:
        return f"needs the extra [{model['extra']}]"
    return "ready" if model["on_disk"] else "to download"

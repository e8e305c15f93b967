"""A page about the API, made from its OpenAPI document: no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem;
  background: #fff; color: #1a1a1a; overflow-wrap: anywhere; }
a { color: #0645ad; }
@media (prefers-color-scheme: dark) {
  body { background: #121212; color: #eee; }
  a { color: #8ab4f8; }
}
code { font-family: ui-monospace, monospace; }
h3 { margin: 1rem 0 0.2rem; }
dl { margin: 0; }
dt code { font-weight: 700; }
section { border-top: 1px solid; margin-top: 2rem; }
.method { font-weight: 700; }
"""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
"""The Content-Security-Policy of the page."""


def docs_page(document: dict[str, Any]) -> str:
    """The page as HTML."""
    title = escape(document["info"]["title"])
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    links = "".join(
        f'<li><a href="#{_anchor(method, path)}">{method.upper()} {escape(path)}</a>: '
        f"{escape(operation.get('summary', ''))}</li>"
        for method, path, operation in operations
    )
    sections = "".join(
        "".join(_operation(document, method, path, operation))
        for method, path, operation in operations
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
        f"<p>{escape(document['info'].get('description', ''))}</p>"
        '<p>For programs: <a href="/openapi.json">the OpenAPI document</a>.</p>'
        f'<nav aria-label="Operations"><ul>{links}</ul></nav>{sections}</main></body></html>'
    )


def _operation(
    document: dict[str, Any], method: str, path: str, operation: dict[str, Any]
) -> Iterator[str]:
    anchor = _anchor(method, path)
    yield f'<section aria-labelledby="{anchor}"><h2 id="{anchor}">'
    yield f'<span class="method">{method.upper()}</span> <code>{escape(path)}</code></h2>'
    said = (operation.get("summary", "") + ".", operation.get("description", ""))
    yield f"<p>{escape(' '.join(said))}</p>"
    if parameters := operation.get("parameters"):
        rows = [
            (p["name"], f"{p['in']}, {_type(p['schema'])}", p.get("description", ""))
            for p in parameters
        ]
        yield _list("Parameters", rows)
    for media, body in operation.get("requestBody", {}).get("content", {}).items():
        yield _list(f"Request as {media}", _fields(document, body["schema"], "needed"))
    for status, reply in operation["responses"].items():
        schema = reply.get("content", {}).get("application/json", {}).get("schema")
        if status.startswith("2") and schema and _resolved(document, schema).get("properties"):
            yield _list(f"Reply {status}", _fields(document, schema, ""))
    statuses = [(code, reply["description"], "") for code, reply in operation["responses"].items()]
    yield _list("Statuses", statuses)
    yield "</section>"


def _fields(
    document: dict[str, Any], schema: dict[str, Any], needed: str
) -> list[tuple[str, str, str]]:
    """Name, type and meaning of each field; ``needed`` is said of those that must be there."""
    schema = _resolved(document, schema)
    must = schema.get("required", ()) if needed else ()
    return [
        (
            name,
            _type(field) + (f", {needed}" if name in must else ""),
            field.get("description", ""),
        )
        for name, field in schema.get("properties", {}).items()
    ]


def _resolved(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " or ".join(map(repr, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = str(schema.get("format") or schema.get("type") or "any")
    default = f", {schema['default']!r} if not given" if schema.get("default") is not None else ""
    return kind + _limits(schema.get("minimum"), schema.get("maximum")) + default


def _limits(least: float | None, most: float | None) -> str:
    """The limits of a number in words.

    >>> _limits(1.0, 8.0), _limits(1, None), _limits(None, 8), _limits(None, None)
    (', 1 to 8', ', at least 1', ', at most 8', '')
    """
    if least is not None and most is not None:
        return f", {least:g} to {most:g}"
    if least is not None:
        return f", at least {least:g}"
    return "" if most is None else f", at most {most:g}"


def _list(title: str, rows: Sequence[tuple[str, str, str]]) -> str:
    """A list, since tables do not fit on small screens."""
    body = "".join(
        f"<dt><code>{escape(name)}</code></dt><dd>{escape('. '.join(filter(None, rest)))}</dd>"
        for name, *rest in rows
    )
    return f"<h3>{escape(title)}</h3><dl>{body}</dl>"


def _anchor(method: str, path: str) -> str:
    return method + "".join(char if char.isalnum() else "-" for char in path)

"""Pictures that a component file imports: what ``<img src={logo}>`` shows."""

from __future__ import annotations

import re

_IMPORT = re.compile(
    r"""\bimport[ \t]+(\w+)[ \t]+from[ \t]+["'](\.[^"'\n]+)["']"""
    r"""|\b(?:const|let|var)[ \t]+(\w+)[ \t]*=[ \t]*require\(["'](\.[^"'\n]+)["']\)"""
)
_USE = re.compile(
    r"""\{\s*(?:(\w+)(?:\.src)?|require\(["'](\.[^"'\n]+)["']\)(?:\.default)?)\s*\}"""
)


def imported_files(text: str) -> dict[str, str]:
    """The files imported from beside a component, by the names they get.

    >>> imported_files("import logo from './img/logo.png'")
    {'logo': './img/logo.png'}
    """
    return {found[1] or found[3]: found[2] or found[4] for found in _IMPORT.finditer(text)}


def file_of(expression: str, imports: dict[str, str]) -> str | None:
    """The file that an expression in braces stands for, if it is an imported one.

    >>> file_of("{logo.src}", {"logo": "./logo.png"}), file_of("{require('./a.png')}", {})
    ('./logo.png', './a.png')
    """
    found = _USE.fullmatch(expression)
    if found is None:
        return None
    return found[2] or imports.get(found[1])

"""Template expressions in a page, taken out of the way before it is read as HTML or Markdown.

Each expression (Jinja, Liquid, Handlebars, Go, ERB, EJS, PHP, …) is replaced by as many private
characters, so that nothing inside it is taken for markup and every position stays the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FIRST, _LAST = 0xF0000, 0xFFFFD  # supplementary private use area A
_PRIVATE = f"[{chr(_FIRST)}-{chr(_LAST)}]"
_RUN = re.compile(f"({_PRIVATE})\\1*")
_EXPRESSIONS = re.compile(
    # Each ends before the next opening of its kind, so that a page of openings takes linear time.
    r"\{%-?\s*comment\s*-?%\}(?:(?!\{%).|\{%(?!-?\s*(?:end)?comment))*+\{%-?\s*endcomment\s*-?%\}"
    r"|\{\{!--(?:(?!--\}\}|\{\{!--).)*+--\}\}"
    r"|\{\{\{?+(?:(?!\}\}|\{\{|-->|</).)*+\}\}\}?"
    r"|\{%(?:(?!%\}|\{%|-->|</).)*+%\}"
    r"|\{#(?:(?!#\}|\{#).)*+#\}"
    r"|<%(?:(?!%>|<%).)*+%>"
    r"|<\?(?:php\b|=)(?:(?!\?>|<\?(?:php\b|=)).)*+(?:\?>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_IN_A_LINE = re.compile(
    r"\{\{\{?+(?:(?!\}\}|\{\{|\n).)*+\}\}\}?|\{%(?:(?!%\}|\{%|\n).)*+%\}|<%(?:(?!%>|<%|\n).)*+%>"
)
_CONTROL = re.compile(
    r"(?:\{%|<%|\{\{|<\?(?:php\b)?)[-~#/^]*\s*"
    r"(?:if|elif|elsif|elseif|else|unless|for|foreach|each|case|when|with|end\w*"
    r"|\}(?:\s*else\b[^;]*)?)(?![\w.(=]|\s*=)|\{#|\{\{!|<%#",
    re.IGNORECASE,
)
_JUST_CLOSING = re.compile(r"\{\{[-~]?\s*/")
_DOLLAR = re.compile(r"[$#*@]\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Masked:
    """A page with its expressions masked: ``text`` is as long as the page."""

    text: str
    expressions: dict[str, str]  # by the character that stands for them

    def restore(self, piece: str) -> str:
        """A piece of ``text`` as the page has it."""
        return _RUN.sub(self._restored, piece) if self.expressions else piece

    def without(self, piece: str) -> str:
        """A piece of ``text`` less its expressions, for a reader."""
        return _RUN.sub(self._blank, piece) if self.expressions else piece

    def is_template(self, piece: str) -> bool:
        """Whether what the piece comes to is known only when the template is filled in."""
        return bool(self._within(piece)) or bool(_DOLLAR.search(piece))

    def adds_attributes(self, name: str) -> bool:
        """Whether an expression between attributes may write attributes of its own."""
        return not all(map(is_control, self._within(name)))

    def _within(self, piece: str) -> list[str]:
        if not self.expressions:
            return []
        runs = (found[1] for found in _RUN.finditer(piece))
        return [self.expressions[char] for char in runs if char in self.expressions]

    def _restored(self, run: re.Match[str]) -> str:
        expression = self.expressions.get(run[1])
        return run[0] if expression is None else expression * (len(run[0]) // len(expression))

    def _blank(self, run: re.Match[str]) -> str:
        return " " if run[1] in self.expressions else run[0]


def is_control(expression: str) -> bool:
    """Whether an expression only decides or repeats, or is a comment: it writes nothing itself.

    >>> [is_control(e) for e in ("{% if x %}", "{{ attrs }}", "{{#if x}}", "{{/if}}", "<?php } ?>")]
    [True, False, True, True, True]
    """
    return bool(_CONTROL.match(expression) or _JUST_CLOSING.match(expression))


def mask(text: str, *, within_lines: bool = False) -> Masked:
    """Mask all expressions of a page; ``within_lines`` those only that end where they started.

    >>> mask('<a href="{{ f("x") }}">').text.count('"')
    2
    """
    if not any(opening in text for opening in ("{{", "{%", "{#", "<%", "<?")):
        return Masked(text, {})
    taken = {found[1] for found in _RUN.finditer(text)}
    unused = (char for char in map(chr, range(_FIRST, _LAST + 1)) if char not in taken)
    characters: dict[str, str] = {}

    def masked(found: re.Match[str]) -> str:
        char = characters.get(found[0]) or next(unused, "")
        if char:
            characters[found[0]] = char
        return char * len(found[0]) or found[0]

    pattern = _IN_A_LINE if within_lines else _EXPRESSIONS
    out = pattern.sub(masked, text)
    return Masked(out, {char: expression for expression, char in characters.items()})

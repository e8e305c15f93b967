"""Where an expression in braces ends, in the JavaScript that templates of JSX's kind embed."""

from __future__ import annotations

import re

# What never ends counts to the end of its line or of the page, so that nothing is read twice.
STRING = r"""'(?:[^'\\\n]|\\.)*+'?|"(?:[^"\\\n]|\\.)*+"?"""
COMMENT = r"/\*(?:[^*]|\*(?!/))*+(?:\*/)?|//[^\n]*+"
_INTERESTING = re.compile(rf"{COMMENT}|{STRING}|[`{{}}]", re.DOTALL)
IN_TEMPLATE = re.compile(r"(?:[^`$\\]|\\.|\$(?!\{))*+(`|\$\{|\Z)", re.DOTALL)


def end_of_braces(text: str, start: int) -> int:
    """The position after the brace that closes the one at ``start``; the end if none does.

    >>> end_of_braces("{'}' + `${f({})}`} rest", 0)
    18
    """
    position = start
    inside: list[str] = []  # "{" for a brace, "`" for a template literal
    while True:
        if inside and inside[-1] == "`":
            literal = IN_TEMPLATE.match(text, position)
            position = literal.end() if literal else len(text)
            if position >= len(text):
                return len(text)
            if text[position - 1] == "`":
                inside.pop()
            else:
                inside.append("{")
            continue
        found = _INTERESTING.search(text, position)
        if found is None:
            return len(text)
        position = found.end()
        if found[0] in "`{":
            inside.append(found[0])
        elif found[0] == "}":
            inside.pop()
            if not inside:
                return position

"""A command whose query may begin with a minus sign, as in ``vlm search '-type:png'``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from typer.core import TyperCommand


class QueryCommand(TyperCommand):
    """Takes words such as ``-dog`` for a part of the query where they are no option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments as any command does, once it is clear which are words."""
        flags: dict[str, bool] = {}
        for parameter in self.get_params(ctx):
            takes_value = not getattr(parameter, "is_flag", False)
            flags.update(dict.fromkeys(parameter.opts, takes_value))
        return super().parse_args(ctx, words_last(args, flags))


def words_last(arguments: Sequence[str], options: dict[str, bool]) -> list[str]:
    """Options with their values, then ``--``, then words; ``options`` says which take a value.

    What begins with two hyphens, or is a single letter behind one, is an option even if unknown.

    >>> words_last(["-type:png", "cat", "-k", "3", "-dog", "--jsn"], {"-k": True})
    ['-k', '3', '--jsn', '--', '-type:png', 'cat', '-dog']
    """
    known: list[str] = []
    words: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            words.extend(left)
        elif options.get(argument):
            known.extend([argument, *islice(left, 1)])
        elif argument.startswith("--") or _short(argument, options):
            known.append(argument)
        else:
            words.append(argument)
    return [*known, "--", *words] if words else known


def _short(argument: str, options: dict[str, bool]) -> bool:
    """Whether this is a short option, alone or with a number right behind it, as in ``-k3``."""
    letters, number = argument[:2], argument[2:]
    return argument in options or (
        letters.startswith("-") and len(letters) == 2 and (not number or number.isdecimal())
    )

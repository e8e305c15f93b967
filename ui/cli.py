"""The `vlm` command: results on stdout, everything else on stderr.

Exit codes: 0 fine, 1 some files were skipped, 2 it cannot be done, 130 interrupted, 141 when the
reader of a pipe went away.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ui.output import accept_any_name, tell
from ui.query_command import QueryCommand
from ui.quick import be_quick
from vlm.errors import VlmError

COMMANDS = {
    "demo": "demonstrate:demo",
    "index": "indexing:index",
    "search": "find:search",
    "similar": "find:similar",
    "duplicates": "duplicates:duplicates",
    "caption": "describe:caption",
    "ask": "describe:ask",
    "alt": "alt:alt",
    "chat": "chat:chat",
    "serve": "serve:serve",
    "mcp": "mcp:mcp",
    "models": "models:models",
    "doctor": "doctor:doctor",
    "library": "library:library",
}
"""Command name to function, or to a group of commands, below `ui.commands`."""

_CLASSES = {"search": QueryCommand}


class Commands(TyperGroup):
    """Turns the errors that a person can do something about into one line and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; any other exception is a bug and keeps its traceback."""
        try:
            return super().invoke(ctx)
        except VlmError as error:
            tell(f"error: {error}")
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            tell("Interrupted.")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            # The interpreter flushes stdout once more at exit, and must not complain then.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(141) from None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich would take half of the time that `vlm --help` may take
    context_settings={"help_option_names": ["-h", "--help"]},
)

for _name, _place in COMMANDS.items():
    _module, _, _function = _place.partition(":")
    _command = getattr(import_module(f"ui.commands.{_module}"), _function)
    if isinstance(_command, typer.Typer):
        app.add_typer(_command, name=_name)
    else:
        app.command(_name, cls=_CLASSES.get(_name))(_command)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"vlm-assistant {version('vlm-assistant')}")
        raise typer.Exit


@app.callback()
def vlm(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show it.")
    ] = False,
) -> None:
    """Search, question and describe your own photos: private, local, no account and no GPU."""


def main() -> None:
    """Entry point of the `vlm` command."""
    accept_any_name()
    if sys.argv[1:2] in (["search"], ["similar"]):
        be_quick()
    app(prog_name="vlm")

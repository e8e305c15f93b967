"""A conversation as Markdown in which nothing that was said is markup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ui.conversations.records import Conversation, Exchange
from ui.output import printable
from ui.plain import escaped, shown_name

_ENDS = {
    "stopped": "This answer was stopped before its end.",
    "answering": "This answer has no end yet.",
    "failed": "This question was not answered to the end.",
}


def as_markdown(
    conversation: Conversation,
    exchanges: tuple[Exchange, ...],
    added: Mapping[str, str],
    cited: Mapping[Path, str],
) -> str:
    """The whole conversation; ``added`` and ``cited`` name the image files beside it, if any."""
    return "\n".join(_lines(conversation, exchanges, added, cited))


def plain(text: str) -> str:
    r"""Any text as Markdown that shows it as it is, line by line.

    >>> print(plain("# no *heading*\n    no code"))
    \# no \*heading\*\
    no code
    """
    lines = [escaped(printable(line).strip()) for line in text.strip().splitlines()]
    return "\\\n".join(lines).replace("\\\n\\\n", "\n\n")


def _lines(
    conversation: Conversation,
    exchanges: tuple[Exchange, ...],
    added: Mapping[str, str],
    cited: Mapping[Path, str],
) -> Iterator[str]:
    yield f"# {plain(conversation.title)}\n"
    yield f"{conversation.started[:16].replace('T', ' ')} UTC\n"
    for number, exchange in enumerate(exchanges, 1):
        yield f"## Question {number}\n"
        for photo in exchange.photos:
            name = plain(shown_name(photo.name))
            file = added.get(photo.digest)
            yield f"![{name}]({file})\n" if file else f"Photo: {name} (not kept)\n"
        yield from (f"Photo: {_path(path)}\n" for path in exchange.picked)
        if exchange.question:
            yield f"{plain(exchange.question)}\n"
        yield f"## Answer {number}\n"
        if exchange.reply:
            yield f"{plain(exchange.reply)}\n"
        yield from (f"Error: {plain(message)}\n" for message in exchange.errors)
        if exchange.state in _ENDS:
            yield f"*{_ENDS[exchange.state]}*\n"
        for one in exchange.cited:
            name = plain(shown_name(one.path.name))
            if one.path in cited:
                yield f"![{name}]({cited[one.path]})\n"
            yield f"\\[{one.number}\\] {_path(one.path)}\n"
        if exchange.model:
            yield f"*Answered by {plain(exchange.model)}*\n"


def _path(path: Path) -> str:
    return plain(shown_name(str(path)))

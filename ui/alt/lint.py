"""What is wrong with the alternative texts of pages: `vlm alt --lint`. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.records import Skipped
from ui.alt.places import Target, UnitKind
from ui.output import say, say_document, tell, tell_skipped
from ui.plain import counted
from ui.shapes import skipped_shape
from vlm.alt.lint import Finding, lint_document, of_markdown
from vlm.alt.rules import Severity
from vlm.alt.wording import MAX_LENGTH
from vlm.documents.errors import DocumentUnreadable
from vlm.documents.files import read_document
from vlm.documents.images import ImageInDocument
from vlm.documents.pages import images_in

NO_PAGE = "it is no page: --lint reads HTML and Markdown files"


_MOST_OF_SRC = 200
"""Characters; a picture inside a page is an address of megabytes."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding about the image ``src``, whose text is ``alt``, at a line of a page."""

    path: Path
    line: int
    src: str
    alt: str | None
    finding: Finding


@dataclass(slots=True)
class Linted:
    """What was read, and what was found."""

    pages: int = 0
    images: int = 0
    found: list[Found] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def of(self, severity: Severity) -> int:
        """How many findings are an "error", or a "warning"."""
        return sum(each.finding.severity == severity for each in self.found)


def lint_pages(targets: Sequence[Target | Skipped], *, max_length: int = MAX_LENGTH) -> Linted:
    """Read the pages among ``targets``; what is none, or cannot be read, is skipped."""
    linted = Linted()
    for target in targets:
        read = target if isinstance(target, Skipped) else _read(*target)
        if isinstance(read, Skipped):
            linted.skipped.append(read)
            continue
        path, every = read
        images = [image for image in every if _judged(image)]
        contexts = [image.context for image in images]
        findings = lint_document([(c.alt, c) for c in contexts], max_length=max_length)
        linted.pages += 1
        linted.images += len(every)
        for image, each in zip(images, findings, strict=True):
            src, alt = image.context.src, image.context.alt
            for finding in of_markdown(each) if image.kind == "markdown" else each:
                linted.found.append(Found(path, image.line, src, alt, finding))
    return linted


def lint_shape(linted: Linted) -> dict[str, Any]:
    """`vlm alt --lint --json`."""
    return {
        "pages": linted.pages,
        "images": linted.images,
        "errors": linted.of("error"),
        "warnings": linted.of("warning"),
        "findings": [
            {
                "path": str(each.path),
                "line": each.line,
                "src": each.src,
                "alt": each.alt,
                "rule": each.finding.rule,
                "severity": each.finding.severity,
                "message": each.finding.message,
                "source": each.finding.source,
            }
            for each in linted.found
        ],
        "skipped": skipped_shape(linted.skipped),
    }


def say_lint(linted: Linted, *, as_json: bool = False) -> int:
    """Print what was found; the exit code: 1 with errors or skipped pages, 2 with no page at all.

    A line of results is ``path:line: severity: message [rule] src``.
    """
    for skipped in linted.skipped:
        tell_skipped(skipped)
    if as_json:
        say_document(lint_shape(linted))
    else:
        for each in linted.found:
            told = f"{each.finding.severity}: {each.finding.message} [{each.finding.rule}]"
            say(f"{each.path}:{each.line}: {told} {each.src[:_MOST_OF_SRC]}".rstrip())
    errors, warnings = linted.of("error"), linted.of("warning")
    images, pages = counted(linted.images, "image"), counted(linted.pages, "page")
    told = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
    tell(f"{images} in {pages}: {told}.")
    if not linted.pages:
        return 2
    return 1 if errors or linted.skipped else 0


def _read(path: Path, kind: UnitKind) -> tuple[Path, list[ImageInDocument]] | Skipped:
    if kind == "photo":
        return Skipped(path, NO_PAGE)
    try:
        return path, images_in(read_document(path), path)
    except DocumentUnreadable as error:
        return Skipped(path, error.reason)


def _judged(image: ImageInDocument) -> bool:
    """Whether its text is known: not what a template adds, nor an ``aria-label`` instead of it."""
    return image.edit is not None or image.kind == "svg"

"""What is wrong with the texts of pages and in photos: `vlm alt --lint`. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.metadata.carried import carried_text
from index.records import Skipped
from ui.alt.places import Target
from ui.alt.targets import targets_in
from ui.errors import NothingToLint
from ui.output import say, say_document, tell, tell_skipped
from ui.plain import counted
from ui.settings import Settings
from ui.shapes import skipped_shape
from vlm.alt.context import ImageContext
from vlm.alt.lint import Finding, lint, lint_document, of_markdown
from vlm.alt.rules import Severity
from vlm.alt.wording import MAX_LENGTH
from vlm.documents.errors import DocumentUnreadable
from vlm.documents.files import read_document
from vlm.documents.images import ImageInDocument
from vlm.documents.pages import images_in
from vlm.errors import ImageUnreadable, NoPhotos, PathMissing

_MOST_OF_SRC = 200
"""Characters; a picture inside a page is an address of megabytes."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding about the image ``src``, whose text is ``alt``, at a line of a page.

    ``line`` is None where the text is in a photo, or in the sidecar beside it.
    """

    path: Path
    line: int | None
    src: str
    alt: str | None
    finding: Finding


@dataclass(slots=True)
class Linted:
    """What was read, and what was found; ``texts`` of the ``photos`` carry a text."""

    pages: int = 0
    images: int = 0
    photos: int = 0
    texts: int = 0
    found: list[Found] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def of(self, severity: Severity) -> int:
        """How many findings are an "error", or a "warning"."""
        return sum(each.finding.severity == severity for each in self.found)


def lint_all(
    settings: Settings, named: Sequence[Path], query: str | None, *, max_length: int = MAX_LENGTH
) -> Linted:
    """Read what files, folders, patterns and a query name. Raises as `targets_in` does."""
    try:
        targets = targets_in(settings, named, query, ("html", "markdown", "xmp"))
    except NoPhotos:
        raise NothingToLint(named[0]) from None
    return lint_targets(targets, max_length=max_length)


def lint_targets(targets: Sequence[Target | Skipped], *, max_length: int = MAX_LENGTH) -> Linted:
    """Read pages and photos; what cannot be read is skipped."""
    linted = Linted()
    for target in targets:
        if isinstance(target, Skipped):
            linted.skipped.append(target)
        elif target[1] == "photo":
            _lint_photo(linted, target[0], max_length)
        else:
            _lint_page(linted, target[0], max_length)
    return linted


def _lint_photo(linted: Linted, photo: Path, max_length: int) -> None:
    """A photo need not carry a text; it stands for no link, and beside no other."""
    try:
        alt = carried_text(photo)
    except PathMissing:
        linted.skipped.append(Skipped(photo, "there is no such file"))
        return
    except ImageUnreadable as error:
        linted.skipped.append(Skipped(photo, error.reason))
        return
    linted.photos += 1
    if alt and alt.strip():
        linted.texts += 1
        for finding in lint(alt, ImageContext(src=photo.name), max_length=max_length):
            linted.found.append(Found(photo, None, photo.name, alt, finding))


def _lint_page(linted: Linted, page: Path, max_length: int) -> None:
    try:
        every = images_in(read_document(page), page)
    except DocumentUnreadable as error:
        linted.skipped.append(Skipped(page, error.reason))
        return
    images = [image for image in every if _judged(image)]
    contexts = [image.context for image in images]
    findings = lint_document([(c.alt, c) for c in contexts], max_length=max_length)
    linted.pages += 1
    linted.images += len(every)
    for image, each in zip(images, findings, strict=True):
        src, alt = image.context.src, image.context.alt
        for finding in of_markdown(each) if image.kind == "markdown" else each:
            linted.found.append(Found(page, image.line, src, alt, finding))


def lint_shape(linted: Linted) -> dict[str, Any]:
    """`vlm alt --lint --json`."""
    return {
        "pages": linted.pages,
        "images": linted.images,
        "photos": linted.photos,
        "texts_in_photos": linted.texts,
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
    """Print what was found; the exit code: 1 with errors or skipped files, 2 if none was read.

    A line of results is ``path:line: severity: message [rule] src``, for photos without the line.
    """
    for skipped in linted.skipped:
        tell_skipped(skipped)
    if as_json:
        say_document(lint_shape(linted))
    else:
        for each in linted.found:
            told = f"{each.finding.severity}: {each.finding.message} [{each.finding.rule}]"
            place = each.path if each.line is None else f"{each.path}:{each.line}"
            src = "" if each.line is None else each.src[:_MOST_OF_SRC]
            say(f"{place}: {told} {src}".rstrip())
    errors, warnings = linted.of("error"), linted.of("warning")
    read = []
    if linted.pages or not linted.photos:
        read.append(f"{counted(linted.images, 'image')} in {counted(linted.pages, 'page')}")
    if linted.photos:
        read.append(f"{counted(linted.texts, 'text')} in {counted(linted.photos, 'photo')}")
    told = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
    tell(f"{', '.join(read)}: {told}.")
    if not linted.pages and not linted.photos:
        return 2
    return 1 if errors or linted.skipped else 0


def _judged(image: ImageInDocument) -> bool:
    """Whether its text is known: not what a template adds, nor an ``aria-label`` instead of it."""
    return image.edit is not None or image.kind == "svg"

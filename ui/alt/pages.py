"""Pages as units of a batch: their images, the files that those show, and pages with texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index.catalogue.ledger_records import Splice
from index.metadata.writing.errors import TextNotWritten
from index.metadata.writing.planning import read
from index.metadata.writing.replacing import real
from index.records import Skipped
from ui.alt.places import Place, Unit, UnitKind
from ui.alt.splices import spliced
from vlm.documents.errors import DocumentUnreadable
from vlm.documents.images import ImageInDocument
from vlm.documents.local_files import local_file
from vlm.documents.pages import images_in
from vlm.documents.writing import changes
from vlm.errors import ImageUnreadable, PathMissing


def page_unit(path: Path, kind: UnitKind, sites: Sequence[Path]) -> Unit | Skipped:
    """Read a page; its images are looked for in the folders ``sites``, or beside it without any."""
    try:
        state, data = read(real(path))
        images = images_in(data, path)
    except PathMissing:
        return Skipped(path, "there is no such file")
    except (TextNotWritten, ImageUnreadable, DocumentUnreadable) as error:
        return Skipped(path, error.reason)
    return Unit(path, kind, [_place(image, path, sites) for image in images], state, data)


def _place(image: ImageInDocument, page: Path, sites: Sequence[Path]) -> Place:
    found = local_file(image, page, sites)
    return Place(image.context, found.path, image.line, found.reason, image)


def page_with(data: bytes, alts: Sequence[tuple[Place, str]]) -> tuple[bytes, list[Splice]]:
    """A page with texts for its places, and the change that each is, in their order."""
    words = {place.image: alt for place, alt in alts if place.image is not None}
    return spliced(data, changes(data, words))

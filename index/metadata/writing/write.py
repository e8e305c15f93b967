"""Write alternative texts into photos or beside them, and take them back."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from index.metadata.writing import replacing
from index.metadata.writing.errors import Refusal, TextNotWritten
from index.metadata.writing.languages import LangAlt
from index.metadata.writing.packet import texts_in
from index.metadata.writing.planning import (
    Plan,
    container_for,
    plan_embedding,
    plan_sidecar,
    plan_values,
    read,
)
from index.metadata.writing.splices import applied
from index.metadata.writing.undo import Undo
from index.records import FileState


def embed(photo: Path, alt: str, extended: str = "", *, language: str = "en") -> None:
    """Write into the photo itself (JPEG, PNG, WebP, TIFF), and change nothing else in it.

    An empty text leaves what is there. Raises `PathMissing`, `EmbeddingUnsupported`,
    `TextNotWritten` or `FileUnread`; then the file is as it was.
    """
    carry_out(plan_embedding(photo, alt, extended, language=language))


def write_sidecar(photo: Path, alt: str, extended: str = "", *, language: str = "en") -> Path:
    """Write into the XMP sidecar beside the photo and give back which; raises as `embed`."""
    plan = plan_sidecar(photo, alt, extended, language=language)
    carry_out(plan)
    return plan.undo.path


def carry_out(plan: Plan) -> FileState | None:
    """Do what was planned, and say what the file is now; None where there is none.

    Nothing is written, and the time of change stays, where the file says so already. Raises
    `TextNotWritten`, also where the file changed since the plan was made.
    """
    if not plan.changes:
        return plan.before
    return replacing.put(plan.undo.path, plan.content, plan.before)


def restore(undo: Undo) -> FileState | None:
    """Take a written text back, and say what the file is now; None where there is none.

    Where nobody else changed the file, it gets its former bytes and time of change back, or is
    removed if it was made for the text. Else its two texts get their former values, unless they
    were changed as well. Doing it again changes nothing. Raises `TextNotWritten` or `FileUnread`.
    """
    if not undo.path.exists():
        if undo.before is None:
            return None
        raise TextNotWritten(undo.path, "it is gone", "Nothing was taken back.")
    state, data = read(undo.path)
    if state.hash == undo.before:
        return state
    if state.hash != undo.after:
        return _restore_values(undo)
    if undo.before is None:
        replacing.remove(undo.path, state)
        return None
    content = applied(data, undo.splices)
    if sha256(content).digest() != undo.before:
        raise TextNotWritten(undo.path, "the record of the change is damaged")
    return replacing.put(undo.path, content, state, mtime_ns=undo.mtime_ns)


def packet_in(file: Path, data: bytes) -> bytes:
    """The packet of a photo or a sidecar, empty where it has none. Raises as `embed` does."""
    try:
        return container_for(file, data).packet_of(data) or b""
    except Refusal as refusal:
        raise TextNotWritten(file, str(refusal)) from None


def texts_of(file: Path) -> dict[str, LangAlt]:
    """What a photo or a sidecar itself says, by `packet.ALT` and `packet.EXTENDED`.

    Raises as `embed` does.
    """
    _, data = read(replacing.real(file))
    try:
        return texts_in(packet_in(file, data))
    except Refusal as refusal:
        raise TextNotWritten(file, str(refusal)) from None


def _restore_values(undo: Undo) -> FileState | None:
    now = texts_of(undo.path)
    if all(now.get(name, ()) == values for name, values in undo.said.items()):
        return read(undo.path)[0]
    if any(now.get(name, ()) != values for name, values in undo.says.items()):
        raise TextNotWritten(
            undo.path, "its text was changed by another program since", "It stays as it is."
        )
    return carry_out(plan_values(undo.path, undo.said))

"""What writing a text would change, worked out and checked before anything is changed.

A plan knows the new content and what takes it back, so that a ledger can note the latter first:
a process killed at any point then leaves a file that is known to be the old or the new one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BufferedReader
from itertools import zip_longest
from pathlib import Path

from index.decoding.steady import read_steadily
from index.metadata.plain_text import LONG
from index.metadata.sidecar import changed_ns, xmp_names
from index.metadata.writing.containers import SIDECAR, Container, container_of
from index.metadata.writing.errors import EmbeddingUnsupported, Refusal, TextNotWritten
from index.metadata.writing.languages import LangAlt, is_language, writable
from index.metadata.writing.packet import ALT, EXTENDED, texts_in, with_texts, with_values
from index.metadata.writing.replacing import real
from index.metadata.writing.sidecar_names import new_name
from index.metadata.writing.splices import applied, inverse, narrowed
from index.metadata.writing.undo import Undo
from index.metadata.xmp_packet import properties_of
from index.records import FileState
from vlm.errors import system_reason
from vlm.refusals import kind_of
from vlm.suffixes import RAW_SUFFIXES

MAX_BYTES = 512 << 20
"""Of a file into which texts are written; it is held in memory twice."""

_IPTC = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"


@dataclass(frozen=True, slots=True)
class Plan:
    """New content for a file that was in a state, or for one that was not there.

    ``photo`` is the photo as it was named; ``undo.path`` is the file that is written. For a sidecar
    ``beside_ns`` is when those of the photo were last changed, 0 for none.
    """

    photo: Path
    before: FileState | None
    content: bytes
    undo: Undo
    beside_ns: int = 0

    @property
    def changes(self) -> bool:
        """False where the file says so already."""
        return self.undo.before != self.undo.after


def plan_embedding(photo: Path, alt: str, extended: str = "", *, language: str = "en") -> Plan:
    """Plan to write into the photo itself; an empty text leaves what is there.

    Raises `PathMissing`, `EmbeddingUnsupported`, `TextNotWritten` or `FileUnread`.
    """
    texts = _texts(photo, alt, extended, language)
    file = real(photo)
    before, data = read(file)
    container = embeddable(photo, data)
    return _plan(photo, before, data, container, texts, language)


def plan_sidecar(photo: Path, alt: str, extended: str = "", *, language: str = "en") -> Plan:
    """Plan to write into the XMP sidecar beside the photo; raises as `plan_embedding` does.

    It is the one that is read, else a new one: see `index.metadata.writing.sidecar_names`.
    """
    texts = _texts(photo, alt, extended, language)
    real(photo)
    beside_ns = changed_ns(str(photo.parent), photo.name)
    there = [photo.with_name(name) for name in xmp_names(photo.name)]
    beside = next((path for path in there if path.is_symlink() or path.exists()), None)
    if beside is not None:
        before, data = read(real(beside))
        plan = _plan(photo, before, data, SIDECAR, texts, language)
        return replace(plan, beside_ns=beside_ns)
    try:
        new = real(photo.parent) / new_name(photo)
    except OSError as error:
        raise TextNotWritten(photo, system_reason(error)) from None
    content = _with(new, SIDECAR, b"", texts, language)
    said = texts_in(content)
    undo = Undo(new, None, sha256(content).digest(), 0, (), dict.fromkeys(said, ()), said)
    undo = undo if said else replace(undo, before=undo.after)
    return Plan(photo, None, content, undo, beside_ns)


def plan_values(file: Path, values: Mapping[str, LangAlt]) -> Plan:
    """Plan to give properties of a photo or a sidecar all of their texts; none removes one."""
    before, data = read(file)
    container = container_for(file, data)
    try:
        packet = container.packet_of(data) or b""
        return _checked(file, before, data, container, with_values(packet, values))
    except Refusal as refusal:
        raise TextNotWritten(file, str(refusal)) from None


def read(file: Path) -> tuple[FileState, bytes]:
    """The whole of a file. Raises `FileUnread` or `TextNotWritten`."""

    def whole(opened: BufferedReader) -> tuple[bytes, bytes]:
        size = os.fstat(opened.fileno()).st_size
        if size > MAX_BYTES:
            reason = f"the file is over {MAX_BYTES >> 20} MB"
            raise TextNotWritten(file, reason, "Write an XMP sidecar instead: --write xmp.")
        data = opened.read(size)
        return sha256(data).digest(), data

    return read_steadily(file, whole)


def embeddable(photo: Path, data: bytes) -> Container:
    """How this kind of photo keeps its packet. Raises `EmbeddingUnsupported`."""
    if photo.suffix.lower() in RAW_SUFFIXES:
        raise EmbeddingUnsupported(photo, "RAW files")
    container = container_of(data)
    if container is None:
        raise EmbeddingUnsupported(photo, f"{kind_of(data) or 'such'} files")
    return container


def container_for(file: Path, data: bytes) -> Container:
    """As `embeddable`, for a sidecar too."""
    return SIDECAR if file.suffix.lower() == ".xmp" else embeddable(file, data)


def _texts(photo: Path, alt: str, extended: str, language: str) -> dict[str, str]:
    if not is_language(language):
        raise TextNotWritten(photo, f"{language!r} is no language tag, such as en or pt-BR")
    texts = {ALT: writable(alt), EXTENDED: writable(extended)}
    if any(len(text) > LONG for text in texts.values()):
        raise TextNotWritten(photo, f"the text is longer than {LONG} characters")
    return {name: text for name, text in texts.items() if text}


def _plan(
    photo: Path,
    before: FileState,
    data: bytes,
    container: Container,
    texts: Mapping[str, str],
    language: str,
) -> Plan:
    try:
        packet = _with(before.path, container, data, texts, language)
        plan = _checked(photo, before, data, container, packet)
    except Refusal as refusal:
        raise TextNotWritten(photo, str(refusal)) from None
    return plan


def _with(
    file: Path, container: Container, data: bytes, texts: Mapping[str, str], language: str
) -> bytes:
    packet = (container.packet_of(data) or b"") if data else b""
    if not texts:
        return packet
    new = with_texts(packet, texts, language)
    told = properties_of(new)
    for name, text in texts.items():
        if text not in [said for tag, said in told.get(_IPTC + name, ()) if tag == language]:
            raise TextNotWritten(file, "the text does not read back as it was written")
    return new


def _checked(
    photo: Path, before: FileState, data: bytes, container: Container, packet: bytes
) -> Plan:
    old = container.packet_of(data) or b""
    if packet == old:
        undo = Undo(before.path, before.hash, before.hash, before.mtime_ns, (), {}, {})
        return Plan(photo, before, data, undo)
    splices = narrowed(data, container.with_packet(data, packet))
    content = applied(data, splices)
    said, says = texts_in(old), texts_in(container.packet_of(content) or b"")
    back = inverse(data, splices)
    whole = says == texts_in(packet) and applied(content, back) == data
    pictures = zip_longest(container.picture(content), container.picture(data))
    if not whole or any(new != old for new, old in pictures):
        raise TextNotWritten(photo, "the new file does not read back as it should")
    changed = [name for name in {**said, **says} if said.get(name) != says.get(name)]
    undo = Undo(
        before.path,
        before.hash,
        sha256(content).digest(),
        before.mtime_ns,
        back,
        {name: said.get(name, ()) for name in changed},
        {name: says.get(name, ()) for name in changed},
    )
    return Plan(photo, before, content, undo)

"""The decoding process: paths come in, small RGB images and facts go out, as plain bytes.

Started by `index.decoding.decode`, which kills and replaces it when a file hangs or crashes it. It
runs under a memory limit and imports only Pillow and numpy. A reply is the length of a JSON header
(4 bytes), the header, and the pixels, row by row, 3 bytes each.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import signal
import struct
import sys
import time
from contextlib import suppress
from dataclasses import asdict, replace
from io import BufferedReader
from multiprocessing.connection import Connection
from pathlib import Path

from index.decoding.dhash import LEAST_SIDE, dhash
from index.decoding.shape import Shape, shape_named, shaped, side_needed
from index.decoding.steady import FileUnread, read_steadily
from index.metadata.facts import facts_of
from index.metadata.sidecar import read_sidecars
from index.records import FileState
from vlm.errors import ImageUnreadable
from vlm.images import Photo, decode_photo, decode_video
from vlm.video import is_video

LENGTH = struct.Struct("<I")
READY = b"ready"


def main(size: str, fit: str, memory: str) -> None:
    """Answer requests until the other side closes. ``memory`` is the limit in bytes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started us
    requests = Connection(os.dup(0), writable=False)
    replies = Connection(os.dup(1), readable=False)
    silence = os.open(os.devnull, os.O_RDWR)
    os.dup2(silence, 0)
    os.dup2(silence, 1)  # decoders in C print; the pipe is for replies only
    with suppress(ValueError, OSError):  # not every system can limit address space
        resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    wanted = shape_named(int(size), fit)
    replies.send_bytes(READY)
    with suppress(EOFError, BrokenPipeError):
        while True:
            replies.send_bytes(reply(requests.recv_bytes(), wanted))


def reply(path: bytes, wanted: Shape) -> bytes:
    """Read, hash, decode and fit one file."""
    began = time.perf_counter()
    name = Path(os.fsdecode(path))
    try:
        state, photo = _decode(name, max(side_needed(wanted), LEAST_SIDE))
        bits = dhash(photo.image)
        image = shaped(photo.image, wanted)
        facts = facts_of(photo, name, state.mtime_ns, read_sidecars(name))
    except ImageUnreadable as error:
        return _pack({"reason": error.reason, "unread": isinstance(error, FileUnread)})
    except MemoryError:
        return _pack({"reason": "needs more memory than the limit"})
    header = {
        "hash": state.hash.hex(),
        "size": state.size,
        "mtime_ns": state.mtime_ns,
        "facts": asdict(replace(facts, dhash=bits)),
        "shape": image.size,
        "seconds": time.perf_counter() - began,
    }
    return _pack(header, image.tobytes())


def _decode(name: Path, size: int) -> tuple[FileState, Photo]:
    """Hash and decode the same bytes; a video is too large to hold them all at once."""
    if not is_video(name):
        state, data = read_steadily(name, _whole)
        return state, decode_photo(data, name, size=size)

    def watch(file: BufferedReader) -> tuple[bytes, Photo | ImageUnreadable]:
        digest = hashlib.file_digest(file, "sha256").digest()
        file.seek(0)
        try:
            return digest, decode_video(file, name, size=size)
        except ImageUnreadable as error:  # it may still be on its way here
            return digest, error
        finally:
            file.seek(0, os.SEEK_END)

    state, seen = read_steadily(name, watch)
    if isinstance(seen, ImageUnreadable):
        raise seen
    return state, seen


def _whole(file: BufferedReader) -> tuple[bytes, bytes]:
    data = file.read()
    return hashlib.sha256(data).digest(), data


def _pack(header: dict[str, object], pixels: bytes = b"") -> bytes:
    told = json.dumps(header).encode()
    return LENGTH.pack(len(told)) + told + pixels


if __name__ == "__main__":
    main(*sys.argv[1:])

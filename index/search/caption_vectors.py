"""Captions by people compared with a text: what they mean, not only which words they have.

Their vectors are in a file of their own, made by runs of indexing through the model's text side; it
is derived, and not used once the catalogue has changed. What a model says of a photo is not
compared: docs/decisions/0011 tells what that costs, and how the two are put together.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.catalogue.records import Model
from index.library import Library
from index.search.background import background
from index.search.fusion import Ranking, fuse
from index.search.query_vector import QueryVector
from index.vectors import store
from index.vectors.sealed import Damaged, Facts, SealedFile, pieces_of, write
from vlm.protocols import Embedder, Vectors

_log = logging.getLogger(__name__)

CHANNEL = "caption_vector"

MOST = 50_000
"""So many photos with captions are compared, the last that were added."""

SURE = 0.1
"""A caption that is so much nearer than the nearest everyday word makes its photo a `maybe`: with
the starter and 1,000 captions that is so for 2 % of the things that none of the photos shows."""

DEPTH = 200
"""So many captions are ranked at most."""

_BATCH = 32
_SAME = 0.999
"""A word of a higher cosine is the query itself."""


@dataclass(frozen=True, slots=True)
class NearCaptions:
    """Photos whose captions are nearer to a query than any everyday word, and by how much.

    ``likely`` are those that are a `maybe` for it.
    """

    lead: Mapping[int, float]
    likely: frozenset[int] = frozenset()


NO_CAPTIONS = NearCaptions({})


def near_captions(library: Library, embedder: Embedder, vector: QueryVector) -> NearCaptions:
    """The captions that a query of texts comes near; none for one with photos in it."""
    if vector.photos > 0:
        return NO_CAPTIONS
    model = library.model_of(embedder)
    held = _read(_file(library.folder, model), model)
    if held is None or not held.facts.items() >= _state(library, model).items():
        return NO_CAPTIONS
    ids, vectors = held.array("ids", "<i8"), _vectors(held, model)
    words = background(library, embedder).words @ vector.whole
    told = words[words < _SAME]
    lead = vectors @ vector.whole - (told.max() if len(told) else 0.0)
    best = np.argsort(-lead, kind="stable")[:DEPTH]
    near = {int(ids[at]): float(lead[at]) for at in best if lead[at] > 0}
    if vector.wanted is not vector.whole:  # something is subtracted, and captions may say it
        return NearCaptions(near)
    return NearCaptions(near, frozenset(number for number, by in near.items() if by > SURE))


def with_captions(
    nearest: Sequence[tuple[int, float]], near: NearCaptions
) -> dict[int, dict[str, float]]:
    """What vectors contribute to each photo, as `index.search.fusion.fuse` says it.

    Half comes from the rank by the photos' cosines, half from that by cosine and lead together, in
    which photos without a near caption have their place too. ``nearest`` has ids and cosines of
    photos, and those of all that have one.

    >>> parts = with_captions([(1, 0.4), (2, 0.3)], NearCaptions({2: 0.2}))
    >>> {n: {c: round(share, 3) for c, share in p.items()} for n, p in parts.items()}
    {1: {'vector': 0.992}, 2: {'vector': 0.492, 'caption_vector': 0.5}}
    """
    both = [(number, cosine + near.lead.get(number, 0.0)) for number, cosine in nearest]
    parts = fuse([Ranking("vector", 0.5, nearest), Ranking(CHANNEL, 0.5, both)])
    for number, part in parts.items():
        if number not in near.lead:
            part["vector"] += part.pop(CHANNEL)
    return parts


def keep_captions(library: Library, embedder: Embedder, *, anew: bool = True) -> None:
    """Bring the file of caption vectors up to date; each text is embedded once.

    Captions are looked at ``anew``, or only where photos or notes were added since the last time.

    A folder that cannot be written to has no such file, and captions are found by words only.
    """
    catalogue = library.catalogue
    with catalogue.snapshot():
        model = library.model_of(embedder)
        last = catalogue.last_note()
        path = _file(library.folder, model)
        held = _read(path, model)
        stamp: Facts = {**_state(library, model), "note": last}
        known = {} if held is None else {name: held.facts.get(name) for name in stamp}
        if not anew and (known == stamp or (held is None and not last)):
            return
        said = list(catalogue.captions_by_people(MOST))
    if not said:
        path.unlink(missing_ok=True)
        return
    digests = [hashlib.sha256(text.encode()).digest()[:16] for _, text in said]
    rows = {} if held is None else dict(zip(_digests(held), _vectors(held, model), strict=True))
    new = {d: text for d, (_, text) in zip(digests, said, strict=True) if d not in rows}
    fresh = list(new)
    for at in range(0, len(fresh), _BATCH):
        some = fresh[at : at + _BATCH]
        rows |= zip(some, embedder.embed_texts([new[digest] for digest in some]), strict=True)
    halves = np.stack([rows[digest] for digest in digests]).astype(np.float16)
    ids = np.array([number for number, _ in said], np.int64)
    facts: Facts = {"kind": "captions", "dim": model.dim, **stamp}
    sections = [("ids", pieces_of(ids)), ("digests", digests), ("vectors", pieces_of(halves))]
    try:
        write(path, facts, sections)
    except OSError as error:
        _log.debug("%s: not written: %s", path, error.strerror or error)


def _state(library: Library, model: Model) -> Facts:
    return {"library": library.catalogue.library_id().hex(), "generation": model.generation}


def _file(folder: Path, model: Model) -> Path:
    return (folder / store.file_name(model.fingerprint)).with_suffix(".captions")


def _read(path: Path, model: Model) -> SealedFile | None:
    try:
        file = SealedFile.open(path)
        if (file.facts.get("kind"), file.facts.get("dim")) != ("captions", model.dim):
            return None
        for name in ("ids", "digests", "vectors"):  # checked before any of it is believed
            for _ in file.pieces(name):
                pass
        return file
    except FileNotFoundError:
        return None
    except (OSError, Damaged) as damage:
        _log.debug("%s: %s", path, damage)
        return None


def _digests(file: SealedFile) -> list[bytes]:
    whole = b"".join(file.pieces("digests"))
    return [whole[at : at + 16] for at in range(0, len(whole), 16)]


def _vectors(file: SealedFile, model: Model) -> Vectors:
    halves: NDArray[np.float16] = file.array("vectors", "<f2")
    return halves.astype(np.float32).reshape(-1, model.dim)

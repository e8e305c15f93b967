"""open_clip models in ONNX Runtime, the engine of CPUs; needs neither torch nor open_clip.

Each checkpoint is exported once into a folder of the user cache: ``manifest.json`` names a
subfolder with the two towers and the tokenizer, and is written last, so that a torn export does
not exist for anyone. A manifest that does not match its files, or a checkpoint that changed since,
means a new export.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from vlm.clip import ClipEmbedder, Pixels
from vlm.extras import needs_extra
from vlm.models import ModelSpec
from vlm.onnx_session import available_cores, open_session
from vlm.openclip_config import find_weights, fingerprint, small_files_digest, weights_digest
from vlm.openclip_text import Ids, TokenIds
from vlm.protocols import ImageInput, Vectors

SCHEMA = 2
"""Raised when exports of before must not be used any more."""

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Export:
    """One finished export: its cache folder and what its manifest says."""

    cache: Path
    manifest: dict[str, Any]

    def path(self, part: str) -> Path:
        """File of a part: ``image``, ``text`` or ``tokenizer``."""
        return self.cache / str(self.manifest["folder"]) / str(self.manifest["parts"][part]["file"])

    def intact(self, part: str) -> bool:
        """Whether all files of a part are those that were written.

        One that has not been touched since is; any other is read whole.
        """
        folder, said = self.cache / self.manifest["folder"], self.manifest["parts"][part]
        digests: dict[str, str] = said["sha256"]
        touched = [
            name for name in digests if state_of(folder / name) != said.get("state", {}).get(name)
        ]
        return all(
            (folder / name).is_file() and weights_digest(folder / name) == digests[name]
            for name in touched
        )


def state_of(path: Path) -> list[int] | None:
    """Size of a file in bytes and when it was written, in nanoseconds; None where there is none."""
    with suppress(OSError):
        found = path.stat()
        return [found.st_size, found.st_mtime_ns]
    return None


PIECE = 4
"""Rows that one core computes at a time: the activations of more leave its cache.

Pieces run side by side, one a core: splitting each layer over two cores costs a photo through
ViT-B/32-256 in int8 38 ms of processor time instead of 24.
"""


class OnnxTowers:
    """Both towers, each opened when it is first used; ``renew`` replaces a damaged export."""

    def __init__(self, export: Export, renew: Callable[[], Export]) -> None:
        self._export = export
        self._renew = renew
        self._open: dict[str, Any] = {}

    def image_rows(self, pixels: Pixels) -> Vectors:
        """Rows of normalised images."""
        return self._run("image", pixels)

    def text_rows(self, texts: Sequence[str]) -> Vectors:
        """Rows of texts."""
        tokens: TokenIds = self._part("tokenizer", self._tokenizer)
        ids = tokens(texts)
        if self._export.manifest["parts"]["text"].get("any_length"):
            ids = up_to_ends(ids)
        return self._run("text", ids)

    def _run(self, part: str, inputs: NDArray[Any]) -> Vectors:
        session = self._part(part, _session)
        name = session.get_inputs()[0].name

        def rows(piece: NDArray[Any]) -> Vectors:
            found: Vectors = session.run(None, {name: piece})[0]
            return found

        pieces = [inputs[at : at + PIECE] for at in range(0, len(inputs), PIECE)]
        if len(pieces) < 2:
            return rows(inputs)
        with ThreadPoolExecutor(available_cores()) as pool:
            return np.concatenate(list(pool.map(rows, pieces)))

    def _part(self, part: str, load: Callable[[Path], Any]) -> Any:
        if part not in self._open:
            if not self._export.intact(part):
                self._export = self._renew()
            self._open[part] = load(self._export.path(part))
        return self._open[part]

    def _tokenizer(self, path: Path) -> TokenIds:
        from tokenizers import Tokenizer

        return TokenIds(Tokenizer.from_file(str(path)), self._export.manifest["config"]["clean"])


def up_to_ends(ids: Ids) -> Ids:
    """Token ids without the columns behind the last end of a text, which is CLIP's highest id.

    >>> up_to_ends(np.array([[8, 3, 9, 0, 0], [8, 9, 0, 0, 0]])).tolist()
    [[8, 3, 9], [8, 9, 0]]
    """
    return ids[:, : int(ids.argmax(1).max()) + 1]


def load_export(spec: ModelSpec, folder: Path | None) -> ClipEmbedder:
    """Load the export of a checkpoint, making it first where there is none that fits.

    ``folder`` None is the hub's copy, which may be gone once it is exported. Raises
    `ModelUnavailable`, `ModelFileDamaged`, `RuntimeUnavailable`, and `ExtraMissing` when an export
    must be made and torch is not installed.
    """
    cache = export_cache(spec, folder)

    def renew() -> Export:
        with needs_extra(spec.name, "torch"):
            from vlm.openclip_export import export_checkpoint

        if folder is None:
            from vlm.hub import checkpoint_folder  # its client takes 0.2 s to import

            return export_checkpoint(checkpoint_folder(spec), cache)
        return export_checkpoint(folder, cache)

    export, source = read_export(cache), folder
    if source is None:
        from vlm.hub import cached_folder

        source = cached_folder(spec.hub_id)
    if export is None or (source is not None and _changed(source, export.manifest["source"])):
        export = renew()
    config, source_digests = export.manifest["config"], export.manifest["source"]
    return ClipEmbedder(
        name=spec.name,
        fingerprint=fingerprint(source_digests["weights"], source_digests["small_files"]),
        dim=config["dim"],
        image_input=ImageInput(config["size"], config["fit"]),
        mean=tuple(config["mean"]),
        std=tuple(config["std"]),
        towers=OnnxTowers(export, renew),
    )


def export_cache(spec: ModelSpec, folder: Path | None) -> Path:
    """Folder of the user cache for the exports of one checkpoint."""
    source = str(folder.resolve()) if folder else spec.hub_id
    slug = re.sub(r"\W+", "-", folder.name if folder else spec.name).strip("-").lower()
    key = sha256(source.encode()).hexdigest()[:10]
    return user_cache_path("vlm-assistant") / "onnx" / f"{slug}-{key}"


def read_export(cache: Path) -> Export | None:
    """Read the manifest of a finished export; None where there is none that we can use."""
    try:
        manifest = json.loads((cache / MANIFEST).read_text(encoding="utf-8"))
        export = Export(cache, manifest)
        parts = [export.path(part) for part in ("image", "text", "tokenizer")]
        complete = {"config", "source"} <= manifest.keys() and all(p.is_file() for p in parts)
        return export if manifest["schema"] == SCHEMA and complete else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _changed(source: Path, known: dict[str, Any]) -> bool:
    if small_files_digest(source) != known["small_files"]:
        return True
    weights = find_weights(source)
    stat = weights.stat()
    if (stat.st_size, stat.st_mtime_ns) == (known["size"], known["mtime_ns"]):
        return False
    return bool(weights_digest(weights) != known["weights"])


def _session(path: Path) -> Any:
    return open_session(path, f"Delete {path.parent.parent} and run again", threads=1)

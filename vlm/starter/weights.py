"""The model files inside the package: where they are, and whether they are what was shipped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from vlm.errors import ModelFileDamaged
from vlm.onnx_session import open_session

FOLDER = Path(__file__).parent / "files"
MANIFEST = "manifest.json"
REMEDY = (
    "Reinstall the package with: pip install --force-reinstall --no-deps vlm-assistant "
    "(in a checkout: git checkout -- vlm/starter/files)"
)


def read_manifest(folder: Path = FOLDER) -> dict[str, tuple[int, str]]:
    """Size in bytes and SHA-256 of each shipped file. Raises `ModelFileDamaged`."""
    path = folder / MANIFEST
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        return {name: (int(row["bytes"]), str(row["sha256"])) for name, row in files.items()}
    except FileNotFoundError:
        raise ModelFileDamaged(path, "the file is missing", REMEDY) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelFileDamaged(path, f"cannot be read ({error})", REMEDY) from None


def weight_file(name: str, folder: Path = FOLDER) -> Path:
    """Path of a shipped file. Raises `ModelFileDamaged` where it is missing or of another size."""
    path = folder / name
    record = read_manifest(folder).get(name)
    if record is None:
        raise ModelFileDamaged(folder / MANIFEST, f"does not list {name}", REMEDY)
    try:
        size = path.stat().st_size
    except OSError:
        raise ModelFileDamaged(path, "the file is missing", REMEDY) from None
    if size != record[0]:
        reason = f"has {size:,} bytes instead of {record[0]:,}"
        raise ModelFileDamaged(path, reason, REMEDY)
    return path


def check_file(name: str, folder: Path = FOLDER) -> Path:
    """Path of a shipped file, every byte of it compared with the manifest.

    Raises `ModelFileDamaged`. The largest, of 24 MB, takes 16 ms; loading it takes four times that.
    """
    path = weight_file(name, folder)
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != read_manifest(folder)[name][1]:
        raise ModelFileDamaged(path, "has been altered (its SHA-256 is wrong)", REMEDY)
    return path


def check_files(folder: Path = FOLDER) -> list[str]:
    """Compare every byte of all files with the manifest; their names, all sound.

    Raises `ModelFileDamaged` for the first that is missing or altered.
    """
    names = list(read_manifest(folder))
    for name in names:
        check_file(name, folder)
    return names


def open_weights(
    name: str, folder: Path = FOLDER, *, threads: int | None = None, spin_us: int = 0
) -> Any:
    """An ONNX session of a shipped graph, its options those of `vlm.onnx_session.open_session`.

    Raises `ModelFileDamaged` unless it is as shipped.
    """
    return open_session(check_file(name, folder), REMEDY, threads=threads, spin_us=spin_us)


def fingerprint(names: Iterable[str], folder: Path = FOLDER) -> str:
    """Eight hexadecimal digits that change with the contents of the named files."""
    manifest = read_manifest(folder)
    try:
        sums = "".join(manifest[name][1] for name in sorted(names))
    except KeyError as error:
        reason = f"does not list {error.args[0]}"
        raise ModelFileDamaged(folder / MANIFEST, reason, REMEDY) from None
    return hashlib.sha256(sums.encode()).hexdigest()[:8]

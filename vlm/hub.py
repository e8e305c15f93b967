"""Weights from the Hugging Face hub, into its own cache: the local copy first, never a pickle."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any, cast

from huggingface_hub import constants, model_info, snapshot_download
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from vlm.errors import ModelFileDamaged, ModelUnavailable
from vlm.models import ModelSpec

ALLOW = ("*.safetensors", "*.json", "*.txt", "*.model", "*.jinja")
"""What a checkpoint is made of: weights without code, configuration, vocabularies, templates."""

IGNORE = ("onnx/*", "openvino/*", "*/onnx/*", "*/openvino/*")
"""Copies of the same weights for other engines."""

ANSWER_SECONDS = 10.0
"""How long the hub may take to answer at all before it counts as unreachable."""

# The hub's errors descend from those of its HTTP client, whose package changed its name more than
# once; their bases are the client's root error and OSError. The Rust downloader raises
# RuntimeError when its connection breaks.
_UNREACHABLE = cast(
    "tuple[type[Exception], ...]", (*HfHubHTTPError.__bases__, OSError, RuntimeError)
)


_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES)


def checkpoint_folder(
    spec: ModelSpec, hub_id: str | None = None, *, bar: type[Any] | None = None
) -> Path:
    """Return the folder of a model's weights, downloading them the first time.

    ``hub_id`` is one of the repositories of ``spec``, by default its main one; ``bar`` is told of
    the bytes. Raises `ModelUnavailable` when the weights are neither on disk nor to be had.
    """
    hub_id = hub_id or spec.hub_id
    cached = cached_folder(hub_id)
    if cached is not None:
        return cached
    cache = cache_folder()
    repository, revision = _parse(hub_id)
    try:
        # The download waits for ever on a network that swallows packets; this question does not.
        model_info(repository, revision=revision, timeout=ANSWER_SECONDS)
        folder = _snapshot(hub_id, bar=bar)
    except _UNREACHABLE as error:
        raise ModelUnavailable(spec.name, hub_id, cache, _reason(error)) from error
    if not weights(folder):
        raise ModelFileDamaged(
            folder,
            f"{hub_id} publishes no safetensors weights, only formats that can run code",
            "Choose another model: vlm models",
        )
    return folder


def missing_bytes(spec: ModelSpec, hub_id: str) -> int:
    """Ask the hub how much of a repository is to be downloaded. Raises `ModelUnavailable`."""
    if cached_folder(hub_id) is not None:
        return 0
    repository, revision = _parse(hub_id)
    try:
        model_info(repository, revision=revision, timeout=ANSWER_SECONDS)
        files = snapshot_download(
            repository,
            revision=revision,
            allow_patterns=[*ALLOW],
            ignore_patterns=[*IGNORE],
            dry_run=True,
        )
    except _UNREACHABLE as error:
        raise ModelUnavailable(spec.name, hub_id, cache_folder(), _reason(error)) from error
    return sum(file.file_size or 0 for file in files if file.will_download)


def repositories(spec: ModelSpec) -> list[str]:
    """The repositories on the hub that a model consists of."""
    return [hub_id for hub_id in (spec.hub_id, spec.companion) if hub_id]


def cached_folder(hub_id: str) -> Path | None:
    """Return the complete local copy of a repository, or None; never touches the network."""
    try:
        folder = _snapshot(hub_id, local_files_only=True)
    except FileNotFoundError:
        return None
    return folder if weights(folder) and not _lacks_shards(folder) else None


def is_cached(spec: ModelSpec) -> bool:
    """Whether a model can be loaded without network: all its repositories are on disk."""
    return all(cached_folder(hub_id) is not None for hub_id in repositories(spec))


def cache_folder() -> Path:
    """Where the hub's files are kept (`HF_HUB_CACHE` or `HF_HOME` move it)."""
    return Path(constants.HF_HUB_CACHE)


def weights(folder: Path) -> list[Path]:
    """List the safetensors files of a checkpoint folder, its modules' folders included."""
    return sorted(path for path in folder.rglob("*.safetensors") if path.is_file())


def _lacks_shards(folder: Path) -> bool:
    for index in folder.rglob("*.safetensors.index.json"):
        try:
            shards = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return True
        if not all((index.parent / shard).is_file() for shard in shards):
            return True
    return False


def _parse(hub_id: str) -> tuple[str, str]:
    repository, _, revision = hub_id.partition("@")
    return repository, revision or constants.DEFAULT_REVISION


def _snapshot(hub_id: str, *, local_files_only: bool = False, bar: type[Any] | None = None) -> Path:
    repository, revision = _parse(hub_id)
    return Path(
        snapshot_download(
            repository,
            revision=revision,
            allow_patterns=[*ALLOW],
            ignore_patterns=[*IGNORE],
            local_files_only=local_files_only,
            tqdm_class=bar,
        )
    )


def _reason(error: Exception) -> str:
    if isinstance(error, OfflineModeIsEnabled) or constants.HF_HUB_OFFLINE:
        return "the hub may not be used (HF_HUB_OFFLINE is set)"
    first_line = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".:")
    if isinstance(error, GatedRepoError):
        return f"its authors give it to accounts that they know only ({first_line})"
    if isinstance(error, RepositoryNotFoundError | RevisionNotFoundError):
        return f"the hub knows no model of this name ({first_line})"
    if isinstance(error, HfHubHTTPError):
        return f"the hub refused it ({first_line})"
    if isinstance(error, OSError) and error.errno in _DISK:
        return f"the disk refused it ({first_line})"
    return f"the hub cannot be reached ({first_line})"

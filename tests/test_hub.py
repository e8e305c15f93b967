"""Weights from the hub: local copy first, no pickles, and a clear word when there is no network."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from huggingface_hub import constants
from tiny_hub import COMMIT, serve

from vlm import hub
from vlm.errors import ModelUnavailable
from vlm.hub import cache_folder, cached_folder, checkpoint_folder, is_cached
from vlm.models import MODELS, ModelSpec
from vlm.registry import find_spec

SPEC = replace(find_spec("embed", "clip-b32")[0], name="tiny", hub_id="someone/tiny-model")
FILES = {
    "open_clip_config.json": b"{}",
    "open_clip_model.safetensors": b"weights",
    "tokenizer.json": b"{}",
    "open_clip_pytorch_model.bin": b"a pickle",
    "model.pt": b"a pickle",
    "model.pkl": b"a pickle",
    "tf_model.h5": b"other weights",
    "modeling.py": b"import os",
    "onnx/model.safetensors": b"the same again",
}
WANTED = {"open_clip_config.json", "open_clip_model.safetensors", "tokenizer.json"}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "hub cache"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(place))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    return place


def put(cache: Path, hub_id: str, **files: str) -> Path:
    """A finished download as the hub's client leaves it, by repository and revision."""
    repository, _, revision = hub_id.partition("@")
    place = cache / f"models--{repository.replace('/', '--')}"
    snapshot = place / "snapshots" / COMMIT
    for name, content in files.items():
        path = snapshot / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    ref = place / "refs" / (revision or "main")
    ref.parent.mkdir(parents=True, exist_ok=True)
    ref.write_text(COMMIT)
    return snapshot


def download(cache: Path, endpoint: str, hub_id: str = SPEC.hub_id) -> str:
    """Download in a process of its own: the hub's address is read when its client is imported."""
    code = (
        "from dataclasses import replace\n"
        "from vlm.hub import checkpoint_folder\n"
        "from vlm.registry import find_spec\n"
        "from vlm.errors import VlmError\n"
        f"spec = replace(find_spec('embed', 'clip-b32')[0], name='tiny', hub_id={hub_id!r})\n"
        "try: print(checkpoint_folder(spec))\n"
        "except VlmError as error: print(type(error).__name__, error)\n"
    )
    environment = {"HF_ENDPOINT": endpoint, "HF_HUB_CACHE": str(cache), "HF_HUB_OFFLINE": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_download_takes_safetensors_and_never_pickles_or_code(cache: Path) -> None:
    with serve({SPEC.hub_id: FILES}) as (endpoint, requests):
        folder = Path(download(cache, endpoint))
    found = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert found == WANTED
    asked = {path.rpartition("/")[2] for path in requests if "/resolve/" in path}
    assert asked == WANTED


def test_what_was_downloaded_needs_no_network_afterwards(cache: Path) -> None:
    with serve({SPEC.hub_id: FILES}) as (endpoint, requests):
        folder = download(cache, endpoint)
        before = len(requests)
        assert download(cache, endpoint) == folder
        assert len(requests) == before
    assert str(checkpoint_folder(SPEC)) == folder


def test_a_revision_can_be_part_of_the_name(cache: Path) -> None:
    hub_id = f"{SPEC.hub_id}@refs/pr/38"
    with serve({SPEC.hub_id: FILES}) as (endpoint, requests):
        folder = download(cache, endpoint, hub_id)
    assert any("/revision/refs%2Fpr%2F38" in path for path in requests)
    assert str(cached_folder(hub_id)) == folder
    assert cached_folder(SPEC.hub_id) is None


def test_a_repository_of_pickles_only_is_refused(cache: Path) -> None:
    files = {"config.json": b"{}", "pytorch_model.bin": b"a pickle"}
    with serve({SPEC.hub_id: files}) as (endpoint, _):
        answer = download(cache, endpoint)
    assert answer.startswith("ModelFileDamaged")
    assert "someone/tiny-model publishes no safetensors weights" in answer


def test_a_hub_that_refuses_is_quoted(cache: Path) -> None:
    with serve({SPEC.hub_id: FILES}, status=503) as (endpoint, _):
        answer = download(cache, endpoint)
    assert answer.startswith("ModelUnavailable")
    assert "the hub refused it" in answer and "503" in answer


def test_a_repository_that_is_not_there_is_quoted(cache: Path) -> None:
    with serve({}) as (endpoint, _):
        answer = download(cache, endpoint)
    assert answer.startswith("ModelUnavailable The weights of 'tiny' (someone/tiny-model)")


def test_a_hub_that_cannot_be_reached_names_model_cache_and_the_offline_ways(cache: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        free = server.getsockname()[1]
    answer = download(cache, f"http://127.0.0.1:{free}")
    for part in (
        "ModelUnavailable",
        "'tiny' (someone/tiny-model)",
        str(cache),
        "the hub cannot be reached",
        "--model starter",
        "--model /path/to/checkpoint",
    ):
        assert part in answer


def test_a_hub_that_never_answers_is_given_up(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(hub, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(hub.model_info.__self__, "endpoint", address)
        with pytest.raises(ModelUnavailable, match=r"cannot be reached \(timed out\)"):
            checkpoint_folder(SPEC)


def test_offline_mode_is_named_and_needs_no_network(cache: Path) -> None:
    with pytest.raises(ModelUnavailable, match="HF_HUB_OFFLINE is set"):
        checkpoint_folder(SPEC)


def test_the_local_copy_is_used_offline(cache: Path) -> None:
    folder = put(cache, SPEC.hub_id, **{"config.json": "{}", "model.safetensors": "weights"})
    assert checkpoint_folder(SPEC) == folder
    assert cache_folder() == cache


@pytest.mark.parametrize("missing", ["weights", "shard"])
def test_a_download_that_was_cut_short_is_no_local_copy(missing: str, cache: Path) -> None:
    shards = {"a": "model-1.safetensors", "b": "model-2.safetensors"}
    index = json.dumps({"weight_map": shards})
    put(cache, SPEC.hub_id, **{"config.json": "{}", "model.safetensors.index.json": index})
    if missing == "shard":
        put(cache, SPEC.hub_id, **{"model-1.safetensors": "weights"})
    assert cached_folder(SPEC.hub_id) is None
    put(cache, SPEC.hub_id, **{"model-1.safetensors": "x", "model-2.safetensors": "x"})
    assert cached_folder(SPEC.hub_id) is not None


def test_a_model_of_two_repositories_is_there_when_both_are(cache: Path) -> None:
    spec = replace(SPEC, companion="someone/second")
    put(cache, SPEC.hub_id, **{"model.safetensors": "x"})
    assert is_cached(SPEC) and not is_cached(spec)
    put(cache, "someone/second", **{"1_Dense__model.safetensors": "x"})
    assert is_cached(spec)


@pytest.mark.parametrize("spec", [s for s in MODELS if not s.hub_id], ids=lambda s: s.role)
def test_models_that_come_with_the_package_are_always_there(spec: ModelSpec) -> None:
    assert is_cached(spec)


def test_a_damaged_list_of_shards_is_no_local_copy(cache: Path) -> None:
    put(
        cache,
        SPEC.hub_id,
        **{"model.safetensors": "x", "model.safetensors.index.json": "not json"},
    )
    assert cached_folder(SPEC.hub_id) is None

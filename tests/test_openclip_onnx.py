"""The ONNX export of tiny open_clip checkpoints: parity, the int8 rule, and a cache that heals."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vlm.checkpoint import recognise
from vlm.clip import ClipEmbedder
from vlm.errors import ModelFileDamaged, RuntimeUnavailable
from vlm.openclip import load
from vlm.openclip_onnx import MANIFEST, OnnxTowers, export_cache, read_export
from vlm.runtime import _may_have_a_gpu

pytest.importorskip("torch", reason="the torch extra is not installed")
pytest.importorskip("open_clip", reason="the torch extra is not installed")
pytest.importorskip("onnxscript", reason="the torch extra is not installed")

import torch
from tiny_clip import SIGLIP, SQUASH, open_clip_folder, pictures

from vlm import openclip_export
from vlm.openclip_export import export_checkpoint

TEXTS = ["a dog", "two cats on a red sofa", ""]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_clip_folder(tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="module")
def exported(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_checkpoint(folder, tmp_path_factory.mktemp("cache") / "clip").cache


@pytest.fixture
def cache(folder: Path, exported: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache with the export in it; a new one would be a surprise."""
    monkeypatch.setenv("VLM_ENGINE", "onnx")
    place = export_cache(recognise(folder, "embed"), folder)
    shutil.copytree(exported, place)
    return place


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch, exported: Path) -> list[Path]:
    """Where exports went to; they are copies, because the real one takes seconds."""
    made = []

    def copy(folder: Path, cache: Path) -> Any:
        made.append(cache)
        shutil.copytree(exported, cache, dirs_exist_ok=True)
        return read_export(cache)

    monkeypatch.setattr(openclip_export, "export_checkpoint", copy)
    return made


def opened(folder: Path) -> ClipEmbedder:
    return load(recognise(folder, "embed"), folder)


def on_torch(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ClipEmbedder:
    monkeypatch.setenv("VLM_ENGINE", "torch")
    return opened(folder)


def test_int8_is_kept_where_it_is_close(exported: Path) -> None:
    manifest = json.loads((exported / MANIFEST).read_text())
    for part in ("image", "text"):
        found = manifest["parts"][part]
        assert found["precision"] == "int8"
        assert found["int8_cosine"]["mean"] >= 0.99
        assert found["int8_cosine"]["worst"] >= 0.97
        assert found["float32_cosine"]["worst"] > 0.9999
    assert set(manifest["versions"]) == {"torch", "open_clip_torch", "onnx", "onnxruntime"}


def test_onnx_agrees_with_torch(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    onnx = opened(folder)
    reference = on_torch(folder, monkeypatch)
    assert isinstance(onnx.towers, OnnxTowers)
    images = pictures(20, (80, 50))
    assert (onnx.embed_images(images) * reference.embed_images(images)).sum(1).min() > 0.999
    assert (onnx.embed_texts(TEXTS) * reference.embed_texts(TEXTS)).sum(1).min() > 0.99
    assert onnx.fingerprint == reference.fingerprint
    assert (onnx.dim, onnx.image_input) == (reference.dim, reference.image_input)


def test_a_text_costs_its_own_length_where_its_end_decides(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    onnx, reference = opened(folder), on_torch(folder, monkeypatch)
    manifest = json.loads((cache / MANIFEST).read_text())
    assert manifest["parts"]["text"]["any_length"] is True
    for text in ("", "a dog", "a long text " * 20):
        cosine = (onnx.embed_texts([text]) * reference.embed_texts([text])).sum()
        assert cosine > 0.99, text


def test_a_batch_gives_the_vectors_of_its_members(folder: Path, cache: Path) -> None:
    embedder = opened(folder)
    images = pictures(5)
    alone = np.concatenate([embedder.embed_images([image]) for image in images])
    # Dynamic int8 scales activations by batch, so members of a batch differ in the third digit.
    assert (embedder.embed_images(images) * alone).sum(1).min() > 0.999


def test_a_tower_that_int8_would_spoil_stays_float32(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = open_clip_folder(tmp_path / "model")
    _spoil_image_tower(folder / "open_clip_model.safetensors")
    export = export_checkpoint(folder, tmp_path / "cache")
    image, text = (export.manifest["parts"][part] for part in ("image", "text"))
    assert (image["precision"], text["precision"]) == ("float32", "int8")
    assert image["int8_cosine"]["mean"] < 0.99 or image["int8_cosine"]["worst"] < 0.97
    assert {path.name for path in export.path("image").parent.iterdir()} == {
        "image.onnx",
        "int8-text.onnx",
        "tokenizer.json",
    }
    onnx = OnnxTowers(export, renew=lambda: pytest.fail("the export is whole"))
    pixels = np.random.default_rng(0).normal(size=(3, 3, 32, 32)).astype(np.float32)
    reference: Any = on_torch(folder, monkeypatch).towers
    np.testing.assert_allclose(
        onnx.image_rows(pixels), reference.image_rows(pixels), rtol=1e-3, atol=1e-4
    )


def _spoil_image_tower(weights: Path) -> None:
    """One huge channel that nothing uses takes the whole range of eight bits for itself."""
    from safetensors.torch import load_file, save_file

    tensors = load_file(weights)
    tensors["visual.ln_post.weight"][0] = 1e4
    tensors["visual.proj"][0] = 0
    save_file(tensors, weights)


def test_siglip_towers_and_files_of_more_than_two_gigabytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openclip_export, "ONE_FILE_BYTES", 0)
    folder = open_clip_folder(tmp_path / "model", SIGLIP, SQUASH)
    export = export_checkpoint(folder, tmp_path / "cache")
    assert all(len(export.manifest["parts"][part]["sha256"]) == 2 for part in ("image", "text"))
    assert all(export.intact(part) for part in ("image", "text", "tokenizer"))
    assert "any_length" not in export.manifest["parts"]["text"], "SigLIP reads the padding too"
    onnx = OnnxTowers(export, renew=lambda: pytest.fail("the export is whole"))
    reference: Any = on_torch(folder, monkeypatch).towers
    rows, expected = (np.array(t.text_rows(TEXTS)) for t in (onnx, reference))
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(expected, axis=1)
    assert ((rows * expected).sum(1) / lengths).min() > 0.99


def without_torch(folder: Path) -> subprocess.CompletedProcess[str]:
    """Embed a text in a process that has only what the light install has."""
    code = (
        "import sys\n"
        "sys.modules |= dict.fromkeys(['torch', 'open_clip', 'transformers', 'onnx'])\n"
        "from vlm import VlmError, load_embedder\n"
        "try:\n"
        f"    print(load_embedder({str(folder)!r}).embed_texts(['a dog']).shape)\n"
        "except VlmError as error:\n"
        "    print(error)\n"
    )
    environment = os.environ | {"VLM_DEVICE": "cpu"}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


def test_the_second_time_needs_neither_torch_nor_open_clip(folder: Path, cache: Path) -> None:
    done = without_torch(folder)
    assert (done.stdout, done.stderr) == ("(1, 32)\n", "")


@pytest.mark.skipif(_may_have_a_gpu(), reason="torch is asked about the GPU of this machine")
def test_an_exported_model_is_loaded_without_torch_where_it_is_installed(
    folder: Path, cache: Path
) -> None:
    code = (
        "import sys, vlm\n"
        f"vlm.load_embedder({str(folder)!r}).embed_texts(['a dog'])\n"
        "print({'torch', 'open_clip', 'transformers', 'onnx'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize("damage", ["no export", "damaged tower"])
def test_an_export_that_would_need_torch_names_the_extra(
    damage: str, folder: Path, cache: Path
) -> None:
    export = read_export(cache)
    assert export is not None
    if damage == "no export":
        (cache / MANIFEST).unlink()
    else:
        export.path("text").write_bytes(b"damaged")
    done = without_torch(folder)
    assert done.stderr == ""
    assert "needs torch, transformers, open_clip, onnx. Install it with: pip install" in done.stdout


@pytest.mark.parametrize("part", ["image", "text", "tokenizer"])
def test_a_damaged_part_is_exported_again(
    part: str, folder: Path, cache: Path, exports: list[Path]
) -> None:
    embedder = opened(folder)
    export = read_export(cache)
    assert export is not None
    damaged = export.path(part)
    damaged.write_bytes(damaged.read_bytes()[:-100] + bytes(100))
    assert embedder.embed_images(pictures()).shape == (3, 32)
    assert embedder.embed_texts(TEXTS).shape == (3, 32)
    assert exports == [cache]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": 1}', '{"schema": 0}'])
def test_a_manifest_that_makes_no_sense_is_no_export(
    content: str, folder: Path, cache: Path, exports: list[Path]
) -> None:
    (cache / MANIFEST).write_text(content)
    assert opened(folder).embed_texts(TEXTS).shape == (3, 32)
    assert exports == [cache]


def test_a_missing_file_is_exported_again(folder: Path, cache: Path, exports: list[Path]) -> None:
    export = read_export(cache)
    assert export is not None
    export.path("text").unlink()
    opened(folder)
    assert exports == [cache]


def test_an_export_is_used_again(folder: Path, cache: Path, exports: list[Path]) -> None:
    opened(folder)
    (folder / "open_clip_model.safetensors").touch()
    opened(folder)
    assert exports == []


def test_a_checkpoint_that_changed_is_exported_again(
    folder: Path,
    tmp_path: Path,
    exported: Path,
    exports: list[Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VLM_ENGINE", "onnx")
    changing = shutil.copytree(folder, tmp_path / "changing")
    cache = export_cache(recognise(changing, "embed"), changing)
    shutil.copytree(exported, cache)
    opened(changing)
    assert exports == []
    open_clip_folder(changing, seed=1)
    opened(changing)
    assert exports == [cache]


def test_a_new_export_replaces_the_old_one_whole(
    folder: Path, exported: Path, tmp_path: Path
) -> None:
    cache = Path(shutil.copytree(exported, tmp_path / "cache"))
    old = read_export(cache)
    assert old is not None
    openclip_export._publish(cache, _second_manifest(cache, old.manifest))
    assert [path.name for path in sorted(cache.iterdir())] == ["export-second", MANIFEST]
    new = read_export(cache)
    assert new is not None
    assert new.intact("image")


def _second_manifest(cache: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    shutil.copytree(cache / manifest["folder"], cache / "export-second")
    return manifest | {"folder": "export-second"}


def test_a_cache_that_cannot_be_written_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(RuntimeUnavailable, match=r"clip cannot be written .*VLM_ENGINE=torch"):
        export_checkpoint(folder, tmp_path / "cache" / "clip")


def test_a_broken_checkpoint_leaves_the_old_export_alone(
    folder: Path, exported: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    (broken / "open_clip_model.safetensors").write_bytes(b"")
    cache = Path(shutil.copytree(exported, tmp_path / "cache"))
    with pytest.raises(ModelFileDamaged, match=r"open_clip_model\.safetensors"):
        export_checkpoint(broken, cache)
    assert read_export(cache) is not None


def test_an_export_that_disagrees_with_torch_is_refused_and_removed(
    folder: Path, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = read_export(exported)
    assert export is not None
    monkeypatch.setattr(
        torch.onnx, "export", lambda tower, args, file, **_: shutil.copy(export.path("image"), file)
    )
    monkeypatch.setattr(openclip_export, "SAME_COSINE", 1.0)  # more than int8 ever reaches
    with pytest.raises(RuntimeUnavailable, match=r"gives other vectors .*VLM_ENGINE=torch"):
        export_checkpoint(folder, tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []

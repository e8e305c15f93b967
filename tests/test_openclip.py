"""open_clip on torch against open_clip itself, on tiny random checkpoints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from vlm.checkpoint import recognise
from vlm.clip import BATCH, ClipEmbedder
from vlm.errors import ModelFileDamaged
from vlm.images import fit_image
from vlm.openclip import load
from vlm.protocols import Embedder, ImageInput

pytest.importorskip("torch", reason="the torch extra is not installed")
pytest.importorskip("open_clip", reason="the torch extra is not installed")

import open_clip
import torch
from tiny_clip import CLIP, SIGLIP, SQUASH, open_clip_folder, pictures

TEXTS = ["a dog", "", "Two CATS, on a red sofa!", "word " * 40, "straße in köln"]


@pytest.fixture(autouse=True)
def _on_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLM_ENGINE", "torch")
    monkeypatch.setenv("VLM_DEVICE", "cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_clip_folder(tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="module")
def siglip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_clip_folder(tmp_path_factory.mktemp("siglip"), SIGLIP, SQUASH)


def opened(folder: Path) -> ClipEmbedder:
    return load(recognise(folder, "embed"), folder)


def reference(folder: Path, images: list[Image.Image], texts: list[str]) -> tuple[Any, Any]:
    """Unit vectors by open_clip's own loading, preprocessing, tokenizer and forward."""
    name = f"local-dir:{folder}"
    model, preprocess = open_clip.create_model_from_pretrained(name)
    model.eval()
    with torch.no_grad():
        pixels = torch.stack([preprocess(image) for image in images])
        rows = model.encode_image(pixels, normalize=True)
        tokens = open_clip.get_tokenizer(name)(texts)
        return rows.numpy(), model.encode_text(tokens, normalize=True).numpy()


@pytest.mark.parametrize("kind", ["folder", "siglip"])
def test_vectors_are_those_of_open_clip(kind: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(kind)
    images = pictures()
    expected_images, expected_texts = reference(folder, images, TEXTS)
    embedder = opened(folder)
    assert isinstance(embedder, Embedder)
    np.testing.assert_allclose(embedder.embed_images(images), expected_images, atol=1e-5)
    np.testing.assert_allclose(embedder.embed_texts(TEXTS), expected_texts, atol=1e-5)


@pytest.mark.parametrize("kind", ["folder", "siglip"])
@pytest.mark.parametrize("size", [(90, 60), (31, 200), (640, 480)])
def test_any_shape_comes_near_open_clips_own_scaling(
    kind: str, size: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    folder = request.getfixturevalue(kind)
    images = pictures(3, size)
    expected, _ = reference(folder, images, [""])
    cosines = (opened(folder).embed_images(images) * expected).sum(1)
    assert cosines.min() > 0.999


def test_the_checkpoint_says_how_images_are_made_square(folder: Path, siglip: Path) -> None:
    assert opened(folder).image_input == ImageInput(32, "crop")
    assert opened(siglip).image_input == ImageInput(32, "squash")


@pytest.mark.parametrize("size", [(90, 60), (60, 90), (32, 32), (7, 300)])
def test_an_image_that_was_fitted_before_gives_the_same_vector(
    folder: Path, size: tuple[int, int]
) -> None:
    embedder = opened(folder)
    images = pictures(2, size)
    fitted = [fit_image(image, embedder.image_input) for image in images]
    np.testing.assert_array_equal(embedder.embed_images(fitted), embedder.embed_images(images))


def test_a_batch_gives_the_vectors_of_its_members_in_their_order(folder: Path) -> None:
    embedder = opened(folder)
    images, texts = pictures(BATCH + 3), [f"photo number {i}" for i in range(BATCH + 3)]
    alone = np.concatenate([embedder.embed_images([image]) for image in images])
    np.testing.assert_allclose(embedder.embed_images(images), alone, atol=1e-5)
    alone = np.concatenate([embedder.embed_texts([text]) for text in texts])
    np.testing.assert_allclose(embedder.embed_texts(texts), alone, atol=1e-5)


def test_vectors_are_float32_of_unit_length_and_nothing_gives_no_row(folder: Path) -> None:
    embedder = opened(folder)
    vectors = embedder.embed_images(pictures())
    assert (vectors.dtype, vectors.shape) == (np.float32, (3, embedder.dim))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert embedder.embed_images([]).shape == embedder.embed_texts([]).shape == (0, embedder.dim)


def test_half_precision_stays_close_to_float32(folder: Path) -> None:
    from vlm.openclip_config import read_config
    from vlm.openclip_torch import load_towers
    from vlm.runtime import Runtime

    config, pixels = read_config(folder), np.random.default_rng(0).normal(size=(4, 3, 32, 32))
    rows = [
        load_towers(folder, config, Runtime("cpu", dtype, "")).image_rows(pixels.astype(np.float32))
        for dtype in ("float32", "bfloat16")
    ]
    full, half = (r / np.linalg.norm(r, axis=1, keepdims=True) for r in rows)
    assert half.dtype == np.float32
    assert 0.99 < (full * half).sum(1).min() < 1


def test_other_weights_have_another_fingerprint(folder: Path, tmp_path: Path) -> None:
    other = open_clip_folder(tmp_path / "other", seed=1)
    same = open_clip_folder(tmp_path / "same")
    assert opened(same).fingerprint == opened(folder).fingerprint != opened(other).fingerprint


def test_other_preprocessing_has_another_fingerprint(folder: Path, tmp_path: Path) -> None:
    squashed = open_clip_folder(tmp_path, look=SQUASH)
    assert opened(squashed).fingerprint != opened(folder).fingerprint


def test_a_pickle_beside_safetensors_is_never_opened(tmp_path: Path) -> None:
    folder = open_clip_folder(tmp_path)
    (folder / "open_clip_model.safetensors").rename(folder / "model.safetensors")
    # open_clip would prefer this name.
    (folder / "open_clip_pytorch_model.bin").write_bytes(b"no pickle at all")
    assert opened(folder).embed_texts(["a"]).shape == (1, 32)


def test_a_folder_with_pickled_weights_only_is_refused(tmp_path: Path) -> None:
    folder = open_clip_folder(tmp_path)
    (folder / "open_clip_model.safetensors").rename(folder / "open_clip_pytorch_model.bin")
    with pytest.raises(ModelFileDamaged, match=r"only pickled weights .*can run code.*safetensors"):
        opened(folder)


def test_a_truncated_weight_file_is_named(tmp_path: Path) -> None:
    folder = open_clip_folder(tmp_path)
    weights = folder / "open_clip_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelFileDamaged, match=r"open_clip_model\.safetensors: damaged"):
        opened(folder)


def test_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    folder = open_clip_folder(tmp_path)
    config = {"model_cfg": {**CLIP, "embed_dim": 48}}
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    with pytest.raises(ModelFileDamaged, match="of another model"):
        opened(folder)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ("{}", "cannot be read"),
        ({"model_cfg": {**CLIP, "multimodal_cfg": {}}}, "CoCa"),
        ({"model_cfg": {**CLIP, "text_cfg": {"hf_model_name": "x"}}}, "text tower of transformers"),
        ({"model_cfg": CLIP, "preprocess_cfg": {"resize_mode": "longest"}}, "resize_mode"),
        ({"model_cfg": {**CLIP, "vision_cfg": {"image_size": [32, 64]}}}, "not square"),
        (
            {"model_cfg": {**CLIP, "text_cfg": {"tokenizer_kwargs": {"x": 1}}}},
            "tokenizer options x",
        ),
        ({"model_cfg": {**CLIP, "vision_cfg": {"layers": "many"}}}, "no model that open_clip"),
    ],
)
def test_a_configuration_that_cannot_be_used_says_why(
    config: Any, message: str, tmp_path: Path
) -> None:
    folder = open_clip_folder(tmp_path)
    text = config if isinstance(config, str) else json.dumps(config)
    (folder / "open_clip_config.json").write_text(text)
    with pytest.raises(ModelFileDamaged, match=message):
        opened(folder)


def test_several_weight_files_without_the_known_name_are_refused(tmp_path: Path) -> None:
    folder = open_clip_folder(tmp_path)
    weights = folder / "open_clip_model.safetensors"
    (folder / "a.safetensors").write_bytes(weights.read_bytes())
    weights.rename(folder / "b.safetensors")
    with pytest.raises(ModelFileDamaged, match="holds 2 safetensors files"):
        opened(folder)

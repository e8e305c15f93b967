"""CLIP of sentence-transformers on tiny random checkpoints, against transformers itself."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from vlm import registry
from vlm.checkpoint import recognise
from vlm.errors import ModelFileDamaged, ModelUnavailable
from vlm.fakes import ColourEmbedder
from vlm.images import fit_image
from vlm.protocols import Embedder, ImageInput
from vlm.registry import find_spec

pytest.importorskip("torch", reason="the torch extra is not installed")
pytest.importorskip("sentence_transformers", reason="the torch extra is not installed")

import torch
from tiny_clip import pictures, sentence_clip_folder, sentence_text_folder
from transformers import CLIPModel, CLIPProcessor

from vlm import sentence_clip
from vlm.sentence_clip import SentenceClip, load

TEXTS = ["a dog", "two cats on a red sofa", "word " * 40]


@pytest.fixture(autouse=True)
def _on_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VLM_DEVICE", "cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sentence_clip_folder(tmp_path_factory.mktemp("sentence-clip"))


@pytest.fixture(scope="module")
def embedder(folder: Path) -> SentenceClip:
    return opened(folder)


def opened(folder: Path) -> SentenceClip:
    return load(recognise(folder, "embed"), folder)


def reference(folder: Path, images: list[Image.Image], texts: list[str]) -> tuple[Any, Any]:
    """Unit vectors by transformers' own model and processor."""
    module = folder / "0_CLIPModel"
    model = CLIPModel.from_pretrained(module).eval()
    processor = CLIPProcessor.from_pretrained(module)
    options = {"return_tensors": "pt", "padding": True, "truncation": True}
    with torch.no_grad():
        pixels = processor(images=images, return_tensors="pt")
        rows = model.get_image_features(**pixels).pooler_output
        found = model.get_text_features(**processor(text=texts, **options)).pooler_output
    return (torch.nn.functional.normalize(r, dim=-1).numpy() for r in (rows, found))


def test_vectors_are_those_of_transformers(folder: Path, embedder: SentenceClip) -> None:
    images = pictures()
    expected_images, expected_texts = reference(folder, images, TEXTS)
    assert isinstance(embedder, Embedder)
    np.testing.assert_allclose(embedder.embed_images(images), expected_images, atol=1e-5)
    np.testing.assert_allclose(embedder.embed_texts(TEXTS), expected_texts, atol=1e-5)


@pytest.mark.parametrize("size", [(90, 60), (31, 200)])
def test_any_shape_comes_near_transformers_own_scaling(
    folder: Path, embedder: SentenceClip, size: tuple[int, int]
) -> None:
    images = pictures(3, size)
    expected, _ = reference(folder, images, ["a"])
    assert (embedder.embed_images(images) * expected).sum(1).min() > 0.99


def test_an_image_that_was_fitted_before_gives_the_same_vector(embedder: SentenceClip) -> None:
    assert embedder.image_input == ImageInput(32, "crop")
    images = pictures(2, (90, 61))
    fitted = [fit_image(image, embedder.image_input) for image in images]
    np.testing.assert_allclose(
        embedder.embed_images(fitted), embedder.embed_images(images), atol=1e-6
    )


def test_a_batch_gives_the_vectors_of_its_members_in_their_order(embedder: SentenceClip) -> None:
    images, texts = pictures(19), [f"photo {'abc'[i % 3]} {'x' * i}" for i in range(19)]
    alone = np.concatenate([embedder.embed_images([image]) for image in images])
    np.testing.assert_allclose(embedder.embed_images(images), alone, atol=1e-5)
    alone = np.concatenate([embedder.embed_texts([text]) for text in texts])
    np.testing.assert_allclose(embedder.embed_texts(texts), alone, atol=1e-5)


def test_vectors_are_float32_and_nothing_gives_no_row(embedder: SentenceClip) -> None:
    assert embedder.embed_texts(TEXTS).dtype == np.float32
    assert embedder.embed_images([]).shape == embedder.embed_texts([]).shape == (0, embedder.dim)


def test_a_text_that_looks_like_an_address_is_not_fetched(embedder: SentenceClip) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/photo.png"
        rows = embedder.embed_texts([address, "data:image/png;base64,AAAA"])
        with pytest.raises(TimeoutError):
            server.accept()
    assert rows.shape == (2, embedder.dim)


def test_a_text_that_names_a_file_is_not_read_as_a_picture(
    embedder: SentenceClip, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = embedder.embed_texts(["red.png"])
    monkeypatch.chdir(photos)
    np.testing.assert_array_equal(embedder.embed_texts(["red.png"]), before)


def test_other_weights_have_another_fingerprint(
    embedder: SentenceClip, folder: Path, tmp_path: Path
) -> None:
    other = sentence_clip_folder(tmp_path / "other", seed=1)
    assert opened(folder).fingerprint == embedder.fingerprint != opened(other).fingerprint


def test_a_module_with_pickled_weights_only_is_refused(folder: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(folder, tmp_path / "changed"))
    (changed / "0_CLIPModel" / "model.safetensors").rename(changed / "elsewhere.safetensors")
    (changed / "0_CLIPModel" / "pytorch_model.bin").write_bytes(b"a pickle")
    with pytest.raises(ModelFileDamaged, match="0_CLIPModel: holds pickled weights"):
        opened(changed)


def test_a_module_that_would_run_code_is_refused(folder: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(folder, tmp_path / "changed"))
    module = {"idx": 0, "name": "0", "path": "0_CLIPModel", "type": "os.system"}
    (changed / "modules.json").write_text(json.dumps([module]))
    with pytest.raises(ModelFileDamaged, match=r"wants to run code \(os\.system\)"):
        opened(changed)


@pytest.mark.parametrize("content", ["", "{}", "[1]", '[{"type": "sentence_transformers.x"}]'])
def test_a_list_of_modules_that_makes_no_sense_is_named(
    content: str, folder: Path, tmp_path: Path
) -> None:
    changed = Path(shutil.copytree(folder, tmp_path / "changed"))
    (changed / "modules.json").write_text(content)
    with pytest.raises(ModelFileDamaged, match="changed: cannot be loaded"):
        opened(changed)


def test_truncated_weights_are_named(folder: Path, tmp_path: Path) -> None:
    changed = Path(shutil.copytree(folder, tmp_path / "changed"))
    (changed / "0_CLIPModel" / "model.safetensors").write_bytes(b"short")
    with pytest.raises(ModelFileDamaged, match="changed: cannot be loaded"):
        opened(changed)


def test_a_folder_that_embeds_texts_only_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileDamaged, match="embeds text only"):
        opened(sentence_text_folder(tmp_path, dim=3))


@pytest.fixture
def on_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ColourEmbedder:
    """A text tower of three numbers as the hub's copy, and an image tower that fits."""
    text_tower = sentence_text_folder(tmp_path / "text", dim=3)
    monkeypatch.setattr(sentence_clip, "checkpoint_folder", lambda spec: text_tower)
    images = ColourEmbedder()
    monkeypatch.setattr(registry, "load_embedder", lambda name: images)
    return images


def test_the_multilingual_model_is_a_text_tower_beside_clips_image_tower(
    on_the_hub: ColourEmbedder,
) -> None:
    spec, _ = find_spec("embed", "clip-b32-multilingual")
    embedder = load(spec, None)
    images = pictures(2)
    assert (embedder.name, embedder.dim) == ("clip-b32-multilingual", 3)
    assert embedder.image_input == on_the_hub.image_input
    np.testing.assert_array_equal(embedder.embed_images(images), on_the_hub.embed_images(images))
    texts = embedder.embed_texts(["a dog", "ein hund"])
    np.testing.assert_allclose(np.linalg.norm(texts, axis=1), 1, atol=1e-6)


def test_towers_of_different_sizes_are_refused(
    on_the_hub: ColourEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_the_hub, "dim", 4, raising=False)
    with pytest.raises(ModelFileDamaged, match="vectors of 3 numbers, and 'fake' of 4"):
        load(find_spec("embed", "clip-b32-multilingual")[0], None)


def test_the_table_names_the_repository_of_the_image_tower() -> None:
    spec, _ = find_spec("embed", "clip-b32-multilingual")
    assert spec.companion == find_spec("embed", sentence_clip.IMAGE_TOWER)[0].hub_id


def test_the_multilingual_model_without_network_says_what_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailable, match="clip-ViT-B-32-multilingual-v1"):
        registry.load_embedder("clip-b32-multilingual")

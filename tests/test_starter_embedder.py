"""The starter embedder on its shipped files: laws of the contract, damage, and a little meaning."""

import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from vlm.errors import ModelFileDamaged
from vlm.images import fit_image
from vlm.protocols import Embedder, SignWeights, Vectors
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.weights import FOLDER, check_files

sys.path.append(str(Path(__file__).parents[1] / "training"))

from manifest import write_manifest

LONG = "a dog that runs along the beach and " * 200
TEXTS = [
    "a cat",
    "two men play football in the snow",
    "",
    "   ",
    LONG,
    "ein Hund am Strand",
    "犬",
    "🙂",
]


@pytest.fixture(scope="module")
def embedder() -> StarterEmbedder:
    return StarterEmbedder(threads=1)


@pytest.fixture(scope="module")
def drawings() -> list[Image.Image]:
    rng = np.random.default_rng(5)
    images = []
    for number in range(18):
        image = Image.new("RGB", (200 + 31 * number, 150), tuple(rng.integers(0, 256, 3).tolist()))
        corners = [tuple(rng.integers(0, 200, 2).tolist()) for _ in range(3)]
        ImageDraw.Draw(image).polygon(corners, fill=tuple(rng.integers(0, 256, 3).tolist()))
        images.append(image)
    return images


def unit(rows: Vectors) -> bool:
    return rows.dtype == np.float32 and np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_it_follows_the_contract_of_embedders(embedder: StarterEmbedder) -> None:
    assert isinstance(embedder, Embedder)
    assert (embedder.name, embedder.dim) == ("starter", 768)
    assert embedder.fingerprint.startswith("starter-")
    assert embedder.calibration is not None
    bounds = [embedder.calibration.maybe_among(10**power) for power in range(7)]
    assert 0 < bounds[0] < bounds[3] and bounds == sorted(bounds)
    assert bounds[-1] < embedder.calibration.strong < 1


def test_rows_are_unit_vectors_of_the_stated_length(
    embedder: StarterEmbedder, drawings: list[Image.Image]
) -> None:
    photos, texts = embedder.embed_images(drawings[:3]), embedder.embed_texts(TEXTS)
    assert photos.shape == (3, 768)
    assert texts.shape == (len(TEXTS), 768)
    assert unit(photos)
    assert unit(texts)


def test_nothing_gives_no_rows(embedder: StarterEmbedder) -> None:
    assert embedder.embed_images([]).shape == (0, 768)
    assert embedder.embed_texts([]).shape == (0, 768)


def test_photos_across_batches_are_embedded_as_alone_and_in_order(
    embedder: StarterEmbedder, drawings: list[Image.Image]
) -> None:
    together = embedder.embed_images(drawings)
    alone = np.concatenate([embedder.embed_images([image]) for image in drawings])
    assert np.allclose(together, alone, atol=1e-4)
    assert np.array_equal((together @ alone.T).argmax(1), np.arange(len(drawings)))


def test_texts_across_batches_are_embedded_as_alone_and_in_order(embedder: StarterEmbedder) -> None:
    texts = [f"{n} {thing}" for n in ("one", "two", "red") for thing in ("dogs", "boats", "hats")]
    texts += TEXTS
    together = embedder.embed_texts(texts)
    alone = np.concatenate([embedder.embed_texts([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-4)


def test_a_photo_already_fitted_gives_the_same_vector(
    embedder: StarterEmbedder, drawings: list[Image.Image]
) -> None:
    fitted = [fit_image(image, embedder.image_input) for image in drawings[:4]]
    assert np.array_equal(embedder.embed_images(fitted), embedder.embed_images(drawings[:4]))


def test_only_the_shape_of_a_photo_is_lost_by_squashing(embedder: StarterEmbedder) -> None:
    square = Image.radial_gradient("L").convert("RGB")
    wide = square.resize((1024, 256), Image.Resampling.BICUBIC)
    rows = embedder.embed_images([square, wide])
    assert rows[0] @ rows[1] > 0.98


@pytest.mark.parametrize("size", [(1, 1), (4000, 200), (200, 4000), (256, 256)])
@pytest.mark.parametrize("colour", ["black", "white"])
def test_odd_photos_have_unit_vectors_too(
    embedder: StarterEmbedder, size: tuple[int, int], colour: str
) -> None:
    assert unit(embedder.embed_images([Image.new("RGB", size, colour)]))


@pytest.mark.parametrize("mode", ["L", "1", "P", "RGBA", "CMYK"])
def test_photos_that_are_not_rgb_are_converted(embedder: StarterEmbedder, mode: str) -> None:
    image = Image.new("L", (40, 30), 128).convert(mode)
    assert unit(embedder.embed_images([image]))


def test_an_overlong_text_is_cut(embedder: StarterEmbedder) -> None:
    rows = embedder.embed_texts([LONG, LONG + " and a cat"])
    assert np.array_equal(rows[0], rows[1])


def test_case_does_not_matter(embedder: StarterEmbedder) -> None:
    rows = embedder.embed_texts(["A Black CAT", "a black cat"])
    assert np.array_equal(rows[0], rows[1])


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "files"))


def use(folder: Path) -> None:
    embedder = StarterEmbedder(threads=1, folder=folder)
    embedder.embed_texts(["a cat"])
    embedder.embed_images([Image.new("RGB", (8, 8))])
    assert embedder.calibration is not None


def test_the_shipped_files_are_those_of_the_manifest() -> None:
    names = check_files()
    assert {"image.onnx", "text.onnx", "tokenizer.json", "calibration.json"} <= set(names)
    shipped = {path.name for path in FOLDER.iterdir() if path.name != "manifest.json"}
    assert shipped == set(names)


@pytest.mark.parametrize(
    "name", ["image.onnx", "text.onnx", "tokenizer.json", "calibration.json", "manifest.json"]
)
def test_a_missing_file_is_named_and_reinstalling_advised(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelFileDamaged, match=rf"{name}: the file is missing\. Reinstall"):
        use(copy)
    with pytest.raises(ModelFileDamaged, match=f"{name}: the file is missing"):
        check_files(copy)


@pytest.mark.parametrize("name", ["image.onnx", "text.onnx", "tokenizer.json"])
def test_a_truncated_file_is_found_before_it_is_loaded(copy: Path, name: str) -> None:
    data = (copy / name).read_bytes()
    (copy / name).write_bytes(data[:1000])
    with pytest.raises(ModelFileDamaged, match=rf"{name}: has 1,000 bytes instead of"):
        use(copy)


@pytest.mark.parametrize("name", ["image.onnx", "text.onnx", "tokenizer.json", "calibration.json"])
def test_a_file_overwritten_with_zeros_is_an_error_of_ours(copy: Path, name: str) -> None:
    (copy / name).write_bytes(bytes((copy / name).stat().st_size))
    with pytest.raises(ModelFileDamaged, match=name):
        use(copy)


def test_one_altered_byte_is_found_before_the_file_is_loaded(copy: Path) -> None:
    path = copy / "image.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelFileDamaged, match=r"image\.onnx: has been altered"):
        use(copy)
    with pytest.raises(ModelFileDamaged, match=r"image\.onnx: has been altered"):
        check_files(copy)


def test_a_file_that_the_manifest_does_not_know_is_not_loaded(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["files"]["text.onnx"]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelFileDamaged, match=r"manifest\.json: does not list text\.onnx"):
        use(copy)


def test_the_fingerprint_follows_the_files(copy: Path, embedder: StarterEmbedder) -> None:
    assert StarterEmbedder(folder=copy).fingerprint == embedder.fingerprint
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["image.onnx"]["sha256"] = "0" * 64
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert StarterEmbedder(folder=copy).fingerprint != embedder.fingerprint


def test_a_text_never_loads_the_image_tower(copy: Path) -> None:
    (copy / "image.onnx").unlink()
    assert unit(StarterEmbedder(threads=1, folder=copy).embed_texts(["a cat"]))


SAMPLES = {
    "chelsea.png": "a cat",
    "rocket.jpg": "a rocket",
    "coffee.png": "a cup of coffee",
    "astronaut.png": "a woman in an orange suit",
}


@pytest.mark.skipif(find_spec("skimage") is None, reason="no sample photos: scikit-image is absent")
@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_photo_is_the_first_hit_for_its_words(
    embedder: StarterEmbedder, name: str
) -> None:
    spec = find_spec("skimage")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "data"
    photos = [Image.open(folder / sample).convert("RGB") for sample in SAMPLES]
    scores = embedder.embed_images(photos) @ embedder.embed_texts([SAMPLES[name]])[0]
    assert list(SAMPLES)[int(scores.argmax())] == name


@pytest.mark.parametrize("weights", [None, dict.fromkeys(SignWeights.__slots__, 0.5)])
def test_weights_of_the_signs_come_from_the_calibration_if_it_has_some(
    tmp_path: Path, weights: dict[str, float] | None
) -> None:
    bands = {"strong": 0.5, "maybe": [[100, 0.3]], "weights": weights}
    (tmp_path / "calibration.json").write_text(json.dumps({"bands": bands}))
    write_manifest(tmp_path)
    calibration = StarterEmbedder(folder=tmp_path).calibration
    assert calibration is not None
    assert calibration.weights == (SignWeights(*[0.5] * 7) if weights else None)


@pytest.mark.parametrize("weights", ["heavy", [1], {"lead": 1}, {"lead": "heavy"}])
def test_weights_that_are_none_are_an_error_of_ours(tmp_path: Path, weights: object) -> None:
    bands = {"strong": 0.5, "maybe": [[100, 0.3]], "weights": weights}
    (tmp_path / "calibration.json").write_text(json.dumps({"bands": bands}))
    write_manifest(tmp_path)
    with pytest.raises(ModelFileDamaged, match=r"calibration\.json: cannot be read"):
        _ = StarterEmbedder(folder=tmp_path).calibration

"""Florence-2 through transformers' own classes, on a tiny random checkpoint."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import pytest
import tiny_checkpoints
from PIL import Image

from vlm.errors import ModelFileDamaged, TaskUnsupported
from vlm.models import ModelSpec
from vlm.protocols import Describer, Message

pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from vlm import florence  # noqa: E402

pytestmark = pytest.mark.usefixtures("on_the_cpu")

SPEC = ModelSpec(
    name="tiny-florence", role="describe", factory="", licence="", tier="local", note=""
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoints.florence(tmp_path_factory.mktemp("florence"))


@pytest.fixture(scope="module")
def describer(folder: Path, on_the_cpu: None) -> Describer:
    return florence.load(SPEC, folder)


def reference(folder: Path, task: str, photo: Image.Image, length: int) -> str:
    """The same by transformers alone, with its own post-processing."""
    model = transformers.Florence2ForConditionalGeneration.from_pretrained(folder).eval()
    processor = transformers.Florence2Processor.from_pretrained(folder)
    inputs = processor(images=photo, text=task, return_tensors="pt")
    greedy = {"num_beams": 1, "do_sample": False, "early_stopping": None}
    ids = model.generate(**inputs, max_new_tokens=length, **greedy)
    text = processor.batch_decode(ids, skip_special_tokens=False)[0]
    parsed: str = processor.post_process_generation(text, task=task, image_size=photo.size)[task]
    return parsed


@pytest.mark.parametrize("task", florence.TASKS)
@pytest.mark.parametrize("number", [0, 1])
def test_a_task_is_done_as_transformers_does_it(
    folder: Path, describer: Describer, task: str, number: int
) -> None:
    photo = tiny_checkpoints.drawing(number)
    pieces = list(describer.describe([Message("user", task, (photo,))], max_tokens=24))
    assert len(pieces) > 1
    assert "".join(pieces).strip() == reference(folder, task, photo, 24)


def test_the_photo_and_the_task_matter(describer: Describer) -> None:
    messages = [
        Message("user", task, (tiny_checkpoints.drawing(number),))
        for task in florence.TASKS
        for number in range(3)
    ]
    assert len({"".join(describer.describe([message], max_tokens=16)) for message in messages}) > 3


def test_it_cannot_be_asked_questions(describer: Describer) -> None:
    assert isinstance(describer, Describer)
    assert describer.prompts.answer is None
    photo = tiny_checkpoints.drawing(0)
    for text in ("what is the dog?", "<OD>", "<CAPTION> of the dog", ""):
        with pytest.raises(TaskUnsupported, match=r"tiny-florence.*blip-base"):
            list(describer.describe([Message("user", text, (photo,))]))


def test_a_later_turn_is_about_the_photo_of_an_earlier_one(describer: Describer) -> None:
    photo = tiny_checkpoints.drawing(1)
    talk = [Message("user", "<CAPTION>", (photo,)), Message("user", "<CAPTION>")]
    assert list(describer.describe(talk)) == list(describer.describe(talk[:1]))


@pytest.mark.parametrize("photos", [0, 2])
def test_it_needs_exactly_one_photo(describer: Describer, photos: int) -> None:
    images = (tiny_checkpoints.drawing(0),) * photos
    with pytest.raises(TaskUnsupported):
        list(describer.describe([Message("user", "<CAPTION>", images)]))


def test_a_reply_never_outgrows_the_decoder(describer: Describer) -> None:
    message = Message("user", "<CAPTION>", (tiny_checkpoints.drawing(0),))
    assert list(describer.describe([message], max_tokens=1_000_000))


def test_stopping_early_ends_the_thread(describer: Describer) -> None:
    pieces = describer.describe([Message("user", "<CAPTION>", (tiny_checkpoints.drawing(0),))])
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert not [t for t in threading.enumerate() if t.name.startswith("describe")]


def test_a_checkpoint_that_needs_remote_code_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "microsoft"
    shutil.copytree(folder, copy)
    config = json.loads((copy / "config.json").read_text())
    config["auto_map"] = {"AutoConfig": "configuration_florence2.Florence2Config"}
    # The older checkpoints call their vision tower "davit" and their weights by other names.
    config["vision_config"]["model_type"] = "davit"
    config["vision_config"]["embed_dim"] = [24]
    (copy / "config.json").write_text(json.dumps(config))
    (copy / "configuration_florence2.py").write_text("raise SystemExit('this code must not run')")
    with pytest.raises(ModelFileDamaged) as caught:
        florence.load(SPEC, copy)
    assert str(copy) in str(caught.value)


def test_another_model_is_refused_by_name(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "clip"
    shutil.copytree(folder, copy)
    (copy / "config.json").write_text('{"model_type": "clip", "architectures": ["CLIPModel"]}')
    with pytest.raises(ModelFileDamaged, match=r"CLIPModel.*not Florence-2"):
        florence.load(SPEC, copy)


def test_a_cut_file_is_named(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "cut"
    shutil.copytree(folder, copy)
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelFileDamaged, match="cut"):
        florence.load(SPEC, copy)

"""Conversations as chat templates and their processors take them, several at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PIL.Image import Image

from vlm.kept import digest_of
from vlm.protocols import Message
from vlm.untrusted_text import without_tokens

if TYPE_CHECKING:
    from transformers import BatchFeature

LONGEST_SIDE = 1280
"""Pixels; models that keep the size of a photo (Qwen-VL) would need minutes for a large one."""


def conversation(
    messages: Sequence[Message], control_tokens: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Messages in the form that chat templates take: photos first, then the words.

    >>> conversation([Message("user", "What is <image>?")], ["<image>"])
    [{'role': 'user', 'content': [{'type': 'text', 'text': 'What is < image>?'}]}]
    """
    turns = []
    for message in messages:
        content: list[dict[str, Any]] = [
            {"type": "image", "image": _at_most(image, LONGEST_SIDE)} for image in message.images
        ]
        if message.text or not content:  # templates look at the first part of every turn
            text = without_tokens(message.text, control_tokens)
            content.append({"type": "text", "text": text})
        turns.append({"role": message.role, "content": content})
    return turns


def photos_in(turns: Sequence[Mapping[str, Any]]) -> list[Image]:
    """The photos of a `conversation`, in their order."""
    return [part["image"] for turn in turns for part in turn["content"] if "image" in part]


def processed(
    processor: Any, conversations: Sequence[Sequence[Mapping[str, Any]]]
) -> list[BatchFeature]:
    """What a processor makes of each conversation, one row of tensors.

    Conversations about one photo each go through it together where those photos are of one size,
    so that no pixels are padded; then each gets what it would get alone.
    """
    alike: dict[tuple[int, ...], list[int]] = {}
    for number, turns in enumerate(conversations):
        sizes = [photo.size for photo in photos_in(turns)]
        alike.setdefault(sizes[0] if len(sizes) == 1 else (number,), []).append(number)
    made: dict[int, BatchFeature] = {}
    for numbers in alike.values():
        some = [conversations[number] for number in numbers]
        made.update(zip(numbers, _rows(processor, some), strict=True))
    return [made[number] for number in range(len(conversations))]


def _rows(
    processor: Any, conversations: Sequence[Sequence[Mapping[str, Any]]]
) -> list[BatchFeature]:
    how = {"add_generation_prompt": True, "tokenize": True, "return_dict": True}
    several = len(conversations) > 1 and processor.tokenizer.pad_token is not None
    if several:
        inputs = processor.apply_chat_template(
            list(conversations), return_tensors="pt", padding=True, **how
        )
        if rows := _apart(inputs, len(conversations)):
            return rows
    return [
        processor.apply_chat_template(turns, return_tensors="pt", **how) for turns in conversations
    ]


def _apart(inputs: BatchFeature, count: int) -> list[BatchFeature]:
    """Rows without their padding; none where it is not known which tensors belong to which."""
    words = inputs["attention_mask"].bool()
    each: dict[str, Sequence[Any]] = {}
    for key, value in inputs.items():
        if getattr(value, "shape", ())[:2] == words.shape:
            each[key] = [value[row : row + 1, words[row]] for row in range(count)]
        elif key == "pixel_values" and "image_grid_thw" in inputs:  # Qwen's patches, in one row
            each[key] = value.split(inputs["image_grid_thw"].prod(-1).tolist())
        elif len(value) == count and hasattr(value, "shape"):
            each[key] = value.split(1)
        if len(each.get(key, ())) != count:
            return []
    return [type(inputs)({key: rows[row] for key, rows in each.items()}) for row in range(count)]


def digests(inputs: Mapping[str, Any], photos: Sequence[Image]) -> tuple[bytes, ...]:
    """What tells the photos of a conversation apart from other ones: those of `digest_of`.

    Where the processor left less of them than they hold themselves, one of all that it made, which
    is all that the model will see of them.
    """
    words = inputs["input_ids"].shape
    made = [
        (key, value)
        for key, value in sorted(inputs.items())
        if getattr(value, "shape", ())[:2] != words and hasattr(value, "nbytes")
    ]
    if not photos or sum(value.nbytes for _, value in made) > sum(
        3 * photo.width * photo.height for photo in photos
    ):
        return tuple(digest_of(photo) for photo in photos)
    told = hashlib.sha256()
    for key, value in made:
        told.update(f"{key} {tuple(value.shape)} {value.dtype} ".encode())
        told.update(value.contiguous().numpy())
    return (told.digest(),)


def _at_most(image: Image, longest: int) -> Image:
    image = image if image.mode == "RGB" else image.convert("RGB")
    if max(image.size) > longest:
        image = image.copy()
        image.thumbnail((longest, longest))
    return image

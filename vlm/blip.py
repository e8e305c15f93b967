"""BLIP (Li et al. 2022, arXiv:2201.12086) through transformers: one head captions, one answers.

The heads are two checkpoints with weights of their own. A folder given as a local checkpoint is
either one of them, or holds both in subfolders called ``caption`` and ``vqa``; what a folder can
do is told by the class that its ``config.json`` names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

from PIL.Image import Image

from vlm.batch_size import rows_at_once
from vlm.batching import in_batches, one_by_one
from vlm.blip_head import Head
from vlm.errors import ModelFileDamaged, TaskUnsupported, VlmError
from vlm.hub import checkpoint_folder
from vlm.models import ModelSpec
from vlm.one_photo import one_photo
from vlm.prompts import PROMPTS
from vlm.protocols import Describer, Message
from vlm.runtime import Runtime, pick_runtime
from vlm.sampling import DRAWN, seeded
from vlm.token_stream import stream_text
from vlm.transformers_checkpoint import architecture, enough_memory, load_model, load_processor
from vlm.untrusted_text import printable

CAPTION = "BlipForConditionalGeneration"
ANSWER = "BlipForQuestionAnswering"
_WORD_PIECE = 2  # words that its decoder may still change


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that can be answered: an empty text asks for a caption."""

    head: Head
    photo: Image
    text: str


class BlipDescriber:
    """Captions a photo for an empty text, answers any other text about it in a word or two."""

    def __init__(self, name: str, heads: Mapping[str, Callable[[], Head]]) -> None:
        self.name = name
        known = PROMPTS["blip"]
        captions, answers = CAPTION in heads, ANSWER in heads
        self.prompts = replace(
            known,
            caption=known.caption if captions else None,
            answer=known.answer if answers else None,
            alt_text=known.alt_text if captions else None,
        )
        self._heads = heads
        self._lock = Lock()

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        """Yield a reply about the latest photo; BLIP knows nothing of earlier turns.

        Raises `TaskUnsupported` without a photo, with several, or without the head for it.
        """
        asked = self._asked(messages)
        head = asked.head
        room = min(max_tokens, head.room)

        def generate(**stream: Any) -> None:
            with self._lock, enough_memory(self.name):
                head.write([asked.photo], [asked.text], max_new_tokens=room, **stream)

        decode = partial(head.processor.tokenizer.decode, skip_special_tokens=True)
        yield from stream_text(generate, decode, held_words=_WORD_PIECE)

    @property
    def batch_size(self) -> int:
        """By the memory of the device."""
        head = next(iter(self._heads.values()))()
        return rows_at_once(head.model.text_decoder, head.room)

    def describe_many(
        self, requests: Sequence[Sequence[Message]], *, max_tokens: int = 128
    ) -> list[str | VlmError]:
        """Replies to several requests, captions apart from answers; a refusal in its place."""
        replies: dict[int, str | VlmError] = {}
        for asks in (False, True):
            numbers = [n for n, one in enumerate(requests) if bool(one[-1].text.strip()) == asks]
            some = in_batches(
                [requests[number] for number in numbers],
                self.batch_size,
                prepare=one_by_one(self._asked),
                length=lambda asked: len(asked.text),
                reply=partial(self._reply, max_tokens),
            )
            replies.update(zip(numbers, some, strict=True))
        return [replies[number] for number in range(len(requests))]

    def _reply(self, max_tokens: int, batch: list[Asked]) -> list[str]:
        head = batch[0].head
        photos, texts = [asked.photo for asked in batch], [asked.text for asked in batch]
        room = min(max_tokens, head.room)
        with self._lock, enough_memory(self.name):
            rows = head.write(photos, texts, max_new_tokens=room)
        return _said(head, rows)

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        """Replies drawn at random in one batch; the photo is looked at once. Raises as above."""
        asked = self._asked(messages)
        room = min(max_tokens, asked.head.room)
        with self._lock, enough_memory(self.name), seeded(seed):
            rows = asked.head.write(
                *([asked.photo], [asked.text]),
                max_new_tokens=room,
                num_return_sequences=count,
                **DRAWN,
            )
        return _said(asked.head, rows)

    def _asked(self, messages: Sequence[Message]) -> Asked:
        text = messages[-1].text.strip()
        photo = one_photo(messages, self.name)
        wanted = ANSWER if text else CAPTION
        if wanted not in self._heads:
            task = "answering questions" if text else "captioning"
            raise TaskUnsupported(self.name, task, "Name a folder with both heads, or blip-base.")
        with self._lock:
            head = self._heads[wanted]()
        return Asked(head, photo, text)


def _said(head: Head, rows: Any) -> list[str]:
    texts = head.processor.tokenizer.batch_decode(rows, skip_special_tokens=True)
    return [printable(said) for said in texts]


def load(spec: ModelSpec, folder: Path | None) -> Describer:
    """Load BLIP from the hub, or from a folder as the module says.

    The captioning head is loaded now and the other one with the first question. Raises
    `ModelUnavailable` or `ModelFileDamaged`.
    """
    runtime = pick_runtime()
    heads = {
        kind: cache(partial(_load_head, kind, source, runtime))
        for kind, source in (_on_disk(folder) if folder else _on_the_hub(spec)).items()
    }
    next(iter(heads.values()))()
    return BlipDescriber(spec.name, heads)


def _on_the_hub(spec: ModelSpec) -> dict[str, Callable[[], Path]]:
    return {
        CAPTION: partial(checkpoint_folder, spec),
        ANSWER: partial(checkpoint_folder, spec, spec.companion),
    }


def _on_disk(folder: Path) -> dict[str, Callable[[], Path]]:
    places = [folder, folder / "caption", folder / "vqa"]
    found = {architecture(p)[1]: p for p in places if (p / "config.json").is_file()}
    heads = {kind: partial(Path, found[kind]) for kind in (CAPTION, ANSWER) if kind in found}
    if not heads:
        raise ModelFileDamaged(
            folder,
            f"holds neither {CAPTION} nor {ANSWER}",
            "Name a BLIP checkpoint, or a folder with two of them in caption/ and vqa/.",
        )
    return dict(heads)


def _load_head(kind: str, source: Callable[[], Path], runtime: Runtime) -> Head:
    import transformers

    folder = source()
    model = load_model(getattr(transformers, kind), folder, runtime)
    return Head(model, load_processor(transformers.BlipProcessor, folder), runtime)

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

from vlm.errors import ModelFileDamaged, TaskUnsupported
from vlm.hub import checkpoint_folder
from vlm.models import ModelSpec
from vlm.one_photo import one_photo
from vlm.prompts import PROMPTS
from vlm.protocols import Describer, Message
from vlm.runtime import Runtime, pick_runtime
from vlm.sampling import several
from vlm.token_stream import stream_text
from vlm.transformers_checkpoint import architecture, enough_memory, load_model, load_processor
from vlm.untrusted_text import printable, without_tokens

CAPTION = "BlipForConditionalGeneration"
ANSWER = "BlipForQuestionAnswering"
_WORD_PIECE = 2  # words that its decoder may still change


@dataclass(frozen=True)
class Head:
    """One loaded checkpoint."""

    model: Any
    processor: Any
    runtime: Runtime

    def inputs(self, photo: Image, question: str) -> Any:
        """Tensors for one photo, and for a question where there is one."""
        context = self.model.config.text_config.max_position_embeddings
        text = without_tokens(question, self.processor.tokenizer.all_special_tokens)
        words = {"text": text, "truncation": True, "max_length": context} if text else {}
        inputs = self.processor(images=photo, return_tensors="pt", **words)
        return inputs.to(self.runtime.device, self.model.dtype)


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
        head, photo, text = self._asked(messages)
        tokenizer = head.processor.tokenizer
        context = head.model.config.text_config.max_position_embeddings

        def generate(**stream: Any) -> None:
            with self._lock, enough_memory(self.name):
                inputs = head.inputs(photo, text)
                room = min(max_tokens, context - 1)
                head.model.generate(**inputs, max_new_tokens=room, **stream)

        decode = partial(tokenizer.decode, skip_special_tokens=True)
        yield from stream_text(generate, decode, held_words=_WORD_PIECE)

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        """Replies drawn at random in one batch; the photo is looked at once. Raises as above."""
        head, photo, text = self._asked(messages)
        room = min(max_tokens, head.model.config.text_config.max_position_embeddings - 1)
        with self._lock, enough_memory(self.name):
            generate = partial(head.model.generate, max_new_tokens=room)
            rows = several(generate, head.inputs(photo, text), count, seed)
        texts = head.processor.tokenizer.batch_decode(rows, skip_special_tokens=True)
        return [printable(said) for said in texts]

    def _asked(self, messages: Sequence[Message]) -> tuple[Head, Image, str]:
        text = messages[-1].text.strip()
        photo = one_photo(messages, self.name)
        wanted = ANSWER if text else CAPTION
        if wanted not in self._heads:
            task = "answering questions" if text else "captioning"
            raise TaskUnsupported(self.name, task, "Name a folder with both heads, or blip-base.")
        with self._lock:
            head = self._heads[wanted]()
        return head, photo, text


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

"""Florence-2 (Xiao et al. 2023, arXiv:2311.06242) through transformers' own classes.

It was trained on task tokens, not on questions. Its checkpoints for transformers are those of
``florence-community``; the older ones of ``microsoft`` bring code of their own, which is never run.
The fine-tuned ``-ft`` checkpoints load too and are offered the same tasks: transformers'
processor has no task token for questions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
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
from vlm.untrusted_text import printable

TASKS = ("<CAPTION>", "<DETAILED_CAPTION>", "<MORE_DETAILED_CAPTION>", "<OCR>")
"""The tasks whose reply is plain text; the others reply with coordinates."""


class FlorenceDescriber:
    """Does one of `TASKS` on one photo; the text of a message is the task token."""

    prompts = PROMPTS["florence"]

    def __init__(self, name: str, model: Any, processor: Any, runtime: Runtime) -> None:
        self.name = name
        self._model = model
        self._processor = processor
        self._runtime = runtime
        self._lock = Lock()

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        """Yield a reply about the latest photo; Florence-2 knows nothing of earlier turns.

        Raises `TaskUnsupported` without a photo, with several, or for a text that is no task.
        """
        task, photo, room = self._asked(messages, max_tokens)

        def generate(**stream: Any) -> None:
            with self._lock, enough_memory(self.name):
                inputs = self._processor(images=photo, text=task, return_tensors="pt")
                inputs = inputs.to(self._runtime.device, self._model.dtype)
                self._model.generate(**inputs, max_new_tokens=room, **stream)

        # What the processor's post-processing does to plain text is to drop <s> and </s>.
        decode = partial(self._processor.tokenizer.decode, skip_special_tokens=True)
        yield from stream_text(generate, decode)

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        """Replies drawn at random in one batch; the photo is looked at once. Raises as above."""
        task, photo, room = self._asked(messages, max_tokens)
        with self._lock, enough_memory(self.name):
            inputs = self._processor(images=photo, text=task, return_tensors="pt")
            inputs = inputs.to(self._runtime.device, self._model.dtype)
            generate = partial(self._model.generate, max_new_tokens=room)
            rows = several(generate, inputs, count, seed)
        texts = self._processor.tokenizer.batch_decode(rows, skip_special_tokens=True)
        return [printable(text).strip() for text in texts]

    def _asked(self, messages: Sequence[Message], max_tokens: int) -> tuple[str, Image, int]:
        task = messages[-1].text.strip()
        if task not in TASKS:
            known = ", ".join(TASKS)
            remedy = f"It knows {known}. For questions choose blip-base or smolvlm-256m."
            raise TaskUnsupported(self.name, "answering questions", remedy)
        photo = one_photo(messages, self.name)
        room = min(max_tokens, self._model.config.text_config.max_position_embeddings - 2)
        return task, photo, room


def load(spec: ModelSpec, folder: Path | None) -> Describer:
    """Load Florence-2 from a folder or from the hub.

    Raises `ModelUnavailable`, or `ModelFileDamaged`, also for a checkpoint that needs remote code.
    """
    from transformers import Florence2ForConditionalGeneration, Florence2Processor

    folder = folder or checkpoint_folder(spec)
    model_type, model_class = architecture(folder)
    if (model_type, model_class) != ("florence2", Florence2ForConditionalGeneration.__name__):
        raise ModelFileDamaged(
            folder,
            f"holds {model_class or 'no model'} ({model_type}), not Florence-2",
            "Name a Florence-2 checkpoint for transformers",
        )
    runtime = pick_runtime()
    model = load_model(Florence2ForConditionalGeneration, folder, runtime)
    processor = load_processor(Florence2Processor, folder)
    return FlorenceDescriber(spec.name, model, processor, runtime)

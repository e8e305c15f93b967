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

from vlm.batch_size import rows_at_once
from vlm.batching import in_batches, one_by_one
from vlm.errors import ModelFileDamaged, TaskUnsupported, VlmError
from vlm.hub import checkpoint_folder
from vlm.kept import Kept, digest_of
from vlm.models import ModelSpec
from vlm.one_photo import one_photo
from vlm.prompts import PROMPTS
from vlm.protocols import Describer, Message
from vlm.runtime import Runtime, pick_runtime
from vlm.sampling import DRAWN, seeded
from vlm.token_stream import stream_text
from vlm.transformers_checkpoint import architecture, enough_memory, load_model, load_processor
from vlm.untrusted_text import printable

TASKS = ("<CAPTION>", "<DETAILED_CAPTION>", "<MORE_DETAILED_CAPTION>", "<OCR>")
"""The tasks whose reply is plain text; the others reply with coordinates."""

KEPT_BYTES = 128 * 2**20
"""Of encoded photos, 1.8 MB each in float32."""


class FlorenceDescriber:
    """Does one of `TASKS` on one photo; the text of a message is the task token."""

    prompts = PROMPTS["florence"]

    def __init__(self, name: str, model: Any, processor: Any, runtime: Runtime) -> None:
        self.name = name
        self._model = model
        self._processor = processor
        self._runtime = runtime
        self._seen: Kept[Any] = Kept(KEPT_BYTES, lambda seen: int(seen.nbytes))
        self._lock = Lock()

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        """Yield a reply about the latest photo; Florence-2 knows nothing of earlier turns.

        Raises `TaskUnsupported` without a photo, with several, or for a text that is no task.
        """
        asked = self._asked(messages)
        room = self._room(max_tokens)

        def generate(**stream: Any) -> None:
            with self._lock, enough_memory(self.name):
                self._model.generate(**self._read([asked]), max_new_tokens=room, **stream)

        # What the processor's post-processing does to plain text is to drop <s> and </s>.
        decode = partial(self._processor.tokenizer.decode, skip_special_tokens=True)
        yield from stream_text(generate, decode)

    @property
    def batch_size(self) -> int:
        """By the memory of the device."""
        return rows_at_once(self._model)

    def describe_many(
        self, requests: Sequence[Sequence[Message]], *, max_tokens: int = 128
    ) -> list[str | VlmError]:
        """Replies to several requests at once; a refusal stands in its place."""
        room = self._room(max_tokens)

        def reply(batch: list[tuple[str, Image]]) -> list[str]:
            with self._lock, enough_memory(self.name):
                rows = self._model.generate(**self._read(batch), max_new_tokens=room)
            return self._said(rows)

        return in_batches(
            requests,
            self.batch_size,
            prepare=one_by_one(self._asked),
            length=lambda asked: len(asked[0]),
            reply=reply,
        )

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        """Replies drawn at random in one batch; the photo is looked at once. Raises as above."""
        asked = self._asked(messages)
        room = self._room(max_tokens)
        with self._lock, enough_memory(self.name), seeded(seed):
            rows = self._model.generate(
                **self._read([asked]), max_new_tokens=room, num_return_sequences=count, **DRAWN
            )
        return [text.strip() for text in self._said(rows)]

    def _said(self, rows: Any) -> list[str]:
        texts = self._processor.tokenizer.batch_decode(rows, skip_special_tokens=True)
        return [printable(text) for text in texts]

    def _read(self, batch: Sequence[tuple[str, Image]]) -> dict[str, Any]:
        """What the encoder makes of tasks and photos, as ``generate`` takes it.

        The steps are those of transformers' own ``generate``, with photos that are encoded once.
        """
        import torch

        tasks, photos = [task for task, _ in batch], [photo for _, photo in batch]
        given = self._processor(
            images=photos, text=tasks, padding=True, padding_side="right", return_tensors="pt"
        ).to(self._runtime.device, self._model.dtype)
        ids, mask = given["input_ids"], given["attention_mask"]

        def encode(places: list[int]) -> list[Any]:
            found = self._model.get_image_features(given["pixel_values"][places])
            return [row.clone() for row in found.pooler_output]

        with torch.no_grad():
            seen = torch.stack(self._seen.of([digest_of(photo) for photo in photos], encode))
            embeds = self._model.get_input_embeddings()(ids)
            places = (ids == self._model.config.image_token_id)[..., None]
            embeds = embeds.masked_scatter(places, seen.to(embeds.dtype))
            read = self._model.get_encoder()(
                inputs_embeds=embeds, attention_mask=mask, return_dict=True
            )
        return {"encoder_outputs": read, "attention_mask": mask}

    def _asked(self, messages: Sequence[Message]) -> tuple[str, Image]:
        task = messages[-1].text.strip()
        if task not in TASKS:
            known = ", ".join(TASKS)
            remedy = f"It knows {known}. For questions choose blip-base or smolvlm-256m."
            raise TaskUnsupported(self.name, "answering questions", remedy)
        return task, one_photo(messages, self.name)

    def _room(self, max_tokens: int) -> int:
        return min(max_tokens, int(self._model.config.text_config.max_position_embeddings) - 2)


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

"""Models that chat about photos: LLaVA, SmolVLM, Qwen3-VL and others with a chat template.

The whole conversation is sent each time, with all its photos, in the checkpoint's own template.
Control tokens that a person or an earlier reply spells out are defused (`vlm.untrusted_text`);
templates that mark turns with plain words ("USER:", "User:"; LLaVA and SmolVLM do) cannot tell a
typed "ASSISTANT:" from their own, so there a text can still pose as another speaker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from vlm.batch_size import rows_at_once
from vlm.batching import in_batches
from vlm.chat_prompts import conversation, digests, photos_in, processed
from vlm.errors import ModelFileDamaged, TaskUnsupported, VlmError
from vlm.hub import checkpoint_folder
from vlm.models import ModelSpec
from vlm.photo_encoder import Prompt
from vlm.photo_reader import PhotoReader
from vlm.prompts import PROMPTS
from vlm.protocols import Describer, Message
from vlm.runtime import Runtime, pick_runtime
from vlm.token_stream import stream_text
from vlm.transformers_checkpoint import enough_memory, load_model, load_processor
from vlm.untrusted_text import printable


class ChatTemplateDescriber:
    """A transformers image-text-to-text model with a chat template."""

    prompts = PROMPTS["chat"]

    def __init__(self, name: str, model: Any, processor: Any, runtime: Runtime) -> None:
        self.name = name
        self._model = model
        self._processor = processor
        self._runtime = runtime
        self._reader = PhotoReader(model)
        self._lock = Lock()

    def describe(self, messages: Sequence[Message], *, max_tokens: int = 128) -> Iterator[str]:
        """Yield the reply to the last message, given all of them.

        Raises `TaskUnsupported` for a conversation that is longer than the model's context.
        """
        tokenizer = self._processor.tokenizer

        def generate(**stream: Any) -> None:
            with self._lock, enough_memory(self.name):
                prompt = self._prompt(messages, max_tokens)
                self._reader.write(prompt, max_new_tokens=max_tokens, **stream)

        decode = partial(
            tokenizer.decode, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        yield from stream_text(generate, decode)

    @property
    def batch_size(self) -> int:
        """By the memory of the device; 1 for architectures that take no encoded photos."""
        return rows_at_once(self._model) if self._reader.batches else 1

    def describe_many(
        self, requests: Sequence[Sequence[Message]], *, max_tokens: int = 128
    ) -> list[str | VlmError]:
        """Replies to several conversations at once; a refusal stands in its place."""

        def prepare(some: list[Sequence[Message]]) -> list[Prompt | VlmError]:
            with self._lock, enough_memory(self.name):
                return self._looked_at(self._prompts(some, max_tokens))

        def reply(prompts: list[Prompt]) -> list[str]:
            with self._lock, enough_memory(self.name):
                return self._said(self._reader.write_many(prompts, max_new_tokens=max_tokens))

        return in_batches(
            requests,
            self.batch_size,
            prepare=prepare,
            length=lambda prompt: prompt.length,
            reply=reply,
        )

    def samples(
        self, messages: Sequence[Message], *, count: int, seed: int = 0, max_tokens: int = 128
    ) -> list[str]:
        """Replies drawn at random in one batch; photos are looked at once. Raises as `describe`."""
        with self._lock, enough_memory(self.name):
            prompt = self._prompt(messages, max_tokens)
            return self._said(self._reader.draw(prompt, count, seed, max_tokens))

    def _said(self, rows: Any) -> list[str]:
        texts = self._processor.tokenizer.batch_decode(
            rows, skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return [printable(text) for text in texts]

    def _prompt(self, messages: Sequence[Message], max_tokens: int) -> Prompt:
        (prompt,) = self._prompts([messages], max_tokens)
        if isinstance(prompt, VlmError):
            raise prompt
        return prompt

    def _prompts(
        self, requests: Sequence[Sequence[Message]], max_tokens: int
    ) -> list[Prompt | VlmError]:
        tokenizer = self._processor.tokenizer
        control = [str(token) for token in tokenizer.added_tokens_decoder.values()]
        turns = [conversation(messages, control) for messages in requests]
        made = processed(self._processor, turns)
        return [
            self._too_long(inputs, max_tokens)
            or Prompt(
                photos=digests(inputs, photos_in(one)),
                inputs=inputs.to(self._runtime.device, self._model.dtype),
            )
            for inputs, one in zip(made, turns, strict=True)
        ]

    def _looked_at(self, prompts: Sequence[Prompt | VlmError]) -> list[Prompt | VlmError]:
        seen = iter(self._reader.look([one for one in prompts if isinstance(one, Prompt)]))
        return [next(seen) if isinstance(one, Prompt) else one for one in prompts]

    def _too_long(self, inputs: Any, max_tokens: int) -> TaskUnsupported | None:
        length = inputs["input_ids"].shape[1]
        context = self._model.config.get_text_config().max_position_embeddings
        if length + max_tokens <= context:
            return None
        return TaskUnsupported(
            self.name,
            f"a conversation of {length:,} tokens and a reply of {max_tokens:,}, "
            f"with room for {context:,}",
            "Begin a new conversation, or send fewer photos.",
        )


def load(spec: ModelSpec, folder: Path | None) -> Describer:
    """Load a model with a chat template from a folder or from the hub.

    Raises `ModelUnavailable`, `RuntimeUnavailable` where a package of the processor is missing
    (SmolVLM2 wants num2words), or `ModelFileDamaged`.
    """
    from transformers import AutoModelForImageTextToText, AutoProcessor

    folder = folder or checkpoint_folder(spec)
    runtime = pick_runtime()
    processor = load_processor(AutoProcessor, folder)
    if not getattr(processor, "chat_template", None):
        raise ModelFileDamaged(
            folder,
            "has no chat template (chat_template.jinja or .json)",
            "Name a checkpoint that was tuned for chat; those are often called Instruct",
        )
    model = load_model(AutoModelForImageTextToText, folder, runtime)
    model.generation_config.eos_token_id = _ends(model.generation_config, processor.tokenizer)
    return ChatTemplateDescriber(spec.name, model, processor, runtime)


def _ends(generation_config: Any, tokenizer: Any) -> list[int]:
    # SmolVLM's generation_config.json does not know the token that ends its turns.
    ends = generation_config.eos_token_id
    known = ends if isinstance(ends, list) else [ends]
    return sorted({end for end in (*known, tokenizer.eos_token_id) if end is not None})

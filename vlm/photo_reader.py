"""A transformers decoder that reads photos as tokens, each photo and each turn once.

Encoded photos and the keys and values of the last conversation are kept (`vlm.photo_encoder`,
`vlm.read_before`) where the architecture lets them be handed in; others read everything anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from inspect import signature
from typing import Any

from vlm.photo_encoder import PhotoEncoder, Prompt, joined
from vlm.read_before import ReadBefore
from vlm.sampling import DRAWN, seeded


class PhotoReader:
    """Not for several threads at once: models keep things of the running reply in themselves."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._before = ReadBefore(model)
        self._encoder = PhotoEncoder(model)
        handed_in = "mm_encoder_outputs" in signature(model.forward).parameters
        usual = model.generation_config.cache_implementation is None
        self.batches = self._encoder.works and handed_in and usual
        """Whether several conversations can be read at once."""

    def look(self, prompts: Sequence[Prompt]) -> list[Prompt]:
        """The same with their photos encoded, so that their pixels need no more memory."""
        if not self.batches:
            return list(prompts)
        return [
            replace(prompt, seen=seen, inputs=_without_pixels(prompt.inputs))
            for prompt, seen in zip(prompts, self._encoder.look(prompts), strict=True)
        ]

    def write(self, prompt: Prompt, **how: Any) -> None:
        """Let ``generate`` write a reply; what it reads and writes is kept for the next turn."""
        from transformers import DynamicCache

        if not self.batches:
            self._model.generate(**prompt.inputs, **how)
            return
        cache = self._before.begin(prompt.tokens, prompt.photos)
        if cache is not None:
            given = {key: prompt.inputs[key] for key in ("input_ids", "attention_mask")}
        else:
            given = self._rows([prompt])
            cache = DynamicCache(config=self._model.config.get_text_config(decoder=True))
        rows = self._model.generate(**given, past_key_values=cache, **how)
        self._before.keep(rows[0].tolist(), prompt.photos, cache)

    def write_many(self, prompts: Sequence[Prompt], **how: Any) -> Any:
        """Token ids ``(rows, length)`` of a reply to each, prompts left out.

        Prompts are padded on the left, so that every reply begins at the same place.
        """
        given = self._rows(prompts)
        rows = self._model.generate(**given, **how)
        return rows[:, given["input_ids"].shape[1] :]

    def draw(self, prompt: Prompt, count: int, seed: int, max_tokens: int) -> Any:
        """Token ids ``(count, length)`` of replies drawn at random, prompts left out.

        ``generate`` would repeat the photos and encode each copy. So all but the last token are
        read here, once, and only what was read of them is repeated.
        """
        import torch

        with torch.inference_mode(), seeded(seed):
            read = self._read(prompt)
            several = deepcopy(read)
            self._before.keep(prompt.tokens, prompt.photos, read)
            several.batch_repeat_interleave(count)
            ids = self._model.generate(
                input_ids=prompt.inputs["input_ids"].repeat(count, 1),
                attention_mask=prompt.inputs["attention_mask"].repeat(count, 1),
                past_key_values=several,
                max_new_tokens=max_tokens,
                **DRAWN,
            )
        return ids[:, prompt.length :]

    def _read(self, prompt: Prompt) -> Any:
        """Keys and values of a prompt but for its last token."""
        length = prompt.length
        read = self._before.begin(prompt.tokens, prompt.photos)
        if read is None:
            given = self._rows([prompt])
            before = {k: v[:, :-1] if _by_token(v, length) else v for k, v in given.items()}
        elif read.get_seq_length() < length - 1:
            left = prompt.inputs["input_ids"][:, read.get_seq_length() : -1]
            before = {"input_ids": left, "past_key_values": read}
        else:
            return read
        return self._model(**before, use_cache=True, logits_to_keep=1).past_key_values

    def _rows(self, prompts: Sequence[Prompt]) -> dict[str, Any]:
        """Arguments for ``generate``: rows of the same length, photos encoded."""
        if not self.batches:
            return dict(prompts[0].inputs)
        longest = max(prompt.length for prompt in prompts)
        seen = [features for features in self._encoder.look(prompts) if features is not None]
        given: dict[str, list[Any]] = {}
        for prompt in prompts:
            for key, value in prompt.inputs.items():
                if _by_token(value, prompt.length):
                    given.setdefault(key, []).append(self._padded(key, value, longest))
                elif not key.startswith("pixel_"):
                    given.setdefault(key, []).append(value)
        import torch

        rows: dict[str, Any] = {key: torch.cat(values) for key, values in given.items()}
        return {**rows, "mm_encoder_outputs": {"image": joined(seen)}} if seen else rows

    def _padded(self, key: str, value: Any, longest: int) -> Any:
        from torch.nn.functional import pad

        filling = 0
        if key == "input_ids":
            ends = self._model.generation_config.eos_token_id
            end = ends[0] if isinstance(ends, list) else ends
            known = self._model.generation_config.pad_token_id
            filling = known if known is not None else end
        return pad(value, (longest - value.shape[1], 0), value=filling)


def _without_pixels(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if not key.startswith("pixel_")}


def _by_token(value: Any, length: int) -> bool:
    return getattr(value, "shape", ())[:2] == (1, length)

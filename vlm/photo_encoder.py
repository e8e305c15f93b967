"""The encoder of a decoder that reads photos as tokens: several photos at once, each one once.

What it made of photos is kept (`vlm.kept`) by conversation, for all the tasks about the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from itertools import accumulate
from typing import Any, TypeVar

from vlm.kept import Kept

T = TypeVar("T")

KEPT_BYTES = 256 * 2**20
"""Of encoded photos: 2.5 MB for one of SmolVLM 256M, up to 26 MB for Qwen3-VL 2B."""
AT_ONCE = 2**23
"""Values of pixels in one call: ten tiles of 512 by 512. More of them gain nothing, since layers
are busy enough by then, and ask for memory."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A conversation as its processor makes it, one row of tensors on the model's device.

    ``photos`` tell by their content which ones it is about (`vlm.chat_prompts.digests`).
    """

    inputs: Mapping[str, Any]
    photos: tuple[bytes, ...]
    seen: Any = None
    """What the encoder made of the photos, where that is known already."""

    @property
    def length(self) -> int:
        """Tokens, those of photos included."""
        return int(self.inputs["input_ids"].shape[1])

    @property
    def tokens(self) -> list[int]:
        """The same as numbers."""
        ids: list[int] = self.inputs["input_ids"][0].tolist()
        return ids


class PhotoEncoder:
    """``get_image_features`` of a transformers model."""

    def __init__(self, model: Any) -> None:
        self._encode = getattr(model.base_model, "get_image_features", None)
        self._takes = tuple(signature(self._encode).parameters) if self._encode else ()
        self._image_token = getattr(model.config, "image_token_id", -1)
        self._kept: Kept[Any] = Kept(KEPT_BYTES, _bytes)
        self.works = self._encode is not None
        """Whether the architecture has one that can be called alone."""

    def look(self, prompts: Sequence[Prompt]) -> list[Any]:
        """What the decoder wants of the photos of each conversation; None for one without."""
        found = [prompt.seen for prompt in prompts]
        places = [
            place
            for place, prompt in enumerate(prompts)
            if prompt.seen is None and "pixel_values" in prompt.inputs
        ]
        some = [prompts[place] for place in places]
        keys = [b"".join(prompt.photos) for prompt in some]
        seen = self._kept.of(keys, lambda absent: self._encoded([some[n] for n in absent]))
        for place, features in zip(places, seen, strict=True):
            found[place] = features
        return found

    def _encoded(self, prompts: Sequence[Prompt]) -> list[Any]:
        return [features for batch in self._batches(prompts) for features in self._together(batch)]

    def _batches(self, prompts: Sequence[Prompt]) -> Iterator[list[Prompt]]:
        """Neighbours whose pixels fit into one tensor that is not too large."""
        batch: list[Prompt] = []
        for prompt in prompts:
            size = prompt.inputs["pixel_values"].numel() * (len(batch) + 1)
            if batch and (size > AT_ONCE or self._shapes(prompt) != self._shapes(batch[0])):
                yield batch
                batch = []
            batch.append(prompt)
        if batch:
            yield batch

    def _given(self, prompt: Prompt) -> dict[str, Any]:
        return {key: prompt.inputs[key] for key in self._takes if key in prompt.inputs}

    def _shapes(self, prompt: Prompt) -> dict[str, Any]:
        return {key: value.shape for key, value in self._given(prompt).items()}

    def _together(self, batch: list[Prompt]) -> list[Any]:
        import torch

        encode = self._encode
        assert encode is not None
        given = [self._given(prompt) for prompt in batch]
        with torch.no_grad():
            if len(batch) == 1:
                return [_essence(encode(**given[0], return_dict=True))]
            rows = {key: torch.cat([one[key] for one in given]) for key in given[0]}
            found = encode(**rows, return_dict=True)
        counts = [int((one.inputs["input_ids"] == self._image_token).sum()) for one in batch]
        if not _ends(found.pooler_output, counts):  # an architecture that counts otherwise
            return [features for one in batch for features in self._together([one])]
        parts = {name: _split(part, counts) for name, part in _fields(found)}
        return [
            _essence(type(found)(**{name: part[number] for name, part in parts.items()}))
            for number in range(len(batch))
        ]


def joined(seen: Sequence[Any]) -> Any:
    """Encoded photos of several conversations as if they were of one."""
    together = {name: _cat([one[name] for one in seen]) for name, _ in _fields(seen[0])}
    return type(seen[0])(**together)


def _essence(found: Any) -> Any:
    """What the decoder wants of encoded photos; what else its encoder says is not worth keeping."""
    return type(found)(**{name: _each(part, lambda t: t.clone()) for name, part in _fields(found)})


def _fields(found: Any) -> Iterator[tuple[str, Any]]:
    for name in ("pooler_output", "deepstack_features"):  # the latter of Qwen3-VL, by layer
        if (part := getattr(found, name, None)) is not None:
            yield name, part


def _cat(parts: Sequence[Any]) -> Any:
    """Tensors one after the other, or lists of them; lists of lists within each layer."""
    import torch

    if isinstance(parts[0], torch.Tensor):
        return torch.cat(list(parts))
    if isinstance(parts[0][0], torch.Tensor):
        return [tensor for part in parts for tensor in part]
    return [_cat(layer) for layer in zip(*parts, strict=True)]


def _split(part: Any, counts: Sequence[int]) -> list[Any]:
    """The other way round: ``counts`` tells how many tokens each conversation has in ``part``."""
    if not hasattr(part, "shape") and not hasattr(part[0], "shape"):
        return [list(layers) for layers in zip(*(_split(one, counts) for one in part), strict=True)]
    ends = _ends(part, counts)
    return [part[first:end] for first, end in zip([0, *ends], ends, strict=False)]


def _ends(part: Any, counts: Sequence[int]) -> list[int]:
    """Where each conversation ends in a tensor or a list of them; none where counts do not fit."""
    if hasattr(part, "shape"):
        lengths = [part.shape[1:-1].numel()] * len(part)
    else:
        lengths = [tensor.shape[:-1].numel() for tensor in part]
    places = {tokens: place for place, tokens in enumerate(accumulate(lengths), 1)}
    ends = [places.get(tokens, 0) for tokens in accumulate(counts)]
    return ends if all(ends) and ends[-1] == len(part) else []


def _each(part: Any, do: Callable[[Any], T]) -> Any:
    return [_each(inner, do) for inner in part] if isinstance(part, list | tuple) else do(part)


def _bytes(seen: Any) -> int:
    sizes: list[int] = []
    for _, part in _fields(seen):
        _each(part, lambda tensor: sizes.append(tensor.nbytes))
    return sum(sizes)

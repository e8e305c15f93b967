"""One BLIP checkpoint: photos are encoded once, and read by its decoder with or without words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL.Image import Image

from vlm.kept import Kept, digest_of
from vlm.runtime import Runtime
from vlm.untrusted_text import without_tokens

_KEPT_BYTES = 128 * 2**20
"""Of encoded photos, 1.8 MB each in float32."""


def _kept() -> Kept[Any]:
    return Kept(_KEPT_BYTES, lambda seen: int(seen.nbytes))


@dataclass(frozen=True)
class Head:
    """One loaded checkpoint, which captions or answers.

    The steps are those of transformers' own ``generate``, where the encoder's part cannot be kept
    and the padding of questions of several lengths would be read as if it were words.
    """

    model: Any
    processor: Any
    runtime: Runtime
    _seen: Kept[Any] = field(default_factory=_kept)

    @property
    def room(self) -> int:
        """The most tokens of a reply."""
        return int(self.model.config.text_config.max_position_embeddings) - 1

    def write(self, photos: Sequence[Image], questions: Sequence[str], **how: Any) -> Any:
        """Token ids ``(rows, length)``: about each photo, a caption where its question is empty.

        Either all questions are empty or none is.
        """
        import torch

        text = self.model.config.text_config
        with torch.no_grad():
            seen = self._look(photos)
            read = torch.ones(seen.shape[:2], dtype=torch.long, device=seen.device)
            first = text.bos_token_id
            if any(questions):
                words = self._words(questions)
                first = self.model.decoder_start_token_id
                asked = self.model.text_encoder(
                    **words, encoder_hidden_states=seen, encoder_attention_mask=read
                )
                seen, read = asked[0], words["attention_mask"]
        return self.model.text_decoder.generate(
            input_ids=torch.full((len(photos), 1), first, device=seen.device),
            eos_token_id=text.sep_token_id,
            pad_token_id=text.pad_token_id,
            encoder_hidden_states=seen,
            encoder_attention_mask=read,
            **how,
        )

    def _look(self, photos: Sequence[Image]) -> Any:
        import torch

        def encode(places: list[int]) -> Any:
            some = [photos[place] for place in places]
            pixels = self.processor.image_processor(images=some, return_tensors="pt")
            pixels = pixels.to(self.runtime.device, self.model.dtype)
            return [row.clone() for row in self.model.vision_model(**pixels)[0]]

        return torch.stack(self._seen.of([digest_of(photo) for photo in photos], encode))

    def _words(self, questions: Sequence[str]) -> Any:
        tokenizer = self.processor.tokenizer
        texts = [without_tokens(text, tokenizer.all_special_tokens) for text in questions]
        context = self.model.config.text_config.max_position_embeddings
        words = tokenizer(
            texts,
            truncation=True,
            max_length=context,
            padding=True,
            padding_side="right",
            return_token_type_ids=False,
            return_tensors="pt",
        )
        return words.to(self.runtime.device)

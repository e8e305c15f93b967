"""What to say to models that follow instructions, local or behind a server."""

from __future__ import annotations

from vlm.protocols import Prompts

CHAT_PROMPTS = Prompts(
    caption="Describe this photo in one short sentence.",
    detailed="Describe this photo in detail, in three to five sentences.",
    answer="{question}",
    alt_text=(
        "Write the alt text of this photo for somebody who cannot see it: one factual sentence "
        "of at most 125 characters that does not begin with 'image of' or 'photo of'. "
        "Reply with the alt text only."
    ),
)

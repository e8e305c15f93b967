"""What to say to each family of models, for each task. Data: the one table of prompts.

A family's version follows from its wording, so that no wording can change without it. It is
stored with every text that a model wrote (`vlm.tasks.prompt_name`).
"""

from __future__ import annotations

from types import MappingProxyType

from vlm.protocols import Prompts

_TABLE = (
    Prompts(
        family="starter",
        caption="",
        detailed="Describe the photo in detail.",
        answer="{question}",
        alt_text="",
        extended="Describe the photo in detail.",
    ),
    Prompts(
        family="blip",
        caption="",
        detailed=None,
        answer="{question}",
        alt_text="",
    ),
    Prompts(
        family="florence",
        caption="<CAPTION>",
        detailed="<MORE_DETAILED_CAPTION>",
        answer=None,
        alt_text="<CAPTION>",
        extended="<MORE_DETAILED_CAPTION>",
    ),
    Prompts(
        family="chat",
        caption="Describe this photo in one short sentence.",
        detailed="Describe this photo in detail, in three to five sentences.",
        answer="{question}",
        alt_text=(
            "Write the alt text of this photo for somebody who cannot see it: one factual sentence "
            "of at most 125 characters that does not begin with 'image of' or 'photo of'. "
            "Reply with the alt text only."
        ),
        extended=(
            "Describe this photo for somebody who cannot see it, in three to six plain sentences: "
            "first what it shows as a whole, then the important parts and where they are, then any "
            "text in it, word for word in double quotes. Say only what can be seen."
        ),
        tags=(
            "List the things that can be seen in this photo as English nouns, most important "
            "first, at most ten, separated by commas. Reply with the list only."
        ),
        language="Reply in {language}.",
    ),
)

PROMPTS = MappingProxyType({prompts.family: prompts for prompts in _TABLE})
"""By family."""

"""The chat behind the browser page: a photo library and a describer as one streaming runnable.

`assistant` answers a `Turn` with events. File names, captions, words inside photos and what models
say are data here: nothing in them is acted on, and nothing can be written.
"""

import vlm.assistant.untraced  # noqa: F401 - before anything of LangChain runs
from vlm.assistant.answering import assistant
from vlm.assistant.conversation import Past, Turn
from vlm.assistant.events import Answered, Citation, Doing, Event, Found, Said
from vlm.assistant.tools import Count, Finding, PhotoFacets, PhotoTools

__all__ = [
    "Answered",
    "Citation",
    "Count",
    "Doing",
    "Event",
    "Finding",
    "Found",
    "Past",
    "PhotoFacets",
    "PhotoTools",
    "Said",
    "Turn",
    "assistant",
]

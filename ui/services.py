"""What both faces, the command line and the browser app, can do. Import services from here."""

from ui.describing import AltText, Answered, Captioned, alt_texts, ask, captions
from ui.photo_files import photos_in
from ui.searching import DEFAULT_HITS, build_index, search, similar, similar_to_image, watch_index

__all__ = [
    "DEFAULT_HITS",
    "AltText",
    "Answered",
    "Captioned",
    "alt_texts",
    "ask",
    "build_index",
    "captions",
    "photos_in",
    "search",
    "similar",
    "similar_to_image",
    "watch_index",
]

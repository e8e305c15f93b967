"""Telling a request for photos from a question about one, by the words it opens with (English)."""

from __future__ import annotations

import re

from vlm.alt.wording import clean

_REQUEST = re.compile(
    r"""(?:(?:please|can\s+you|could\s+you|would\s+you|hey|hi|help\s+me(?:\s+to)?)\W+)*
    (?: (?:find|show|search|look\s+for|get|list|give|fetch|display) (?:\s+(?:me|us|for|up|through))*
      | (?:do|have)\s+(?:i|we)\s+(?:have|got|take|taken)
      | (?:which|what)\s+(?:of\s+)?(?=(?:(?:my|our|the)\s+)?(?:photo|picture|image|pic)s\b)
      | where\s+(?:are|is)\s+(?=my|our|the\s+(?:photo|picture|image))
      | (?:is|are)\s+there\s+(?=an?y?\s+(?:photo|picture|image)|some\s+(?:photo|picture|image))
      | i\s+(?:want|need|am\s+(?:looking|searching)\s+for|am\s+trying\s+to\s+find)
        (?:\s+to\s+(?:see|find))?
      | (?:i\s+would|i'd)\s+(?:like|love)(?:\s+to\s+(?:see|find))?
      | let\s+me\s+see | (?:can|could|may)\s+(?:i|we)\s+(?:see|have|look\s+at)
      | (?:have\s+(?:you|we)\s+|you\s+)?got | do\s+you\s+have
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
_IN_LIBRARY = re.compile(
    r"\s+(?:(?:in|from|on)\s+(?:(?:my|our|the)\s+)?(?:photos?|pictures?|images?|library|collection))$",
    re.IGNORECASE,
)
_PHOTOS_OF = re.compile(
    r"""\s*(?:(?:all|any|some|the|my|our|me|a|an|every|of|other|more|that|this|those|these)\s+)*
    (?:photos?|pictures?|images?|pics?|shots?|snaps?|everything|ones(?=\s+(?:of|with|showing|from|where)\b))\b
    (?:\s+(?:do|have|did)\s+(?:i|we)(?:\s+(?:have|got|take))?)?
    (?:\s+(?:of|with|showing|shows?|ha(?:s|ve)|contain(?:s|ing)?|that\s+shows?|where|from|about|i\s+took\s+(?:of|in|at)))?\b""",
    re.IGNORECASE | re.VERBOSE,
)

_AT_HAND = re.compile(r"(?:that|this|those|these)\b|the\s+ones\b", re.IGNORECASE)


def query_of(text: str) -> str:
    """The words to search for in a request, or the text itself if it is no request.

    >>> query_of("Can you show me photos of a dog on a beach?")
    'a dog on a beach'
    >>> query_of("do I have any pictures with a red car in:holiday")
    'a red car in:holiday'
    >>> query_of("which photos show a dog?"), query_of("sunset")
    ('a dog', 'sunset')
    """
    asked = clean(text)
    rest = asked
    request = _REQUEST.match(rest)
    if request:
        rest = rest[request.end() :]
    photos = _PHOTOS_OF.match(rest)
    if photos:
        rest = rest[photos.end() :]
    rest = _IN_LIBRARY.sub("", rest.strip(" ?!.,:;"))
    return rest or asked.strip(" ?!.,:;")


def is_request(text: str) -> bool:
    """Whether a text asks for photos of the library, rather than about a photo at hand.

    >>> is_request("find my cat"), is_request("photos of Rome"), is_request("is there a cat?")
    (True, True, False)
    """
    asked = clean(text)
    of_photos = _PHOTOS_OF.match(asked) and not _AT_HAND.match(asked)
    return bool(_REQUEST.match(asked) or of_photos)


def asks_for_nothing(text: str) -> bool:
    """Whether a request says nothing to look for.

    >>> asks_for_nothing("show me"), asks_for_nothing("search!"), asks_for_nothing("find cats")
    (True, True, False)
    """
    return bool(_REQUEST.fullmatch(clean(text).strip(" ?!.,")))

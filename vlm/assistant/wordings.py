"""How people word what they ask of a photo library, in English, as patterns."""

from __future__ import annotations

import re
from typing import Literal

_PHOTOS = r"(?:photos?|pictures?|images?|pics?|shots?|snaps?)"
BARE = re.compile(r"(?:the photo|(?:this|that)(?: one)?|it)[\s?!.]*", re.IGNORECASE)
THANKS = re.compile(
    r"(?:(?:many\s+)?thanks|thank\s+you|thx|great|nice|perfect|ok(?:ay)?)\b[\s!.,]*"
    r"(?:(?:so|very)\s+much|a\s+lot|thanks|thank\s+you)?[\s!.,]*",
    re.IGNORECASE,
)
HELP = re.compile(
    r"(?:(?:hi|hello|hey|good\s+(?:morning|afternoon|evening|day)|help(?:\s+me)?"
    r"|what\s+can\s+(?:you|i)\s+(?:do|ask)(?:\s+(?:here|you))?|who\s+are\s+you"
    r"|how\s+does\s+this\s+work)\b[\s!?.,]*(?:(?:there|please)\b[\s!?.,]*)?)+",
    re.IGNORECASE,
)
SIMILAR = re.compile(
    rf"\bsimilar\b|\b(?:more|others?|ones|anything|something|{_PHOTOS})\s+(?:\w+\s+)?like\s+"
    r"(?:it|this|that|these|the\b|\[|photo|picture|image|number|\#)",
    re.IGNORECASE,
)
HOW_MANY_OF_THEM = re.compile(
    rf"(?:and\s+)?(?:how\s+many|which(?:\s+ones)?)\s+of\s+(?:them|these|those|the)(?:\s+{_PHOTOS})?\s+"
    r"(?P<what>.+)",
    re.IGNORECASE,
)
HOW_MANY_PHOTOS = re.compile(
    rf"(?:how\s+many|count(?:\s+all)?|what\s+is\s+the\s+number\s+of)\s+(?:of\s+)?(?:my\s+|the\s+)?"
    rf"{_PHOTOS}\b(?:\s+(?:do|have|did)\s+(?:i|we)(?:\s+(?:have|got|take))?|\s+are\s+there"
    r"|\s+are\s+in\s+(?:my|the)\s+library)?"
    r"(?:\s+(?:are\s+)?(?:of|with|show(?:ing|s)?|that\s+shows?|contain(?:ing|s)?)\b)?"
    r"\s*(?P<of>[^?]*?)(?:\s+(?:do|have)\s+(?:i|we)(?:\s+(?:have|got|take))?|\s+are\s+there)?"
    r"[\s?!.]*",
    re.IGNORECASE,
)
HOW_MANY_OWNED = re.compile(
    r"how\s+many\s+(?P<of>[^?]+?)\s+(?:do|have)\s+(?:i|we)\s+(?:have|got|own)?[\s?!.]*$",
    re.IGNORECASE,
)
FACTS = re.compile(
    r"\b(?:when|where)\b.*\b(?:taken|shot|photographed|made)\b|\bwhen\s+did\s+(?:i|we)\b"
    r"|\bwhere\s+did\s+(?:i|we)\s+(?:take|photograph|shoot)\b"
    r"|\b(?:what|which)\s+(?:cameras?|lens|places|towns|cities|countries|years|dates?)\b"
    r"|\b(?:what|which)\s+(?:day|year|month)\s+(?:was|were|is|are)\b"
    r"|\bwhen\s+(?:was|were|is|are)\s+(?:it|this|that|these|those|they)\b",
    re.IGNORECASE,
)
PHOTOS_ABOUT = re.compile(
    rf"\bmy\s+(?P<before>\w+(?:\s+\w+)?)\s+{_PHOTOS}\b"
    rf"|\b{_PHOTOS}\s+(?:of|with|showing|from)\s+(?P<of>.+?)"
    r"(?=\s+(?:taken|shot|made|photographed)\b|\?|$)",
    re.IGNORECASE,
)
WHOLE = re.compile(
    rf"\b(?:library|all\s+my|my\s+{_PHOTOS}|i|we|cameras|places|towns|cities|countries|years)\b",
    re.IGNORECASE,
)
COMPARE = re.compile(
    r"\b(?:compare|comparison|differ(?:ent|ence|ences|s)?|in\s+common|same|versus|vs)\b",
    re.IGNORECASE,
)
WRITTEN: dict[Literal["alt", "describe", "caption"], re.Pattern[str]] = {
    "alt": re.compile(r"\balt(?:ernative)?[\s-]*texts?\b|\balts?\b(?=\s+(?:for|of)\b)", re.I),
    "describe": re.compile(
        r"\bdescri(?:be|ption)\b.*\b(?:detail(?:ed|s)?|full(?:y)?|long(?:er)?|more|everything)\b"
        r"|\b(?:detailed|full|long|longer)\s+description\b|\btell\s+me\s+more\b|\bin\s+(?:more\s+)?detail\b",
        re.I,
    ),
    "caption": re.compile(
        r"\bcaptions?\b|\bdescri(?:be|ption)\b|\btell\s+me\s+about\b|\bsummari[sz]e\b", re.I
    ),
}  # fmt: skip
ELLIPSIS = re.compile(
    r"(?:and|what\s+about|how\s+about|the\s+same\s+for|same\s+for|now|also)\b(?!.*\b(?:is|are|do|does"
    r"|was|were|has|have|can)\b)",
    re.IGNORECASE,
)
WHAT_ABOUT = re.compile(r"(?:(?:and|what about|how about)\s+)+(?P<what>.+)", re.IGNORECASE)
QUESTION = re.compile(
    r"(?:and\s+|so\s+|but\s+)?(?:what(?:'s)?|which|who(?:se)?|where|when|why|how|is|are|was|were"
    r"|does|do|did|has|have|can|could|any)\b",
    re.IGNORECASE,
)
ASKING = (
    r"\b(?:(?:kind|type|sort|colou?rs?|many|much)(?:\s+of)?|is|are|was|were|does|do|did|has|have|can"
    r"|there|any|doing|wearing|holding|i|we|you|see|look(?:s|ing)?|in\s+(?:my|the)\s+"
    r"(?:library|photos?|pictures?|images?))\b"
)

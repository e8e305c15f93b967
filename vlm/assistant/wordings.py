"""How people word what they ask of a photo library, in English, as patterns."""

from __future__ import annotations

import re
from typing import Literal

_PHOTO = r"(?:photo|picture|image|pic|shot|snap)"
_PHOTOS = rf"(?:{_PHOTO}s?)"
BARE = re.compile(r"(?:(?:the|this|that) photo|(?:this|that)(?: one)?|it)[\s?!.]*", re.IGNORECASE)
LIKE_THE = re.compile(
    rf"\b(?:similar\s+to|(?:more|others?|ones|anything|something|{_PHOTOS})\s+like)\s+"
    r"(?:the|that)\s+"
    rf"(?!(?:{_PHOTOS}|ones?|left|right|middle|first|last|other)\b)"
    r"(?P<thing>[a-z][a-z' -]*?)[\s?!.]*$",
    re.IGNORECASE,
)
SOME_ONE = re.compile(r"(?:(?:and|what\s+about|how\s+about)\s+)*the\s+[a-z-]+\s+one[\s?!.]*", re.I)
SIMILAR = re.compile(
    rf"\bsimilar\b|\b(?:more|others?|ones|anything(?:\s+else)?|something(?:\s+else)?|{_PHOTOS})\s+"
    r"(?:(?:that\s+)?looks?(?:ing)?\s+|\w+\s+)?like\s+"
    r"(?:it|this|that|these|the\b|\[|\d|photo|picture|image|number|\#)",
    re.IGNORECASE,
)
_HAVE = (
    r"(?:(?:do|have|did)\s+(?:i|we)(?:\s+(?:have|got|take|own))?|(?:i|we)\s+(?:have|own|took)"
    r"|are\s+there|there\s+are)"
)
_SHOW = (
    r"(?:(?:are\s+)?(?:of|with|show(?:ing|s)?|that\s+shows?|contain(?:ing|s)?|ha(?:ve|s)"
    r"|were(?=\s+taken))\b)"
)
_IN_ALL = (
    r"(?:\s+(?:in\s+(?:total|all|my\s+library|the\s+library|my\s+collection)|altogether|here))*"
)
_HOW_MANY = r"(?:how\s+many|count(?:\s+all)?|(?:what\s+is\s+)?(?:the\s+)?number\s+of)"
COUNTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_HOW_MANY}\s+(?:of\s+)?(?:my\s+|the\s+|our\s+)?{_PHOTOS}\b(?:\s+{_HAVE})?"
        rf"(?:\s+are\s+in\s+(?:my|the)\s+library)?(?:\s+{_SHOW})?\s*(?P<of>(?!that\b)[^?]*?)"
        rf"(?:\s+{_HAVE})?{_IN_ALL}[\s?!.]*",
        rf"in\s+how\s+many\s+(?:of\s+(?:my|the)\s+)?{_PHOTOS}\s+(?:is|are)\s+there\s+(?P<of>[^?]+?)[\s?!.]*",
        rf"how\s+many\s+(?P<of>[^?]+?)(?:\s+{_PHOTOS})?\s+(?:do|have)\s+(?:i|we)\s+(?:have|got|own)?"
        rf"{_IN_ALL}[\s?!.]*",
    )
)
HOW_MANY_FOUND = re.compile(
    rf"(?:and\s+)?how\s+many(?:\s+{_PHOTOS}|\s+of\s+(?:those|them))?\s+(?:are\s+(?:there|they|these|those)"
    rf"|did\s+you\s+find|have\s+you\s+found|is\s+that|do\s+(?:i|we)\s+have){_IN_ALL}[\s?!.]*",
    re.IGNORECASE,
)
_THEM = rf"(?:them|these|those|the\s+two|(?:the|these|those)\s+{_PHOTOS})"
CHECKS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:and\s+)?(?:how\s+many|which(?:\s+(?:ones?|{_PHOTOS}))?)\s+of\s+{_THEM}(?:\s+{_PHOTOS})?\s+"
        r"(?P<what>.+)",
        r"(?:and\s+)?which\s+ones?\s+(?P<what>(?:is|are|was|were|shows?|ha(?:s|ve)|contains?|with)\s+.+)",
        rf"(?:and\s+)?(?:does|do|is|are|has|have|was|were)\s+(?:any|all|some|both|each|either|one|most|none)"
        rf"(?:\s+ones?)?\s+of\s+{_THEM}\s+(?P<what>.+)",
        r"(?:and\s+)?(?:does|do|is|are|has|have|was|were)\s+(?:both|all|each\s+one)\s+(?P<what>(?!of\b).+)",
        rf"(?:and\s+)?(?:is|are)\s+there\s+(?P<what>.+?)\s+(?:in|on)\s+(?:any|all|both|each|some|one|either)"
        rf"(?:\s+ones?)?(?:\s+of\s+{_THEM})?[\s?.!]*",
    )
)
_WHICH = (
    rf"(?:and\s+)?(?:which|what)(?:'s|\s+is)?(?:\s+(?:ones?|{_PHOTOS}))?"
    rf"(?:\s+of\s+{_THEM}(?:\s+{_PHOTOS})?)?"
)
MOST = re.compile(
    rf"{_WHICH}\s+(?:has|have|shows?|contains?|with)\s+(?:got\s+)?(?:the\s+)?(?:most|more|greatest\s+number\s+of"
    r"|largest\s+number\s+of)\s+(?P<what>(?!recent)[^,?]+)",
    re.IGNORECASE,
)
_OF = r"\s+(?:(?:is|was|are|were)\s+)?(?:the\s+)?"
OLDEST = re.compile(
    rf"{_WHICH}(?:{_OF}(?:oldest|earliest)\b|\s+(?:was|were|is)\s+(?:taken|shot)\s+(?:first|earliest)\b)",
    re.IGNORECASE,
)
NEWEST = re.compile(
    rf"{_WHICH}(?:{_OF}(?:newest|latest|most\s+recent|youngest)\b|\s+(?:was|were|is)\s+(?:taken|shot)\s+"
    r"(?:last|latest|most\s+recently)\b)",
    re.IGNORECASE,
)
RANKED = re.compile(
    rf"{_WHICH}(?:\s+(?:do\s+you\s+(?:like|prefer)|should\s+i)\b|{_OF}(?:(?:your\s+)?favou?rite|best|worst|better|nicer"
    r"|most\s+\w+|least\s+\w+|(?!(?:in)?(?:for|w|inter)est\b)\w+est)\b)",
    re.IGNORECASE,
)
SUPERLATIVE = re.compile(
    r"(?:very\s+)?(?:oldest|newest|latest|earliest|first|last|most\s+recent)", re.I
)
LATEST = re.compile(
    rf"(?:(?:find|show|give|get|see|list|what|which|are|is|me|let)\s+)*(?:all\s+)?(?:(?:my|our)\s+(?:very\s+)?"
    rf"(?:latest|newest|most\s+recent|last|recent)|(?:the\s+)?(?:latest|newest|most\s+recent|recent))\s+"
    rf"(?:\d+\s+)?{_PHOTOS}[\s?!.]*",
    re.IGNORECASE,
)
MORE = re.compile(
    rf"(?:and\s+)?(?:(?:show|give|find|see|get|let)\s+(?:me\s+)?(?:see\s+)?)?(?:(?:some|any|a\s+few)\s+)?"
    rf"(?:more|others|(?:the\s+)?next(?:\s+(?:page|ones|\d+|{_PHOTOS}))|other\s+(?:ones|{_PHOTOS}))(?:\s+(?:ones|{_PHOTOS}"
    r"|results|hits|of\s+(?:them|these|those)))?[\s?!.]*"
    rf"|(?:are|is)\s+there\s+(?:any\s*(?:thing)?\s+)?(?:more|others|else)(?:\s+{_PHOTOS}|\s+ones)?[\s?!.]*"
    r"|(?:what|anything|nothing)\s+else(?:\s+(?:do\s+you\s+have|have\s+you\s+(?:got|found)|is\s+there|did\s+you\s+find))?"
    r"[\s?!.]*|(?:go\s+on|continue|next|(?:show\s+me\s+)?(?:another|a\s+different)\s+one)[\s?!.]*",
    re.IGNORECASE,
)
UNDO = re.compile(
    r"(?:please\s+)?(?:undo(?:\s+(?:it|that|this|the\s+last(?:\s+\w+)?))?|(?:go|step|take\s+me)\s+back(?:\s+(?:one|a)\s+step)?"
    r"(?:\s+to\s+(?:the\s+)?(?:previous|last|earlier|former)\s+(?:search|results?|photos|one|ones))?|back"
    r"|(?:the\s+)?previous\s+(?:search|results)|revert(?:\s+that)?)(?:\s+(?:too|again|as\s+well))?[\s?!.]*",
    re.IGNORECASE,
)
COUNT_TOO = re.compile(
    r"(?:(?:and|or|what\s+about|how\s+about|now)\s+)+(?:(?:of|with)\s+)?(?P<what>[^\d\[]+?)[\s?!.]*",
    re.IGNORECASE,
)
BACK_TO = re.compile(
    r"(?:(?:let's\s+|let\s+us\s+)?(?:go\s+)?back\s+to|return\s+to)\s+(?:(?:the|my)\s+)?"
    r"(?P<what>(?!(?:first|second|third|fourth|fifth|last|one|number|previous)\b)[^\d\[]+?)[\s?!.]*",
    re.IGNORECASE,
)
FORGET_THAT = re.compile(
    r"(?:forget|never\s*mind|ignore|scratch)\s+(?:it|that|this)[\s,.!:;]+(?=\w)", re.IGNORECASE
)
KEEP: dict[str, re.Pattern[str]] = {
    "number": re.compile(
        r"(?:(?:show\s+me\s+)?(?:only|just)|keep(?:\s+(?:only|just))?)\s+(?:the\s+)?\0[\s.!]*", re.I
    ),
    "left out": re.compile(r"(?:(?:show|keep|give)\s+(?:me\s+)?)?\0[\s.!]*", re.I),
}
REMOVED = re.compile(
    r"(?:and\s+|now\s+)*(?:remove|drop|hide|exclude|leave\s+out|skip|ignore)\s+(?:the\s+)?\0[\s.!]*",
    re.I,
)
THE_ONE = re.compile(  # a search names what it looks for in the same words
    rf"\b(?:(?:the|that)\s+one|(?<!find\s)(?<!for\s)(?:the|that)\s+{_PHOTO}(?!s))\s+(?:(?:with|showing|of|containing|that\s+(?:shows?|has)"
    r"|where\s+there\s+is)\s+(?:(?:an?|the|some)\s+)?(?P<thing>[^\d\0?!.,:;]+?)"
    r"|(?P<where>(?:at|in|on|by|near)\s+(?!(?:the\s+)?(?:left|right|middle)\b)[^\d\0?!.,:;]+?))(?=\s+(?:taken|shot|and\b|from)|\s+in\s+detail|[?!.,:;]|\s*$)",
    re.IGNORECASE,
)
LENGTH = re.compile(
    r"(?:(?:make\s+(?:it|that)|a\s+bit|much|even|can\s+you\s+make\s+it|write\s+it|no|in)\s+)*(?:shorter|simpler|fewer\s+words|briefer"
    r"|(?P<longer>longer|more\s+detail(?:s|ed)?))[\s?!.]*",
    re.IGNORECASE,
)
AGAIN = re.compile(
    r"(?:(?:and|no|nope|not\s+that(?:\s+one)?|actually|sorry|wait|oh|i\s+mea?nt?|rather|instead|now|also|then|but|so|ok"
    r"|(?:what|how)\s+about|(?:the\s+)?same(?:\s+(?:question|thing|again))?)\b[\s,.!:]*)+"
    r"(?:(?:in|for|of|on|with|to|from|about)\s+)?(?:the\s+)?\0(?:\s+(?:ones?|too|instead|then|as\s+well))*[\s?!.]*",
    re.IGNORECASE,
)
FACTS = re.compile(
    r"\bwhat\s+(?:was|were)\s+(?:it|this|that|these|those|they|\0)\s+(?:taken|shot)\s+with\b|\b(?:when|where)\b.*\b(?:taken|shot|photographed|made)\b|\bwhen\s+did\s+(?:i|we)\b"
    r"|\bwhere\s+did\s+(?:i|we)\s+(?:take|photograph|shoot)\b"
    r"|\bwhen\b.*\bdid\s+(?:i|we)\b|\bwhere\s+was\s+(?:it|this|that|these|those|they)\b(?!.*\?.*\?)"
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
    rf"\b(?:library|all\s+my|my\s+{_PHOTOS}|did\s+(?:i|we)\s+(?:use|take\s+(?:my\s+)?{_PHOTOS})|cameras"
    r"|places|towns|cities|countries|years)\b",
    re.IGNORECASE,
)
COMPARE = re.compile(
    r"\b(?:compare|comparison|differ(?:ent(?!\s+one\b)|ence|ences|s)?|in\s+common|same|versus|vs)\b",
    re.IGNORECASE,
)
WRITTEN: dict[Literal["alt", "describe", "caption"], re.Pattern[str]] = {
    "alt": re.compile(r"\balt(?:ernative)?[\s-]*texts?\b|\balts?\b(?=\s+(?:for|of)\b)", re.I),
    "describe": re.compile(
        r"\bdescri(?:be|ption)\b.*\b(?:detail(?:ed|s)?|full(?:y)?|long(?:er)?|more|everything)\b"
        r"|\b(?:detailed|full|long|longer)\s+description\b|\btell\s+me\s+(?:more|everything|all)\b|\bin\s+(?:more\s+)?detail\b",
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
    r"\b(?:(?:kind|type|sort|colou?rs?|many|much|breed|make|model|size|age|name)(?:\s+of)?|is|are|was|were|does|do|did|has|have|can"
    r"|there|any|doing|wearing|holding|i|we|you|see|look(?:s|ing)?|in\s+(?:my|the)\s+"
    r"(?:library|photos?|pictures?|images?))\b"
)

"""Words that ask for nothing in a photo: greetings, thanks, doubts, and what this cannot do."""

from __future__ import annotations

import re

HELP = (
    "I look at photos. Add one and ask about it, or ask for photos of your library: "
    "“find my photos of a dog on a beach”. Then go on: "
    "“how many dogs are in the second one?”, “write alt text for it”, "
    "“compare the first two”, “more like [3]”, "
    "“only those with a person”, “show me more”, “undo that”, "
    "“how many photos of cats do I have?” or “when were these taken?”."
)
_REPLIES = {
    "hello": f"Hello. {HELP}",
    "help": HELP,
    "thanks": "You are welcome.",
    "ok": "Good. Ask for other photos, or about one of these, whenever you like.",
    "bye": "Goodbye.",
    "talk": (
        "I only talk about photos. Say what to look for, or which photo you mean, such as "
        "“the second one”."
    ),
    "sure": (
        "Not always: models make mistakes, small ones more of them. Where I say “might” or "
        "“probably” I am less sure than elsewhere. Open the photo to see for yourself."
    ),
    "how": (
        "A search compares what your words mean with what each photo shows, and with its texts. "
        "Then the model looks at the best photos one by one, and what it says is what it sees."
    ),
    "wrong": (
        "Sorry. Try it in other words, or leave photos out: “not the second one”, "
        "“without people”."
    ),
    "readonly": (
        "I only look at photos and write about them: I cannot make, change, move, share or "
        "delete any."
    ),
    "reset": "All right, from the start. What shall I look for?",
    "no_undo": "There is no earlier search to go back to.",
    "no_rank": (
        "I cannot judge that. I can tell what is in each photo, in which one there are the most of "
        "something, and which is the oldest or the newest."
    ),
    "no_length": (
        "I cannot write it to another length. Edit the text after copying it, or ask for a "
        "caption, an alt text or a detailed description."
    ),
}  # fmt: skip

_END = r"[\s!.,?)(:;]*"
_GREETING = (
    rf"(?:hi+|hiya|hello|hey+|howdy|greetings|good\s+(?:morning|afternoon|evening|day))(?:\s+"
    rf"(?:there|everyone|again))?{_END}"
)
_THING = (
    r"(?:it|this|that|them|these|those|both|all|everything|any|number|photos?|pictures?|images?)"
)
_TALK: tuple[tuple[str, str], ...] = (
    ("hello", rf"(?:{_GREETING})+"),
    ("help", (
        rf"(?:{_GREETING})*(?:(?:i\s+need\s+)?help(?:\s+me)?(?:\s+with\s+(?:something|this|it|my\s+photos))?"
        r"|what\s+(?:can|do|could|will)\s+(?:you|i)\s+(?:do|ask|help)(?:\s+(?:here|you|with|me|for))*"
        r"|what\s+are\s+you(?:\s+(?:able|capable)\b.*)?|who\s+(?:are|made)\s+you"
        r"|how\s+(?:does|do)\s+(?:this|it|you|i\s+use\s+(?:this|it))\s*(?:work)?)"
    )),
    ("thanks", (
        r"(?:(?:many\s+)?thanks|thank\s+you|thx|cheers|great|nice|perfect|lovely|cool|wonderful"
        r"|awesome|excellent|super|good|well\s+done|good\s+job"
        r"|(?:that|this)(?:'s|\s+is)\s+(?:great|nice|perfect|lovely|good))\b"
        rf"(?:{_END}(?:(?:so|very)\s+much|a\s+lot|thanks|thank\s+you|for\s+(?:your|the)\s+help|then))*"
        r"(?:[\s,]+(?:that's|that\s+is|this\s+is)\s+(?:great|nice|perfect|lovely|good|all))?"
    )),
    ("ok", (
        r"(?:ok(?:ay)?|fine|alright|all\s+right|got\s+it|i\s+see|(?:that|this)(?:'s|\s+is)\s+"
        r"(?:fine|it|all|right|ok(?:ay)?))(?:[\s,]+(?:then|good|fine|great))*"
    )),
    ("bye", (
        r"(?:(?:ok(?:ay)?|thanks|thank\s+you)[\s,.!]+)?(?:good\s*)?(?:bye|night|see\s+you|cu|ciao)"
        r"(?:[\s-]+(?:bye|then|later|soon|tomorrow|for\s+now))*"
    )),
    ("talk", (
        r"(?:yes|no|nope|yeah|yep|sure|maybe|nothing|never\s*mind|how\s+are\s+you(?:\s+\w+)?"
        r"|how\s+is\s+it\s+going|what\s+is\s+up|lol|ha(?:ha)+|wow)(?:[\s,]+please)?"
    )),
    ("sure", (
        r"(?:are|is)\s+(?:you|that|this|it)\s+(?:really\s+|very\s+)?(?:sure|certain|right|correct|true)"
        r"(?:\s+(?:about|of)\s+(?:that|this|it))?|really|how\s+sure\s+are\s+you|how\s+do\s+you\s+know"
        r"(?:\s+(?:that|this))?"
    )),
    ("how", (
        r"(?:how|why)\s+did\s+you\s+(?:find|choose|pick|select|know|decide|get|come)\b.*"
        r"|why(?:\s+not)?|why\s+(?:this|that|these|those|them|it)(?:\s+(?:ones?|photos?|pictures?))?"
    )),
    ("wrong", (
        r"(?:(?:no|sorry)[\s,.!]+)?(?:(?:this|that|it)(?:'s|\s+is)|(?:these|those|they)(?:'re|\s+are))\s+"
        r"(?:wrong|false|incorrect|nonsense|rubbish|(?:not|no)\s+[\w' ]+)|(?:you\s+are\s+)?wrong"
        r"|(?:this|that|it)\s+is\s*n'?t\s+[\w' ]+"
    )),
    ("readonly", (
        r"(?:delete|erase|trash|rename|edit|crop|rotate|move|share|send|upload|e?-?mail|print|post"
        r"|publish|resize|enhance|retouch|save|download|copy|rate|sort)\s+(?:(?:me|all|of|my|the|to)\s+)*"
        rf"(?:{_THING}\b|\[?\d|(?:first|second|third|fourth|fifth|last)\b).*"
        r"|(?:draw|generate|paint|create|make)\s+(?:me\s+)?(?:an?|some)\s+(?:new\s+)?"
        r"(?:picture|image|photo|drawing|painting)s?\b.*"
    )),
    ("reset", (
        r"(?:let\s+us\s+|let's\s+)?(?:start|begin)\s+(?:over|again|afresh|anew)(?:\s+from\s+scratch)?"
        r"|reset|(?:a\s+)?new\s+search|clear(?:\s+(?:all|everything|the\s+search))?|forget\s+"
        r"(?:everything|it|that|all(?:\s+of\s+(?:it|that))?)"
    )),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(f"(?:{said}){_END}", re.IGNORECASE)) for kind, said in _TALK)


def small_talk(text: str) -> str:
    """The kind of small talk that a text is, "" where it is none.

    >>> small_talk("Hi there!"), small_talk("thanks a lot"), small_talk("find a dog")
    ('hello', 'thanks', '')
    >>> small_talk("delete the second one"), small_talk("are you sure?"), small_talk("crop circles")
    ('readonly', 'sure', '')
    """
    for kind, pattern in _PATTERNS:
        if pattern.fullmatch(text):
            return kind
    return ""


def reply_to(kind: str) -> str:
    """What is said to small talk of a kind, "" for what is none."""
    return _REPLIES.get(kind, "")

"""What a short English question asks for, read by rules. Knows nothing about photos or models."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from vlm.alt import clean

Kind: TypeAlias = Literal[
    "exists",  # is there a dog?                    thing
    "is_colour",  # is the dog black?                  thing, detail
    "is_doing",  # is the dog running?                thing, detail
    "either",  # is it a cat or a dog?              thing, detail
    "colour",  # what colour is the dog?            thing (may be empty: the whole photo)
    "where",  # where is this?
    "indoors",  # is it inside or outside?
    "is_place",  # was this taken outside?           detail: indoors or outdoors
    "doing",  # what is the man doing?             thing (may be empty)
    "what",  # what is this? what animal is it?   thing: the kind asked for, or empty
    "object",  # what is the man holding?           thing, detail
    "caption",  # describe the photo
    "count",  # how many dogs are there?           thing
    "text",  # what does the sign say?
    "other",
]

COLOURS = (
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "grey",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """One question: its kind, the thing that it is about, and what is claimed of it."""

    kind: Kind
    thing: str = ""
    detail: str = ""


_LONGEST = 200
"""Characters; what is longer was not meant as one of these short questions."""

_PARTS = {
    "BE": r"(?:is|are|was|were|'s)",
    "A": r"(?:(?:an?|any|some|the|this|that|these|those|his|her|their|its|my|one of the|one) )",
    "PHOTO": r"(?:(?:the |this |that |my )?(?:photo|picture|image|pic|scene|it))",
    "PLACE": (
        r"(?: (?:in|on|of|at|from) (?:(?:the|this|that|my) "
        r"(?:photo|picture|image|pic|scene|foreground|background)s?|it)"
        r"| (?:here|there|visible|shown|present|anywhere|somewhere))*"
    ),
    "COLOUR": "|".join((*COLOURS, "gray", "golden", "tan", "beige", "blonde?")),
    "KIND": r"(?:animal|pet|bird|dog|vehicle|food|fruit|plant|flower|object|thing)s?|dish",
    "THING": r"[\w'-]+(?: [\w'-]+){0,2}?",
    "IN": r"(?:indoors?|outdoors?|inside|outside)",
    "DONE": (
        r"(?:wearing|holding|carrying|riding|eating|drinking|playing|throwing|catching|kicking"
        r"|chasing|pulling|pushing|reading|driving|climbing|chewing|biting|licking|hitting|feeding"
        r"|petting|hugging|brushing|washing|cutting|painting|cooking)(?: (?:on|with))?"
    ),
}
_RULES: tuple[tuple[Kind, str], ...] = (
    ("text", r".*\b(?:says?|written|reads?|text|words?|letters?|spell)\b.*"),
    ("count", r"(?:how many|count(?: the)?|.*number of) ?(?P<t>.*?)(?: (?:<BE>|do|can)\b.*)?"),
    ("indoors", r".*\b<IN> or\b.*"),
    ("is_place", r"<BE> (?!there\b).*?(?P<d><IN>)<PLACE>"),
    ("colour", r"(?:what|which) colou?rs? (?:<BE>|has|does|do) <A>?(?P<t>.*?)"
               r"(?: (?:have|wear|wearing|dressed in))?<PLACE>"),
    ("colour", r"(?:what ?<BE>|which <BE>|tell me) the colou?rs? of <A>?(?P<t>.*?)<PLACE>"),
    ("colour", r"(?:what|which) colou?rs? (?P<t><THING>) (?:<BE>|does|do)\b.*"),
    ("colour", r"(?:what|which) colou?rs?\b.*"),
    ("caption", r".*?\b(?:describe|caption|summari[sz]e|tell me about)\b.*"),
    ("caption", r"what (?:do|can) (?:you|i|we) see.*"),
    ("doing", r"what ?<BE> <A>?(?P<t>.*?) doing<PLACE>"),
    ("doing", r"what ?<BE> (?:happening|going on)<PLACE>"),
    ("doing", r"what (?:activity|sport|game)\b.*"),
    ("where", r"where ?<BE> (?!.*\b(?:from|made)$).*"),
    ("where", r"where (?:this|that|<PHOTO>) <BE> (?:taken|shot)"),
    ("where", r"where (?:does|did|do) (?:this|that|it|the scene) (?:take place|happen).*"),
    ("where", r"(?:in |at )?(?:what|which) (?:(?:kind|type|sort) of )?(?:place|location|room)\b.*"),
    ("where", r"what ?<BE> (?:this|the) (?:place|location|room)<PLACE>"),
    ("object", r"what ?<BE> <A>?(?P<t>.*?) (?P<d><DONE>)<PLACE>"),
    ("what", r"(?:what|which) (?:(?:kind|type|sort|breed) of )?(?P<t><KIND>)\b.*"),
    ("what", r"(?:what|who) ?<BE> (?:this|that|it|these|those|there|<PHOTO>)(?: of)?<PLACE>"),
    ("what", r"(?:what|who) ?<BE> (?:this|that|it) an? (?:photo|picture|image) of"),
    ("what", r"(?:what|who) ?<BE> (?:shown|visible|depicted|(?:in|on) <PHOTO>)<PLACE>"),
    ("what", r"what (?:does|do) <PHOTO> (?:show|depict|contain).*"),
    ("what", r"what ?<BE> the (?:main )?(?:subject|object|thing)<PLACE>"),
    ("either", r"<BE> (?:this|that|there|<PHOTO>)(?: of)? <A>?(?P<t>.+?) or <A>?(?P<d>.+?)<PLACE>"),
    ("exists", r"<BE> there (?:also )?<A>?(?P<t>.+?)<PLACE>"),
    ("exists", r"(?:do|can) (?:you|we|i) (?:also )?(?:see|spot|find) <A>?(?P<t>.+?)<PLACE>"),
    ("exists", r"does (?:<PHOTO>|this) (?:show|have|contain|include) <A>?(?P<t>.+?)<PLACE>"),
    ("is_colour", r"<BE> the colou?r of <A>?(?P<t><THING>) (?P<d><COLOUR>)<PLACE>"),
    ("is_colour", r"<BE> <A>?(?!there|this|that|it)(?P<t><THING>) (?P<d><COLOUR>)<PLACE>"),
    ("is_doing", r"<BE> <A>(?P<t>[\w-]+(?: [\w-]+)?) (?P<d>[a-z]{2,}ing\b.*?)<PLACE>"),
    ("exists", r"<BE> (?:this|that|<PHOTO>)(?: an?)?(?: (?:photo|picture|image))?(?: of)? "
               r"(?:an?|some) (?P<t>.+?)<PLACE>"),
    ("exists", r"<BE> (?:an?|any|some) (?P<t><THING>) (?:in|on|at|visible|here|present)\b.*"),
    ("exists", r"(?:any|an?) (?P<t>.+?)<PLACE>"),
)  # fmt: skip


def _compile(pattern: str) -> re.Pattern[str]:
    for _ in range(2):  # parts may hold parts
        pattern = re.sub(r"<([A-Z]+)>", lambda found: _PARTS[found[1]], pattern)
    return re.compile(pattern)


_COMPILED = tuple((kind, _compile(pattern)) for kind, pattern in _RULES)


def tidy_question(text: str) -> str:
    """A question in lower case, without politeness before it or punctuation around it.

    Far too long ones are cut. Grey is spelt as the captions of the training data do.

    >>> tidy_question("Please, is the CAT grey?")
    'is the cat gray'
    """
    asked = clean(text[: 4 * _LONGEST]).lower().strip(" ?!.,;:\u00bf\u00a1\"'")
    asked = re.sub(r"^(?:(?:please|hey|hi|hello|ok|so|and|also|now)\b[\s,]*)+", "", asked)
    asked = re.sub(
        r"^(?:(?:can|could|would) you )?tell me (?=what|which|where|how|is|are)", "", asked
    )
    return re.sub(r"\bgrey\b", "gray", asked)


def read_question(text: str) -> Question:
    """Say what kind of question a text is; ``other`` for all that no rule knows.

    >>> read_question("Is there a dog in the picture?")
    Question(kind='exists', thing='dog', detail='')
    >>> read_question("What color is the man's shirt?")
    Question(kind='colour', thing="man's shirt", detail='')
    >>> read_question("Why is the sky blue?").kind
    'other'
    """
    asked = tidy_question(text)
    if not asked or len(asked) > _LONGEST:
        return Question("other")
    for kind, pattern in _COMPILED:
        found = pattern.fullmatch(asked)
        if found:
            groups = found.groupdict()
            detail = _noun(groups.get("d"))
            if kind == "is_place":
                detail = "indoors" if detail.startswith("in") else "outdoors"
            return Question(kind, _noun(groups.get("t")), detail)
    return Question("other")


def _noun(words: str | None) -> str:
    kept = (words or "").strip(" ?!.,;:\"'")
    kept = re.sub(rf"^{_PARTS['A']}", "", kept)
    return {"gray": "grey"}.get(kept, kept)

"""The forms of short English questions, as patterns. Groups: ``t`` the thing, ``d`` the detail."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "exists",  # is there a dog?                    thing
    "is_colour",  # is the dog black?                  thing, detail
    "is_doing",  # is the dog running?                thing, detail
    "either",  # is it a cat or a dog?              thing, detail
    "noun",  # dogs?                              thing: perhaps no noun at all
    "colour",  # what colour is the dog?            thing (may be empty: the whole photo); detail:
    # the two of "is the dog black or white?"
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
    "KIND": (
        r"(?:(?:animal|pet|bird|dog|vehicle|food|fruit|vegetable|plant|flower|object|thing)s?|dish)"
    ),
    "THING": r"[\w'-]+(?: [\w'-]+){0,2}?",
    "SOME": r"[\w-]+(?: [\w-]+){0,3}?",
    "IN": r"(?:indoors?|outdoors?|inside|outside)",
    "DONE": (
        r"(?:wearing|holding|carrying|riding|eating|drinking|playing|throwing|catching|kicking"
        r"|chasing|pulling|pushing|reading|driving|climbing|chewing|biting|licking|hitting|feeding"
        r"|petting|hugging|brushing|washing|cutting|painting|cooking)(?: (?:on|with))?"
    ),
}
_RULES: tuple[tuple[Kind, str], ...] = (
    ("text", r".*\b(?:says?|written|reads?|text|words?|letters?|spell)\b.*"),
    ("count", r"(?:how many|count(?: the)?|.*number of)\b ?(?P<t>.*?)(?: (?:<BE>|do|can)\b.*)?"),
    ("indoors", r".*\b<IN> or\b.*"),
    ("is_place", r"<BE> (?!there\b).*?(?P<d><IN>)<PLACE>"),
    ("colour", r"(?:what|which) colou?rs? (?:<BE>|has|does|do) <A>?(?P<t>.*?)"
               r"(?: (?:have|wear|wearing|dressed in))?<PLACE>"),
    ("colour", r"(?:what ?<BE>|which <BE>|tell me) the colou?rs? of <A>?(?P<t>.*?)<PLACE>"),
    ("colour", r"(?:what|which) colou?rs? (?P<t><THING>) (?:<BE>|does|do)\b.*"),
    ("colour", r"what ?<BE> <A>?(?P<t><THING>) colou?rs?(?: of .*)?<PLACE>"),
    ("colour", r"(?:what|which) colou?rs?\b.*"),
    ("colour", r"<BE> <A>?(?P<t>.+?) (?P<d>(?:<COLOUR>) or (?:<COLOUR>))<PLACE>"),
    ("caption", r".*?\b(?:describe|caption|summari[sz]e|tell me about)\b.*"),
    ("caption", r"what (?:do|can) (?:you|i|we) see.*"),
    ("doing", r"what ?<BE> <A>?(?P<t>.*?) doing<PLACE>"),
    ("doing", r"what ?<BE> (?:happening|going on)<PLACE>"),
    ("doing", r"(?:what|which) (?:activity|sport|game)\b.*"),
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
    ("what", r"who (?:do|can) (?:you|i|we) see<PLACE>"),
    ("what", r"what (?:does|do) <PHOTO> (?:show|depict|contain).*"),
    ("what", r"what ?<BE> the (?:main )?(?:subject|object|thing)<PLACE>"),
    ("either", r"<BE> (?:this|that|there|<PHOTO>)(?: of)? <A>?(?P<t>.+?) or <A>?(?P<d>.+?)<PLACE>"),
    ("either", r"(?:do|can) (?:you|we|i) see <A>?(?P<t>.+?) or <A>?(?P<d>.+?)<PLACE>"),
    ("is_doing", r"(?:do|can) (?:you|we|i) see the (?P<t><SOME>) (?P<d>[a-z]{2,}ing\b.*?)<PLACE>"),
    ("exists", r"<BE> there (?:also )?<A>?(?P<t>.+?)<PLACE>"),
    ("exists", r"(?:do|can) (?:you|we|i) (?:also )?(?:see|spot|find) <A>?(?P<t>.+?)<PLACE>"),
    ("exists", r"does (?:<PHOTO>|this) (?:show|have|contain|include) <A>?(?P<t>.+?)<PLACE>"),
    ("is_colour", r"<BE> the colou?r of <A>?(?P<t><THING>) (?P<d><COLOUR>)<PLACE>"),
    ("is_colour", r"<BE> <A>?(?!(?:there|this|that|it|an?|any|some)\b)(?P<t><THING>) "
                  r"(?P<d><COLOUR>)<PLACE>"),
    ("is_doing", r"<BE> <A>(?P<t><SOME>) (?P<d>[a-z]{2,}ing\b.*?)<PLACE>"),
    ("is_doing", r"(?:does|do) <A>(?P<t><SOME>) (?P<d>(?:wear|have|hold|carry|ride)\b.*?)<PLACE>"),
    ("exists", r"<BE> (?:this|that|<PHOTO>)(?: an?)?(?: (?:photo|picture|image))?(?: of)? "
               r"(?:an?|some) (?P<t>.+?)<PLACE>"),
    ("exists", r"<BE> (?:an?|any|some) (?P<t><THING>) (?:in|on|at|visible|here|present)\b.*"),
    ("exists", r"(?:any|an?) (?P<t>.+?)<PLACE>"),
)  # fmt: skip


def _compile(pattern: str) -> re.Pattern[str]:
    for _ in range(2):  # parts may hold parts
        pattern = re.sub(r"<([A-Z]+)>", lambda found: _PARTS[found[1]], pattern)
    return re.compile(pattern)


RULES = tuple((kind, _compile(pattern)) for kind, pattern in _RULES)
"""Each kind with a pattern for the whole question; the first that matches decides."""
DETERMINER = re.compile(rf"^{_PARTS['A']}")
"""An article or the like at the start of a noun phrase."""

"""How people ask. Each template is filled by `ask`; "{here}" is often nothing."""

import random

from nouns import FORMS, LEXICON, plural

HERE = (
    "",
    "",
    "",
    "",
    " in the picture",
    " in the photo",
    " in the image",
    " in this picture",
    " in this photo",
    " here",
)

EXISTS_ONE = (
    "is there {a} {here}?",
    "is there {a} {here}?",
    "is there {a} {here}?",
    "can you see {a} {here}?",
    "do you see {a} {here}?",
    "does the photo show {a}?",
    "does the picture show {a}?",
    "does this picture have {a} in it?",
    "is {a} in the picture?",
    "is {a} visible {here}?",
    "is there {a} anywhere?",
    "does the image contain {a}?",
    "is {a} in this photo?",
    "{a}?",
)
EXISTS_MANY = (
    "are there any {many} {here}?",
    "are there any {many} {here}?",
    "are there {many} {here}?",
    "can you see any {many} {here}?",
    "do you see any {many} {here}?",
    "any {many} {here}?",
    "does the photo show any {many}?",
    "does the picture show {many}?",
    "{many}?",
)
EXISTS_MASS = (
    "is there any {many} {here}?",
    "is there {many} {here}?",
    "can you see any {many} {here}?",
    "do you see {many} {here}?",
    "any {many} {here}?",
    "does the photo show {many}?",
    "{many}?",
)
COLOUR = (
    "what {color} {is} {thing}?",
    "what {color} {is} {thing}?",
    "what {color} {is} {thing} {here}?",
    "what is the {color} of {thing}?",
    "which {color} {is} {thing}?",
    "what {color} {has} {thing} have?",
    "what's the {color} of {thing}?",
)
COLOUR_OWNED = (
    "what {color} {bare} is {owner} wearing?",
    "what {color} {is} the {bare} {owner} is wearing?",
)
CLOTHES = (
    "what {color} is {owner} wearing?",
    "what {color} are {owner}'s clothes?",
    "what {color} is {owner} dressed in?",
)
HAIR = (
    "what {color} is {owner}'s hair?",
    "what {color} hair does {owner} have?",
    "what is the hair {color} of {owner}?",
)
COUNT = (
    "how many {many} are there?",
    "how many {many} are there {here}?",
    "how many {many} are {in_it}?",
    "how many {many} can you see?",
    "how many {many} do you see {here}?",
    "how many {many}?",
    "how many {many} are shown?",
    "what is the number of {many} {here}?",
    "count the {many}?",
    "how many {many} are visible {here}?",
)
DOING = (
    "what's the {who} doing?",  # the first is for one alone, here and in DONE_TO
    "what {is} the {who} doing?",
    "what {is} the {who} doing?",
    "what {is} the {who} doing {here}?",
    "what activity {is} the {who} doing?",
)
DOING_ALONE = (
    "what is happening {here}?",
    "what is going on?",
    "what is happening?",
    "what is going on {here}?",
)
WHERE_PHOTO = (
    "where is this?",
    "where was this taken?",
    "where was this photo taken?",
    "where is this photo taken?",
    "where was the picture taken?",
    "what place is this?",
    "where are they?",
    "what is the location?",
    "what kind of place is this?",
    "in what place is this?",
    "where does this take place?",
)
WHERE_THING = ("where {is} the {who}?", "where {is} the {who}?", "where {is} the {who} {here}?")
WHAT_PHOTO = (
    "what is this?",
    "what is in the picture?",
    "what is in the photo?",
    "what is this a picture of?",
    "what does the picture show?",
    "what is shown here?",
    "what can you see?",
    "what is in this image?",
    "what is the main thing in the picture?",
    "what do you see?",
)
WHO = (
    "who is in the picture?",
    "who is this?",
    "who is in the photo?",
    "who can you see?",
    "who is shown {here}?",
)
KIND = (
    "what {kind} is this?",
    "what {kind} is {in_it}?",
    "what kind of {kind} is this?",
    "which {kind} is shown?",
    "what {kind} do you see?",
    "what type of {kind} is {in_it}?",
)
SPORT = (
    "what sport is this?",
    "what sport is it?",
    "which sport is shown?",
    "what sport is shown {here}?",
    "what sport are they doing?",
)
GAME = (
    "what sport is being played?",
    "what game are they playing?",
    "what game is being played?",
    "what are they playing?",
)
DONE_TO = (
    "what's the {who} {verb}?",
    "what {is} the {who} {verb}?",
    "what {is} the {who} {verb}?",
    "what {is} the {who} {verb} {here}?",
)
IS_COLOUR = (
    "{is} {thing} {claim}?",
    "{is} {thing} {claim}?",
    "{is} {thing} {claim} {here}?",
    "is the {color} of {thing} {claim}?",
)
IS_DOING = (
    "{is} the {who} {claim}?",
    "{is} the {who} {claim}?",
    "{is} the {who} {claim} {here}?",
    "can you see the {who} {claim}?",
)
EITHERS = {
    "animal": ("dog", "cat", "horse", "cow", "bird", "sheep", "bear", "elephant"),
    "person": ("man", "woman", "boy", "girl", "baby"),
    "vehicle": ("car", "bus", "truck", "train", "bicycle", "motorcycle", "boat", "airplane"),
}
EITHER_COLOUR = ("{is} {thing} {one} or {two}?", "{is} {thing} {one} or {two} {here}?")
EITHER = (
    "is this {one} or {two}?",
    "is it {one} or {two}?",
    "is there {one} or {two} {here}?",
    "do you see {one} or {two}?",
)
INDOORS = (
    "is this indoors or outdoors?",
    "is this indoor or outdoor?",
    "is this inside or outside?",
    "is the photo taken inside or outside?",
    "was this taken indoors or outdoors?",
    "is this photo indoors or outdoors?",
    "is the scene indoors or outdoors?",
    "was this picture taken outdoors or indoors?",
    "is it inside or outside?",
)
IS_WEARING = (
    "is the {who} wearing {a}?",
    "is the {who} wearing {a} {here}?",
    "does the {who} wear {a}?",
)
IS_INDOORS = (
    "is this {claim}?",
    "was this taken {claim}?",
    "is the picture taken {claim}?",
    "was this photo taken {claim}?",
    "is it {claim}?",
    "are they {claim}?",
)


def ask(rng: random.Random, templates: tuple[str, ...], **parts: str) -> str:
    """A question of one of the templates, lower case, ending in a question mark.

    >>> ask(random.Random(0), ("{is} the {who} wet?",), **{"is": "are", "who": "dogs"})
    'are the dogs wet?'
    """
    parts |= {
        "here": rng.choice(HERE),
        "color": rng.choice(("color", "color", "colour")),
        "in_it": rng.choice(HERE[4:]).strip(),
    }
    text = rng.choice(templates).format_map(parts)
    return " ".join(text.split()).replace(" ?", "?")


def article(word: str) -> str:
    """The word with "a" or "an".

    >>> [article(word) for word in ("dog", "umbrella", "uniform", "hour")]
    ['a dog', 'an umbrella', 'a uniform', 'an hour']
    """
    vowel = word[0] in "aeiou" and not word.startswith(("uni", "ute", "one", "eu"))
    return f"an {word}" if vowel or word.startswith(("hour", "suv", "rv", "atv")) else f"a {word}"


def ask_exists(rng: random.Random, noun: str, name: str) -> str:
    """Whether a noun of the list is there, called by one of its names."""
    entry = LEXICON[noun]
    if entry.mass:
        return ask(rng, EXISTS_MASS, many=name)
    if FORMS[name].plural or entry.only_plural:
        return ask(rng, EXISTS_MANY, many=name)
    if rng.random() < 0.25:
        return ask(rng, EXISTS_MANY, many=plural(name))
    return ask(rng, EXISTS_ONE, a=article(name))

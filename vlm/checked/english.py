"""English words that decide how a description is read: articles, counts, colours, joints. Data."""

from __future__ import annotations

COUNTS = {
    "a": 1, "an": 1, "one": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "both": 2,
    "another": 1,
}  # fmt: skip
DETERMINERS = frozenset(
    ("the", "some", "several", "many", "few", "any", "no", "his", "her", "its", "their", "my",
     "our", "your", "this", "these", "those", "each", "every", "various", "multiple", "numerous")
)  # fmt: skip
OWNED = frozenset(("his", "her", "its", "their"))
"""What belongs to somebody who was named before: without them it says nothing."""
DENIALS = frozenset(("no", "without", "not", "nobody", "never", "none"))

COLOURS = frozenset(
    ("red", "orange", "yellow", "green", "blue", "purple", "violet", "pink", "brown", "black",
     "white", "gray", "grey", "tan", "beige", "gold", "golden", "silver", "maroon", "turquoise",
     "blond", "blonde", "teal", "navy", "cream")
)  # fmt: skip
SAME_COLOUR = {"gray": "grey", "violet": "purple", "golden": "gold", "blonde": "blond"}
QUALITIES = frozenset(
    ("big", "large", "huge", "small", "little", "tiny", "tall", "short", "long", "young", "old",
     "older", "elderly", "wooden", "metal", "brick", "stone", "plastic", "glass", "wet", "dry",
     "muddy", "dirty", "snowy", "grassy", "rocky", "sandy", "dark", "bright", "light", "striped",
     "spotted", "colorful", "colourful", "empty", "open", "crowded", "busy", "shirtless", "bald",
     "fluffy", "furry", "shaggy", "happy", "asian", "african", "female", "male", "indoor",
     "outdoor", "steep", "calm", "flat", "round", "square", "paved", "tiled", "floral", "plaid")
)  # fmt: skip
QUANTITIES = frozenset(
    ("group", "couple", "pair", "lot", "piece", "bunch", "number", "row", "line", "slice", "pile",
     "stack", "set", "variety", "bit", "kind", "type", "sort", "handful")
)  # fmt: skip
"""Before "of": the thing is what comes after."""

PREPOSITIONS = tuple(
    tuple(words.split())
    for words in (
        "in front of", "on top of", "next to", "in between", "out of", "off of", "up against",
        "close to", "on the side of", "in the middle of", "at the end of", "on the edge of",
        "about", "above", "across", "after", "against", "along", "alongside", "amid", "among",
        "amongst", "around", "at", "behind", "below", "beneath", "beside", "besides", "between",
        "beyond", "by", "down", "during", "for", "from", "in", "inside", "into", "near", "off",
        "on", "onto", "outside", "over", "past", "through", "to", "toward", "towards", "under",
        "underneath", "up", "upon", "with", "within", "without", "like",
    )
)  # fmt: skip
OPPOSITES = (
    frozenset(("in front of", "behind")), frozenset(("over", "under")),
    frozenset(("above", "below")), frozenset(("on", "under")), frozenset(("inside", "outside")),
    frozenset(("into", "out of")), frozenset(("up", "down")),
)  # fmt: skip
JOINTS = frozenset(("and", "or", "but", "while", "as", "who", "that", "which", "where", "then"))
AUXILIARIES = frozenset(
    ("is", "are", "was", "were", "be", "being", "been", "has", "have", "had", "can", "could",
     "will", "would", "may", "might", "appears", "appear", "seems", "seem", "does", "do")
)  # fmt: skip
NO_ACTIONS = frozenset(
    ("", "is", "are", "was", "wer", "be", "being", "been", "has", "hav", "had", "may", "can", "do",
     "doe", "seem", "appear", "show", "depict", "featur", "contain", "includ", "wear")
)  # fmt: skip
"""Stems of verbs that claim nothing beside the things they join; people wear what they are in."""
ADVERBS = frozenset(
    ("together", "away", "outside", "inside", "outdoors", "indoors", "there", "also", "very",
     "not", "just", "back", "ahead", "forward", "upside", "alone", "nearby", "high", "fast")
)  # fmt: skip

FRAMES = frozenset(("image", "photo", "photograph", "picture", "scene", "view"))
"""The photo itself is none of the things in it."""
PLACES = frozenset(
    ("field", "grass", "park", "street", "road", "beach", "sand", "snow", "water", "lake", "river",
     "ocean", "sea", "pool", "swimming pool", "forest", "woods", "mountain", "hill", "sidewalk",
     "city", "room", "living room", "kitchen", "bathroom", "bedroom", "restaurant", "yard",
     "garden", "track", "court", "stadium", "playground", "path", "trail", "dirt", "desert",
     "stage", "store", "market", "office", "parking lot", "building", "lawn", "air", "ice", "rain",
     "meadow", "creek", "stream", "shore", "classroom", "gym", "airport", "station", "farm")
)  # fmt: skip
STATIC = frozenset(("in", "on", "at", "near", "by"))
"""Prepositions that may follow a noun directly where the verb between is gone."""
WORN_BY_MOST = frozenset(("shirt", "top", "pants", "jeans", "clothing", "clothes", "shoe", "sock"))
UNCOUNTED = frozenset(
    ("grass", "snow", "ice", "sand", "mud", "dirt", "dust", "gravel", "water", "traffic", "smoke",
     "hay", "mail", "furniture", "luggage", "equipment", "scaffolding", "graffiti", "vegetation",
     "underwear", "jewelry", "makeup", "clothing", "seaweed", "moss")
)  # fmt: skip
"""No "a" stands before these, whatever a draft says."""
PARTS_OF_A_VIEW = frozenset(
    ("background", "foreground", "distance", "middle", "front", "side", "top", "bottom", "left",
     "right", "center", "centre", "edge", "end", "back", "corner", "air", "trick", "day", "time")
)  # fmt: skip
"""Where something is seen, and figures of speech: no things that one could be wrong about."""

IRREGULAR_VERBS = {
    "ran": "run", "sat": "sit", "stood": "stand", "rode": "ride", "held": "hold", "threw": "throw",
    "wore": "wear", "caught": "catch", "lay": "lie", "lying": "lie", "laying": "lie",
    "swam": "swim", "ate": "eat", "drove": "drive", "flew": "fly", "dying": "die", "tying": "tie",
    "made": "make", "took": "take", "went": "go", "said": "say",
    "says": "say", "reads": "read", "seen": "see",
}  # fmt: skip

"""Words of captions other than nouns: colours, numbers, verbs, and what no noun phrase crosses."""


def listed(text: str) -> frozenset[str]:
    """The words of a text, as a set.

    >>> sorted(listed("red green"))
    ['green', 'red']
    """
    return frozenset(text.split())


COLOURS = {
    "black": "black", "white": "white", "gray": "gray", "grey": "gray", "silver": "gray",
    "brown": "brown", "tan": "brown", "red": "red", "maroon": "red", "crimson": "red",
    "orange": "orange", "yellow": "yellow", "green": "green", "blue": "blue", "navy": "blue",
    "purple": "purple", "violet": "purple", "lavender": "purple", "pink": "pink",
}  # fmt: skip
"""How a caption names a colour -> the answer that stands for it."""

OTHER_COLOURS = listed(
    "gold golden beige cream teal turquoise aqua khaki blond blonde brunette burgundy peach "
    "bronze copper multicolored multi-colored multicolor multi-color multicoloured rainbow "
    "colorful colourful tri-colored camouflage brindle"
)
"""Colours with no settled basic name: a thing called so is not asked for its colour."""

PATTERNS = listed(
    "striped stripes spotted checkered checked plaid dotted polka trimmed patterned floral "
    "flowered flowery tie-dye tie-dyed zebra-striped two-toned tiger-striped"
)

LOOKALIKES = {
    "black": {"gray", "brown", "blue"}, "white": {"gray", "yellow", "pink"},
    "gray": {"black", "white", "brown", "blue"},
    "brown": {"red", "orange", "yellow", "gray", "black"},
    "red": {"orange", "pink", "brown", "purple"}, "orange": {"red", "yellow", "brown", "pink"},
    "yellow": {"orange", "green", "white", "brown"}, "green": {"blue", "yellow"},
    "blue": {"purple", "green", "gray", "black"}, "purple": {"pink", "blue", "red"},
    "pink": {"purple", "red", "white", "orange"},
}  # fmt: skip
"""Colours that two people may both give to one thing: never a sure "no"."""

NUMBERS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9,
}  # fmt: skip

DETERMINERS = listed(
    "a an the this that these those his her their its my our your another each every some any "
    "no one several many few both all other various multiple numerous 's"
)

ADJECTIVES = listed(
    "large small big little huge tiny giant young old older elderly tall short long dark "
    "light bright wet dry dirty clean empty full open closed wooden metal plastic glass stone "
    "brick concrete leather paper rubber steel grassy snowy sandy rocky muddy dusty icy "
    "wooded snow-covered green beautiful pretty cute nice different colored coloured hot cold "
    "furry fluffy hairy shaggy lone single busy crowded steep high low round square wide "
    "narrow deep shallow white-haired adult female male asian african american chinese indian "
    "shirtless bald bearded smiling modern vintage antique stuffed toy baby fresh ripe sliced "
    "cooked chocolate thin thick stainless wild lush calm clear cloudy blurry rusty plain "
    "fancy wool denim cotton knit plush outdoor indoor public electric parked fallen broken "
    "painted decorated covered tiled paved"
)

STOPS = listed(
    "in on at of to by with near over under from into onto through across along around behind "
    "beside between against down up off out outside inside above below past toward towards "
    "beneath underneath atop among during for as while and or but that who which is are was "
    "were be being has have having next front top there it he she they them him"
)
"""What a noun phrase does not reach back across."""

SPOTS = listed(
    "in on at through across along into onto inside over down up under near beside behind by "
    "around underneath beneath atop against"
)
"""Prepositions after which a place may be named."""

LINKS = listed("is are was were be being that who which 's")

VERBS = listed(
    "walk run jump play sit stand ride swim climb sleep eat skateboard surf ski snowboard "
    "dance fish sing kick throw catch smile laugh read cook drink splash slide swing kneel "
    "dig fly fight race hike bike pose talk crawl sled dive bark chew row kayak perform lie "
    "lay leap bite chase wrestle drive graze paint work wait skate bowl golf shop grind flip "
    "wave point cross lean rest draw write cut brush feed pet board bat pitch float wade jog "
    "sail paddle rollerblade squat crouch hug kiss cry yell scream clap cheer march juggle "
    "balance bounce roll stretch yawn lick sniff shake wash clean sweep paint cook bake pour "
    "serve carve type travel fetch tackle hit hold carry wear pull push look watch stare drag "
    "hang text relax celebrate camp sunbathe nap play box skip spin trot gallop sprint "
    "wakeboard parasail windsurf rappel bicycle gather tug lounge nurse blow listen practice "
    "shovel snorkel speak sell bathe rollerskate swing snuggle somersault dribble land do"
)
DOUBLING = listed(
    "run sit swim jog dig hug cut hit bat pet skip flip clap shop spin tug nap trot rappel "
    "chat drag"
)


def ing(verb: str) -> str:
    """The participle.

    >>> [ing(verb) for verb in ("run", "ride", "lie", "ski", "eat")]
    ['running', 'riding', 'lying', 'skiing', 'eating']
    """
    if verb in DOUBLING:
        return verb + verb[-1] + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    return (verb[:-1] if verb.endswith("e") else verb) + "ing"


def third(verb: str) -> str:
    """What he, she or it does.

    >>> [third(verb) for verb in ("run", "fly", "catch", "play")]
    ['runs', 'flies', 'catches', 'plays']
    """
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


SYNONYM_VERBS = {
    "laying": "lying",
    "biking": "cycling",
    "bicycling": "cycling",
    "leaping": "jumping",
}
PARTICIPLES = {ing(verb): SYNONYM_VERBS.get(ing(verb), ing(verb)) for verb in VERBS}
THIRDS = {third(verb): PARTICIPLES[ing(verb)] for verb in VERBS} | {
    "lays": "lying",
    "does": "doing",
}
BARE = {verb: PARTICIPLES[ing(verb)] for verb in VERBS}

NOT_DONE = listed(
    "wearing holding carrying hitting landing gathering cutting batting looking watching staring"
)
"""Participles that are no answer to what somebody is doing, or not without their object."""

VAGUE = listed("standing posing sitting waiting smiling")

GAMES = listed(
    "tennis soccer football baseball basketball volleyball golf hockey rugby cricket frisbee "
    "fetch lacrosse softball badminton polo chess cards"
)

POSTURES = (
    "walking running jogging trotting chasing galloping marching",
    "jumping diving flying bouncing",
    "standing waiting posing looking watching",
    "sitting resting relaxing reading eating drinking",
    "lying sleeping resting napping relaxing",
    "swimming wading snorkeling splashing bathing",
    "surfing paddling",
    "skiing",
    "snowboarding",
    "skateboarding grinding",
    "climbing hiking",
    "riding cycling driving racing",
    "cooking baking",
    "dancing singing performing",
    "kayaking rowing canoeing",
    "reading writing",
    "digging",
    "fishing",
    "flying",
)
"""Things done; what stands in different lines is hardly done at once, or would be told."""

SPORTS = {
    **{sport: sport for sport in listed(
        "tennis soccer baseball basketball volleyball golf hockey rugby lacrosse football polo"
        " skateboarding surfing skiing snowboarding frisbee kayaking wrestling cricket"
    )},
    "skateboarder": "skateboarding", "surfer": "surfing", "skier": "skiing",
    "snowboarder": "snowboarding", "kayaker": "kayaking", "wrestler": "wrestling",
}  # fmt: skip
"""A word of a caption -> the sport that it tells of."""

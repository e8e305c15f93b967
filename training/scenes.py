"""What naming one thing says about others: what is surely there, what may be there unsaid."""

from nouns import LEXICON
from vocabulary import listed


def named(text: str) -> frozenset[str]:
    """The nouns in a text, those of several words written with hyphens.

    >>> sorted(named("sand stop-sign t-shirt"))
    ['sand', 'stop sign', 't-shirt']
    """
    return frozenset(word if word in LEXICON else word.replace("-", " ") for word in text.split())


_IMPLIES = {
    "skateboarder": "skateboard", "skateboarding": "skateboard", "surfer": "surfboard wave",
    "surfing": "surfboard wave", "snowboarder": "snowboard snow", "snowboarding": "snowboard snow",
    "skier": "skis snow", "skiing": "skis snow", "cyclist": "bicycle", "cycling": "bicycle",
    "motorcyclist": "motorcycle", "kayaker": "kayak", "kayaking": "kayak", "swimmer": "water",
    "swimming": "water", "wading": "water", "snorkeling": "water", "splashing": "water",
    "snowy": "snow", "snow-covered": "snow", "snowing": "snow", "grassy": "grass", "sandy": "sand",
    "rocky": "rock", "muddy": "mud", "icy": "ice", "wooded": "forest tree", "cloudy": "cloud sky",
    "forest": "tree", "woods": "tree", "jungle": "tree", "ocean": "water", "lake": "water",
    "river": "water", "stream": "water", "pond": "water", "pool": "water", "puddle": "water",
    "wave": "water", "waterfall": "water", "rapids": "water", "canal": "water", "bay": "water",
    "hot tub": "water", "fountain": "water", "dirt road": "dirt", "grassy field": "grass",
    "lawn": "grass", "bearded": "beard", "city street": "city",
    "beach": "sand",
}  # fmt: skip
IMPLIED = {key: named(text) for key, text in _IMPLIES.items()}
"""A noun, a participle or an adjective -> nouns that are there with it."""

_LINES = (
    "forest woods jungle tree park",
    "ocean lake river stream pond pool water bay wave beach shore rapids puddle waterfall boat",
    "beach sand shore ocean wave island surf",
    "street road highway intersection crosswalk sidewalk curb city town alley neighborhood",
    "city building skyscraper tower store apartment-building skyline plaza street",
    "mountain hill cliff slope rock canyon valley stone",
    "grass lawn field yard park garden grassy-field baseball-field soccer-field",
    "dirt mud sand ground dust gravel dirt-road path field track",
    "snow ice slope ski-lift mountain",
    "couch chair seat stool bench",
    "bed couch mattress crib",
    "table desk counter dining-table coffee-table picnic-table",
    "rug mat floor blanket",
    "hat cap helmet beanie hood cowboy-hat sun-hat headband headscarf bandanna santa-hat",
    "shirt t-shirt jersey sweater sweatshirt jacket coat vest top tank-top uniform suit clothing",
    "pants jeans shorts overalls leggings",
    "shoe boot sandal sneaker heel sock",
    "swimsuit bikini swim-trunks shorts wetsuit",
    "dress skirt costume robe",
    "glasses sunglasses goggles",
    "bag handbag backpack suitcase luggage briefcase basket",
    "bicycle motorcycle scooter dirt-bike tricycle atv",
    "car truck van suv vehicle traffic taxi",
    "bus trolley van",
    "train subway subway-car trolley passenger-train train-track",
    "train-station station",
    "boat ship sailboat canoe kayak raft",
    "ball toy frisbee football basketball baseball",
    "stick branch log bone tree",
    "rope leash chain string harness collar",
    "fence gate railing",
    "wall building fence",
    "door doorway gate window",
    "cup glass mug bottle drink wine-glass",
    "plate dish bowl tray pan",
    "food meal plate snack",
    "fork knife spoon utensil silverware",
    "cake pie dessert cupcake pastry donut bread",
    "sandwich bun bread hot-dog",
    "tv monitor screen computer laptop",
    "computer laptop keyboard desktop-computer mouse monitor",
    "phone cell-phone camera remote controller",
    "remote controller video-game",
    "oven microwave toaster appliance kitchen refrigerator sink counter cabinet",
    "sink faucet bathroom toilet bathtub shower mirror vanity",
    "toilet urinal bidet bathroom",
    "lamp light street-light chandelier candle",
    "flower plant potted-plant vase bouquet flower-bed bush",
    "tree branch leaf bush vegetation palm-tree pine-tree",
    "stairs ramp ledge platform railing",
    "pole post street-light ski-pole",
    "sign poster banner billboard stop-sign street-sign",
    "airplane fighter-jet biplane helicopter runway airport tarmac",
    "cart wagon carriage trailer",
    "crowd group-of-people",
    "clock clock-tower tower watch",
    "umbrella parasol awning tent",
    "swing slide playground seesaw",
    "skateboard ramp skate-park",
    "bowl container box jar",
    "book magazine newspaper paper card",
    "toy doll stuffed-animal teddy-bear",
    "bird duck goose swan seagull",
    "cow bull cattle herd",
    "horse pony donkey",
    "sheep lamb goat herd",
    "race baseball-game football-game soccer-game tennis-match",
    "net goal hoop court",
    "party wedding ceremony parade festival concert",
    "office cubicle desk room",
    "kitchen dining-room room restaurant",
    "living-room bedroom room",
    "store market mall",
    "statue monument fountain",
    "tent booth awning",
    "fire smoke fireworks",
    "sky cloud sun sunset",
    "painting poster picture-frame mural",
    "face head hair",
    "vegetable salad lettuce",
    "sauce topping cheese",
    "meat sausage ham bacon",
    "track race hurdle",
    "dock harbor boat",
    "lawn yard garden house",
    "performer dancer singer musician",
    "musician instrument guitar drum microphone",
    "cyclist bicycle motorcycle motorcyclist helmet wheel tire rider dirt-bike racer",
    "horse rider jockey harness leash helmet",
    "skier skis ski-pole goggles helmet glove equipment",
    "snowboarder snowboard goggles helmet glove equipment",
    "player soccer-player football-player baseball-player basketball-player hockey-player team "
    "uniform helmet equipment spectator crowd",
    "baseball-bat baseball-glove baseball-player baseball catcher pitcher umpire helmet net",
    "skateboarder skateboard helmet",
    "surfer surfboard wetsuit",
    "climber harness rope helmet cliff rock equipment",
    "kayaker kayak life-jacket oar helmet",
    "tennis-player tennis-court tennis-racket tennis-ball net tennis-match",
    "car truck bus van wheel tire windshield headlight vehicle license-plate",
    "airplane wheel engine wing propeller",
    "couch living-room tv rug lamp pillow table cushion",
    "bed blanket pillow sheet mattress bedroom lamp",
    "desk office computer keyboard mouse monitor paper chair",
    "dog leash collar harness",
    "candle fire cake",
    "log wood stick tree branch stump",
    "kite string",
    "stadium bleachers spectator crowd",
    "fish fishing-pole fisherman",
    "pizza cheese sauce topping",
    "sandwich meat cheese lettuce tomato",
    "salad lettuce tomato vegetable",
    "restaurant table chair food plate drink glass",
    "meal plate fork knife drink",
    "dress bride groom wedding suit bouquet tuxedo bridesmaid",
)
LINES = tuple(named(line) for line in _LINES)
"""Nouns that people use for one another, or leave unsaid where another is named."""
_GAMES = {
    "tennis": "court tennis-court tennis-racket tennis-ball tennis-player ball net",
    "soccer": "soccer-ball ball goal net field soccer-field soccer-player uniform player",
    "football": "football ball field football-field football-player helmet uniform player",
    "baseball": "baseball ball baseball-field field baseball-bat baseball-glove helmet home-plate "
    "baseball-player catcher umpire pitcher uniform player",
    "basketball": "basketball ball court basketball-court hoop net basketball-player player",
    "volleyball": "volleyball ball net court",
    "hockey": "hockey-stick puck ice ice-rink helmet goal hockey-player player skate",
    "golf": "golf-ball ball golf-course grass",
    "skateboarding": "skateboard ramp skate-park helmet",
    "wii": "remote controller video-game tv living-room",
    "concert": "stage microphone crowd instrument guitar drum musician light",
}
GAMES = {word: named(text) for word, text in _GAMES.items()}
"""A word of a caption -> what is likely there though no caption names it."""
RELATED = {noun: frozenset().union(*(line for line in LINES if noun in line)) for noun in LEXICON}

OUTSIDE_UNSAID = named(
    "sky cloud tree grass bush leaf ground dirt plant rock hill mountain fence road building "
    "house pole sidewalk street sun shadow path sign field vegetation branch stone park yard "
    "flower city wall window light door post car reflection sand water"
)
INSIDE_UNSAID = named(
    "floor wall ceiling window door room light lamp curtain rug chair table shelf counter "
    "cabinet furniture blind box paper pillow mirror decoration"
)

ROOMS = named(
    "kitchen bathroom bedroom living-room dining-room office classroom hallway lobby basement gym "
    "museum cubicle bowling-alley"
)
FURNISHINGS = named(
    "room couch bed toilet bathtub oven refrigerator microwave ceiling fireplace rug desk "
    "nightstand dresser sink dishwasher counter tv computer laptop lamp pillow mattress crib"
)
"""Mostly found indoors: two captions have to name some."""
OUTDOORS = named(
    "beach shore ocean lake river pond stream waterfall canal bay wave rapids puddle park yard "
    "lawn garden field baseball-field soccer-field football-field grassy-field track "
    "golf-course forest woods jungle desert mountain hill cliff canyon valley slope street road "
    "highway intersection crosswalk sidewalk curb alley driveway path train-track runway tarmac "
    "plaza campsite countryside sky cloud sun sunset rainbow snow ocean dirt-road parking-lot "
    "traffic dock boardwalk fire-hydrant parking-meter traffic-light stop-sign harbor marsh "
    "city-street sand-dune island skate-park playground farm snowboard skis surfboard grass "
    "dirt mud"
)

PUBLIC_PLACES = named(
    "restaurant store bakery gym stadium arena museum library church zoo market mall airport "
    "playground farm barn garage school hotel harbor dock bridge tunnel stage enclosure balcony "
    "porch station building boardwalk bus train boat"
) | {"parking lot", "train station", "skate park", "amusement park"}
"""Buildings and the like that answer where a photo was taken."""

WORN_UNSAID = named(
    "clothing shirt t-shirt top jersey sweater sweatshirt jacket coat vest pants jeans shorts "
    "hat cap beanie glove sock shoe boot sandal sneaker heel belt glasses sunglasses necklace "
    "bracelet earring jewelry watch ring makeup underwear hood scarf skirt leggings headband "
    "collar bag handbag backpack"
) | {"tank top"}
"""What people wear or carry without anybody telling."""

ANYBODY = named(
    "person crowd family player team friend parent performer musician worker student teammate "
    "tourist pedestrian passenger customer vendor athlete couple dancer"
) | {"group of people"}
MANY = frozenset(
    {"group of people", "crowd", "family", "couple", "team", "herd", "flock", "cattle"}
)
MALES = named("man boy cowboy groom father son brother businessman santa")
FEMALES = named("woman girl bride mother sister daughter bridesmaid cheerleader")
CHILDREN = named("child boy girl baby toddler teenager son daughter sister brother")
SEXED = MALES | FEMALES | CHILDREN
OTHERS = listed("photographer others another other together everyone each")

PASSED = listed("is are was were that who which down up out while be being back")
AT = listed("in on at inside atop through across along onto into under")
HOLDS = named(
    "couch chair bed bench table desk counter stool box basket bowl plate cup car truck boat "
    "bus train bicycle motorcycle horse water grass snow sand sidewalk tree rock fence shelf "
    "sink bathtub swing slide trampoline blanket rug floor wall ground ledge ramp field log "
    "branch skateboard surfboard suitcase laptop pillow mat toilet oven refrigerator"
) | {"dining table", "picnic table", "coffee table"}

"""The nouns that captions of everyday photos use, and how they are related. Data, no grammar.

One entry of a table is `name|synonym|synonym<wider`: the canonical noun, other words for the same
thing, and what it is a kind of. `~` marks what is not counted ("~snow"), `+` what is only plural
("+jeans"). Plurals come from `plural`. The 80 classes of COCO are all among the names.
"""

from collections.abc import Iterator
from dataclasses import dataclass

TABLES = {
    "person": """
person|human|individual|somebody|someone, man|guy|gentleman|male<adult, woman|lady|female<adult,
adult<person, boy|lad<child, girl<child, child|kid|youngster<person, baby|infant|newborn<child,
toddler<child, teenager|teen|youth<person, couple<person,
group of people|group|bunch of people<person, crowd|audience|spectator|onlooker<person,
family<person, mother|mom<woman, father|dad<man, son<boy, brother<person, sister<girl,
daughter<girl, friend<person, parent<adult, bride<woman, groom<man, cowboy<person, clown<person,
player<person, baseball player|ballplayer|batter|catcher|umpire|pitcher<player,
football player|footballer<player, soccer player<player, basketball player<player,
tennis player<player, hockey player<player, goalie|goalkeeper<player, team|league<person,
skateboarder|skater<person, surfer<person, snowboarder<person, skier<person, swimmer<person,
cyclist|biker|bicyclist|bicycler<person, motorcyclist<person, rider<person, runner|jogger<person,
climber|mountaineer<person, hiker|backpacker<person, racer<person, athlete|competitor<person,
wrestler<person, dancer<person, performer<person, musician|guitarist|drummer|band<person,
singer<person, jockey<rider, kayaker<person, fisherman<person, worker|employee<person,
police officer|policeman|cop|officer<person, soldier<person, referee<person, coach<person,
student<person, teammate|opponent<person, tourist|visitor<person, pedestrian|walker<person,
passenger<person, driver<person, chef|cook<person, vendor<person, businessman<man,
photographer|cameraman<person, cheerleader<person, owner|trainer|handler<person,
customer|guest|diner<person, bridesmaid<woman, firefighter|fireman<person, pilot<person,
farmer<person, santa|santa claus<person, wakeboarder|waterskier<person, pirate<person
""",
    "animal": """
animal|pet|creature, dog|hound|canine|doggy|pooch<animal, puppy|pup<dog, poodle<dog,
greyhound|racing dog<dog, terrier|beagle|corgi|boxer dog|dachshund<dog, retriever<dog,
labrador|lab<dog, shepherd|german shepherd|shepherd dog<dog, collie|border collie|sheepdog<dog,
husky<dog, doberman|rottweiler|pitbull<dog, bulldog<dog, cat|kitty|feline|tabby<animal,
kitten<cat, horse|mare<animal, pony<horse, bird<animal, duck<bird, goose<bird, swan<bird,
seagull|gull<bird, pigeon<bird, parrot<bird, owl<bird, hawk|eagle<bird, chicken|hen|rooster<bird,
cow|calf<animal, ~cattle<cow, bull|ox<animal, sheep<animal, lamb<sheep, goat<animal,
elephant<animal, bear<animal, polar bear<bear, brown bear|grizzly bear|black bear<bear,
zebra<animal, giraffe<animal, monkey<animal, camel<animal, tiger<animal, lion<animal, pig<animal,
rabbit|bunny<animal, deer|antelope<animal, buffalo<animal, donkey|mule<animal, squirrel<animal,
fish<animal, dolphin<animal, butterfly<insect, insect|bug<animal, snake<animal, turtle<animal,
herd<animal, flock<animal, fox<animal, penguin<bird, bee<insect
""",
    "clothing": """
clothing|+clothes|attire|+garments|outfit, shirt|blouse|polo<clothing,
t-shirt|t shirt|tee shirt|tshirt|tee<shirt, tank top|tank<shirt, top<clothing,
jersey|sports shirt<shirt, sweater|pullover|cardigan<clothing, sweatshirt|hoodie<clothing,
jacket|blazer|windbreaker<clothing, coat|parka|raincoat<clothing, vest<clothing, suit<clothing,
tuxedo<suit, dress|gown|sundress<clothing, skirt|kilt<clothing, tutu<skirt,
+pants|trousers|slacks|sweatpants|khakis<clothing, +jeans|jean<pants, +shorts<clothing,
+overalls<clothing, +leggings|+tights<clothing, +pajamas<clothing, uniform<clothing,
costume<clothing, robe<clothing, apron<clothing, snowsuit|ski suit<clothing,
wetsuit|wet suit|wet-suit<clothing, swimsuit|bathing suit|swimwear<clothing, bikini<swimsuit,
+swim trunks|trunks|swimming trunks|swim shorts<clothing, ~underwear<clothing, hat<clothing,
cap|baseball cap|baseball hat<hat, beanie|winter hat<hat, cowboy hat<hat, sun hat|straw hat<hat,
santa hat<hat, helmet|hardhat|hard hat<hat, headband<clothing, headscarf<clothing,
bandanna|bandana<clothing, scarf<clothing, shawl<clothing, hood<clothing, glove|mitten<clothing,
sock<clothing, shoe<clothing, boot<shoe, sandal|flip flop<shoe,
sneaker|tennis shoe|running shoe<shoe, heel<shoe, tie|necktie<clothing, bow tie|bowtie<tie,
belt<clothing, +glasses|eyeglasses, +sunglasses<glasses, +goggles, mask, wig,
necklace|beads<jewelry, bracelet<jewelry, earring<jewelry, ~jewelry, watch|wristwatch, crown,
life jacket|life vest<vest, harness, +headphones|+earphones, collar, muzzle, leash, ring, ~makeup
""",
    "body": """
face, head, hair, beard, mustache|moustache, mohawk, ponytail|pigtail, +dreadlocks, eye, ear,
nose, mouth, tongue, tooth, lip, cheek, neck, shoulder, arm, hand, finger, chest, stomach|belly,
waist, leg, knee, foot, toe, paw, tail, wing, feather, fur, horn, beak, tusk, tattoo, body, lap
""",
    "sport": """
sports ball, ball<sports ball, tennis ball<ball, soccer ball<ball, basketball<ball,
volleyball<ball, football<ball, baseball|softball<ball, beach ball<ball, golf ball<ball,
frisbee|disc|disk|flying disc, kite, baseball bat|bat, baseball glove|mitt|catcher's mitt<glove,
tennis racket|racket|racquet|tennis racquet, skateboard|skate board|longboard,
surfboard|surf board|boogie board|bodyboard, snowboard|snow board, wakeboard,
+skis|ski|skii|skiis, ski pole, skate|rollerblade|roller skate|roller blade|ice skate,
sled|sleigh|toboggan, trampoline, net, goal, hoop|basketball hoop, puck, hurdle,
obstacle|obstacle course, hockey stick, parachute|parasail, oar|paddle, innertube|inner tube|tube,
hula hoop|hula-hoop, swing|tire swing|swing set, slide|water slide|waterslide, seesaw,
merry-go-round|carousel, roller coaster|rollercoaster, unicycle, trophy|medal
""",
    "vehicle": """
vehicle, car|automobile|sedan|convertible<vehicle, taxi|cab<car, race car|racecar|racing car<car,
police car<car, suv|jeep<car, truck|semi|pickup<vehicle, pickup truck<truck,
fire truck|firetruck|fire engine<truck, dump truck<truck, van|minivan<vehicle,
bus|double decker bus|double-decker|school bus|tour bus<vehicle, train<vehicle,
passenger train|commuter train<train, steam train|locomotive|steam engine<train,
subway|subway train|metro<train, trolley|tram|street car|streetcar<vehicle, rv|camper<vehicle,
bicycle|bike|mountain bike|bmx bike|cycle<vehicle, tricycle<vehicle, ambulance<vehicle,
motorcycle|motorbike|motor bike|motor cycle<vehicle, dirt bike|dirtbike|motocross bike<motorcycle,
scooter|moped|motor scooter<vehicle, atv|four wheeler|four-wheeler|quad<vehicle,
airplane|plane|aeroplane|jet|airliner|jetliner|jumbo jet|aircraft<vehicle,
fighter jet|jet fighter<airplane, biplane<airplane, helicopter<vehicle,
boat|speedboat|motorboat<vehicle, sailboat|sail boat<boat, rowboat|row boat<boat, canoe<boat,
kayak<boat, raft<boat, ship|ferry<boat, cruise ship<ship, hot air balloon, jet ski, wagon,
cart|buggy, shopping cart|grocery cart<cart, golf cart<cart, carriage|horse drawn carriage,
wheelchair, stroller|baby carriage|baby stroller, trailer, tractor<vehicle, bulldozer<vehicle,
snowmobile<vehicle, wheel, tire, engine, propeller, windshield, license plate, sail, headlight
""",
    "carried": """
backpack|back pack, bag|sack, plastic bag<bag, handbag|purse|pocketbook<bag, shopping bag<bag,
suitcase|luggage bag, ~luggage|baggage, briefcase<bag, umbrella, parasol<umbrella, wallet, basket,
bucket|pail, box|cardboard box, crate, rope, string, chain, stick, toy, stuffed animal<toy,
teddy bear|teddy|stuffed bear<stuffed animal, doll<toy, toy car<toy, toy gun<toy, balloon, bubble,
flag, banner, sign|signboard, poster, camera, video camera, tripod, guitar<instrument,
drum<instrument, violin<instrument, instrument|musical instrument, microphone, cigarette, pipe,
gun|rifle, sword, cane|walking stick, hose|garden hose, sprinkler, book, magazine, newspaper,
paper, pen|pencil|marker, card, map, money, ticket, tent, towel, blanket|quilt|comforter,
sleeping bag, flower|rose|tulip|daisy<plant, bouquet|bouquet of flowers, ribbon, candle, lantern,
shovel, hammer, tool, broom, mop, ladder, tray, mug<cup, ~equipment|gear, pacifier, bone,
snowball, statue|sculpture, fishing pole|fishing rod, cage, bell, whistle, fan, brush
""",
    "food": """
~food, pizza<food, slice of pizza|pizza slice<pizza, sandwich|sub|burger|hamburger<food,
hot dog|hotdog|hot-dog<food, donut|doughnut<food, cake<food, birthday cake<cake,
wedding cake<cake, cupcake|muffin<cake, pie<food, cookie<food, pastry|croissant|danish<food,
dessert<food, ~ice cream|ice-cream<food, ice cream cone<ice cream, popsicle|lollipop<food,
candy<food, ~chocolate<food, ~frosting|icing, fruit<food, apple<fruit, banana<fruit, orange<fruit,
lemon|lime<fruit, strawberry|berry<fruit, grape<fruit, peach<fruit, pear<fruit, pineapple<fruit,
watermelon<fruit, vegetable|veggie<food, ~broccoli<vegetable, carrot<vegetable, tomato<vegetable,
potato<vegetable, onion<vegetable, pepper<vegetable, mushroom<vegetable, pea<vegetable,
bean<vegetable, ~corn<vegetable, ~lettuce<vegetable, ~spinach<vegetable,
cucumber|pickle<vegetable, ~cabbage|cauliflower<vegetable, olive<food, pumpkin<vegetable,
~salad<food, ~soup|stew<food, ~bread|toast<food, bun|roll<bread, bagel<bread, ~cheese<food,
~meat|beef|steak|pork<food, ~bacon<meat, ~ham<meat, sausage<meat, ~pepperoni<meat, egg<food,
~rice<food, ~pasta|noodles|spaghetti|macaroni<food, +french fries|+fries|+chips<food,
~sauce|ketchup|mustard|gravy, ~butter, ~sugar, ~cream, waffle|pancake<food, cereal<food, nut<food,
~sushi<food, meal|dinner|lunch|breakfast<food, snack|treat<food, topping, ~seafood|shrimp<food,
burrito|taco<food, drink|beverage, ~coffee<drink, ~tea<drink, ~milk<drink,
~juice|orange juice<drink, ~soda|coke|pop<drink, ~beer<drink, ~wine<drink, ~alcohol<drink
""",
    "kitchenware": """
plate|platter, dish, bowl, cup|paper cup|coffee cup, glass|drinking glass, wine glass<glass,
bottle, wine bottle<bottle, water bottle<bottle, beer bottle<bottle, can|soda can, jar, fork,
knife, spoon, utensil, ~silverware, chopstick, napkin, pan|frying pan|skillet, pot, kettle|teapot,
cutting board, container, lid, foil, straw, vase, tablecloth
""",
    "furniture": """
~furniture, table<furniture, dining table|dinner table|dining room table|kitchen table<table,
coffee table<table, picnic table<table, desk|work desk<furniture, chair<furniture,
office chair<chair, lawn chair|beach chair|folding chair<chair, high chair<chair,
couch|sofa|loveseat<furniture, bench|park bench<furniture, stool|barstool<furniture, seat,
bed<furniture, bunk bed<bed, crib<bed, mattress, pillow, cushion, sheet|bedspread, shelf,
bookshelf|bookcase<shelf, cabinet|cupboard<furniture, dresser|drawer<furniture,
nightstand|night stand<furniture, closet, counter|countertop|counter top, lamp<light, light,
candlestick, mirror, rug|carpet, mat, curtain|drape, blind, painting, picture frame|frame,
hammock, rack, bar, fireplace, stand, chandelier<light, ~decoration|decor
""",
    "appliance": """
tv|television|tv set|flat screen, computer|pc, laptop|laptop computer|notebook computer<computer,
monitor|computer monitor|computer screen, screen, keyboard|computer keyboard,
mouse|computer mouse, desktop computer<computer, remote|remote control|wii remote,
controller|game controller|video game controller,
cell phone|cellphone|smartphone|mobile phone|smart phone|iphone<phone, phone|telephone,
tablet|ipad, video game|game console, radio, speaker, printer,
oven|stove|stove top|stovetop|range, microwave|microwave oven, refrigerator|fridge|freezer,
toaster|toaster oven, dishwasher, blender, coffee maker|coffee machine, washing machine|washer,
dryer|clothes dryer, hair drier|hair dryer|blow dryer|hairdryer, appliance, machine, sink, faucet,
toilet|commode, urinal<toilet, bidet, bathtub|bath tub|tub|bath, shower|shower stall,
shower curtain<curtain, ~toilet paper, toilet seat, toothbrush|tooth brush, ~toothpaste, ~soap,
hairbrush|comb, +scissors|shears, clock, clock tower<tower, alarm clock<clock,
trash can|garbage can|trashcan|trash bin, vanity, air conditioner
""",
    "building": """
building, house|home|cabin|cottage<building, apartment building|apartment<building,
skyscraper<building, tower<building, church|cathedral|temple<building, castle<building,
barn<building, shed|hut|shack<building, hotel<building, school|college<building,
store|shop|grocery store|supermarket<building, restaurant|cafe|eatery<building, bakery<building,
garage<building, museum<building, hospital<building, library<building, factory,
office building<building, stadium<building, arena, gym|gymnasium, train station|railway station,
bus stop|bus station, gas station, airport|airport terminal, terminal, subway station, station,
skate park|skatepark, playground|play ground, amusement park|carnival|fairground|fair, zoo,
market|farmers market, mall, theater, parking lot|car park, parking garage, farm, ranch,
harbor|marina|port, dock|pier|jetty, boardwalk, bridge, overpass<bridge, tunnel, fountain,
monument, gazebo|pavilion, booth|stall|kiosk, awning|canopy, lighthouse, windmill, greenhouse,
gate|archway|arch, fence|wire fence|chain link fence, wall|brick wall, barrier,
railing|rail|handrail|guard rail, roof|rooftop, chimney, balcony, porch|patio|deck, doorway, door,
window|windowsill|window sill, ceiling, floor|hardwood floor,
+stairs|staircase|stairway|stair|steps, escalator, elevator, column|pillar, ledge, platform,
stage, ~scaffolding, ramp|half pipe|halfpipe|skateboard ramp, +bleachers, enclosure, pole, post,
street light|streetlight|lamp post|street lamp<light,
traffic light|stoplight|stop light|traffic signal, stop sign<sign, street sign<sign,
parking meter|meter, fire hydrant|hydrant, mailbox, telephone booth|phone booth, billboard<sign,
crane, power line, traffic cone|cone, mural, ~graffiti, brick, tile, sandcastle|sand castle,
construction site
""",
    "indoors": """
kitchen<room, bathroom|restroom|washroom<room, bedroom|hotel room<room, living room|lounge<room,
dining room<room, room, office<room, classroom<room, hallway|hall|corridor, lobby, basement<room,
attic<room, subway car, conference room<room, cubicle, pub|nightclub, bowling alley,
waiting room<room, aisle
""",
    "outdoors": """
beach|seashore|seaside, shore|shoreline|coast|coastline, ocean|sea, lake, river, pond,
stream|creek, waterfall, pool|swimming pool, kiddie pool|wading pool<pool, hot tub, canal, bay,
island, wave, ~rapids, ~surf, puddle, ~water, park, yard|backyard|back yard|front yard, ~lawn,
garden, field|pasture|meadow|grassland|plain, grassy field<field,
baseball field|baseball diamond<field, soccer field<field, football field<field,
tennis court<court, basketball court<court, court, track|race track|racetrack|racecourse,
ice rink|rink|skating rink, golf course, forest|woodland, +woods, jungle, desert,
mountain|mountaintop|mountainside|peak, hill|hillside|hilltop, cliff, rock|boulder, canyon,
valley, slope|ski slope, sand dune|dune, cave, street|avenue, road|roadway, highway|freeway,
dirt road|gravel road<road, intersection|street corner, crosswalk, sidewalk|pavement|walkway,
curb, alley|alleyway, driveway, path|pathway|trail|dirt path|walking path,
train track|railroad track|railroad|railway, runway|airport runway, tarmac,
city|downtown|cityscape, town|village, neighborhood, plaza|town square|courtyard, campsite,
cemetery, countryside, city street<street, marsh|swamp, ski lift, skyline, finish line
""",
    "nature": """
~sky, cloud, sun, moon, sunset|sunrise, rainbow, ~sunlight|sunshine, star, ~grass|greenery, ~snow,
~ice, ~sand, ~mud, ~dirt|soil, ~dust, ~gravel, ~concrete, ground, ~hay, ~rain, ~fog|mist,
~smoke|steam, fire|flame, +fireworks, plant|+weeds,
potted plant|house plant|houseplant|flower pot<plant, tree, palm tree|palm<tree,
pine tree|evergreen<tree, christmas tree<tree, branch|limb|twig, log|tree trunk, stump|tree stump,
leaf|foliage, bush|shrub|shrubbery|hedge, ~vegetation, cactus<plant, vine<plant, stone|pebble,
hole, shadow, reflection, flower bed, ~moss, seashell|shell, ~wood, ~seaweed, icicle,
spray|splash, ~foam
""",
    "event": """
race|marathon, parade, party|birthday party, wedding, picnic, concert, rodeo, festival, ~traffic,
~music, baseball game, football game, soccer game, basketball game, tennis match, ceremony
""",
}

IRREGULAR = {
    "man": "men", "woman": "women", "child": "children", "person": "people", "tooth": "teeth",
    "foot": "feet", "goose": "geese", "mouse": "mice", "leaf": "leaves", "loaf": "loaves",
    "knife": "knives", "shelf": "shelves", "scarf": "scarves", "calf": "calves", "wolf": "wolves",
    "sheep": "sheep", "fish": "fish", "deer": "deer", "cattle": "cattle", "aircraft": "aircraft",
    "buffalo": "buffalo", "ox": "oxen", "half": "halves", "bookshelf": "bookshelves",
    "photo": "photos", "piano": "pianos", "video": "videos", "kangaroo": "kangaroos",
}  # fmt: skip


def plural(noun: str) -> str:
    """The plural of a noun or of a compound, whose last word changes.

    >>> [plural(noun) for noun in ("dog", "fire hydrant", "bus", "puppy", "policeman", "skis")]
    ['dogs', 'fire hydrants', 'buses', 'puppies', 'policemen', 'skis']
    """
    first, _, last = noun.rpartition(" ")
    return f"{first} {_plural(last)}".strip()


def _plural(word: str) -> str:
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("man") and word != "human":
        return word[:-3] + "men"
    if word.endswith("s") and not word.endswith(("ss", "us")):
        return word
    if word.endswith(("s", "x", "z", "ch", "sh", "tomato", "potato")):
        return word + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


@dataclass(frozen=True, slots=True)
class Noun:
    """A canonical noun: its synonyms, what it is a kind of, and whether it is counted."""

    name: str
    table: str
    synonyms: tuple[str, ...]
    wider: str
    mass: bool
    only_plural: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What a written word or compound stands for."""

    noun: str
    plural: bool


def _entries() -> Iterator[tuple[Noun, list[str]]]:
    for table, text in TABLES.items():
        for entry in " ".join(text.split()).split(","):
            names, _, wider = entry.strip().partition("<")
            marked = [name.strip() for name in names.split("|")]
            plain = [name.lstrip("~+") for name in marked]
            first = marked[0]
            yield (
                Noun(plain[0], table, tuple(plain[1:]), wider, first[0] == "~", first[0] == "+"),
                marked,
            )


def _forms() -> dict[str, Form]:
    forms: dict[str, Form] = {}
    for noun, marked in _entries():
        for name in marked:
            plain = name.lstrip("~+")
            written = {plain: name[0] == "+"}
            if name[0] not in "~+":
                written.setdefault(plural(plain), True)
            for word, many in written.items():
                if word == "glasses" and noun.name == "glass":
                    continue  # spectacles; glasses to drink from are told by what stands around
                if forms.get(word, Form(noun.name, many)).noun != noun.name:
                    raise ValueError(f"'{word}' stands for '{forms[word].noun}' and '{noun.name}'")
                forms[word] = Form(noun.name, many)
    return forms


LEXICON = {noun.name: noun for noun, _ in _entries()}
NOUNS = tuple(LEXICON)
FORMS = _forms()


def wider(noun: str) -> Iterator[str]:
    """All that a noun is a kind of, nearest first.

    >>> list(wider("puppy"))
    ['dog', 'animal']
    """
    while noun := LEXICON[noun].wider:
        yield noun

"""The 80 object classes of COCO, and the English words for them in captions. Data, no grammar.

The classes are those of Lin et al., "Microsoft COCO: Common Objects in Context", 2014. Singular
forms only, except where the plural is irregular; `eval.presence_mentions` makes the others.
"""

from __future__ import annotations

NAMED = """
person: people, someone, somebody, everyone, human, adult, man, woman, lady, guy, gentleman, male,
  female, boy, girl, child, children, kid, baby, toddler, infant, newborn, teenager, teen, youth,
  youngster, crowd, audience, spectator, onlooker, bystander, pedestrian, passenger, tourist,
  mother, mom, father, dad, parent, son, daughter, brother, sister, wife, husband, friend,
  grandmother, grandfather, girlfriend, boyfriend, bride, groom, bridesmaid, player, batter,
  catcher, umpire, referee, goalie, goalkeeper, teammate, athlete, competitor, racer, runner,
  jogger, swimmer, diver, surfer, wakeboarder, skateboarder, snowboarder, skater, skier, hiker,
  backpacker, climber, cyclist, bicyclist, biker, motorcyclist, rider, jockey, cowboy, cowgirl,
  driver, kayaker, rower, gymnast, wrestler, dancer, singer, musician, guitarist, drummer,
  performer, clown, acrobat, officer, policeman, cop, soldier, fireman, firefighter, worker,
  employee, businessman, fisherman, farmer, chef, waiter, waitress, vendor, customer, shopper,
  doctor, nurse, student, teacher, pilot, photographer, monk, folk, santa
bicycle: mountain bike, bmx bike, road bike
car: automobile, sedan, suv, minivan, taxi, taxicab, jeep, limousine, hatchback, police car,
  race car
motorcycle: motorbike, motor bike, motor cycle, dirt bike, dirtbike
airplane: plane, aeroplane, jet, airliner, jetliner, biplane, fighter jet
bus: school bus, minibus, double decker
train: locomotive
truck: lorry, pickup, pickup truck, fire truck, firetruck
boat: ship, sailboat, rowboat, row boat, speedboat, motorboat, canoe, kayak, yacht, ferry, raft,
  dinghy, gondola, tugboat, barge
traffic light: traffic signal, stoplight, stop light
fire hydrant: hydrant
stop sign:
parking meter:
bench: park bench
bird: pigeon, duck, duckling, goose, geese, swan, seagull, gull, parrot, parakeet, cockatoo, macaw,
  owl, eagle, hawk, falcon, crow, sparrow, penguin, pelican, flamingo, ostrich, peacock, heron,
  egret, stork, hen, rooster, hummingbird
cat: kitten, kitty, tabby
dog: puppy, pup, hound, canine, doggy, poodle, terrier, labrador, retriever, collie, greyhound,
  beagle, bulldog, husky, dalmatian, dachshund, spaniel, chihuahua, rottweiler, doberman, mutt,
  german shepherd, sheepdog, corgi, pug, great dane
horse: pony, mare, stallion, foal, colt, horseback
sheep: lamb, ram, ewe
cow: cattle, bull, calf, calves, ox, oxen, heifer
elephant:
bear: polar bear, grizzly
zebra:
giraffe:
backpack: back pack, rucksack, knapsack, book bag
umbrella: parasol
handbag: purse, hand bag
tie: necktie, neck tie
suitcase: suit case, luggage
frisbee: flying disc, flying disk
skis: pair of skis, cross country skis
snowboard: snow board
sports ball: ball, soccer ball, tennis ball, golf ball, beach ball
kite:
baseball bat: bat
baseball glove: mitt, baseball mitt
skateboard: skate board, longboard
surfboard: surf board
tennis racket: tennis racquet, racket, racquet
bottle: water bottle
wine glass: glass of wine, glasses of wine, goblet
cup: mug, teacup, coffee cup
fork:
knife: knives
spoon:
bowl:
banana:
apple:
sandwich: panini, grilled cheese
~orange: oranges
broccoli:
carrot:
hot dog: hotdog
pizza:
donut: doughnut
cake: birthday cake, cheesecake
chair: armchair, arm chair, lawn chair, rocking chair, recliner, highchair
couch: sofa, loveseat, love seat
potted plant: houseplant, house plant
bed: bunk bed
dining table: dining room table, dinner table, kitchen table
toilet: commode
tv: television, tv set
laptop: laptop computer, lap top
mouse: computer mouse
remote: remote control
keyboard: computer keyboard
cell phone: cellphone, mobile phone, smartphone, smart phone, iphone, cellular phone
microwave: microwave oven
oven:
toaster:
sink:
refrigerator: fridge
book:
clock: alarm clock
vase:
scissors: pair of scissors
teddy bear: teddy, stuffed bear
hair drier: hair dryer, hairdryer, blow dryer
toothbrush: tooth brush
"""
"""``class: word, word``: what names the class without doubt; ``~`` if its own name does not."""

HINTED = """
couple, group, family, team, band, fan, model, boxer, baker, coach, nobody, statue, doll,
  mannequin, snowman, face, hand, arm, leg, his, her, he, she, him, they, their, wearing: person
bike, biker, bmx, cyclist, bicyclist, biking: bicycle
bike, biker, biking, motorcyclist, motocross, moped, scooter: motorcycle
vehicle, traffic, parking lot, street, highway, van, cab, convertible, cable car, train car: car
vehicle, traffic, trolley, coach: bus
vehicle, traffic, van, semi, trailer, tractor, pick up: truck
aircraft, glider, airport: airplane
subway, tram, trolley, streetcar, railway, railroad, train car: train
vessel, harbor, harbour, marina, sail, sailing, boating, jet ski, jetski: boat
traffic, intersection, street light, streetlight, signal, red light, green light: traffic light
sign: stop sign
meter: parking meter
bleacher, pew: bench
animal, creature, flock, chicken, turkey, crane, chick, feather: bird
animal, creature, pet, feline: cat
animal, creature, pet, lab, boxer, shepherd: dog
animal, creature, herd, mule, donkey, rodeo, carriage, jockey, cowboy: horse
animal, creature, herd, flock, goat: sheep
animal, creature, herd, buffalo, bison, steer: cow
animal, creature, herd: elephant
animal, creature, herd: zebra
animal, creature, herd: giraffe
animal, creature, cub: bear
bag, pack, backpacker, hiker: backpack
bag, satchel, tote: handbag
bag, briefcase, baggage: suitcase
canopy: umbrella
to tie, bow tie, bowtie, suit, tuxedo: tie
disc, disk: frisbee
ski, skier, skiing, slope: skis
snowboarder, snowboarding, board: snowboard
football, soccer, baseball, basketball, volleyball, softball, tennis, rugby, golf, cricket,
  lacrosse, hockey, pitcher, goalie: sports ball
kiteboarding, kitesurfing, kite surfing, parasail: kite
batter, batting, baseball, softball, cricket: baseball bat
glove, catcher, pitcher, baseball, softball: baseball glove
skateboarder, skateboarding, skater, skating, board: skateboard
surfer, surfing, surf, board, boogie board, wakeboard: surfboard
tennis, badminton: tennis racket
beer, wine, drink, beverage, soda: bottle
wine, glass, drink, toast: wine glass
coffee, tea, drink, beverage, glass, beer: cup
silverware, utensil, cutlery, eating, food, meal, dinner, lunch, breakfast: fork
silverware, utensil, cutlery, eating, food, meal, dinner, lunch, breakfast: knife
silverware, utensil, cutlery, eating, food, meal, dinner, lunch, breakfast: spoon
dish, soup, salad, cereal, food, meal, dinner, lunch, breakfast: bowl
fruit, food, snack: banana
fruit, food, snack: apple
fruit, food, snack, orange, tangerine: orange
food, meal, lunch, burger, hamburger, snack, wrap, bread: sandwich
food, meal, vegetable, veggie, salad, greens: broccoli
food, meal, vegetable, veggie, salad: carrot
food, meal, lunch, sausage, snack: hot dog
food, meal, dinner, lunch, snack: pizza
food, dessert, pastry, snack, breakfast: donut
food, dessert, pastry, cupcake, birthday: cake
seat, stool, wheelchair, furniture, table, desk, restaurant, kitchen, office: chair
furniture, living room, futon, seat: couch
plant, flower, pot, potted: potted plant
bedroom, mattress, crib, furniture, bunk, hotel room, flower bed: bed
table, desk, counter, countertop, restaurant, kitchen, furniture, meal: dining table
bathroom, restroom, urinal: toilet
screen, monitor, computer, living room, video game, wii: tv
computer, notebook: laptop
mice, computer, desk: mouse
controller, wii, video game: remote
computer, desk, piano: keyboard
phone, telephone, cell: cell phone
kitchen, toaster oven: microwave
stove, stovetop, kitchen, toaster oven: oven
kitchen, toaster oven: toaster
kitchen, bathroom, restroom, basin: sink
kitchen, freezer: refrigerator
magazine, notebook, reading, bookshelf, bookcase, library, newspaper: book
tower: clock
flower, pot, jar: vase
cutting, shears: scissors
stuffed animal, bear: teddy bear
dryer: hair drier
teeth, brushing: toothbrush
"""
"""``word, word: class``: what may name the class or goes with it, so that nobody can tell."""

UNSURE_BEFORE = frozenset(
    ("no", "without", "toy", "stuffed", "fake", "model", "cartoon", "painted")
)
UNSURE_AFTER = frozenset(
    (
        "stop",
        "station",
        "track",
        "tracks",
        "lane",
        "park",
        "store",
        "shop",
        "paper",
        "juice",
        "booth",
    )
)
"""A class word beside one of these may be no such object: a toy car, a bus stop, apple juice."""

"""Everyday words, with which a query is compared to see whether photos answer it. Data.

People, animals, nature, places, vehicles, things, clothes, food and what people do: what most
photos can be described with. `index.search.relevance` says what for.
"""

from __future__ import annotations

_TEXT = """
man, woman, boy, girl, baby, child, people, crowd, family, couple, friends, face, hand,
hair, feet, portrait, old man, bride, soldier, worker, musician, dancer, player, runner,
dog, puppy, cat, horse, cow, sheep, goat, pig, bird, duck, chicken, fish, insect, butterfly,
spider, snake, frog, bear, elephant, monkey, lion, zebra, deer, rabbit, mouse,
tree, flower, grass, leaves, forest, field, garden, mountain, hill, rock, sand, desert,
beach, sea, waves, lake, river, waterfall, snow, ice, sky, clouds, sunset, rain, night,
stars, fire, smoke,
city, street, road, sidewalk, building, house, church, bridge, tower, castle, statue,
stairs, wall, fence, door, window, roof, shop, market, restaurant, bar, kitchen, bedroom,
bathroom, living room, office, classroom, library, museum, stadium, station, airport,
harbour, park, playground, swimming pool, farm, factory,
car, truck, bus, train, tram, bicycle, motorcycle, scooter, boat, ship, airplane,
helicopter, tractor, wheel, tent,
table, chair, bench, sofa, bed, lamp, mirror, clock, shelf, carpet, curtain, basket, box,
bag, suitcase, umbrella, bottle, glass, cup, plate, bowl, knife, spoon, pan, stove,
refrigerator, sink, toilet, bathtub, toothbrush, towel,
computer, keyboard, telephone, camera, television, screen, book, newspaper, letter, map,
sign, poster, painting, drawing, text, graph, toy, doll, balloon, ball, kite, frisbee,
skateboard, surfboard, skis, snowboard, sled, rope, ladder, tool, hammer, scissors, pen,
key, coin,
shirt, dress, suit, jacket, coat, trousers, shorts, shoes, hat, helmet, glasses, sunglasses,
scarf, tie, necklace, ring, watch, bikini, uniform, costume, mask, backpack,
guitar, piano, drum, trumpet, violin, microphone,
bread, cake, pizza, sandwich, hamburger, meat, cheese, egg, salad, soup, rice, pasta, fruit,
apple, banana, orange, strawberry, vegetables, tomato, carrot, coffee, tea, beer, wine, ice
cream, chocolate,
football, basketball, baseball, tennis, golf, hockey, swimming, surfing, skiing,
skateboarding, climbing, running, jumping, dancing, singing, eating, drinking, sleeping,
reading, fishing, cooking, working, wedding, party, concert, parade
"""

WORDS = tuple(" ".join(word.split()) for word in _TEXT.split(","))

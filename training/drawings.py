"""Drawings that no photo collection holds: pages of text, patterns, plain surfaces, stars, shapes.

The phrases that name them have no captions to learn from, and a model that saw only photos takes
them for people. Every drawing is made here, by a seeded generator.
"""

import random
from collections.abc import Iterator

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIDE = 256
LETTERS = "eeeetttaaaoooiiinnnsssrrrhhhlldducmfpgwybvk"


def drawings(each: int, seed: int = 0) -> Iterator[tuple[str, Image.Image]]:
    """Yield (kind, image), `each` of every kind."""
    rng = random.Random(seed)
    makers = {
        "text": text, "chess": chess, "pattern": pattern, "plain": plain, "stars": stars,
        "shapes": shapes, "noise": noise,
    }  # fmt: skip
    for kind, make in makers.items():
        for _ in range(each):
            image = make(rng)
            if rng.random() < 0.4:
                image = image.rotate(rng.uniform(-12, 12), Image.Resampling.BICUBIC, expand=False)
                image = image.crop((24, 24, SIDE - 24, SIDE - 24))
            if rng.random() < 0.4:
                image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
            yield kind, image.convert("L").convert("RGB") if rng.random() < 0.4 else image


def colour(rng: random.Random, low: int, high: int) -> tuple[int, int, int]:
    base = rng.randint(low, high)
    return tuple(max(0, min(255, base + rng.randint(-12, 12))) for _ in range(3))


def text(rng: random.Random) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), colour(rng, 170, 255))
    draw = ImageDraw.Draw(image)
    size = rng.randint(8, 26)
    font = ImageFont.load_default(size)
    ink = colour(rng, 0, 70)
    y = rng.randint(2, 30)
    while y < SIDE - size:
        words = ("".join(rng.choices(LETTERS, k=rng.randint(1, 9))) for _ in range(30))
        if rng.random() < 0.85:
            draw.text((rng.randint(6, 18), y), " ".join(words), ink, font)
        y += int(size * rng.uniform(1.2, 1.6))
    return image


def chess(rng: random.Random) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), colour(rng, 0, 60))
    draw = ImageDraw.Draw(image)
    step = rng.choice([16, 24, 32, 40, 64])
    light = colour(rng, 190, 255)
    for x in range(0, SIDE, step):
        for y in range(0, SIDE, step):
            if (x // step + y // step) % 2:
                draw.rectangle((x, y, x + step - 1, y + step - 1), light)
    return image


def pattern(rng: random.Random) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), colour(rng, 180, 255))
    draw = ImageDraw.Draw(image)
    step, dark = rng.randint(8, 40), colour(rng, 0, 80)
    dots = rng.random() < 0.4
    for a in range(-SIDE, 2 * SIDE, step):
        if dots:
            for b in range(0, SIDE, step):
                draw.ellipse((a, b, a + step * 0.6, b + step * 0.6), dark)
        else:
            draw.line((a, 0, a + rng.choice([0, 0, 60]), SIDE), dark, step // 2)
    return image


def plain(rng: random.Random) -> Image.Image:
    mask = Image.linear_gradient("L").resize((SIDE, SIDE))
    if rng.random() < 0.5:
        mask = Image.radial_gradient("L")
    one, two = (tuple(rng.randint(0, 255) for _ in range(3)) for _ in range(2))
    if rng.random() < 0.5:
        two = tuple(min(255, c + rng.randint(0, 50)) for c in one)
    return Image.composite(Image.new("RGB", mask.size, one), Image.new("RGB", mask.size, two), mask)


def stars(rng: random.Random) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), colour(rng, 0, 25))
    draw = ImageDraw.Draw(image)
    for _ in range(rng.randint(60, 500)):
        x, y, r = rng.uniform(0, SIDE), rng.uniform(0, SIDE), rng.paretovariate(3) * 0.6
        tint = tuple(rng.randint(140, 255) for _ in range(3))
        draw.ellipse((x - r, y - r, x + r, y + r), tint)
    return image


def shapes(rng: random.Random) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), "white" if rng.random() < 0.7 else colour(rng, 0, 255))
    draw = ImageDraw.Draw(image)
    for _ in range(rng.randint(1, 5)):
        tint = tuple(rng.randint(0, 255) for _ in range(3))
        x, y = rng.randint(0, 150), rng.randint(0, 150)
        box = (x, y, x + rng.randint(30, 180), y + rng.randint(30, 180))
        if rng.random() < 0.5:
            draw.ellipse(box, tint)
        else:
            draw.rounded_rectangle(box, 14, tint)
    return image


def noise(rng: random.Random) -> Image.Image:
    image = Image.effect_noise((SIDE, SIDE), rng.uniform(20, 110)).convert("RGB")
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 4)))

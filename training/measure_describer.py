"""What the starter describer gets right on Flickr8k dev, in numbers that need no extra package.

    python training/measure_describer.py --data DATA [--photos 300]

Captions: whether any of a photo's five human captions mentions the subject, the activity and the
place that were said (by the words of phrases.json), by how surely it was said. Answers: questions
made by rules from what two or more captions say; things nobody mentions are the negatives of
presence, as many as positives. Human captions leave much out, so the numbers are estimates from
below for captions, and for "no" to questions of presence.
"""

import argparse
import json
import random
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

from fit_phrases import cases, mention

from vlm.images import read_image
from vlm.starter.captions import compose
from vlm.starter.describer import _SURE, _UNSURE, StarterDescriber
from vlm.starter.phrases import FOLDER, VOCABULARY
from vlm.tasks import answer

THINGS = (
    "man men|woman women|boy boys|girl girls|child children kid kids|dog dogs|ball|"
    "bike bicycle bikes bicycles|car cars|horse horses|cat cats|bird birds|boat boats|water|"
    "grass|snow|beach|tree trees|rock rocks|mountain mountains|street|building buildings|hat|"
    "helmet|sunglasses|guitar|camera|bench|fence|wall|pool|skateboard|motorcycle|table|chair|"
    "flag|umbrella|bag|frisbee|swing|slide|toy toys|stick|rope|bridge|train|bus|truck|"
    "flower flowers|sand|lake|river|couch|bed|book|phone|food|stage|net|sign|tent|fountain|"
    "window|kite|surfboard|people"
)
COLOURS = "red|orange|yellow|green|blue|purple|pink|brown|black|white|grey|gray"
WORN = "shirt|jacket|dress|dog|hat|ball|car|coat|horse|bike|shorts|helmet"
OUT = re.compile(
    r"\b(?:grass|snow|beach|field|park|street|ocean|mountain|forest|lake|river|outside)\b"
)
IN = re.compile(
    r"\b(?:indoors?|inside|kitchen|bedroom|bathroom|living room|couch|gym|restaurant)\b"
)


def show(title: str, right: int, of: int) -> None:
    print(f"{title:44s} {right:4d} / {of:4d}  {100 * right / max(of, 1):5.1f} %")


def captions(describer: StarterDescriber, photos: list[tuple[dict, object]]) -> None:
    words = {
        (r["group"], r["say"]): mention(r["words"])
        for r in json.loads((FOLDER / VOCABULARY).read_text())
    }
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()
    began = time.perf_counter()
    for row, image in photos:
        said = compose(describer._sight(image))
        level = (
            "plain"
            if said.sureness >= _SURE
            else "probably"
            if said.sureness >= _UNSURE
            else "possibly"
        )
        for part in said.parts:
            good = any(map(words[part.group, part.say], row["captions"]))
            for key in (part.group, f"{part.group}, {level}"):
                of[key] += 1
                right[key] += good
    print(f"caption: {1e3 * (time.perf_counter() - began) / len(photos):.0f} ms a photo")
    for key in sorted(of):
        show(f"caption: {key} in a human caption", right[key], of[key])


def ask(describer: StarterDescriber, rows: list[tuple[dict, object, str, str]], title: str) -> None:
    right, unsure, yes = 0, 0, 0
    for _, image, question, wanted in rows:
        got = (
            answer(image, question, describer)
            .rstrip(".")
            .lower()
            .removeprefix("probably ")
            .removeprefix("maybe ")
        )
        right += wanted in got.split(" and ")
        unsure += got == "i am not sure"
        yes += got == "yes"
    show(f"{title}: right", right, len(rows))
    show(f"{title}: right where it answers", right, len(rows) - unsure)
    if rows and rows[0][3] in ("yes", "no"):
        show(f"{title}: says yes", yes, len(rows) - unsure)
    else:
        common = Counter(row[3] for row in rows).most_common(1)[0]
        show(f"{title}: always {common[0]!r}", common[1], len(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--photos", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    dev = [row for row in cases(args.data / "flickr8k") if row["split"] == "dev"]
    rows = rng.sample(dev, args.photos)
    folder = args.data / "flickr8k/photos"
    photos = [(row, read_image(folder / row["image"], size=256)) for row in rows]
    describer = StarterDescriber()
    captions(describer, photos)

    things = [thing.split() for thing in THINGS.split("|")]
    counts = Counter(
        t[0] for row in rows for t in things if mention(" ".join(t))(" ".join(row["captions"]))
    )
    exists, colours, places = [], [], []
    for row, image in photos:
        said = [c.lower() for c in row["captions"]]
        here = [t[0] for t in things if sum(map(mention(" ".join(t)), said)) >= 2]
        absent = [t[0] for t in things if not mention(" ".join(t))(" ".join(said))]
        for noun in rng.sample(here, min(2, len(here))):
            other = rng.choices(absent, [counts[n] + 1 for n in absent])[0]
            exists.append((row, image, f"Is there a {noun} in the photo?", "yes"))
            exists.append((row, image, f"Is there a {other} in the photo?", "no"))
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        for caption in said:
            for colour, noun in set(re.findall(rf"\b({COLOURS}) ({WORN})\b", caption)):
                seen[noun][colour.replace("gray", "grey")] += 1
        for noun, found in seen.items():
            if len(found) == 1 and found.total() >= 2:
                colours.append((row, image, f"What colour is the {noun}?", next(iter(found))))
        text = " ".join(said)
        if bool(OUT.search(text)) != bool(IN.search(text)):
            where = "outdoors" if OUT.search(text) else "indoors"
            places.append((row, image, "Is this indoors or outdoors?", where))
    ask(describer, exists, "presence")
    ask(describer, colours, "colour")
    inside = [p for p in places if p[3] == "indoors"]
    ask(
        describer,
        [*inside, *rng.sample([p for p in places if p not in inside], len(inside))],
        "in or out",
    )


if __name__ == "__main__":
    main()

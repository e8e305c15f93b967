"""Groups that grow as their members are found to belong together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


class Partition:
    """Numbers from 0 to ``size`` - 1 in groups; certain pairs never come into one group."""

    def __init__(self, size: int, apart: Iterable[tuple[int, int]] = ()) -> None:
        self._parent = list(range(size))
        self._members: dict[int, list[int]] = {}
        self._apart: dict[int, set[int]] = {}
        for one, other in apart:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def find(self, number: int) -> int:
        """The number that stands for this one's group now."""
        while (parent := self._parent[number]) != number:
            self._parent[number] = self._parent[parent]
            number = parent
        return number

    def settled(self, one: int, other: int) -> bool:
        """Whether joining the two would change nothing, or may not be."""
        first, second = self.find(one), self.find(other)
        return first == second or self._forbidden(first, second)

    def join(self, one: int, other: int) -> bool:
        """Make the groups of both one, unless that would bring a pair together that is apart."""
        first, second = self.find(one), self.find(other)
        if first != second and self._forbidden(first, second):
            return False
        if first != second:
            self._parent[second] = first
            joined = self._members.pop(second, [second])
            self._members.setdefault(first, [first]).extend(joined)
        return True

    def _forbidden(self, first: int, second: int) -> bool:
        if not self._apart:
            return False
        ours, theirs = (self._members.get(group, [group]) for group in (first, second))
        return any(not self._apart.get(one, set()).isdisjoint(theirs) for one in ours)

    def groups(self) -> Iterator[list[int]]:
        """The groups of more than one, each in rising order, by their first members."""
        yield from sorted(sorted(members) for members in self._members.values())

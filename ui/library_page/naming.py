"""Names beside the circles of a map, where none lies over another name or a circle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ui.library_page.world import HIGH, WIDE

Side = Literal["right", "left", ""]

_UNITS_A_PIXEL = 200 / 640
"""On a map that is 640 pixels wide; wider ones have more room between names."""

_LETTER = 7.2 * _UNITS_A_PIXEL
_LINE = 17 * _UNITS_A_PIXEL
_GAP = 4 * _UNITS_A_PIXEL


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle as it is drawn: its middle in units of the map, its width in pixels, its name."""

    x: float
    y: float
    pixels: float
    name: str


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def fits(self) -> bool:
        return self.left >= 0 and self.right <= WIDE and self.top >= 0 and self.bottom <= HIGH


def sides(discs: Sequence[Disc]) -> list[Side]:
    """On which side of each disc its name stands, "" for nowhere; the first discs choose first.

    >>> sides([Disc(100, 50, 30, "Rome"), Disc(112, 50, 24, "Bari"), Disc(195, 9, 24, "Suva")])
    ['left', 'right', 'left']
    >>> sides([Disc(100, 50, 30, "Rome"), Disc(109, 50, 24, "Bari"), Disc(91, 50, 24, "Nice")])
    ['', 'right', 'left']
    """
    drawn = [_disc(disc) for disc in discs]
    named: list[_Box] = []
    chosen: list[Side] = []
    for place, disc in enumerate(discs):
        taken = [*named, *drawn[:place], *drawn[place + 1 :]]
        choices: tuple[Side, ...] = ("right", "left")
        for side in choices:
            box = _name(disc, side)
            if disc.name and box.fits() and not any(box.meets(other) for other in taken):
                named.append(box)
                chosen.append(side)
                break
        else:
            chosen.append("")
    return chosen


def _disc(disc: Disc) -> _Box:
    half = disc.pixels * _UNITS_A_PIXEL / 2
    return _Box(disc.x - half, disc.x + half, disc.y - half, disc.y + half)


def _name(disc: Disc, side: Side) -> _Box:
    near = disc.pixels * _UNITS_A_PIXEL / 2 + _GAP
    far = near + len(disc.name) * _LETTER
    top, bottom = disc.y - _LINE / 2, disc.y + _LINE / 2
    if side == "right":
        return _Box(disc.x + near, disc.x + far, top, bottom)
    return _Box(disc.x - far, disc.x - near, top, bottom)

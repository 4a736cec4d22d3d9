"""What can be put on the map: offenders, bases, links between them, and rounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from mosovo_planner.domain.people import OffenderManager


class Shape(Enum):
    """Outlines of markers, told apart at eleven pixels, so that colour is never the only sign."""

    CIRCLE = "circle"
    SQUARE = "square"
    TRIANGLE = "triangle"
    DIAMOND = "diamond"
    WEDGE = "wedge"
    PLUS = "plus"
    STAR = "star"


@dataclass(frozen=True, slots=True)
class Look:
    """How one manager's marks look: a colour name and a shape."""

    colour: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class Marker:
    """One offender. ``tip`` is plain text (reference and risk, no more); ``number`` is the stop in a round."""

    key: str
    lat: float
    lon: float
    look: Look
    tip: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class BaseMark:
    """The base of one or more managers."""

    key: str
    label: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Link:
    """A straight line from a base to an offender; ``faint`` ones show what was or what is not chosen."""

    start: tuple[float, float]
    end: tuple[float, float]
    colour: str
    faint: bool = False


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round as it is driven: positions (lat, lon) from base to base."""

    key: str
    points: tuple[tuple[float, float], ...]
    colour: str


def base_marks(managers: Iterable[OffenderManager]) -> list[BaseMark]:
    """One mark a base, however many managers work from it."""
    marks: dict[tuple[float, float], BaseMark] = {}
    for manager in managers:
        if manager.position:
            spot = (manager.position.lat, manager.position.lon)
            marks.setdefault(spot, BaseMark(manager.base or manager.id, manager.base, *spot))
    return list(marks.values())

"""Whether dates of birth, addresses and vehicles are the same, nearly the same, or contradict each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from mosovo_planner.domain.matching.writing import compact, words


class Birth(IntEnum):
    """How two dates of birth compare."""

    UNKNOWN = 0
    DIFFERENT = 1
    YEAR = 2
    DIGIT = 3
    SWAPPED = 4
    EXACT = 5


def compare_births(one: date | None, other: date | None, year: int | None = None) -> Birth:
    """Symmetric in its two dates. ``year`` is a year of birth where one side knows no more.

    1 January is what systems put in for a day not known, so it contradicts no other day of the same year.
    """
    if one is None or other is None:
        known = one or other
        if known is None or year is None:
            return Birth.UNKNOWN
        return Birth.YEAR if known.year == year else Birth.DIFFERENT
    if one == other:
        return Birth.EXACT
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return Birth.SWAPPED
    if _one_digit(f"{one:%d%m%Y}", f"{other:%d%m%Y}"):
        return Birth.DIGIT
    unknown_day = (1, 1) in ((one.month, one.day), (other.month, other.day))
    return Birth.YEAR if unknown_day and one.year == other.year else Birth.DIFFERENT


def _one_digit(one: str, other: str) -> bool:
    """One digit wrong, or two neighbours swapped."""
    if len(one) != len(other):
        return False
    places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(places) == 2 and places[1] == places[0] + 1:
        return one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    return len(places) == 1


class Nearness(IntEnum):
    """How two addresses compare."""

    OTHER = 0
    POSTCODE = 1
    HOUSE = 2


_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?) ?([0-9][ABD-HJLNP-UW-Z]{2})\b", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,5}[a-z]?", re.ASCII)
_SHORT = {
    "street": "st", "road": "rd", "avenue": "ave", "av": "ave", "close": "cl", "drive": "dr", "lane": "ln", "court": "ct",
    "crescent": "cres", "place": "pl", "gardens": "gdns", "terrace": "ter", "square": "sq",
}  # fmt: skip
_FILLING = frozenset(words("flat flt apt apartment room rm unit the no number floor uk england wales"))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """An address as it compares: postcode without its space, house and flat numbers (the house's last), other words."""

    postcode: str
    numbers: tuple[str, ...]
    street: tuple[str, ...]

    @property
    def line(self) -> tuple[str, ...]:
        """House number and the first words of the street: what an address without postcode is found by."""
        return (self.numbers[-1], *self.street[:2]) if self.numbers and len(self.street) > 2 else ()


def whereabouts(address: str, postcode: str = "") -> Whereabouts:
    """An address as it compares; a postcode within the address serves where none is given apart."""
    found = _POSTCODE.search(postcode.upper()[:40]) or _POSTCODE.search(address.upper()[:1000])
    code = "".join(found.groups()) if found else ""
    rest = _POSTCODE.sub(" ", address.upper()[:300])
    parts = [word for word in words(re.sub(r"(?<=\d)\s+(?=[A-D]\b)", "", rest)) if word not in _FILLING]
    numbers = tuple(word for word in parts if _NUMBER.fullmatch(word))
    return Whereabouts(code, numbers, tuple(_SHORT.get(word, word) for word in parts if not _NUMBER.fullmatch(word)))


def compare_places(one: Whereabouts, other: Whereabouts) -> Nearness:
    """Symmetric. The same house needs its number (a flat's may be missing on one side) or, for a named house, its name."""
    if one.postcode and one.postcode == other.postcode:
        return Nearness.HOUSE if _same_house(one, other) else Nearness.POSTCODE
    if one.postcode and other.postcode:
        return Nearness.OTHER
    same_line = bool(one.line) and one.line == other.line and not _flats_contradict(one.numbers, other.numbers)
    return Nearness.HOUSE if same_line and not set(one.street[2:]).isdisjoint(other.street[2:]) else Nearness.OTHER


def _same_house(one: Whereabouts, other: Whereabouts) -> bool:
    if one.numbers and other.numbers:
        return one.numbers[-1] == other.numbers[-1] and not _flats_contradict(one.numbers, other.numbers)
    named = not one.numbers and not other.numbers
    return named and bool(one.street) and one.street[:2] == other.street[:2]


def _flats_contradict(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) > 1 and len(other) > 1 and one[:-1] != other[:-1]


def plate(text: str) -> str:
    """A number plate as it compares: O as 0 and I as 1, no spaces; '' where it is too short to say anything."""
    letters = compact(text).replace("o", "0").replace("i", "1")
    return letters if 3 <= len(letters) <= 10 else ""

"""Whether two names may be one person's: order, short forms, double surnames, typing slips."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from mosovo_planner.domain.matching.forenames import is_forename, stand_for_one_another
from mosovo_planner.domain.matching.writing import sound, words

_PARTICLES = frozenset(words("o mc mac fitz de la le du da di del van von der den ter ten st al el bin ibn abu ap ab dos"))
_TITLES = frozenset(words("mr mrs ms miss mx dr sir rev prof jnr snr jr sr"))


class Likeness(IntEnum):
    """How alike two words of a name are, least first."""

    DIFFERENT = 0
    MISSING = 1
    INITIAL = 2
    SLIP = 3
    VARIANT = 4
    SAME = 5


class NameLevel(IntEnum):
    """How alike two whole names are, least first."""

    NONE = 0
    FORENAME = 1
    OTHER_FORENAME = 2
    TWO_SLIPS = 3
    SURNAME = 4
    INITIAL = 5
    SLIP = 6
    VARIANT = 7
    SAME = 8


@dataclass(frozen=True, slots=True)
class Name:
    """A name in folded words: ``surname`` written as one word, ``parts`` of a double surname, and the forenames."""

    surname: str
    parts: frozenset[str]
    forenames: tuple[str, ...]

    @property
    def swapped(self) -> Name | None:
        """The name with its first forename for surname, as forms filled in the wrong order have it."""
        if not self.surname or not self.forenames or len(self.forenames[0]) < 2:
            return None
        return Name(self.forenames[0], frozenset({self.forenames[0]}), (self.surname, *self.forenames[1:]))


def name_of(surname: str, forenames: str = "") -> Name:
    """A name given in its two parts, or, without forenames, in one text: ``SMITH, John``, ``John SMITH``, ``John Smith``."""
    if not forenames:
        surname, forenames = _told_apart(surname[:300])
    family = [word for word in words(surname) if word not in _TITLES] or list(words(surname))
    given = tuple(word for word in words(forenames) if word not in _TITLES)
    whole = _spelt("".join(family))
    parts = frozenset(_spelt(word) for word in family if len(word) > 2 and word not in _PARTICLES) | {whole}
    return Name(whole, parts - {""}, given)


def _spelt(word: str) -> str:
    """MacDonald and McDonald in one spelling."""
    return re.sub(r"^mac(?=[bcdfghjklmnpqrstvw][a-z]{3})", "mc", word)


def _told_apart(text: str) -> tuple[str, str]:
    if "," in text:
        surname, forenames = text.split(",", 1)
        return surname, forenames
    given = text.split()
    capital = [len(word) > 1 and word.isupper() for word in given]
    if any(capital) and not all(capital):
        return " ".join(w for w, up in zip(given, capital, strict=True) if up), " ".join(
            w for w, up in zip(given, capital, strict=True) if not up
        )
    start = len(given) - 1
    while start > 1 and given[start - 1].casefold() in _PARTICLES:
        start -= 1
    return " ".join(given[max(0, start) :]), " ".join(given[: max(0, start)])


@lru_cache(maxsize=262_144)
def is_slip(one: str, other: str) -> bool:
    """Whether one word is the other with a typing slip, or said the same; symmetric.

    One letter wrong, missing, doubled or swapped with its neighbour from four letters on, two from eight on or where
    the words sound alike (optimal string alignment distance).
    """
    shorter = min(len(one), len(other))
    if shorter < 4:
        return False
    distance = OSA.distance(one, other, score_cutoff=2)
    return distance == 1 or (distance == 2 and (shorter >= 8 or (shorter >= 5 and sound(one) == sound(other))))


def surnames(one: Name, other: Name) -> Likeness:
    """How alike the surnames are."""
    if not one.surname or not other.surname:
        return Likeness.MISSING
    if one.surname == other.surname:
        return Likeness.SAME
    if not one.parts.isdisjoint(other.parts) or stand_for_one_another(one.surname, other.surname):
        return Likeness.VARIANT
    return Likeness.SLIP if is_slip(*sorted((one.surname, other.surname))) else Likeness.DIFFERENT


@lru_cache(maxsize=262_144)
def forenames(one: tuple[str, ...], other: tuple[str, ...]) -> Likeness:
    """How alike the forenames are: a middle name used, a short form and an initial count."""
    if not one or not other:
        return Likeness.MISSING
    first, second = one[0], other[0]
    if first == second or "".join(one) == "".join(other):
        return Likeness.INITIAL if len(first) == 1 and first == second else Likeness.SAME
    if stand_for_one_another(first, second):
        return Likeness.VARIANT
    if (len(first) > 1 and first in other) or (len(second) > 1 and second in one):
        return Likeness.VARIANT
    if 1 in (len(first), len(second)):
        return Likeness.INITIAL if first[0] == second[0] else Likeness.DIFFERENT
    if is_forename(first) and is_forename(second):
        return Likeness.DIFFERENT
    return Likeness.SLIP if is_slip(*sorted((first, second))) else Likeness.DIFFERENT


def compare_names(one: Name, other: Name) -> tuple[NameLevel, str]:
    """The level and its explanation; symmetric. The words in wrong order count as a variant."""
    best = _straight(one, other)
    if best[0] >= NameLevel.SLIP:
        return best
    for left, right in ((one.swapped, other), (one, other.swapped)):
        if left is not None and right is not None and (level := _straight(left, right)[0]) >= NameLevel.SLIP:
            best = max(best, (min(level, NameLevel.VARIANT), "forename and surname in the other order"))
    return best


def _straight(one: Name, other: Name) -> tuple[NameLevel, str]:
    family, given = surnames(one, other), forenames(one.forenames, other.forenames)
    if family <= Likeness.MISSING:
        return (NameLevel.FORENAME, "same forename") if given >= Likeness.VARIANT else (NameLevel.NONE, "")
    if given is Likeness.DIFFERENT:
        return NameLevel.OTHER_FORENAME, "same surname, another forename"
    if family is Likeness.SLIP:
        if given < Likeness.VARIANT:
            return NameLevel.TWO_SLIPS, "similar surname and forename"
        return NameLevel.SLIP, "surname spelt nearly the same"
    if given is Likeness.SAME and family is Likeness.VARIANT:
        return NameLevel.VARIANT, "part of a double surname"
    return _BY_FORENAME[given]


_BY_FORENAME = {
    Likeness.MISSING: (NameLevel.SURNAME, "same surname"),
    Likeness.INITIAL: (NameLevel.INITIAL, "same surname and initial"),
    Likeness.SLIP: (NameLevel.SLIP, "forename spelt nearly the same"),
    Likeness.VARIANT: (NameLevel.VARIANT, "same surname, a form of the forename or a middle name"),
    Likeness.SAME: (NameLevel.SAME, "same name"),
}

"""What speaks for a match, how much it weighs, and the words that explain it.

Points: name 1 to 4, date of birth up to 4 (one digit off counts 1: a force has many Smiths), address up to 3, vehicle 3;
one more where the whole caseload has only one such name. Eight are sure if both the name and the date of birth speak;
six are likely; three possible. A name alone reaches five at most, so it is never more than possible. A different date
of birth takes four away.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mosovo_planner.domain.matching.facts import Birth, Nearness
from mosovo_planner.domain.matching.names import NameLevel


class Sureness(StrEnum):
    """How sure a match is. None is ever merged by itself: a person acknowledges each."""

    SURE = "sure"
    LIKELY = "likely"
    POSSIBLE = "possible"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def rank(self) -> int:
        """2 for sure to 0 for possible."""
        return 2 - list(Sureness).index(self)


_NAME = {
    NameLevel.SAME: 4, NameLevel.VARIANT: 4, NameLevel.SLIP: 3, NameLevel.INITIAL: 2, NameLevel.SURNAME: 2,
    NameLevel.TWO_SLIPS: 1, NameLevel.OTHER_FORENAME: 1, NameLevel.FORENAME: 1, NameLevel.NONE: 0,
}  # fmt: skip
_BIRTH = {Birth.EXACT: 4, Birth.SWAPPED: 3, Birth.DIGIT: 1, Birth.YEAR: 1, Birth.UNKNOWN: 0, Birth.DIFFERENT: -4}
_PLACE = {Nearness.HOUSE: 3, Nearness.POSTCODE: 2, Nearness.OTHER: 0}
_BIRTH_WORDS = {
    Birth.EXACT: "same date of birth",
    Birth.SWAPPED: "date of birth with day and month swapped",
    Birth.DIGIT: "date of birth one digit off",
    Birth.YEAR: "same year of birth",
    Birth.DIFFERENT: "but another date of birth",
}
_PLACE_WORDS = {Nearness.HOUSE: "his address", Nearness.POSTCODE: "his postcode"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that was found for one person of a log and one of the caseload.

    ``reference`` is the reference found; ``shared_reference`` says that several people bear it. ``alone`` says that
    nobody else of the caseload bears such a name, ``twins`` that several bear this name and date of birth. ``names_other`` says
    that the log names somebody, and not him. ``from_text`` says that the name stood in the log's free text only.
    """

    reference: str = ""
    shared_reference: bool = False
    name: NameLevel = NameLevel.NONE
    name_words: str = ""
    alone: bool = False
    twins: bool = False
    birth: Birth = Birth.UNKNOWN
    place: Nearness = Nearness.OTHER
    vehicle: bool = False
    names_other: bool = False
    from_text: bool = False

    @property
    def points(self) -> int:
        points = _NAME[self.name] + _BIRTH[self.birth] + _PLACE[self.place] + 3 * self.vehicle
        if self.vehicle and not self.names_other and self.name is NameLevel.NONE:
            points += 3  # the car is known and nobody else is named as its driver
        return points + (self.alone and self.name >= NameLevel.SLIP)

    @property
    def sureness(self) -> Sureness | None:
        """None where it is no match."""
        if self.reference:
            return Sureness.LIKELY if self.shared_reference else Sureness.SURE
        points = self.points
        if points >= 8 and not self.twins and self.name >= NameLevel.SLIP and self.birth >= Birth.DIGIT:
            return Sureness.SURE
        if points >= 6:
            return Sureness.LIKELY
        stands = self.name >= NameLevel.SLIP or self.place is Nearness.HOUSE or self.vehicle
        stands |= self.birth >= Birth.DIGIT and self.name >= NameLevel.OTHER_FORENAME
        least = 3 if self.place is Nearness.HOUSE or self.vehicle else 4
        return Sureness.POSSIBLE if stands and points >= least else None

    @property
    def only_name(self) -> bool:
        """Whether nothing but the name speaks for the match."""
        return not (self.reference or self.vehicle or self.place) and self.birth <= Birth.YEAR

    @property
    def only_place(self) -> bool:
        """Whether nothing but the address speaks for the match."""
        return self.place > 0 and self.name < NameLevel.SURNAME and not self.vehicle and self.birth < Birth.DIGIT

    @property
    def reasons(self) -> tuple[str, ...]:
        """The evidence in words, the weightiest first, what contradicts last."""
        found = [f"same reference {self.reference}"] if self.reference else []
        if self.shared_reference:
            found.append("which several people of the caseload bear")
        if self.name > NameLevel.FORENAME or (self.name and self.birth >= Birth.DIGIT):
            found.append(self.name_words + (" (in the text of the log)" if self.from_text else ""))
        found += [_BIRTH_WORDS[self.birth]] if self.birth >= Birth.YEAR else []
        found += [_PLACE_WORDS[self.place]] if self.place else []
        found += ["a vehicle known as his"] if self.vehicle else []
        if self.birth is Birth.DIFFERENT:
            found.append(_BIRTH_WORDS[self.birth])
        if self.twins:
            found.append("but several people of the caseload have this name and date of birth")
        if self.names_other and self.name < NameLevel.SURNAME:
            found.append("but the log gives another name")
        return tuple(found)

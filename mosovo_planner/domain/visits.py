"""Visits: attempts to see an offender at home, and what an offender's markers demand of a crew."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from mosovo_planner.domain.people import OffenderManager, Sex


class VisitKind(StrEnum):
    """Why a visit is made."""

    INITIAL = "initial"
    ROUTINE = "routine"
    ARMS = "arms"
    AD_HOC = "ad_hoc"

    @property
    def label(self) -> str:
        return {"initial": "Initial", "routine": "Routine", "arms": "ARMS", "ad_hoc": "Ad hoc"}[self.value]


class Outcome(StrEnum):
    """What happened at the door."""

    SEEN = "seen"
    NO_REPLY = "no_reply"
    REFUSED = "refused"
    MOVED = "moved"
    IN_CUSTODY = "in_custody"
    IN_HOSPITAL = "in_hospital"
    ABROAD = "abroad"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def successful(self) -> bool:
        """Only a successful visit resets the visit clock (practice rule 1, from the Met's finding)."""
        return self is Outcome.SEEN

    @property
    def failed_entry(self) -> bool:
        """Whether officers sought to enter and could not, which is what s.96B of the Sexual Offences Act 2003 counts."""
        return self in (Outcome.NO_REPLY, Outcome.REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One attempt to see an offender at home. ``at`` is local time without zone.

    ``announced_reason`` and ``lone_reason`` say why it departed from guidance; ``approved_by`` is the
    supervisor who approved a lone visit. ``devices_checked`` and ``child_in_household`` are None where nobody
    looked or asked. ``household`` says who else lives there, in a few words. ``asked_to_choose`` is set where
    he asked to choose or put off the time. ``visor_entered_on`` is the day the visit was entered in ViSOR.
    """

    id: str
    ref: str
    at: datetime
    kind: VisitKind = VisitKind.ROUTINE
    officers: tuple[str, ...] = ()
    announced: bool = False
    outcome: Outcome = Outcome.SEEN
    note: str = ""
    announced_reason: str = ""
    lone_reason: str = ""
    approved_by: str = ""
    devices_checked: int | None = None
    household: str = ""
    child_in_household: bool | None = None
    risk_noticed: str = ""
    visor_entered_on: date | None = None
    asked_to_choose: bool = False

    @property
    def awaits_approval(self) -> bool:
        """Whether a lone visit still wants a supervisor's approval (practice rule 3)."""
        return self.lone and not self.approved_by

    @property
    def lone(self) -> bool:
        """Whether one officer went alone, contrary to national guidance (practice rule 3)."""
        return len(self.officers) == 1


@dataclass(frozen=True, slots=True)
class CrewDemands:
    """What an offender's markers demand of the two officers who go (practice rule 20).

    ``warnings`` are the markers that no rule reads (``Dog``, ``Weapons``): they are shown to the crew.
    """

    needs_man: bool = False
    needs_woman: bool = False
    excluded: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()

    def objection(self, crew: Iterable[OffenderManager]) -> str | None:
        """Why these officers may not visit, in words for the officer; None where they may."""
        officers = list(crew)
        barred = [officer.label for officer in officers if officer.id in self.excluded]
        if barred:
            return f"{', '.join(barred)} must not visit this offender (marker)"
        if self.needs_man and not any(officer.sex is Sex.MALE for officer in officers):
            return "a marker says not lone female: at least one male officer is needed"
        if self.needs_woman and not any(officer.sex is Sex.FEMALE for officer in officers):
            return "a marker asks for at least one female officer"
        return None


_NOT_OFFICER = re.compile(r"^(?:not|no|exclude|conflict(?: with)?)[\s:]+(?P<who>\S.*)$", re.IGNORECASE)
_NOT_LONE_FEMALE = re.compile(r"\b(?:no|not)\s+(?:a\s+)?(?:lone|single)?\s*females?\b|\bmale officers? only\b", re.IGNORECASE)
_NOT_LONE_MALE = re.compile(
    r"\b(?:no|not)\s+(?:a\s+)?(?:lone|single)\s+males?\b|\bfemale officer (?:needed|required)\b", re.IGNORECASE
)
_TWO_OFFICERS = re.compile(r"\b(?:two|2|double)[\s-]*(?:officers?|crew(?:ed)?|up)\b", re.IGNORECASE)


def crew_demands(markers: Iterable[str], officers: Iterable[OffenderManager]) -> CrewDemands:
    """Read an offender's markers into demands on the crew.

    "Not lone female" is read as: at least one of the pair is a man, the careful reading of a marker
    written for lone visits. "Two officers" adds nothing, since every planned visit is paired.
    A marker "not OM03" bars the officer of that id or name, whatever the case of the letters.
    """
    known = list(officers)
    needs_man = needs_woman = False
    excluded: set[str] = set()
    warnings: list[str] = []
    for marker in markers:
        text = marker.strip()
        if _NOT_LONE_FEMALE.search(text):
            needs_man = True
        elif _NOT_LONE_MALE.search(text):
            needs_woman = True
        elif (match := _NOT_OFFICER.match(text)) and (barred := _officers_named(match["who"], known)):
            excluded |= barred
        elif text and not _TWO_OFFICERS.search(text):
            warnings.append(text)
    return CrewDemands(needs_man, needs_woman, frozenset(excluded), tuple(warnings))


def _officers_named(text: str, officers: Iterable[OffenderManager]) -> set[str]:
    wanted = {part.strip().casefold() for part in re.split(r"[,/&]|\bor\b|\band\b", text)}
    return {officer.id for officer in officers if {officer.id.casefold(), officer.name.casefold()} & wanted}

"""Who manages him? A frontline officer's question, answered in seconds and written to the record of use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.frontline import FrontlineAnswer, frontline_answer
from mosovo_planner.domain.identity import Identity
from mosovo_planner.domain.matching import CaseloadSearch
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import NoSuchOffender
from mosovo_planner.office.session import Session

MOST = 20
"""Hits shown at most: whoever gets more is asked for more words."""

_LEAST = 3


class AskMore(UserError):
    """The question is too short to be one."""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who fits a question. ``complete`` says that all of it fits; ``reasons`` what does."""

    ref: str
    name: str
    born: date | None
    manager: str
    complete: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Finder:
    """The caseload made searchable. It holds names and managers of everybody: keep it no longer than the workspace is open."""

    search: CaseloadSearch
    people: dict[str, tuple[str, date | None, str]]


def make_finder(session: Session, report: Reporter = silent) -> Finder:
    """Read everybody for searching. Nothing is shown by it, so nothing is consulted: each answer is."""
    report(Progress("Making the caseload searchable"))
    with session.unit(Permission.ASK) as unit:
        caseload, identities = unit.who_people()
    labels = {manager.id: manager.label for manager in caseload.managers}
    nothing = Identity()
    subjects = [identities.get(each.ref, nothing).subject(each) for each in caseload.offenders]
    people = {each.ref: _shown(each, labels) for each in caseload.offenders}
    return Finder(CaseloadSearch(subjects), people)


def _shown(offender: Offender, labels: dict[str, str]) -> tuple[str, date | None, str]:
    manager = labels.get(offender.manager or "", offender.manager or "Not allocated")
    return offender.name, offender.date_of_birth, manager


def find(session: Session, finder: Finder, question: str, asked_by: str = "") -> tuple[Found, ...]:
    """Who fits the question, best first, at most :data:`MOST`. That it was asked is recorded with how many were shown.

    The question itself is not kept: it is a person's name or home. ``asked_by`` is whoever asks from outside, by
    telephone say; then it is a disclosure to him.

    Raises:
        AskMore: fewer than three letters or digits.
    """
    if sum(letter.isalnum() for letter in question) < _LEAST:
        raise AskMore("Give at least three letters or digits: a surname, a street and number, a postcode or a number plate.")
    hits = finder.search.find(question, MOST)
    found = tuple(Found(hit.ref, *finder.people[hit.ref], hit.complete, hit.reasons) for hit in hits)
    with session.unit(Permission.ASK) as unit:
        unit.record(
            Operation.DISCLOSURE if asked_by else Operation.CONSULTATION,
            "who manages him",
            fields=("name", "date_of_birth", "manager") if found else (),
            count=len(found),
            reason="asked who manages somebody" if found else "asked who manages somebody; nobody found",
            recipient=asked_by,
            medium="answer" if asked_by else "",
        )
    return found


def answer(session: Session, ref: str, as_of: date, asked_by: str = "") -> FrontlineAnswer:
    """What a frontline officer is told of one person. Recorded for him by reference.

    Raises:
        NoSuchOffender: he is no longer on the caseload.
    """
    with session.unit(Permission.ASK) as unit:
        offender, facts, managers = unit.who_person(ref)
        if offender is None:
            raise NoSuchOffender("He is no longer on the caseload; search again.")
        made = frontline_answer(offender, facts, managers, unit.policy(), as_of)
        unit.record(
            Operation.DISCLOSURE if asked_by else Operation.CONSULTATION,
            f"offender {ref}",
            fields=_fields(made),
            reason="who manages him: answered",
            recipient=asked_by,
            medium="answer" if asked_by else "",
        )
    return made


def _fields(made: FrontlineAnswer) -> tuple[str, ...]:
    more = [name for name in ("risk", "address") if getattr(made, name)]
    return ("name", "date_of_birth", "status", "manager", "supervisor", "markers", "orders", *more)

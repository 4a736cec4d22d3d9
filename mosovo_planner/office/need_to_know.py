"""Restricted records, and records of another team opened with a reason, of which supervisors get notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.guard import refuse_financial_data
from mosovo_planner.domain.need_to_know import BreakGlass, Restriction
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import NoSuchOffender
from mosovo_planner.office.session import Session

_LEAST = 10
"""Letters of a reason at least: one word is none."""


class NoReason(UserError):
    """A reason is asked for that another person can judge."""


def may_see(session: Session, ref: str) -> bool:
    """Whether a record is this user's to see: of his team, not restricted, or opened by him with a reason. Nothing is shown."""
    with session.unit(Permission.VIEW) as unit:
        return unit.may_see(ref)


def open_with_reason(session: Session, ref: str, reason: str) -> None:
    """Open a record of another team for a tour of duty; it is recorded, and supervisors get notice.

    Raises:
        NoReason: it is too short to be one.
        NotAllowed: there is no such record, or it is restricted.
    """
    words = _reason(reason)
    opened = BreakGlass(id=uuid4().hex, ref=ref, by=session.user, at=_now(), reason=words)
    with session.unit(Permission.VIEW) as unit:
        unit.break_glass(opened)


def note_seen(session: Session, notice: BreakGlass) -> None:
    """A supervisor looked at why a record was opened, and lets it stand.

    Raises:
        NotAllowed: he opened it himself.
        StaleRecord: somebody else looked at it meanwhile.
    """
    with session.unit(Permission.APPROVE) as unit:
        unit.saw_opened(notice, replace(notice, seen_by=session.user, seen_at=_now()))


def restriction_of(session: Session, ref: str) -> tuple[Restriction | None, tuple[str, ...]]:
    """The restriction of a record, if it has one, and the users whom it could name."""
    with session.unit(Permission.APPROVE) as unit:
        users = tuple(each.name for each in unit.users() if each.active and Permission.VIEW in each.role.permissions)
        return unit.restrictions().get(ref), users


def restrict(session: Session, ref: str, named: tuple[str, ...], reason: str, before: Restriction | None = None) -> Restriction:
    """Let only supervisors and those named see a record.

    Raises:
        NoReason: it is too short to be one.
        NoSuchOffender: nobody of that reference is held.
        StaleRecord: somebody else restricted it or changed that meanwhile.
    """
    made = Restriction(ref=ref, named=named, by=session.user, on=date.today(), reason=_reason(reason))
    with session.unit(Permission.APPROVE) as unit:
        if not unit.may_see(ref):
            raise NoSuchOffender("No offender of that reference is on the caseload; it may have been erased meanwhile.")
        unit.restrict(made, before)
    return made


def lift_restriction(session: Session, restriction: Restriction, reason: str) -> None:
    """Let everybody see the record again who would otherwise; raises as :func:`restrict`."""
    with session.unit(Permission.APPROVE) as unit:
        unit.lift_restriction(restriction, _reason(reason))


def _reason(words: str) -> str:
    if len(words.strip()) < _LEAST:
        raise NoReason("Say why, in words that your supervisor can judge: what happened, and what you need to know.")
    refuse_financial_data({"The reason": words})
    return words.strip()


def _now() -> datetime:
    return datetime.now()  # noqa: DTZ005 - local, as visits are

"""An officer's rounds as a calendar file: it says when and how many stops, and nothing of those who are visited."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.leaving import write_out
from mosovo_planner.office.session import Session

if TYPE_CHECKING:
    from mosovo_planner.store.unit import Unit


class NoRounds(UserError):
    """There is nothing to put into the calendar."""


def officers_of(plan: Plan) -> tuple[str, ...]:
    """The officers who go out in a plan, by id."""
    return tuple(sorted({officer for each in plan.rounds if each.stops for officer in each.officers}))


def approved_plan(session: Session) -> Plan:
    """The plan last approved, to choose an officer from.

    Raises:
        NoRounds: none is.
    """
    with session.unit(Permission.PRINT) as unit:
        stored = unit.latest_plan(approved=True)
    if stored is None:
        raise NoRounds("There is no approved plan; propose one on the Week plan screen and approve it.")
    return stored.plan


def save_calendar(session: Session, officer: str, path: Path, plan: Plan | None = None) -> int:
    """Write the officer's rounds of ``plan`` (the plan last approved where None) as .ics; returns how many.

    A disclosure in the record of use, though the file names nobody who is visited. Where it cannot be written,
    nothing is recorded.

    Raises:
        NoRounds: no plan is approved, or the officer goes out in none of its rounds.
        TablePathError: it cannot be written there.
    """
    from mosovo_planner.exchange.calendars import write_calendar

    plan = plan or approved_plan(session)
    own = [each for each in plan.rounds if officer in each.officers and each.stops]
    if not own:
        raise NoRounds("This officer goes out in no round of the plan. Choose another one, or another plan.")
    people = len({stop.ref for each in own for stop in each.stops})
    chosen = plan

    def note(unit: Unit) -> None:
        unit.record(
            Operation.DISCLOSURE, f"rounds of {officer}", count=people, recipient="file", medium="ics",
            reason="calendar without personal data",
        )  # fmt: skip

    return write_out(session, path, note, lambda _: write_calendar(path, chosen, officer, at=datetime.now().astimezone()))

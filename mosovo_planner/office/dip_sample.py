"""The dip sample: records drawn at random for a supervisor to open and grade, kept with the seed of the draw."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.dip_sample import DrawnRecord, Grade, GradedRecord, dip_sample
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.guard import refuse_financial_data
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.off_duty import own_manager
from mosovo_planner.office.session import Session
from mosovo_planner.store.unit import Unit

_SEED_BITS = 63


class NotGraded(UserError):
    """A draw or a grade is not possible as asked; the message says why."""


@dataclass(frozen=True)
class Sampled:
    """One record that was drawn; ``offender`` is None where it was erased since, ``grade`` where nobody graded it yet."""

    drawn: DrawnRecord
    offender: Offender | None
    grade: GradedRecord | None


@dataclass(frozen=True)
class DipView:
    """The sample of a month, with every grade ever given for the trend. ``waiting`` managers were not drawn yet."""

    month: Month
    records: tuple[Sampled, ...]
    graded: tuple[GradedRecord, ...]
    managers: tuple[OffenderManager, ...]
    per_manager: int
    waiting: tuple[str, ...]


def view_dip_sample(session: Session, month: Month) -> DipView:
    """The sample of a month. A consultation with its count."""
    with session.unit(Permission.APPROVE) as unit:
        view = _view(unit, month)
        unit.record(Operation.CONSULTATION, "dip sample", count=len(view.records), reason="sample shown")
    return view


def draw_dip_sample(session: Session, month: Month, today: date) -> DipView:
    """Draw from the records of every manager who has none drawn for this month.

    The seed comes from the system's random source and is kept with each record, so that nobody chooses what is looked
    at, and the draw can be made again from the same records. What was drawn once stays: nobody draws until it pleases.

    Raises:
        NotGraded: the month lies ahead, or everybody's records were drawn already.
    """
    if month > month_of(today):
        raise NotGraded("This month lies ahead. Draw once it has begun.")
    with session.unit(Permission.APPROVE) as unit:
        waiting = _view(unit, month).waiting
        held: dict[str, list[str]] = {manager: [] for manager in waiting}
        for offender in unit.caseload().offenders:
            if offender.manager in held:
                held[offender.manager].append(offender.ref)
        if not any(held.values()):
            raise NotGraded("Records of every manager were drawn for this month already; what was drawn stays.")
        seed = secrets.randbits(_SEED_BITS)
        lots = dip_sample(held, month, unit.policy().whole("target.dip_sample_per_manager"), seed)
        unit.save_drawn(
            (DrawnRecord(month, manager, ref, seed, session.user, today) for manager, refs in lots.items() for ref in refs),
            reason=f"dip sample {month}",
        )
        return _view(unit, month)


def grade_record(session: Session, sampled: Sampled, grade: Grade, comment: str, today: date) -> GradedRecord:
    """Grade a record that was drawn, or grade it again.

    Raises:
        NotGraded: it is the supervisor's own record or plan, or a grade below good has no comment.
        FinancialDataRefused: the comment looks like it holds a card or account number.
        StaleRecord: somebody else graded it meanwhile.
    """
    words = comment.strip()
    if grade is not Grade.GOOD and not words:
        raise NotGraded("Say in a line what is to be better; only a good record needs no comment.")
    refuse_financial_data({"The comment": words})
    drawn = sampled.drawn
    with session.unit(Permission.APPROVE) as unit:
        own = own_manager(unit.managers(), session.user)
        names = {session.user, own} - {None}
        if drawn.manager in names:
            raise NotGraded("This is a record of your own cases; another supervisor grades it.")
        if any(plan.author in names for plan in unit.risk_plans(ref=drawn.ref, current_only=True)):
            raise NotGraded("You wrote the risk management plan of this record; another supervisor grades it.")
        made = GradedRecord(drawn.month, drawn.manager, drawn.ref, grade, session.user, today, words)
        unit.save_grade(made, before=sampled.grade, reason="dip sample")
    return made


def _view(unit: Unit, month: Month) -> DipView:
    drawn, graded, managers = unit.drawn(month=month), unit.graded(), unit.managers()
    people = {each.ref: each for each in unit.offenders({each.ref for each in drawn})}
    grades = {(each.manager, each.ref): each for each in graded if each.month == month}
    records = tuple(
        Sampled(each, people.get(each.ref), grades.get((each.manager, each.ref)))
        for each in sorted(drawn, key=lambda one: (one.manager, one.ref))
    )
    done = {each.manager for each in drawn}
    waiting = tuple(manager.id for manager in managers if manager.id not in done)
    return DipView(month, records, graded, managers, unit.policy().whole("target.dip_sample_per_manager"), waiting)

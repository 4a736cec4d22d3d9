"""Assessments with ARMS, or another tool where ARMS does not fit; each moves the clock of the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

from mosovo_planner.domain.assessment import Assessment, Tool, assessment_problems
from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.guard import refuse_financial_data
from mosovo_planner.domain.people import Offender, Risk
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.clock_events import add_events, exchange_events
from mosovo_planner.office.risk_plans import offender_of
from mosovo_planner.office.session import Session
from mosovo_planner.store.unit import Unit


class AssessmentRefused(UserError):
    """An assessment cannot be recorded as it is; the message says why."""


def new_assessment(ref: str, tool: Tool, done_on: date, by: str, priority: Risk | None) -> Assessment:
    """An assessment with an id of its own; nothing is saved."""
    return Assessment(id=uuid4().hex, ref=ref, tool=tool, done_on=done_on, by=by, priority=priority)


def add_assessment(session: Session, assessment: Assessment, *, set_risk: bool = False, today: date | None = None) -> None:
    """Record an assessment that was made. ``set_risk``: the officer says that its priority is his risk level from now on.

    Raises:
        AssessmentRefused: ARMS does not fit him, the day lies ahead, or nobody is named.
        NoSuchOffender: nobody of that reference is held.
    """
    day = today or date.today()
    with session.unit(Permission.RECORD) as unit:
        offender = offender_of(unit, assessment.ref)
        _check(assessment, offender, day)
        unit.add_assessment(assessment)
        add_events(unit, assessment.ref, [_event(assessment)], "assessment recorded")
        _follow(unit, offender, assessment.priority if set_risk else None, None, day)


def correct_assessment(
    session: Session, before: Assessment, after: Assessment, reason: str, today: date | None = None
) -> None:
    """Put an assessment right that was recorded wrongly; its event and the clock follow.

    Raises:
        AssessmentRefused: as in :func:`add_assessment`, or no reason is given.
        StaleRecord: somebody else changed it meanwhile.
    """
    if not reason.strip():
        raise AssessmentRefused("Say why it is corrected; a line is enough.")
    day = today or date.today()
    with session.unit(Permission.RECORD) as unit:
        offender = offender_of(unit, after.ref)
        _check(after, offender, day)
        unit.correct_assessment(before, after, reason.strip())
        others = {_event(each) for each in unit.assessments(after.ref) if each.id != after.id}
        exchange_events(unit, after.ref, {_event(before)} - others, [_event(after)], "assessment corrected")
        _follow(unit, offender, None, before, day)


def _event(assessment: Assessment) -> Event:
    return Event("arms" if assessment.tool is Tool.ARMS else "other_assessment", assessment.done_on)


def _check(assessment: Assessment, offender: Offender, today: date) -> None:
    if wrong := assessment_problems(assessment, offender, today):
        raise AssessmentRefused(" ".join(wrong))
    refuse_financial_data({"Who made it": assessment.by})


def _follow(unit: Unit, offender: Offender, risk: Risk | None, was: Assessment | None, day: date) -> None:
    """The record's day of the last ARMS follows the assessments; a later day that it had from elsewhere stays."""
    done = [each.done_on for each in unit.assessments(offender.ref) if each.tool is Tool.ARMS]
    wrong = was is not None and was.tool is Tool.ARMS and offender.arms_done == was.done_on
    if offender.arms_done is not None and not wrong:
        done.append(offender.arms_done)
    changed = replace(offender, arms_done=max(done, default=None), risk=risk or offender.risk)
    if changed != offender:
        unit.save_offenders([changed], reason="assessment recorded", on=day)



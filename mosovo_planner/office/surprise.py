"""Something came up: the plan is made again from now on; and what an alternative to the plan would bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from mosovo_planner.domain.people import Absence, OffenderManager
from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.office import ground
from mosovo_planner.office.caseload import CaseloadView, read_caseload
from mosovo_planner.office.door import record_visit
from mosovo_planner.office.plans import HISTORY, Course, PlanError, PlanWork
from mosovo_planner.office.session import Session
from mosovo_planner.planning import weeks as planning
from mosovo_planner.planning.weeks import (
    Alternative,
    AnotherOfficer,
    AsItIs,
    Change,
    ChangeKind,
    Delayed,
    MoreHours,
    NoReply,
    OfficerSick,
    OtherBase,
    OtherDays,
    Outlook,
    Surprise,
    Urgent,
)
from mosovo_planner.planning.worker import run_in_worker

__all__ = [
    "Alternative",
    "AnotherOfficer",
    "AsItIs",
    "Change",
    "ChangeKind",
    "Delayed",
    "MoreHours",
    "NoReply",
    "OfficerSick",
    "OtherBase",
    "OtherDays",
    "Outlook",
    "Prospect",
    "Surprise",
    "Urgent",
    "neediest_base",
    "record_no_reply",
    "replan",
    "what_if",
]

REPLAN_SECONDS = 1.0
"""Of search. With the worker's start, the reading of the caseload and the reasons, the crews wait some seconds."""
WHAT_IF_SECONDS = 6.0
"""Of search, for the plan as it is and for each alternative alike."""


def replan(
    session: Session,
    work: PlanWork,
    now: datetime,
    surprises: Sequence[Surprise],
    report: Reporter = silent,
    *,
    seconds: float = REPLAN_SECONDS,
) -> PlanWork:
    """Make a plan again from ``now`` on; a proposal, which a named person approves like any other.

    What is done, pinned or untouched stays; ``PlanWork.changes`` says what does not. Sickness is noted with the officers
    when the plan is approved. Records are read anew, so that a visit recorded meanwhile counts.

    Raises:
        PlanError: the plan is over, or what came up does not fit it.
    """
    with session.unit(Permission.PLAN) as unit:
        view = read_caseload(unit, max(now.date(), work.plan.start))
        asked = planning.replan_request(
            view.cases, view.managers, view.policy, ground.travel(view.policy), work.plan, now, surprises,
            visits=unit.visits(since=now.date() - HISTORY), seconds=seconds,
        )  # fmt: skip
        unit.record(Operation.CONSULTATION, "caseload", count=len(view.cases), reason="plan made again")
    answer = run_in_worker(planning.replan, asked, report=report)
    return PlanWork(view, asked.request, answer.plan, course=Course(asked, answer.changes, _absences(asked)))


def _absences(asked: planning.ReplanRequest) -> Mapping[str, Absence]:
    found = {officer: planning.absence_of(asked.plan, asked.now, officer, until) for officer, until in asked.sick.items()}
    return {officer: absence for officer, absence in found.items() if absence is not None}


def record_no_reply(session: Session, work: PlanWork, ref: str, at: datetime) -> bool:
    """Record that nobody answered at a planned visit of today; False where an attempt of that day is on record already.

    Raises:
        PlanError: the visit is not planned for that day.
    """
    held = [(each, stop) for each in work.plan.rounds if each.date == at.date() for stop in each.stops if stop.ref == ref]
    if not held:
        raise PlanError("That visit is not planned for that day; choose a visit of that day.")
    with session.unit(Permission.RECORD) as unit:
        if any(visit.at.date() == at.date() for visit in unit.visits(ref=ref)):
            return False
    each, stop = held[0]
    officers = (stop.lead, *(officer for officer in each.officers if officer != stop.lead))
    visit = Visit(id=uuid4().hex, ref=ref, at=at, kind=stop.kind, officers=officers, outcome=Outcome.NO_REPLY)
    record_visit(session, visit, now=at)
    return True


# What if


@dataclass(frozen=True)
class Prospect:
    """What an alternative brings, beside the plan as it is, both searched alike."""

    alternative: Alternative
    as_it_is: Outlook
    then: Outlook


def what_if(
    session: Session,
    work: PlanWork,
    alternative: Alternative,
    report: Reporter = silent,
    *,
    as_it_is: Outlook | None = None,
    seconds: float = WHAT_IF_SECONDS,
) -> Prospect:
    """What an alternative would bring; nothing is stored.

    The plan as it is gets the same search, unless ``as_it_is`` brings that answer of an earlier question.

    Raises:
        PlanError: the alternative names somebody who is not there, or changes nothing.
    """
    with session.unit(Permission.PLAN) as unit:
        view = read_caseload(unit, work.plan.start)
        visits = unit.visits(since=work.plan.start - HISTORY)
        unit.record(Operation.CONSULTATION, "caseload", count=len(view.cases), reason="alternative to the plan looked at")
    then = _request(view, visits, work.plan, alternative, seconds)
    half = 0.5 if as_it_is is None else 0.0
    if as_it_is is None:
        base = _request(view, visits, work.plan, AsItIs(), seconds)
        as_it_is = run_in_worker(planning.look_ahead, base, work.plan, report=_part(report, 0.0, 0.5))
    found = run_in_worker(planning.look_ahead, then, work.plan, report=_part(report, half, 1.0))
    return Prospect(alternative, as_it_is, found)


def _request(
    view: CaseloadView, visits: Sequence[Visit], present: Plan, alternative: Alternative, seconds: float
) -> planning.PlanRequest:
    return planning.what_if_request(
        view.cases, view.managers, view.policy, ground.travel(view.policy), present, alternative,
        visits=visits, seconds=seconds,
    )  # fmt: skip


def _part(report: Reporter, begins: float, ends: float) -> Reporter:
    return lambda step: report(replace(step, share=begins + (ends - begins) * (step.share or 0.0)))


def neediest_base(work: PlanWork) -> OffenderManager | None:
    """An officer of the base near which most is left out, for a new colleague to start from."""
    found = planning.neediest_base(work.request, work.plan)
    return next((each for each in work.view.managers if each.id == found), None)

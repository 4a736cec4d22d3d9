"""Week plans: propose rounds of paired visits, change them by hand, approve them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Concatenate, ParamSpec

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.people import Absence
from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import ground
from mosovo_planner.office.caseload import CaseloadView, read_caseload
from mosovo_planner.office.session import Session
from mosovo_planner.planning import weeks as planning
from mosovo_planner.planning.pool import workers_of
from mosovo_planner.planning.teams import plan_teams
from mosovo_planner.planning.worker import run_in_worker
from mosovo_planner.store.unit import Unit

DEFAULT_SECONDS = 20.0
MAX_WEEKS = 4
HISTORY = timedelta(days=730)
"""How far back visits count towards an offender's habits."""

Given = ParamSpec("Given")


class PlanError(UserError):
    """The plan cannot be made or approved as asked."""


@dataclass(frozen=True)
class Course:
    """Where a plan was made again in its course: from what, what is different now, and the absences that caused it."""

    asked: planning.ReplanRequest
    changes: tuple[planning.Change, ...]
    absences: Mapping[str, Absence]

    @property
    def promises_changed(self) -> int:
        """How many promised visits come out otherwise."""
        return planning.promises_changed(self.changes)


@dataclass(frozen=True)
class PlanWork:
    """A plan on the desk: the facts it rests on and the rounds as they stand. Immutable, so undo is the former one.

    ``course`` says what is different from the plan before, where it was made again in its course.
    """

    view: CaseloadView
    request: planning.PlanRequest
    plan: Plan
    approved_by: str | None = None
    course: Course | None = None

    @property
    def changes(self) -> tuple[planning.Change, ...]:
        return self.course.changes if self.course else ()


def propose_plan(
    session: Session,
    start: date,
    weeks: int,
    report: Reporter = silent,
    *,
    keep: Plan | None = None,
    seed: int | None = None,
    seconds: float = DEFAULT_SECONDS,
    workers: int = 0,
    cluster: str | None = None,
) -> PlanWork:
    """Propose the rounds of ``weeks`` weeks from ``start``; what is pinned in ``keep`` stays.

    A force too large to be planned as one is planned by teams, side by side, with ``workers`` processes (0: one a core) or
    on the ``cluster`` of this address; such a plan is limited by steps and not by ``seconds``.

    The seed comes from the machine's randomness unless given: the force can make the plan again from
    the stored seed, and no offender can foresee it.

    Raises:
        PlanError: weeks outside one to four, or nobody to go out.
    """
    helpers = workers_of(workers, cluster)
    if not 1 <= weeks <= MAX_WEEKS:
        raise PlanError(f"A plan covers one to {MAX_WEEKS} weeks, not {weeks}.")
    request, view = _request(session, start, weeks, keep, secrets.randbelow(2**31) if seed is None else seed, seconds)
    if len(view.managers) < 2:
        raise PlanError("A visit needs two officers, and fewer than two are known; import the staff sheet first.")
    if cluster or len(request.areas) > 1:
        return PlanWork(view, request, plan_teams(request, workers=helpers, report=report))
    plan = run_in_worker(planning.propose_plan, request, report=report)
    return PlanWork(view, request, plan)


def _request(
    session: Session, start: date, weeks: int, keep: Plan | None, seed: int, seconds: float
) -> tuple[planning.PlanRequest, CaseloadView]:
    with session.unit(Permission.PLAN) as unit:
        request, view = _read_request(unit, start, weeks, keep, seed, seconds)
        unit.record(Operation.CONSULTATION, "caseload", count=len(view.cases), reason="plan proposed")
    return request, view


def _read_request(
    unit: Unit, start: date, weeks: int, keep: Plan | None, seed: int, seconds: float
) -> tuple[planning.PlanRequest, CaseloadView]:
    view = read_caseload(unit, start)
    history = unit.visits(since=start - HISTORY)
    request = planning.plan_request(
        view.cases,
        view.managers,
        view.policy,
        ground.travel(view.policy),
        start,
        weeks,
        visits=history,
        keep=keep,
        seed=seed,
        seconds=seconds,
    )
    return request, view


def _edit(
    change: Callable[Concatenate[planning.PlanRequest, Plan, Given], Plan],
) -> Callable[Concatenate[PlanWork, Given], PlanWork]:
    """A change by hand: the planner's pure edit, with times and problems of the rounds worked out anew."""

    def edited(work: PlanWork, /, *args: Given.args, **kwargs: Given.kwargs) -> PlanWork:
        plan = change(work.request, work.plan, *args, **kwargs)
        course = replace(work.course, changes=planning.differences(work.course.asked, plan)) if work.course else None
        return replace(work, plan=plan, approved_by=None, course=course)

    edited.__name__ = edited.__qualname__ = change.__name__
    edited.__doc__ = change.__doc__
    return edited


move_visit = _edit(planning.move_visit)
drop_visit = _edit(planning.drop_visit)
add_visit = _edit(planning.add_visit)
pin_visit = _edit(planning.pin_visit)
pin_round = _edit(planning.pin_round)
add_round = _edit(planning.add_round)
drop_round = _edit(planning.drop_round)
change_crew = _edit(planning.change_crew)
reorder = _edit(planning.reorder)
retime = _edit(planning.retime)


def approve_plan(session: Session, work: PlanWork, reason: str) -> PlanWork:
    """Make the plan the team's: a named person decides (practice rule 24). Earlier plans stay on record.

    Raises:
        PlanError: a round cannot be driven as it stands, or an offender was erased since.
    """
    broken = [each for each in work.plan.rounds if each.problems]
    if broken:
        raise PlanError(
            f"{len(broken)} of the rounds cannot be driven as they stand (shown in red). Mend or drop them, then approve."
        )
    with session.unit(Permission.APPROVE) as unit:
        held = {offender.ref for offender in unit.caseload().offenders}
        if any(stop.ref not in held for each in work.plan.rounds for stop in each.stops):
            raise PlanError("An offender in the plan is no longer on the caseload. Propose again.")
        if work.course is not None:
            _note_absences(unit, work.course)
        unit.save_plan(work.plan, approved_by=session.user, reason=reason.strip())
    return replace(work, approved_by=session.user)


def _note_absences(unit: Unit, course: Course) -> None:
    """Who went home sick is away, also for plans to come."""
    away = [
        replace(each, absences=(*each.absences, course.absences[each.id]))
        for each in unit.managers()
        if each.id in course.absences and course.absences[each.id] not in each.absences
    ]
    if away:
        unit.save_managers(away, reason="plan made again: sickness")


def reopen_plan(session: Session, plan: Plan) -> PlanWork:
    """A plan that was not approved, put back on the desk on the facts as they are now; who is gone since is left out."""
    with session.unit(Permission.PLAN) as unit:
        held = {offender.ref for offender in unit.caseload().offenders}
        rounds = tuple(replace(each, stops=tuple(stop for stop in each.stops if stop.ref in held)) for each in plan.rounds)
        unplanned = tuple(each for each in plan.unplanned if each.ref in held)
        kept = replace(plan, rounds=rounds, unplanned=unplanned, dropped=plan.dropped & held)
        weeks = max(1, ((plan.end - plan.start).days + 1) // 7)
        request, view = _read_request(unit, plan.start, weeks, kept, plan.seed, DEFAULT_SECONDS)
        unit.record(Operation.CONSULTATION, "plan", count=kept.visits, reason="plan opened")
    return PlanWork(view, request, kept if kept == plan else planning.retime(request, kept))


def latest_plan(session: Session) -> PlanWork | None:
    """The plan last approved, opened for looking, changing and printing; None where there is none."""
    with session.unit(Permission.VIEW) as unit:
        stored = unit.latest_plan(approved=True)
        if stored is None:
            return None
        plan = stored.plan
        weeks = max(1, ((plan.end - plan.start).days + 1) // 7)
        request, view = _read_request(unit, plan.start, weeks, plan, plan.seed, DEFAULT_SECONDS)
        unit.record(Operation.CONSULTATION, "plan", count=plan.visits, reason="plan opened")
    return PlanWork(view, request, plan, approved_by=stored.approved_by)

"""Playing a year with the workspace's own force: what a way of working would bring, and how many officers it needs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import ground
from mosovo_planner.office.caseload import CaseloadView, read_caseload
from mosovo_planner.office.session import Session
from mosovo_planner.planning.pool import Workers, workers_of
from mosovo_planner.planning.simulation import Force, assumption_table, assumptions_of, force_of, officers_needed, simulate

MOST_RUNS = 20


class SimulationError(UserError):
    """The force cannot be simulated."""


def simulate_workspace(
    session: Session,
    start: date | None,
    weeks: int,
    seed: int,
    report: Reporter = silent,
    *,
    runs: int = 1,
    target: float | None = None,
    workers: int = 0,
    cluster: str | None = None,
) -> dict[str, Any]:
    """``mosovo-simulation/1``: the same weeks under every way of working. Names never reach the workers.

    Args:
        start: the first day, next Monday where left out.
        runs: years of as many seeds, from ``seed`` on, which give every figure a spread.
        target: a share in time (0 to 1); the answer then holds how many officers reach it with the planner.
        workers: how many processes play; 0 for one a core.
        cluster: the address of the force's own Dask scheduler, instead of processes of this machine.

    Raises:
        SimulationError: nobody to visit, fewer than two managers, or a number out of range.
        ClusterError: the cluster cannot be used.
        JobsFailed: a year could not be played; the message names it.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise SimulationError(f"A simulation plays one to {MOST_RUNS} years of chance, not {runs}.")
    if target is not None and not 0 < target < 1:
        raise SimulationError("The target is a share between 0 and 1, such as 0.98.")
    helpers = workers_of(workers, cluster)
    begin = start or _next_monday(date.today())
    view = _caseload(session, begin)
    seeds = range(seed, seed + runs)
    table = assumption_table()
    force = force_of(
        [case.offender for case in view.cases], view.managers, view.policy, ground.travel(view.policy), begin, weeks, seeds,
        assumptions_of(table, view.policy),
    )  # fmt: skip
    answer: dict[str, Any] = {
        "format": "mosovo-simulation/1",
        "from": begin.isoformat(),
        "seed": seed,
        "assumptions": _assumptions(force, table),
        "scenarios": simulate(force, seeds, _part(report, 0.0, 1.0 if target is None else 0.3), helpers),
    }
    if target is not None:
        answer["strength"] = _strength(force, target, seeds, report, helpers)
    return answer


def _strength(force: Force, target: float, seeds: range, report: Reporter, helpers: Workers) -> dict[str, Any]:
    return officers_needed(force, target, seeds, _part(report, 0.3, 0.7), helpers)


def _caseload(session: Session, begin: date) -> CaseloadView:
    with session.unit(Permission.VIEW) as unit:
        view = read_caseload(unit, begin)
        unit.record(Operation.CONSULTATION, "caseload", count=len(view.cases), reason="simulation")
    if sum(each.position is not None for each in view.managers) < 2 or not any(each.offender.position for each in view.cases):
        raise SimulationError(
            "A simulation needs two managers whose bases have positions, and offenders with positions; import a tracker first."
        )
    return view


def _assumptions(force: Force, table: Policy) -> dict[str, Any]:
    """Every number the year was drawn from, with what it rests on."""
    stated = {key: {"value": each.value, "source": each.source} for key, each in table.values.items()}
    return {
        "table": stated,
        "first_visit_days": force.assumptions.first_visit_days,
        "iterations_a_week_and_area": force.iterations,
        "travel": force.travel.name,
    }


def _part(report: Reporter, start: float, length: float) -> Reporter:
    """Reports a part of the work as its part of the whole."""
    return lambda step: report(Progress(step.text, None if step.share is None else start + length * step.share, step.best))


def _next_monday(day: date) -> date:
    return day + timedelta(days=(7 - day.weekday()) % 7 or 7)

"""Playing a year with the workspace's own force, to see what a way of working would bring."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.people import Offender, Position
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import ground
from mosovo_planner.office.caseload import read_caseload
from mosovo_planner.office.session import Session
from mosovo_planner.planning.allocation import allocation_request, propose_allocation
from mosovo_planner.planning.simulation import Assumptions, MatrixTravel, SimulationRequest, arrivals, simulate
from mosovo_planner.planning.worker import run_in_worker

QUICK_PLAN_SECONDS = 2.0


class SimulationError(UserError):
    """The force cannot be simulated."""


def simulate_workspace(
    session: Session, start: date | None, weeks: int, seed: int, report: Reporter = silent
) -> dict[str, Any]:
    """``mosovo-simulation/1``: the same weeks under every way of working. Names never reach the worker.

    Raises:
        SimulationError: nobody to visit, or fewer than two managers.
    """
    begin = start or _next_monday(date.today())
    with session.unit(Permission.PLAN) as unit:
        view = read_caseload(unit, begin)
        unit.record(Operation.CONSULTATION, "caseload", count=len(view.cases), reason="simulation")
    if len(view.managers) < 2 or not any(case.offender.position for case in view.cases):
        raise SimulationError("A simulation needs two managers and offenders with positions; import a tracker first.")
    offenders = tuple(_nameless(case.offender) for case in view.cases)
    assumptions = Assumptions()
    arriving = arrivals(offenders, weeks, assumptions, seed)
    report(Progress("Allocating by location"))
    asked = allocation_request(view.cases, view.managers, view.policy, ground.travel(view.policy), begin, seconds=5)
    request = SimulationRequest(
        start=begin,
        weeks=weeks,
        offenders=offenders,
        managers=view.managers,
        arriving=arriving,
        by_location=run_in_worker(propose_allocation, asked, report=report).assignment,
        policy=view.policy,
        travel=_matrix(
            view.policy,
            (
                *(manager.position for manager in view.managers),
                *(each.position for each in offenders),
                *(each.position for several in arriving.values() for each in several),
            ),
        ),
        assumptions=assumptions,
        seed=seed,
        plan_seconds=QUICK_PLAN_SECONDS,
    )
    return {
        "format": "mosovo-simulation/1",
        "from": begin.isoformat(),
        "seed": seed,
        "assumptions": asdict(assumptions) | {"plan_seconds": QUICK_PLAN_SECONDS, "travel": request.travel.name},
        "scenarios": run_in_worker(simulate, request, report=report),
    }


def _nameless(offender: Offender) -> Offender:
    """What the simulation needs of an offender: no name, address or note."""
    return replace(
        offender,
        surname="",
        forenames="",
        visor_ref="",
        date_of_birth=None,
        address="",
        postcode="",
        notes="",
        orders="",
        supervisor="",
    )


def _matrix(policy: Policy, positions: Iterable[Position | None]) -> MatrixTravel:
    unique = list({(at.lat, at.lon): at for at in positions if at}.values())
    travel = ground.travel(policy)
    return MatrixTravel(travel.name, tuple((at.lat, at.lon) for at in unique), travel.minutes(unique, unique))


def _next_monday(day: date) -> date:
    return day + timedelta(days=(7 - day.weekday()) % 7 or 7)

"""Proposals as JSON values for other programs: ``mosovo-allocation-proposal/1`` and ``mosovo-plan/1``."""

from __future__ import annotations

from typing import Any

from mosovo_planner.domain.proposals import ManagerLoad, Round, SolverFacts
from mosovo_planner.domain.workload import visits_per_year
from mosovo_planner.office.allocation import AllocationWork
from mosovo_planner.office.ground import distance_km
from mosovo_planner.office.plans import PlanWork


def allocation_json(work: AllocationWork) -> dict[str, Any]:
    """The proposal; workload and capacity in hours a year, travel in minutes a year."""
    proposal = work.proposal
    before, after = proposal.travel_before, proposal.travel_after
    km_before, km_after = crow_km(work)
    return {
        "format": "mosovo-allocation-proposal/1",
        "as_of": proposal.as_of.isoformat(),
        "assignment": dict(sorted(proposal.assignment.items())),
        "unallocated": [{"ref": each.ref, "reason": each.reason} for each in proposal.unallocated],
        "moves": [
            {
                "ref": move.ref,
                "from": move.from_manager,
                "to": move.to_manager,
                "minutes_saved_per_year": round(move.minutes_saved_per_year, 1),
                "reason": move.reason,
            }
            for move in proposal.moves
        ],
        "managers": [_load(each) for each in proposal.managers],
        "totals": {
            "moves": len(proposal.moves),
            "travel_minutes_before": round(before, 1),
            "travel_minutes_after": round(after, 1),
            "travel_ratio": round(after / before, 4) if before else None,
            "crow_km_before": round(km_before, 1),
            "crow_km_after": round(km_after, 1),
            "travel_basis": proposal.travel_basis,
        },
        "solver": _solver(proposal.solver),
    }


def crow_km(work: AllocationWork) -> tuple[float, float]:
    """Kilometres a year from base to offender and back as the crow flies, today and as proposed."""
    bases = {manager.id: manager.position for manager in work.view.managers}
    totals = [0.0, 0.0]
    for case in work.view.cases:
        home = case.offender.position
        visits = visits_per_year(case.offender, work.view.policy)
        holders = (case.offender.manager, work.proposal.assignment.get(case.offender.ref))
        for at, holder in enumerate(holders):
            base = bases.get(holder or "")
            if home is not None and base is not None:
                totals[at] += 2 * visits * distance_km(base, home)
    return totals[0], totals[1]


def _load(load: ManagerLoad) -> dict[str, Any]:
    return {
        "id": load.id,
        "capacity": round(load.capacity, 2),
        "workload_before": round(load.workload_before, 2),
        "workload_after": round(load.workload_after, 2),
        "cases_before": load.cases_before,
        "cases_after": load.cases_after,
        "travel_minutes_before": round(load.travel_minutes_before, 1),
        "travel_minutes_after": round(load.travel_minutes_after, 1),
    }


def plan_json(work: PlanWork) -> dict[str, Any]:
    """The plan; times are local, minutes whole."""
    plan = work.plan
    return {
        "format": "mosovo-plan/1",
        "from": plan.start.isoformat(),
        "to": plan.end.isoformat(),
        "seed": plan.seed,
        "rounds": [_round(each) for each in plan.rounds],
        "unplanned": [
            {
                "ref": each.ref,
                "due": each.due.isoformat(),
                "days_overdue": each.days_overdue,
                "risk": each.risk,
                "code": each.code,
                "reason": each.reason,
            }
            for each in plan.unplanned
        ],
        "totals": {
            "visits": plan.visits,
            "rounds": len(plan.rounds),
            "drive_minutes": plan.drive_minutes,
            "unplanned": len(plan.unplanned),
            "travel_basis": plan.travel_basis,
        },
        "solver": _solver(plan.solver),
    }


def _round(each: Round) -> dict[str, Any]:
    return {
        "date": each.date.isoformat(),
        "officers": list(each.officers),
        "base": each.base,
        "start": f"{each.start:%H:%M}",
        "end": f"{each.end:%H:%M}",
        "drive_minutes": each.drive_minutes,
        "stops": [
            {
                "ref": stop.ref,
                "lead": stop.lead,
                "kind": stop.kind,
                "arrive": f"{stop.arrive:%H:%M}",
                "leave": f"{stop.leave:%H:%M}",
                "drive_minutes": stop.drive_minutes,
                "why": stop.why,
            }
            for stop in each.stops
        ],
        "problems": list(each.problems),
    }


def _solver(facts: SolverFacts) -> dict[str, Any]:
    return {
        "seconds": round(facts.seconds, 2),
        "objective": round(facts.objective, 3),
        "bound": None if facts.bound is None else round(facts.bound, 3),
        "gap": None if facts.gap is None else round(facts.gap, 5),
    }

"""What an assignment means: moves with their reasons, every manager's load and travel, and who is left out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from mosovo_planner.domain.proposals import AllocationProposal, ManagerLoad, Move, SolverFacts, Unallocated
from mosovo_planner.planning.allocation.figures import NOBODY, Figures, Floats, Ints, figures, loads_of, sums
from mosovo_planner.planning.allocation.reasons import Reasons
from mosovo_planner.planning.allocation.request import AllocationError, AllocationRequest
from mosovo_planner.planning.allocation.territory import centres_of, spread


def evaluate_allocation(
    request: AllocationRequest, assignment: Mapping[str, str], *, by_hand: Collection[str] = ()
) -> AllocationProposal:
    """What an assignment means, as after a change by hand.

    ``assignment`` maps references to manager ids; whoever is missing is left without a manager. ``by_hand``
    are references a person decided on; they count as pinned in the answer. Nothing is corrected: a manager
    over capacity or barred by a marker is said in the reason of the move.

    Raises:
        AllocationError: a reference or a manager that the request does not know.
    """
    index = {manager.id: j for j, manager in enumerate(request.managers)}
    if unknown := set(assignment.values()) - index.keys():
        raise AllocationError(f"{', '.join(sorted(unknown))} is not a manager of this team; choose another.")
    if assignment.keys() - {case.ref for case in request.cases}:
        raise AllocationError("The assignment has offenders who are not in the caseload; start from a new proposal.")
    holder = np.array([index[assignment[c.ref]] if c.ref in assignment else NOBODY for c in request.cases], dtype=np.int64)
    return proposal_of(request, holder, None, by_hand=frozenset(by_hand))


def allocation_objection(request: AllocationRequest, ref: str, manager: str) -> str | None:
    """Why a case must not be given to a manager by hand, in words; None where nothing speaks against it."""
    case = next((each for each in request.cases if each.ref == ref), None)
    chosen = next((each for each in request.managers if each.id == manager), None)
    if case is None or chosen is None:
        return "The offender or the manager is not part of this proposal."
    if manager in case.forbidden:
        return f"A marker says that {chosen.label} must not hold this case."
    if chosen.capacity <= 0:
        return f"{chosen.label} has no hours for the caseload in the coming year."
    return None


def proposal_of(
    request: AllocationRequest, holder: Ints, solver: SolverFacts | None, *, by_hand: frozenset[str] = frozenset()
) -> AllocationProposal:
    """The proposal that gives each case to ``holder`` (manager indices, NOBODY for none)."""
    data = figures(request)
    centres = centres_of(data, holder)
    reasons = Reasons(request, data, holder, loads_of(data, holder), centres, by_hand)
    pinned = frozenset(case.ref for case in request.cases if case.pinned) | by_hand
    return AllocationProposal(
        as_of=request.as_of,
        assignment={request.cases[i].ref: request.managers[holder[i]].id for i in np.flatnonzero(holder != NOBODY)},
        moves=tuple(_move(reasons, int(i)) for i in np.flatnonzero((holder != NOBODY) & (holder != data.current))),
        managers=_manager_loads(request, data, holder),
        unallocated=tuple(Unallocated(request.cases[i].ref, reasons.of_nobody(int(i))) for i in np.flatnonzero(holder == NOBODY)),
        solver=solver or SolverFacts(0.0, objective_of(request, data, holder, centres)),
        pinned=pinned,
        travel_basis=request.travel_basis,
    )


def _move(reasons: Reasons, case: int) -> Move:
    each = reasons.request.cases[case]
    to = reasons.request.managers[int(reasons.holder[case])].id
    return Move(each.ref, each.manager, to, reasons.saved(case), reasons.of_move(case))


def _travel(data: Figures, holder: Ints) -> Floats:
    """Minutes a year by manager; drives that are unknown are not counted."""
    minutes = np.zeros(len(holder))
    held = np.flatnonzero(holder != NOBODY)
    minutes[held] = np.nan_to_num(data.travel[held, holder[held]])
    return sums(data, holder, minutes)


def _manager_loads(request: AllocationRequest, data: Figures, holder: Ints) -> tuple[ManagerLoad, ...]:
    before, after = data.current, holder
    ones = np.ones(len(holder))
    work, cases = (loads_of(data, before), loads_of(data, after)), (sums(data, before, ones), sums(data, after, ones))
    travel = (_travel(data, before), _travel(data, after))
    return tuple(
        ManagerLoad(
            id=manager.id,
            capacity=manager.capacity,
            workload_before=float(work[0][j]),
            workload_after=float(work[1][j]),
            cases_before=round(cases[0][j]),
            cases_after=round(cases[1][j]),
            travel_minutes_before=float(travel[0][j]),
            travel_minutes_after=float(travel[1][j]),
        )
        for j, manager in enumerate(request.managers)
    )


def objective_of(request: AllocationRequest, data: Figures, holder: Ints, centres: Floats) -> float:
    """Minutes a year: travel, prices of moves and distance from the centres."""
    held = np.flatnonzero(holder != NOBODY)
    cost = data.price[held] + request.weights.compactness * spread(data, centres, held)
    return float(cost[np.arange(len(held)), holder[held]].sum())

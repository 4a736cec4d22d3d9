"""Allocation by location: propose, change by hand, approve with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.domain.proposals import AllocationProposal, Move
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import ground
from mosovo_planner.office.caseload import CaseloadView, read_caseload
from mosovo_planner.office.session import Session
from mosovo_planner.planning import allocation as planning
from mosovo_planner.planning.pool import workers_of
from mosovo_planner.planning.teams import allocate_teams
from mosovo_planner.planning.worker import run_in_worker
from mosovo_planner.store.base.records import AllocationDecision

DEFAULT_SECONDS = 15.0
LARGE_FORCE = 80
"""Managers up to whom a force is allocated as one; beyond, that would take minutes and gain next to nothing."""


class AllocationError(UserError):
    """The allocation cannot be changed or approved as asked."""


@dataclass(frozen=True)
class AllocationWork:
    """A proposal on a supervisor's desk: what was asked, what is proposed, and the caseload it rests on."""

    view: CaseloadView
    request: planning.AllocationRequest
    proposal: AllocationProposal
    by_hand: frozenset[str] = frozenset()
    first: AllocationProposal | None = None
    whys: Mapping[str, str] = field(default_factory=dict)
    """As the planner proposed it, before any hand; and why moves were refused, by reference."""


def propose_allocation(
    session: Session,
    as_of: date,
    report: Reporter = silent,
    seconds: float = DEFAULT_SECONDS,
    *,
    workers: int = 0,
    cluster: str | None = None,
) -> AllocationWork:
    """Propose who should hold whom. Solved in worker processes; ``report`` may raise Cancelled at any time.

    A force of more than :data:`LARGE_FORCE` managers, or one that names a ``cluster``, is allocated by teams of
    neighbouring bases, side by side, with ``workers`` processes (0: one a core) or on that cluster.

    Raises:
        AllocationError: there are no managers.
        ClusterError: the cluster cannot be used.
        JobsFailed: a team could not be allocated; the message names it.
    """
    helpers = workers_of(workers, cluster)
    with session.unit(Permission.PLAN) as unit:
        view = read_caseload(unit, as_of)
        unit.record(Operation.CONSULTATION, "caseload", count=len(view.cases), reason="allocation proposed")
    if not view.managers:
        raise AllocationError("There are no offender managers yet; import a tracker with a staff sheet first.")
    pinned = {
        case.offender.ref: case.offender.manager for case in view.cases if case.offender.pinned_manager and case.offender.manager
    }
    travel = ground.travel(view.policy)
    request = planning.allocation_request(view.cases, view.managers, view.policy, travel, as_of, pinned=pinned, seconds=seconds)
    if cluster or len(view.managers) > LARGE_FORCE:
        proposal = allocate_teams(view.cases, view.managers, view.policy, travel, as_of, workers=helpers, report=report)
    else:
        proposal = run_in_worker(planning.propose_allocation, request, report=report)
    return AllocationWork(view, request, proposal, first=proposal)


def change_manager(work: AllocationWork, ref: str, manager_id: str) -> AllocationWork:
    """Give a case to another manager by hand; it stays there. The effect is worked out at once.

    Raises:
        AllocationError: a marker or the manager's hours speak against it; nothing changed.
    """
    objection = planning.allocation_objection(work.request, ref, manager_id)
    if objection is not None:
        raise AllocationError(objection)
    return _evaluated(work, work.proposal.assignment | {ref: manager_id}, ref)


def pin(work: AllocationWork, ref: str) -> AllocationWork:
    """Keep the case with the manager proposed, whatever a later proposal finds."""
    return _evaluated(work, work.proposal.assignment, ref)


def unpin(work: AllocationWork, ref: str) -> AllocationWork:
    """Let the next proposal decide on the case again; for now it stays where it was put."""
    cases = tuple(replace(case, pinned_to=None) if case.ref == ref else case for case in work.request.cases)
    loose = replace(work, request=replace(work.request, cases=cases), by_hand=work.by_hand - {ref})
    return _evaluated(loose, work.proposal.assignment)


def refuse_move(work: AllocationWork, ref: str, why: str = "") -> AllocationWork:
    """Strike a move out: the case stays with its present manager. ``why`` goes into the decision."""
    move = next((move for move in work.proposal.moves if move.ref == ref), None)
    if move is None:
        raise AllocationError("That case does not move in this proposal.")
    if move.from_manager is None:
        raise AllocationError("The case has no manager to stay with; give it to another manager instead.")
    told = replace(work, whys={**work.whys, ref: why.strip()}) if why.strip() else work
    return _evaluated(told, work.proposal.assignment | {ref: move.from_manager}, ref)


def _decided_moves(work: AllocationWork, by: str) -> tuple[tuple[Move, ...], tuple[Move, ...]]:
    """The moves as they are decided, each with whom the planner had proposed instead; and the moves refused."""
    first = {move.ref: move for move in work.first.moves} if work.first else {}
    moves = tuple(
        replace(move, proposed_to=first[move.ref].to_manager)
        if move.ref in first and first[move.ref].to_manager != move.to_manager
        else move
        for move in work.proposal.moves
    )
    made = {move.ref for move in moves}
    refused = tuple(
        replace(move, refused_by=by, refused_why=work.whys.get(ref, "")) for ref, move in first.items() if ref not in made
    )
    return moves, refused


def _evaluated(work: AllocationWork, assignment: dict[str, str], *decided: str) -> AllocationWork:
    by_hand = work.by_hand | frozenset(decided)
    proposal = planning.evaluate_allocation(work.request, assignment, by_hand=by_hand)
    return replace(work, proposal=replace(proposal, solver=work.proposal.solver), by_hand=by_hand)


def approve_allocation(session: Session, work: AllocationWork, reason: str) -> AllocationDecision:
    """Make the proposal the allocation: a named person decides (practice rule 24), with a reason.

    Raises:
        AllocationError: no reason was given, or somebody changed the allocation since it was proposed.
    """
    if not reason.strip():
        raise AllocationError("An approval needs a reason; write one line on why this allocation is right.")
    with session.unit(Permission.APPROVE) as unit:
        before = {case.offender.ref: case.offender for case in work.view.cases}
        now = {offender.ref: offender for offender in unit.caseload().offenders}
        moves, refused = _decided_moves(work, session.user)
        if any(move.ref not in now or now[move.ref].manager != before[move.ref].manager for move in moves):
            raise AllocationError("The allocation was changed since this was proposed. Nothing was saved; propose again.")
        changed = [
            replace(now[ref], manager=manager, pinned_manager=ref in work.proposal.pinned)
            for ref, manager in work.proposal.assignment.items()
            if ref in now and (now[ref].manager, now[ref].pinned_manager) != (manager, ref in work.proposal.pinned)
        ]
        unit.save_offenders(changed, reason=f"allocation approved: {reason.strip()}")
        decision = AllocationDecision(
            at=datetime.now().astimezone(),
            by=session.user,
            reason=reason.strip(),
            moves=moves,
            refused=refused,
            managers=work.proposal.managers,
            proposed=len(work.first.moves) if work.first else None,
            as_of=work.proposal.as_of,
            travel_basis=work.proposal.travel_basis,
        )
        return replace(decision, id=unit.save_decision(decision))

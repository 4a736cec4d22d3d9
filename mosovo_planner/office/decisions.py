"""The decisions on the allocation that were made, for choosing one to print. The solver is not needed for it."""

from __future__ import annotations

from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.records import AllocationDecision

__all__ = ["AllocationDecision", "list_decisions"]


def list_decisions(session: Session) -> tuple[AllocationDecision, ...]:
    """Every decision on the allocation, newest first. A consultation with the count of the people moved."""
    with session.unit(Permission.VIEW) as unit:
        decisions = tuple(sorted(unit.decisions(), key=lambda each: each.at, reverse=True))
        refs = {move.ref for each in decisions for move in (*each.moves, *each.refused)}
        unit.record(Operation.CONSULTATION, "allocation decisions", count=len(refs), reason="list of decisions")
    return decisions

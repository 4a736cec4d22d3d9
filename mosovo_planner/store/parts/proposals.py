"""What was decided: allocations and plans, with who, when and why."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Select, delete, func, insert, select

from mosovo_planner.domain.proposals import Move, Plan
from mosovo_planner.domain.record import Operation
from mosovo_planner.store import tables
from mosovo_planner.store.base.documents import decode, dumps, encode
from mosovo_planner.store.base.errors import NewerSchema
from mosovo_planner.store.base.names import random_id
from mosovo_planner.store.base.records import AllocationDecision, StoredPlan
from mosovo_planner.store.parts.part import Part, check_storable, now
from mosovo_planner.store.parts.rows import basis_of, basis_text, move_of, move_row

PLAN_FORMAT = 1


class ProposalsPart(Part):
    """Allocation decisions and plans of a unit of work."""

    def save_decision(self, decision: AllocationDecision) -> str:
        """Keep a decision with its moves; the offenders themselves are saved apart. Its id."""
        name = decision.id or random_id()
        row = {
            "id": name,
            "at": decision.at,
            "by": decision.by,
            "reason": decision.reason,
            "as_of": decision.as_of,
            "travel_basis": basis_text(decision.travel_basis, decision.managers, decision.proposed),
        }
        every = [(move, False) for move in decision.moves] + [(move, True) for move in decision.refused]
        moves = [move_row(name, place, move, refused) for place, (move, refused) in enumerate(every)]
        for each in (row, *moves):
            check_storable("decision", each)
        self._connection.execute(insert(tables.decision), [row])
        if moves:
            self._connection.execute(insert(tables.decision_move), moves)
        count, reason = len(decision.moves), decision.reason
        self._log.note(Operation.ALTERATION, f"allocation {name}", ("manager",), count=count, reason=reason)
        return name

    def decisions(self, ref: str | None = None) -> tuple[AllocationDecision, ...]:
        """Decisions, oldest first; with ``ref`` those that moved (or refused to move) this offender, and only his moves."""
        move = tables.decision_move
        query = select(move).where(*self._sight.about(move)).order_by(move.c.decision_id, move.c.place)
        decisions = select(tables.decision).order_by(tables.decision.c.at, tables.decision.c.id)
        if ref is not None:
            query = query.where(move.c.ref == ref)
            decisions = decisions.where(tables.decision.c.id.in_(select(move.c.decision_id).where(move.c.ref == ref)))
        moves: dict[tuple[str, bool], list[Move]] = defaultdict(list)
        for row in self._connection.execute(query).mappings():
            moves[row["decision_id"], row["refused"]].append(move_of(row))
        return tuple(_decision(row, moves) for row in self._connection.execute(decisions).mappings())

    def save_plan(self, plan: Plan, approved_by: str | None = None, reason: str = "") -> str:
        """Keep a plan: a proposal, or approved by a named person. Its id.

        A proposal takes the place of the same user's earlier proposals from the same day on.
        """
        kept = tables.plan
        if approved_by is None:
            older = (kept.c.first_day == plan.start) & (kept.c.by == self._actor.user) & kept.c.approved_by.is_(None)
            self._connection.execute(delete(kept).where(older))
        number = self._connection.execute(select(func.max(kept.c.number))).scalar() or 0
        row = {
            "id": random_id(),
            "number": number + 1,
            "first_day": plan.start,
            "last_day": plan.end,
            "at": now(),
            "by": self._actor.user,
            "approved_by": approved_by,
            "reason": reason,
            "body": dumps({"format": PLAN_FORMAT, "plan": encode(plan)}),
        }
        check_storable("plan", row)
        self._connection.execute(insert(kept), [row])
        fields = ("rounds", "approved_by") if approved_by else ("rounds",)
        subject = f"plan {plan.start.isoformat()} to {plan.end.isoformat()}"
        self._log.note(Operation.ALTERATION, subject, fields, count=plan.visits, reason=reason)
        return str(row["id"])

    def plans(self, start: date | None = None) -> tuple[StoredPlan, ...]:
        """Every plan kept, newest first; those that begin on ``start`` where given."""
        return tuple(_plan(row) for row in self._connection.execute(_newest_plans(start)).mappings())

    def latest_plan(self, start: date | None = None, *, approved: bool | None = None) -> StoredPlan | None:
        """The newest plan, of those beginning on ``start`` and of those approved (or not) where given."""
        query = _newest_plans(start).limit(1)
        if approved is not None:
            is_proposal = tables.plan.c.approved_by.is_(None)
            query = query.where(~is_proposal if approved else is_proposal)
        row = self._connection.execute(query).mappings().first()
        return _plan(row) if row else None


def _newest_plans(start: date | None) -> Select[Any]:
    query = select(tables.plan).order_by(tables.plan.c.number.desc(), tables.plan.c.at.desc())
    return query if start is None else query.where(tables.plan.c.first_day == start)


def _plan(row: RowMapping) -> StoredPlan:
    body = json.loads(row["body"])
    if body["format"] > PLAN_FORMAT:
        raise NewerSchema
    return StoredPlan(row["id"], decode(Plan, body["plan"]), row["at"], row["by"], row["approved_by"], row["reason"])


def _decision(row: RowMapping, moves: Mapping[tuple[str, bool], Sequence[Move]]) -> AllocationDecision:
    return AllocationDecision(
        at=row["at"],
        by=row["by"],
        reason=row["reason"],
        moves=tuple(moves.get((row["id"], False), ())),
        refused=tuple(moves.get((row["id"], True), ())),
        as_of=row["as_of"],
        **basis_of(row["travel_basis"]),
        id=row["id"],
    )

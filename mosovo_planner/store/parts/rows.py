"""Domain objects as rows of the tables, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Precision, Risk, Sex, Status
from mosovo_planner.domain.proposals import ManagerLoad, Move
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.visits import Outcome, Visit, VisitKind
from mosovo_planner.store.base.documents import decode, dumps, encode

Row = dict[str, Any]

_RISKS = {each.value: each for each in Risk} | {None: None}
_STATUSES = {each.value: each for each in Status}
_SEXES = {each.value: each for each in Sex} | {None: None}
_PRECISIONS = {each.value: each for each in Precision}
_PLAIN_OFFENDER = tuple(
    each.name for each in fields(Offender) if each.name not in ("position", "status", "risk", "sex", "markers")
)
_PLAIN_VISIT = tuple(
    each.name for each in fields(Visit) if each.name not in ("id", "ref", "at", "kind", "officers", "announced", "outcome")
)
_PLAIN_MANAGER = tuple(each.name for each in fields(OffenderManager) if each.name not in ("position", "sex", "absences"))


def offender_row(offender: Offender) -> Row:
    row: Row = {name: getattr(offender, name) for name in _PLAIN_OFFENDER}
    row["status"] = offender.status.value
    row["risk"] = offender.risk.value if offender.risk else None
    row["sex"] = offender.sex.value if offender.sex else None
    row["markers"] = dumps(offender.markers)
    return row | _position_row(offender.position)


def offender_of(row: RowMapping) -> Offender:
    return Offender(
        **{name: row[name] for name in _PLAIN_OFFENDER},
        position=_position_of(row),
        status=_STATUSES[row["status"]],
        risk=_RISKS[row["risk"]],
        sex=_SEXES[row["sex"]],
        markers=_texts(row["markers"]),
    )


def manager_row(manager: OffenderManager) -> Row:
    """The manager's own row; the absences are rows of their table (:func:`absence_rows`)."""
    row: Row = {name: getattr(manager, name) for name in _PLAIN_MANAGER}
    row["weekly_hours"] = float(manager.weekly_hours)
    row["sex"] = manager.sex.value if manager.sex else None
    return row | _position_row(manager.position)


def manager_of(row: RowMapping, absences: Sequence[RowMapping]) -> OffenderManager:
    return OffenderManager(
        **{name: row[name] for name in _PLAIN_MANAGER},
        position=_position_of(row),
        sex=_SEXES[row["sex"]],
        absences=tuple(Absence(each["first_day"], each["last_day"], each["reason"]) for each in absences),
    )


def absence_rows(manager: OffenderManager) -> list[Row]:
    return [
        {"manager_id": manager.id, "place": place, "first_day": each.start, "last_day": each.end, "reason": each.reason}
        for place, each in enumerate(manager.absences)
    ]


def visit_row(visit: Visit) -> Row:
    return {
        "id": visit.id,
        "ref": visit.ref,
        "at": visit.at,
        "kind": visit.kind.value,
        "officers": dumps(visit.officers),
        "announced": visit.announced,
        "outcome": visit.outcome.value,
        **{name: getattr(visit, name) for name in _PLAIN_VISIT},
    }


def visit_of(row: RowMapping) -> Visit:
    return Visit(
        id=row["id"],
        ref=row["ref"],
        at=row["at"],
        kind=VisitKind(row["kind"]),
        officers=_texts(row["officers"]),
        announced=row["announced"],
        outcome=Outcome(row["outcome"]),
        **{name: row[name] for name in _PLAIN_VISIT},
    )


def move_row(decision_id: str, place: int, move: Move, refused: bool) -> Row:
    return {
        "decision_id": decision_id,
        "place": place,
        "ref": move.ref,
        "from_manager": move.from_manager,
        "to_manager": move.to_manager,
        "minutes_saved_per_year": float(move.minutes_saved_per_year),
        "reason": _said(move),
        "refused": refused,
    }


def move_of(row: RowMapping) -> Move:
    told = json.loads(row["reason"]) if row["reason"].startswith(_DOCUMENT) else {"reason": row["reason"]}
    return Move(row["ref"], row["from_manager"], row["to_manager"], row["minutes_saved_per_year"], **told)


_DOCUMENT = '{"'
_TOLD = ("proposed_to", "reason", "refused_by", "refused_why")


def _said(move: Move) -> str:
    """The reason; with what else was said to the move as a document, erased with the move of the offender it is about."""
    told = {name: getattr(move, name) for name in _TOLD}
    more = any(value for name, value in told.items() if name != "reason")
    return dumps(told) if more or move.reason.startswith(_DOCUMENT) else move.reason


def basis_of(text: str) -> dict[str, Any]:
    """What a decision rests on: the basis of the travel times and, where they were kept, the figures of the managers."""
    if not text.startswith(_DOCUMENT):
        return {"travel_basis": text}
    body = json.loads(text)
    managers = decode(tuple[ManagerLoad, ...], body["managers"])
    return {"travel_basis": body["travel_basis"], "managers": managers, "proposed": body["proposed"]}


def basis_text(travel_basis: str, managers: Sequence[ManagerLoad], proposed: int | None) -> str:
    """The same as the text of the column."""
    if not managers and proposed is None and not travel_basis.startswith(_DOCUMENT):
        return travel_basis
    return dumps({"travel_basis": travel_basis, "managers": encode(tuple(managers)), "proposed": proposed})


def use_of(row: RowMapping) -> Use:
    return Use(
        seq=row["seq"],
        at=row["at"],
        actor=row["actor"],
        operation=Operation(row["operation"]),
        subject=row["subject"],
        fields=_texts(row["fields"]),
        count=row["count"],
        reason=row["reason"],
        recipient=row["recipient"],
        medium=row["medium"],
        role=row["role"],
        outcome=row["outcome"],
        session=row["session"],
        device=row["device"],
    )


def _position_row(position: Position | None) -> Row:
    if position is None:
        return {"lat": None, "lon": None, "precision": None}
    return {"lat": float(position.lat), "lon": float(position.lon), "precision": position.precision.value}


def _position_of(row: RowMapping) -> Position | None:
    if row["lat"] is None or row["lon"] is None:
        return None
    return Position(row["lat"], row["lon"], _PRECISIONS[row["precision"]])


def _texts(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text != "[]" else ()

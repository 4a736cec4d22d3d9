"""What is recorded of everybody's retention, for the clock of the next review; and that nobody on legal hold is erased."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from mosovo_planner.domain.retention import NOTHING_REVIEWED, Retention
from mosovo_planner.store.base.errors import StillNeeded
from mosovo_planner.store.parts.kept import Records
from mosovo_planner.store.parts.part import in_batches, storable
from mosovo_planner.store.tables import RecordKind, offender
from mosovo_planner.store.tables.kinds import EVENT, LEGAL_HOLD, RETENTION_REVIEW, RISK_SINCE, SENTENCE, STAY

_FIRST_KEPT = (RISK_SINCE, STAY, SENTENCE)
"""What is kept first of an offender: the risk level that he came with, or a fact."""


def retention_of(records: Records, connection: Connection, refs: Sequence[str] | None) -> dict[str, Retention]:
    """Reviews and holds of everybody (of ``refs`` where given), with the day since when he is held here."""
    found = {ref: Retention(held_since=day) for ref, day in _held_since(connection, refs)}
    for ref, reviews in records.grouped(RETENTION_REVIEW, refs):
        found[ref] = replace(found.get(ref, NOTHING_REVIEWED), reviews=reviews)
    for ref, holds in records.grouped(LEGAL_HOLD, refs):
        found[ref] = replace(found.get(ref, NOTHING_REVIEWED), holds=holds)
    return found


def refuse_held(connection: Connection, refs: Iterable[str]) -> None:
    """Refuse to erase offenders on legal hold.

    Raises:
        StillNeeded: one of them is.
    """
    hold = LEGAL_HOLD.table.c
    for part in in_batches(filter(storable, refs)):
        if connection.execute(select(hold.id).where(hold.ref.in_(part), hold.lifted_at.is_(None)).limit(1)).first():
            raise StillNeeded("A legal hold is in force on a record that was to be erased. Nothing was erased.")


def _held_since(connection: Connection, refs: Sequence[str] | None) -> list[tuple[str, date]]:
    """The day of the first thing kept of each; of events, of which there are many, only where nothing else is."""
    first: dict[str, datetime] = {}
    for kind in _FIRST_KEPT:
        _earliest(connection, kind, refs, first)
    unassessed = select(offender.c.ref).where(offender.c.ref.not_in(select(RISK_SINCE.table.c.ref)))
    left = connection.execute(unassessed).scalars() if refs is None else refs
    _earliest(connection, EVENT, [ref for ref in left if ref not in first], first)
    return [(ref, at.astimezone().date()) for ref, at in first.items()]


def _earliest(connection: Connection, kind: RecordKind[Any], refs: Sequence[str] | None, first: dict[str, datetime]) -> None:
    columns = kind.table.c
    query = select(columns.ref, func.min(columns.kept_at)).group_by(columns.ref)
    parts = [query] if refs is None else [query.where(columns.ref.in_(part)) for part in in_batches(filter(storable, refs))]
    for part in parts:
        for ref, at in connection.execute(part):
            first[ref] = min(at, first.get(ref, at))

"""What an auditor is told of the caseload: references and counts of every team, and nothing of what the records hold.

A prepared server says it by its functions (``server/auditors.py``), for no case is his to read there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Table, func, select

from mosovo_planner.domain.unusual import surname_of
from mosovo_planner.store import tables
from mosovo_planner.store.base.records import Circumstances
from mosovo_planner.store.parts.part import Part

_TOLD = {
    "staff": ("id", "name"),
    "held": ("ref", "manager"),
    "moved": ("ref", "at", "from_manager"),
    "visited": ("manager", "ref", "day"),
    "namesakes": ("account", "ref"),
    "counts": ("ref", "records"),
}
"""What a server's functions give, by the second half of their names."""


class AuditingPart(Part):
    """The circumstances of use, in a unit of work."""

    def circumstances(self, since: datetime | None, before: datetime | None, around: int) -> Circumstances:
        """What use from ``since`` on and before ``before`` is judged by; visits up to ``around`` days from it count."""
        if self._actor.guarded:
            visited, namesakes = (frozenset(self._told(name, since, before)) for name in ("visited", "namesakes"))
            return Circumstances(
                dict(self._told("staff")), dict(self._told("held")), tuple(self._told("moved")), visited, namesakes
            )
        users = self._connection.execute(select(tables.record_of_use.c.actor).distinct()).scalars()
        namesakes = frozenset(
            (user, ref)
            for user, surname in [(each, surname_of(each)) for each in users]
            for ref, found in self._rows(tables.offender, "ref", "surname")
            if surname and found.casefold() == surname
        )
        return Circumstances(
            dict(self._rows(tables.manager, "id", "name")),
            dict(self._rows(tables.offender, "ref", "manager")),
            tuple(self._moved()),
            frozenset(self._visited(since, before, around)),
            namesakes,
        )

    def records_counted(self) -> tuple[set[str], set[str], dict[str, int]]:
        """The references of everybody held, the ids of managers, and how many records are kept of each person."""
        if self._actor.guarded:
            held, staff = ({row[0] for row in self._told(name)} for name in ("held", "staff"))
            return held, staff, dict(self._told("counts"))
        held, staff = ({row[0] for row in self._rows(*each)} for each in ((tables.offender, "ref"), (tables.manager, "id")))
        kept = [tables.visit, *(kind.table for kind in tables.OF_OFFENDERS)]
        return held, staff, dict(Counter(row[0] for table in kept for row in self._rows(table, "ref")))

    def _told(self, name: str, *given: datetime | None) -> list[tuple[Any, ...]]:
        said = getattr(func.app, f"audit_{name}")(*given).table_valued(*_TOLD[name])
        return [tuple(row) for row in self._connection.execute(select(said))]

    def _rows(self, table: Table, *columns: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._connection.execute(select(*(table.c[each] for each in columns)))]

    def _moved(self) -> Iterator[tuple[str, datetime, str | None]]:
        move, decision = tables.decision_move.c, tables.decision.c
        query = select(move.ref, decision.at, move.from_manager).where(move.decision_id == decision.id, ~move.refused)
        yield from (tuple(row) for row in self._connection.execute(query))

    def _visited(self, since: datetime | None, before: datetime | None, around: int) -> Iterator[tuple[str, str, date]]:
        visit, days = tables.visit.c, timedelta(days=around + 1)
        query = select(visit.ref, visit.at, visit.officers)
        query = query if since is None else query.where(visit.at >= datetime.combine((since - days).date(), time()))
        query = query if before is None else query.where(visit.at < datetime.combine((before + days).date(), time()))
        for ref, at, officers in self._connection.execute(query):
            for officer in json.loads(officers):
                yield officer, ref, at.date()

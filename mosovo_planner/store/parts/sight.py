"""Whom a user may see, where the database does not hold it itself (``server/guard.py`` says the same to a server)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from mosovo_planner.domain.need_to_know import OPEN_FOR
from mosovo_planner.domain.roles import Role
from mosovo_planner.store import tables
from mosovo_planner.store.record.chain import Actor
from mosovo_planner.store.tables.kinds import BREAK_GLASS, RESTRICTION

Where = ColumnElement[bool]


class Sight:
    """The conditions of one transaction, read when first asked for. ``all_teams``: only restricted records are hidden."""

    def __init__(self, connection: Connection, actor: Actor, *, all_teams: bool = False) -> None:
        self._connection = connection
        self._actor = actor
        self._all_teams = all_teams or not actor.team
        self._known: tuple[Where, ...] | None = None

    @property
    def people(self) -> tuple[Where, ...]:
        """What offenders must fulfil; nothing for whoever may see everybody."""
        if self._known is None:
            self._known = () if self._actor.guarded else tuple(self._conditions())
        return self._known

    def about(self, table: Table) -> tuple[Where, ...]:
        """What rows about offenders must fulfil."""
        if not self.people:
            return ()
        return (table.c.ref.in_(select(tables.offender.c.ref).where(*self.people)),)

    def _conditions(self) -> list[Where]:
        offender = tables.offender.c
        found: list[Where] = []
        if self._actor.role is not Role.SUPERVISOR and (hidden := self._hidden()):
            found.append(offender.ref.not_in(hidden))
        if not self._all_teams:
            manager, opened = tables.manager.c, BREAK_GLASS.table.c
            since = datetime.now(UTC) - OPEN_FOR
            mine = select(opened.ref).where(opened.by == self._actor.user, opened.kept_at > since)
            of_team = offender.manager.in_(select(manager.id).where(manager.team == self._actor.team))
            own = [of_team, offender.ref.in_(mine)]
            if self._actor.role is Role.SUPERVISOR:
                own.append(offender.manager.is_(None))
            found.append(or_(*own))
        return found

    def _hidden(self) -> list[str]:
        columns = RESTRICTION.table.c
        rows = self._connection.execute(select(columns.ref, columns.named))
        return [ref for ref, named in rows if self._actor.user not in json.loads(named)]

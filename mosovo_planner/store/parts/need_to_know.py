"""Restricted records, records opened with a reason, and what the question who manages him is answered from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import RowMapping, TextClause, select, text

from mosovo_planner.domain.facts import Facts
from mosovo_planner.domain.identity import Identity
from mosovo_planner.domain.need_to_know import BreakGlass, Restriction
from mosovo_planner.domain.people import Caseload, Offender, OffenderManager
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.store import tables
from mosovo_planner.store.base.errors import NotAllowed
from mosovo_planner.store.parts.facts import identities_of
from mosovo_planner.store.parts.kept import KeptPart, Records
from mosovo_planner.store.parts.part import storable
from mosovo_planner.store.parts.rows import manager_of, offender_of
from mosovo_planner.store.parts.sight import Sight
from mosovo_planner.store.tables.kinds import BREAK_GLASS, ORDER, RESTRICTION


class NeedToKnowPart(KeptPart):
    """Who may see whom, in a unit of work."""

    def may_see(self, ref: str) -> bool:
        """Whether a record is this user's to see; nothing of it is read."""
        if not storable(ref):
            return False
        offender = tables.offender.c.ref
        return self._connection.execute(select(offender).where(offender == ref, *self._sight.people)).first() is not None

    @property
    def sees_everything(self) -> bool:
        """Whether no row of the workspace is kept from this user, so that he can check the whole."""
        return not self._actor.guarded or (self._actor.role is Role.SUPERVISOR and not self._actor.team)

    @property
    def reads_record(self) -> bool:
        """Whether this user may read the record of use; in a folder it is the program that asks him."""
        return not self._actor.guarded or Permission.AUDIT in self._actor.role.permissions

    @property
    def reads_cases(self) -> bool:
        """Whether this user may read any case at all."""
        return not self._actor.guarded or Permission.VIEW in self._actor.role.permissions

    def restrictions(self) -> dict[str, Restriction]:
        """The restricted records that this user may see, by reference."""
        return {each.ref: each for each in self._records.of(RESTRICTION, None)}

    def restrict(self, restriction: Restriction, before: Restriction | None = None) -> None:
        """Restrict a record to those named and to supervisors; ``before`` is the restriction as it was read.

        Raises:
            BadRecord: there is no such offender.
            StaleRecord: somebody else restricted it or changed that meanwhile.
        """
        self._records.save(RESTRICTION, restriction, before, restriction.reason)

    def lift_restriction(self, restriction: Restriction, reason: str) -> None:
        """Let everybody see the record again who would otherwise.

        Raises:
            StaleRecord: somebody else changed it meanwhile.
        """
        kept = self._records.kept(RESTRICTION, RESTRICTION.table.c.ref == restriction.ref)
        self._records.remove(RESTRICTION, [replace(each, fact=restriction) for each in kept], reason)

    def break_glass(self, opened: BreakGlass) -> None:
        """Open a record of another team for a tour of duty, from the next transaction on; its supervisors get notice.

        Raises:
            NotAllowed: there is no such record, or it is restricted.
        """
        if self.who_person(opened.ref)[0] is None:
            raise NotAllowed("There is no record of this reference that could be opened. If it is restricted, ask a supervisor.")
        self._records.add(BREAK_GLASS, [(opened.ref, opened)], opened.reason, Operation.CONSULTATION, unseen=True)

    def opened(self, *, open_only: bool = False) -> tuple[BreakGlass, ...]:
        """The records opened with a reason, oldest first: one's own, and those that a supervisor is to look at."""
        kept = [each.fact for each in self._unfiltered().kept(BREAK_GLASS)]
        mine = [each for each in kept if self._actor.guarded or each.by == self._actor.user or self._supervises(each)]
        return tuple(each for each in mine if each.open or not open_only)

    def saw_opened(self, before: BreakGlass, after: BreakGlass, reason: str = "") -> None:
        """Keep that a supervisor looked at why a record was opened.

        Raises:
            NotAllowed: he opened it himself.
            StaleRecord: somebody else looked at it meanwhile.
        """
        if before.by == self._actor.user:
            raise NotAllowed("Another supervisor looks at what you opened yourself.")
        self._unfiltered().save(BREAK_GLASS, after, before, reason)

    def who_people(self) -> tuple[Caseload, dict[str, Identity]]:
        """Everybody of every team, but those restricted, with no more than a search by name, home, number or vehicle needs."""
        with_all = self._of_all_teams()
        if self._actor.guarded:
            offenders = self._asked("SELECT * FROM app.who_offenders(NULL) ORDER BY ref")
        else:
            seen = Sight(self._connection, self._actor, all_teams=True)
            query = select(tables.offender).where(*seen.people).order_by(tables.offender.c.ref)
            offenders = list(self._connection.execute(query).mappings())
        return Caseload(tuple(map(offender_of, offenders)), self._staff()), identities_of(with_all)

    def who_person(self, ref: str) -> tuple[Offender | None, Facts, tuple[OffenderManager, ...]]:
        """One of them with the orders he is under, and who is who among the managers."""
        if not storable(ref):
            return None, Facts(), ()
        if self._actor.guarded:
            rows = self._asked("SELECT * FROM app.who_offenders(:ref)", ref=ref)
        else:
            seen = Sight(self._connection, self._actor, all_teams=True)
            query = select(tables.offender).where(tables.offender.c.ref == ref, *seen.people)
            rows = list(self._connection.execute(query).mappings())
        if not rows:
            return None, Facts(), ()
        orders = dict(self._of_all_teams().grouped(ORDER, [ref])).get(ref, ())
        return offender_of(rows[0]), Facts(orders=orders), self._staff()

    def _supervises(self, each: BreakGlass) -> bool:
        if self._actor.role is not Role.SUPERVISOR:
            return False
        account = tables.account.c
        team = self._connection.execute(select(account.team).where(account.name == each.by)).scalar()
        if not self._actor.team or team == self._actor.team:
            return True
        offender = tables.offender.c
        own = select(offender.ref).where(offender.ref == each.ref, *self._sight.people)
        return self._connection.execute(own).first() is not None

    def _unfiltered(self) -> Records:
        """Records as the database gives them, for what has a rule of its own."""
        everything = Sight(self._connection, replace(self._actor, guarded=True))
        return Records(self._connection, self._actor.user, self._log, everything)

    def _of_all_teams(self) -> Records:
        return Records(self._connection, self._actor.user, self._log, Sight(self._connection, self._actor, all_teams=True))

    def _staff(self) -> tuple[OffenderManager, ...]:
        if not self._actor.guarded:
            managers = self._connection.execute(select(tables.manager).order_by(tables.manager.c.id)).mappings()
            absences = self._connection.execute(select(tables.absence).order_by(tables.absence.c.place)).mappings()
        else:
            managers = iter(self._asked("SELECT * FROM app.who_managers() ORDER BY id", tables.manager))  # type: ignore[assignment]
            absences = iter(self._asked("SELECT * FROM app.who_absences() ORDER BY place", tables.absence))  # type: ignore[assignment]
        away: dict[str, list[RowMapping]] = {}
        for row in absences:
            away.setdefault(row["manager_id"], []).append(row)
        return tuple(manager_of(row, away.get(row["id"], ())) for row in managers)

    def _asked(self, question: str, of: Any = tables.offender, **given: str) -> list[RowMapping]:
        statement: TextClause = text(question)
        return list(self._connection.execute(statement.columns(*of.columns), given).mappings())

"""Visits: recorded, corrected, read."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import fields
from datetime import date, datetime, time

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.visits import Visit
from mosovo_planner.store import tables
from mosovo_planner.store.base.errors import BadRecord, StaleRecord
from mosovo_planner.store.parts.part import Part, check_storable, in_batches
from mosovo_planner.store.parts.rows import Row, visit_of, visit_row
from mosovo_planner.store.record.chain import digest_of

_NAMES = tuple(each.name for each in fields(Visit) if each.name not in ("id", "ref"))


class VisitsPart(Part):
    """The visits of a unit of work."""

    def visits(
        self, since: date | None = None, ref: str | None = None, *, unentered: bool = False, unapproved: bool = False
    ) -> tuple[Visit, ...]:
        """Visits in order of time, from the start of ``since`` and of offender ``ref`` where given.

        ``unentered``: only those not yet entered in ViSOR; ``unapproved``: only lone ones that nobody approved.
        """
        visit = tables.visit
        query = select(visit).where(*self._sight.about(visit))
        if since is not None:
            query = query.where(visit.c.at >= datetime.combine(since, time.min))
        if ref is not None:
            query = query.where(visit.c.ref == ref)
        if unentered:
            query = query.where(visit.c.visor_entered_on.is_(None))
        if unapproved:
            query = query.where(visit.c.approved_by == "", visit.c.lone_reason != "")
        found = (visit_of(row) for row in self._connection.execute(query).mappings())
        return tuple(sorted(found, key=lambda each: (each.at, each.id)))

    def add_visit(self, visit: Visit, reason: str = "") -> None:
        """Record a visit.

        Raises:
            BadRecord: there is no such offender, or a visit of this id is there already.
        """
        known = select(tables.offender.c.ref).where(tables.offender.c.ref == visit.ref, *self._sight.people)
        if self._connection.execute(known).first() is None:
            raise BadRecord("There is no offender of this reference, so the visit was not recorded. Check the reference.")
        row = self._row(visit)
        try:
            self._connection.execute(insert(tables.visit), [row])
        except IntegrityError:
            raise BadRecord("This visit is recorded already. Nothing was changed.") from None
        self._note(Operation.COLLECTION, visit, _NAMES, row, reason)

    def add_visits(self, visits: Iterable[Visit], reason: str = "") -> None:
        """Record many visits at once, each with its entry; raises as :meth:`add_visit`."""
        every = list(visits)
        refs = {visit.ref for visit in every}
        known = tables.offender.c.ref
        there: set[str] = set()
        for part in in_batches(refs):
            there.update(self._connection.execute(select(known).where(known.in_(part), *self._sight.people)).scalars())
        if refs - there:
            raise BadRecord("There is no offender of one of these references, so no visit was recorded. Check the references.")
        rows = [self._row(visit) for visit in every]
        try:
            if rows:
                self._connection.execute(insert(tables.visit), rows)
        except IntegrityError:
            raise BadRecord("One of these visits is recorded already. Nothing was changed.") from None
        for visit, row in zip(every, rows, strict=True):
            self._note(Operation.COLLECTION, visit, _NAMES, row, reason)

    def correct_visit(self, before: Visit, after: Visit, reason: str) -> None:
        """Replace a visit that was recorded wrongly; ``before`` is what was read.

        Raises:
            StaleRecord: the visit is no longer as it was read.
        """
        query = select(tables.visit).where(tables.visit.c.id == before.id).with_for_update()
        stored = self._connection.execute(query).mappings().first()
        if stored is None or visit_of(stored) != before or (after.id, after.ref) != (before.id, before.ref):
            raise StaleRecord("visit", (before.ref,))
        altered = tuple(name for name in _NAMES if getattr(before, name) != getattr(after, name))
        if altered:
            row = self._row(after)
            self._connection.execute(update(tables.visit).where(tables.visit.c.id == after.id).values(row))
            self._note(Operation.ALTERATION, after, altered, row, reason)

    @staticmethod
    def _row(visit: Visit) -> Row:
        row = visit_row(visit) | {"salt": secrets.token_hex(8)}
        check_storable("visit", row)
        return row

    def _note(self, operation: Operation, visit: Visit, altered: tuple[str, ...], row: Row, reason: str) -> None:
        named = tuple(f"visit.{name}" for name in altered)
        self._log.note(operation, f"offender {visit.ref}", named, reason=reason, digest=digest_of(f"visit {visit.id}", row))

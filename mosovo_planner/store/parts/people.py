"""Offenders and offender managers: read, saved with optimistic versions, deleted."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Generic, TypeVar, cast

from sqlalchemy import Connection, RowMapping, Table, bindparam, delete, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from mosovo_planner.domain.people import Caseload, Offender, OffenderManager
from mosovo_planner.domain.record import Operation
from mosovo_planner.store import tables
from mosovo_planner.store.base.errors import BadRecord, StaleRecord, StillNeeded
from mosovo_planner.store.parts.history import History
from mosovo_planner.store.parts.incidents import forget_logs
from mosovo_planner.store.parts.kept import KeptPart
from mosovo_planner.store.parts.part import check_storable, in_batches, storable
from mosovo_planner.store.parts.retained import refuse_held
from mosovo_planner.store.parts.rows import Row, absence_rows, manager_of, manager_row, offender_of, offender_row
from mosovo_planner.store.parts.sight import Where
from mosovo_planner.store.record.chain import digest_of

Person = TypeVar("Person", Offender, OffenderManager)
_KEPT_BY_STORE = ("version",)


@dataclass(frozen=True)
class Kind(Generic[Person]):
    """How one kind of person is kept: its word, table, key column and row."""

    word: str
    table: Table
    key: str
    model: type[Person]
    row: Callable[[Any], Row]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in fields(self.model) if each.name not in (self.key, *_KEPT_BY_STORE))

    @property
    def blank(self) -> Person:
        return self.model(**cast("Any", {self.key: ""}))

    def ref(self, person: Person) -> str:
        return str(getattr(person, self.key))

    def subject(self, ref: str) -> str:
        return f"{self.word} {ref}"


OFFENDERS: Kind[Offender] = Kind("offender", tables.offender, "ref", Offender, offender_row)
MANAGERS: Kind[OffenderManager] = Kind("manager", tables.manager, "id", OffenderManager, manager_row)

_RECORDED = ((tables.visit, true()), *((kind.table, kind.table.c.at_version.is_(None)) for kind in tables.OF_OFFENDERS))


class PeoplePart(KeptPart):
    """The caseload of a unit of work."""

    def caseload(self) -> Caseload:
        """Everybody, in reference order. Writes no entry: whoever shows it records the consultation."""
        return Caseload(self.offenders(), self.managers())

    def offenders(self, refs: Iterable[str] | None = None) -> tuple[Offender, ...]:
        """The offenders (those of ``refs`` where given), in reference order."""
        found = _rows(self._connection, OFFENDERS, refs, where=self._sight.people)
        return tuple(offender_of(row) for row in found)

    def offender(self, ref: str) -> Offender | None:
        """One offender, None where there is none of that reference."""
        return next(iter(self.offenders([ref])), None)

    def managers(self, ids: Iterable[str] | None = None) -> tuple[OffenderManager, ...]:
        """The offender managers with their absences, in order of id."""
        found = _rows(self._connection, MANAGERS, ids)
        absences = _absences(self._connection) if found else {}
        return tuple(manager_of(row, absences.get(row["id"], ())) for row in found)

    def manager(self, manager_id: str) -> OffenderManager | None:
        """One offender manager, None where there is none of that id."""
        return next(iter(self.managers([manager_id])), None)

    def save_offenders(
        self, offenders: Iterable[Offender], reason: str = "", *, on: date | None = None, undo: bool = False
    ) -> tuple[Offender, ...]:
        """Add or change offenders; give back those that changed, with their new versions.

        ``version`` must be the one that was read (0 for a new record). A record equal to the stored one
        is left alone. Each change writes an entry with the names of the changed fields. A changed risk or status
        is followed in the facts (``history.py``) as of ``on``, today where not given; ``undo`` says that the last
        change of each is taken back, and takes back what followed from it.

        Raises:
            StaleRecord: somebody else changed, added or deleted one of them meanwhile; none is saved.
            BadRecord: a record holds something that cannot be stored; none is saved.
        """
        wanted = list(offenders)
        found = _rows(self._connection, OFFENDERS, _refs(OFFENDERS, wanted), lock=True, where=self._sight.people)
        before = {row["ref"]: offender_of(row) for row in found}
        saved = self._save(OFFENDERS, wanted, before, reason)
        History(self._records).follow(
            before, saved, on or date.today(), reason, undo=undo
        )  # local days, as visits have local times
        return saved

    def save_managers(self, managers: Iterable[OffenderManager], reason: str = "") -> tuple[OffenderManager, ...]:
        """Add or change offender managers with their absences; as :meth:`save_offenders`."""
        wanted = list(managers)
        absences = _absences(self._connection)
        found = _rows(self._connection, MANAGERS, _refs(MANAGERS, wanted), lock=True)
        stored = {row["id"]: manager_of(row, absences.get(row["id"], ())) for row in found}
        saved = self._save(MANAGERS, wanted, stored, reason)
        for ids in in_batches(each.id for each in saved):
            self._connection.execute(delete(tables.absence).where(tables.absence.c.manager_id.in_(ids)))
        if rows := [row for each in saved for row in absence_rows(each)]:
            self._connection.execute(insert(tables.absence), rows)
        return saved

    def with_records(self, refs: Iterable[str] | None = None) -> frozenset[str]:
        """The offenders (of ``refs`` where given) about whom somebody recorded anything beside their own record."""
        found: set[str] = set()
        for part in [None] if refs is None else in_batches(filter(storable, refs)):
            for table, by_hand in _RECORDED:
                query = select(table.c.ref).distinct().where(by_hand, *self._sight.about(table))
                found.update(self._connection.execute(query if part is None else query.where(table.c.ref.in_(part))).scalars())
        return frozenset(found)

    def delete_offenders(
        self, refs: Iterable[str], reason: str = "", *, with_visits: bool = False, despite_hold: bool = False
    ) -> int:
        """Erase offenders; ``with_visits`` also those with visits or other records, and these. How many there were.

        Raises:
            StillNeeded: one is on legal hold, or has records (:meth:`with_records`) and ``with_visits`` is not given; none is
                erased.
        """
        gone = [row["ref"] for row in _rows(self._connection, OFFENDERS, refs, lock=True)]
        if not despite_hold:
            refuse_held(self._connection, gone)
        if not with_visits and self.with_records(gone):
            raise StillNeeded("Visits or other facts are recorded for an offender who was to be deleted. Nothing was deleted.")
        forget_logs(self._connection, gone)
        for part in in_batches(gone):
            self._connection.execute(delete(tables.visit).where(tables.visit.c.ref.in_(part)))
        self._erase(OFFENDERS, gone, reason)  # the tables of OF_OFFENDERS follow their offender
        return len(gone)

    def erase_offenders(self, refs: Iterable[str], reason: str, *, despite_hold: bool = False) -> int:
        """Erase offenders with all that is kept about them: visits, facts, plans, matches, what imports replaced, moves.

        What stays is the opaque reference in the record of use and in plans of rounds. Backups still hold them.
        ``despite_hold`` is for a restore alone: the hold was lifted, and they were erased, after its backup was made.

        Raises:
            StillNeeded: one is on legal hold; none is erased.
        """
        wanted = list(refs)
        if not despite_hold:
            refuse_held(self._connection, wanted)
        for part in in_batches(filter(storable, wanted)):
            image, move = tables.import_image.c, tables.decision_move.c
            self._connection.execute(delete(tables.import_image).where(image.kind == OFFENDERS.word, image.ref.in_(part)))
            self._connection.execute(delete(tables.decision_move).where(move.ref.in_(part)))
        return self.delete_offenders(wanted, reason, with_visits=True, despite_hold=despite_hold)

    def delete_managers(self, ids: Iterable[str], reason: str = "") -> int:
        """Erase offender managers. How many there were.

        Raises:
            StillNeeded: one still holds offenders; none is erased.
        """
        gone = [row["id"] for row in _rows(self._connection, MANAGERS, ids, lock=True)]
        holds = select(tables.offender.c.ref).where(tables.offender.c.manager.in_(gone)).limit(1)
        if gone and self._connection.execute(holds).first():
            raise StillNeeded("A manager who was to be deleted still holds offenders. Allocate them first. Nothing was deleted.")
        self._erase(MANAGERS, gone, reason)
        return len(gone)

    def _save(
        self, kind: Kind[Person], wanted: Sequence[Person], stored: Mapping[str, Person], reason: str
    ) -> tuple[Person, ...]:
        versions = {ref: person.version for ref, person in stored.items()}
        stale = [kind.ref(each) for each in wanted if versions.get(kind.ref(each), 0) != each.version]
        if stale:
            raise StaleRecord(kind.word, tuple(stale))
        saved: list[Person] = []
        added: list[Row] = []
        changed: list[Row] = []
        names, blank = kind.names, kind.blank
        for person in wanted:
            before = stored.get(kind.ref(person))
            altered = [name for name in names if getattr(person, name) != getattr(before or blank, name)]
            if before and not altered:
                continue
            after = replace(person, version=person.version + 1)
            row = kind.row(after) | {"salt": secrets.token_hex(8)}
            check_storable(kind.word, row)
            (changed if before else added).append(row)
            saved.append(after)
            operation = Operation.ALTERATION if before else Operation.COLLECTION
            digest = person_digest(kind, after, row["salt"])
            self._log.note(operation, kind.subject(kind.ref(after)), altered, reason=reason, digest=digest)
        self._write(kind, added, changed)
        return tuple(saved)

    def _write(self, kind: Kind[Any], added: list[Row], changed: list[Row]) -> None:
        if added:
            try:
                self._connection.execute(insert(kind.table), added)
            except IntegrityError:  # another client of the server was faster
                raise StaleRecord(kind.word, tuple(row[kind.key] for row in added)) from None
        if changed:
            by_key = update(kind.table).where(kind.table.c[kind.key] == bindparam("_key"))
            others: dict[str, Any] = {name: bindparam(name) for name in changed[0] if name != kind.key}
            self._connection.execute(by_key.values(others), [row | {"_key": row[kind.key]} for row in changed])

    def _erase(self, kind: Kind[Any], refs: Sequence[str], reason: str) -> None:
        for part in in_batches(refs):
            self._connection.execute(delete(kind.table).where(kind.table.c[kind.key].in_(part)))
        for ref in refs:
            self._log.note(Operation.ERASURE, kind.subject(ref), reason=reason)


def person_digest(kind: Kind[Any], person: Offender | OffenderManager, salt: str) -> str:
    """The digest that the entry about a person holds; a manager's includes the absences."""
    row: Row = kind.row(person) | {"salt": salt}
    if isinstance(person, OffenderManager):
        row["absences"] = absence_rows(person)
    return digest_of(kind.word, row)


def _refs(kind: Kind[Person], people: Sequence[Person]) -> list[str]:
    refs = [kind.ref(each) for each in people]
    if len(set(refs)) != len(refs):
        raise BadRecord(f"One {kind.word} stands twice among those to be saved. Nothing was saved; keep one of the two.")
    for ref in refs:
        check_storable(kind.word, {kind.key: ref})
    if not all(refs):
        raise BadRecord(f"One {kind.word} has no reference. Nothing was saved; give it one.")
    return refs


def _rows(
    connection: Connection, kind: Kind[Any], refs: Iterable[str] | None, *, lock: bool = False, where: Sequence[Where] = ()
) -> list[RowMapping]:
    query = select(kind.table).where(*where)
    if lock:
        query = query.with_for_update()
    if refs is None:
        found = list(connection.execute(query).mappings())
    else:
        column = kind.table.c[kind.key]
        parts = in_batches(filter(storable, refs))
        found = [row for part in parts for row in connection.execute(query.where(column.in_(part))).mappings()]
    return sorted(found, key=lambda row: str(row[kind.key]))


def _absences(connection: Connection) -> dict[str, list[RowMapping]]:
    absence = tables.absence
    by_manager: dict[str, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(select(absence).order_by(absence.c.manager_id, absence.c.place)).mappings():
        by_manager[row["manager_id"]].append(row)
    return by_manager

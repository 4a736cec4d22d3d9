"""Records kept by their dataclass: read, added, changed, removed, each change with its entry in the record of use.

Nobody overwrites what he has not seen: whoever changes or removes a record gives it as he read it.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, RowMapping, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from mosovo_planner.domain.kept import Kept
from mosovo_planner.domain.record import Operation
from mosovo_planner.store import tables
from mosovo_planner.store.base.errors import BadRecord, StaleRecord
from mosovo_planner.store.base.names import random_id
from mosovo_planner.store.parts.part import Part, check_storable, in_batches, now, storable
from mosovo_planner.store.parts.sight import Sight, Where
from mosovo_planner.store.record.chain import Actor, UseLog, digest_of
from mosovo_planner.store.tables import RecordKind

Record = TypeVar("Record")
Row = dict[str, Any]
_FETCHED = 5000


class Records:
    """The records about offenders of one transaction, whatever their kind."""

    def __init__(self, connection: Connection, user: str, log: UseLog, sight: Sight) -> None:
        self._sight = sight
        self._connection = connection
        self._user = user
        self._log = log

    def kept(self, kind: RecordKind[Record], *where: Where, lock: bool = False) -> list[Kept[Record]]:
        """The records that fit, each with its id and keeping, in the kind's order."""
        columns = kind.table.c
        where = (*where, *self._sight.about(kind.table))
        query = select(
            columns.id, columns.ref, columns.kept_by, columns.kept_at, columns.at_version, *own_columns(kind.table, kind)
        ).where(*where)
        found = self._connection.execute(query.with_for_update() if lock else query).all()
        many = self._many(kind, where) if found else {}
        kept = [
            Kept(row[0], row[1], kind.shape.record(row[5:], many.get(row[0], {})), by=row[2], at=row[3], at_version=row[4])
            for row in found
        ]
        return sorted(kept, key=lambda each: (*_place(getattr(each.fact, kind.order)), each.id))

    def of(self, kind: RecordKind[Record], ref: str | None, *where: Where) -> tuple[Record, ...]:
        """The records themselves, of one offender where given."""
        if ref is not None:
            where = (*where, kind.table.c.ref == ref)
        return tuple(each.fact for each in self.kept(kind, *where))

    def grouped(self, kind: RecordKind[Record], refs: Sequence[str] | None) -> Iterator[tuple[str, tuple[Record, ...]]]:
        """The records of each offender in the kind's order; of all, or of ``refs``. Made for whole caseloads."""
        groups: dict[str, list[Record]] = defaultdict(list)
        read, owned = kind.shape.record, bool(kind.parts)
        for part in _about(kind.table, refs):
            where = (*part, *self._sight.about(kind.table))
            many = self._many(kind, where)
            query = select(kind.table.c.ref, kind.table.c.id, *own_columns(kind.table, kind)).where(*where)
            for rows in self._connection.execute(query).partitions(_FETCHED):
                for row in rows:
                    groups[row[0]].append(read(row[2:], many[row[1]]) if owned else read(row[2:]))
        for ref, group in groups.items():
            yield ref, tuple(_in_order(kind, group)) if len(group) > 1 else (group[0],)

    def _many(self, kind: RecordKind[Any], where: Sequence[Where]) -> dict[str, dict[str, list[Any]]]:
        """What lies in the kind's further tables, by the record that owns it."""
        found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for name, part in kind.parts.items():
            read = kind.shape.many[name].record
            owners = select(kind.table.c.id).where(*where)
            query = select(part.c.owner, *(part.c[leaf.name] for leaf in kind.shape.many[name].leaves))
            query = query.where(part.c.owner.in_(owners)) if where else query
            for row in self._connection.execute(query.order_by(part.c.owner, part.c.place)):
                found[row[0]][name].append(read(row[1:]))
        return found

    def add(
        self,
        kind: RecordKind[Record],
        records: Iterable[tuple[str, Record]],
        reason: str = "",
        operation: Operation = Operation.COLLECTION,
        versions: Mapping[str, int] | None = None,
        *,
        unseen: bool = False,
    ) -> list[Kept[Record]]:
        """Add records, each with the reference of its offender; ``versions`` are those of records kept by themselves.

        ``unseen``: about somebody whom this user may not see.

        Raises:
            BadRecord: there is no such offender, or a text cannot be stored.
            StaleRecord: another record of the same key is there.
        """
        moment, user = now(), self._user
        kept = [
            Kept(getattr(each, "id", "") or random_id(), ref, each, user, moment, versions[ref] if versions else None)
            for ref, each in records
        ]
        if not versions and not unseen:  # else they were saved just now
            self._check_known({each.ref for each in kept})
        rows = [_row(kind, each) for each in kept]
        try:
            self._write(kind, rows, kept)
        except IntegrityError:
            raise StaleRecord(kind.word.replace("_", " "), tuple(each.ref for each in kept)) from None
        for each, row in zip(kept, rows, strict=True):
            self._note(kind, operation, each, row, kind.shape.names, reason)
        return kept

    def change(
        self, kind: RecordKind[Record], before: Kept[Record], record: Record, reason: str, at_version: int | None = None
    ) -> Kept[Record]:
        """Put ``record`` in the place of ``before``, which is as it was read.

        Raises:
            StaleRecord: somebody else changed or removed it meanwhile.
        """
        self._check_unchanged(kind, before)
        altered = [name for name in kind.shape.names if getattr(before.fact, name) != getattr(record, name)]
        if not altered:
            return before
        after = Kept(before.id, before.ref, record, self._user, now(), at_version)
        row = _row(kind, after)
        self._connection.execute(update(kind.table).where(kind.table.c.id == before.id).values(row))
        for part in kind.parts.values():
            self._connection.execute(delete(part).where(part.c.owner == before.id))
        self._write_parts(kind, [after])
        self._note(kind, Operation.ALTERATION, after, row, altered, reason)
        return after

    def remove(self, kind: RecordKind[Record], kept: Iterable[Kept[Record]], reason: str) -> None:
        """Erase records as they were read.

        Raises:
            StaleRecord: somebody else changed or removed one meanwhile.
        """
        gone = list(kept)
        self._check_unchanged(kind, *gone)
        for part in in_batches(each.id for each in gone):
            these = kind.table.c.id.in_(part)
            rows = {row["id"]: dict(row) for row in self._connection.execute(select(kind.table).where(these)).mappings()}
            self._connection.execute(delete(kind.table).where(these))
            for each in filter(lambda each: each.id in rows, gone):
                self._note(kind, Operation.ERASURE, each, rows[each.id], kind.shape.names, reason)

    def save(self, kind: RecordKind[Record], record: Record, before: Record | None, reason: str) -> None:
        """Add a record (``before`` None), or put it in the place of ``before``.

        Raises:
            StaleRecord: what is stored is not ``before``.
        """
        ref = str(getattr(record, "ref", ""))
        row = kind.shape.values(record)
        check_storable(kind.word, row)
        stored = self.kept(kind, *(kind.table.c[name] == row[name] for name in kind.key), lock=True)
        if before is None and not stored:
            self.add(kind, [(ref, record)], reason)
        elif before is None or not stored or stored[0].ref != ref or plain(kind, stored[0].fact) != plain(kind, before):
            raise StaleRecord(kind.word.replace("_", " "), (ref,))
        else:
            self.change(kind, stored[0], record, reason)

    def _write(self, kind: RecordKind[Any], rows: list[Row], kept: Sequence[Kept[Any]]) -> None:
        if rows:
            self._connection.execute(insert(kind.table), rows)
            self._write_parts(kind, kept)

    def _write_parts(self, kind: RecordKind[Any], kept: Sequence[Kept[Any]]) -> None:
        for name, part in kind.parts.items():
            rows = [row | {"owner": each.id} for each in kept for row in part_rows(kind, name, each.fact)]
            for row in rows:
                check_storable(kind.word, row)
            if rows:
                self._connection.execute(insert(part), rows)

    def _note(
        self, kind: RecordKind[Any], operation: Operation, kept: Kept[Any], row: Row, names: Iterable[str], reason: str
    ) -> None:
        named = tuple(f"{kind.word}.{name}" for name in names if name not in ("id", "ref"))
        parts = {name: part_rows(kind, name, kept.fact) for name in kind.parts}
        digest = record_digest(kind, row, parts)
        self._log.note(operation, f"offender {kept.ref}", named or (f"{kind.word}.",), reason=reason, digest=digest)

    def _check_unchanged(self, kind: RecordKind[Record], *kept: Kept[Record]) -> None:
        stored: dict[str, Kept[Record]] = {}
        for part in in_batches(each.id for each in kept):
            stored |= {each.id: each for each in self.kept(kind, kind.table.c.id.in_(part), lock=True)}
        for each in kept:
            found = stored.get(each.id)
            if found is None or found.ref != each.ref or plain(kind, found.fact) != plain(kind, each.fact):
                raise StaleRecord(kind.word.replace("_", " "), (each.ref,))

    def _check_known(self, refs: set[str]) -> None:
        known: set[str] = set()
        for part in in_batches(filter(storable, refs)):
            offender = tables.offender.c.ref
            known.update(self._connection.execute(select(offender).where(offender.in_(part), *self._sight.people)).scalars())
        if refs - known:
            raise BadRecord("There is no offender of this reference, so nothing was recorded. Check the reference.")


class KeptPart(Part):
    """A part of a unit that keeps such records."""

    def __init__(self, connection: Connection, actor: Actor) -> None:
        super().__init__(connection, actor)
        self._records = Records(connection, actor.user, self._log, self._sight)


def own_columns(table: Table, kind: RecordKind[Any]) -> list[Column[Any]]:
    """The columns of the dataclass, in the order that its shape reads them."""
    return [table.c[leaf.name] for leaf in kind.shape.leaves]


def plain(kind: RecordKind[Any], record: Any) -> tuple[Row, dict[str, list[Row]]]:
    """A record as its rows hold it, for comparing."""
    return kind.shape.values(record), {name: part_rows(kind, name, record) for name in kind.parts}


def part_rows(kind: RecordKind[Any], name: str, record: Any) -> list[Row]:
    """The rows of one of the record's tuples, without their owner."""
    shape = kind.shape.many[name]
    return [{"place": place, **shape.values(each)} for place, each in enumerate(getattr(record, name))]


def record_digest(kind: RecordKind[Any], row: Mapping[str, Any] | RowMapping, parts: Mapping[str, list[Row]]) -> str:
    """The digest that the entry about a record holds."""
    return digest_of(f"{kind.word} {row['id']}", {**dict(row), **parts})


def _row(kind: RecordKind[Any], kept: Kept[Any]) -> Row:
    row = kind.shape.values(kept.fact) | {
        "id": kept.id,
        "ref": kept.ref,
        "kept_by": kept.by,
        "kept_at": kept.at,
        "at_version": kept.at_version,
        "salt": secrets.token_hex(8),
    }
    check_storable(kind.word.replace("_", " "), row)
    return row


def _about(table: Table, refs: Sequence[str] | None) -> Iterator[tuple[Where, ...]]:
    if refs is None:
        yield ()
    else:
        yield from ((table.c.ref.in_(part),) for part in in_batches(filter(storable, refs)))


def _in_order(kind: RecordKind[Record], group: list[Record]) -> list[Record]:
    """The records by the kind's order; those of one place in an order that is the same on every database."""
    places = [_place(getattr(each, kind.order)) for each in group]
    if len(set(places)) == len(places):
        return [record for _, record in sorted(zip(places, group, strict=True), key=lambda each: each[0])]
    return sorted(group, key=lambda each: (_place(getattr(each, kind.order)), repr(each)))


def _place(value: Any) -> tuple[bool, Any]:
    """Where a value that may be missing comes in an order: last where it is missing."""
    return value is None, 0 if value is None else value

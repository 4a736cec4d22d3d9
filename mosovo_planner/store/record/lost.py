"""What bringing a backup back would lose: the changes since it, counted by their kind, from the record of use."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, inspect, select

from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.retention import ErasureCertificate
from mosovo_planner.store.base.engines import file_engine
from mosovo_planner.store.record.chain import Head, head
from mosovo_planner.store.tables import certificate, record_of_use
from mosovo_planner.store.tables.kinds import CERTIFICATES

BY_TWO = ("certificate ", "erased again")
"""How the reason in the entry of an erasure by two people begins: as it was done, and as a restore did it again."""

_DONE = {
    Operation.COLLECTION.value: "added",
    Operation.ALTERATION.value: "changed",
    Operation.ERASURE.value: "erased",
    Operation.COMBINATION.value: "matched",
    Operation.DISCLOSURE.value: "prints, exports and copies",
    Operation.CONSULTATION.value: "looks at records",
}
_NO_CHANGE = {Operation.DISCLOSURE.value, Operation.CONSULTATION.value}


@dataclass(frozen=True, slots=True)
class Held:
    """What a database holds: its newest entry and when that was written. An empty record has none."""

    head: Head
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Lost:
    """What came after a backup. ``changes`` are (what, how many), the most first; ``erased`` are those whom two people erased.

    ``follows`` is False where the backup is no earlier state of this database.
    """

    entries: int
    until: datetime | None
    changes: tuple[tuple[str, int], ...]
    erased: tuple[str, ...]
    certificates: tuple[ErasureCertificate, ...]
    follows: bool


def held_in(database: Path, key: bytes) -> Held:
    """The newest entry of a database's record of use."""
    engine = file_engine(database, lambda: key)
    try:
        with engine.connect() as connection:
            newest = head(connection)
            at = connection.execute(select(record_of_use.c.at).where(record_of_use.c.seq == newest.seq)).scalar()
            return Held(newest, at)
    finally:
        engine.dispose()


def lost_after(database: Path, key: bytes, kept: Head) -> Lost:
    """What a database holds beyond the entry ``kept``."""
    engine = file_engine(database, lambda: key)
    try:
        with engine.connect() as connection:
            return _lost(connection, kept)
    finally:
        engine.dispose()


def _lost(connection: Connection, kept: Head) -> Lost:
    used = record_of_use.c
    same = kept.seq == 0 or connection.execute(select(used.hash).where(used.seq == kept.seq)).scalar() == kept.hash
    query = select(used.reason, used.at, used.operation, used.subject, used.fields).where(used.seq > kept.seq).order_by(used.seq)
    counted: Counter[str] = Counter()
    erased: dict[str, None] = {}
    entries, until = 0, None
    for row in connection.execute(query):
        entries, until = entries + 1, row.at
        counted[_words(row.operation, row.subject, row.fields)] += 1
        if row.subject.startswith("offender ") and "." not in row.fields:  # the person himself, not a record about him
            ref = row.subject.removeprefix("offender ")
            if row.operation == Operation.ERASURE.value:
                if row.reason.startswith(BY_TWO):  # not with an import that was undone
                    erased[ref] = None
            elif row.operation == Operation.COLLECTION.value:
                erased.pop(ref, None)
    changes = sorted(counted.items(), key=lambda each: (each[0] in _LOOKS, -each[1], each[0]))
    return Lost(entries, until, tuple(changes), tuple(erased), _certificates(connection), same)


def _certificates(connection: Connection) -> tuple[ErasureCertificate, ...]:
    """Every certificate of an erasure; none in a database of an older schema."""
    if not inspect(connection).has_table(certificate.name):
        return ()
    columns = [certificate.c[leaf.name] for leaf in CERTIFICATES.leaves]
    return tuple(CERTIFICATES.record(tuple(row)) for row in connection.execute(select(*columns)))


_LOOKS = {_DONE[each] for each in _NO_CHANGE}


def _words(operation: str, subject: str, fields: str) -> str:
    """``visits added``, ``offenders changed``, ``looks at records``."""
    if operation in _NO_CHANGE:
        return _DONE[operation]
    first = subject.split(" ", 1)[0]
    named = fields[2:].split(".", 1)[0] if "." in fields and fields.startswith('["') else ""
    kind = (named or first).replace("_", " ")
    return f"{_PLURAL.get(kind, kind)} {_DONE.get(operation, operation)}"


_PLURAL = {
    "offender": "offenders",
    "manager": "offender managers",
    "visit": "visits",
    "event": "events",
    "stay": "stays away",
    "court order": "orders",
    "trip": "trips",
    "risk since": "risk levels in the history",
    "assessment": "assessments",
    "risk plan": "risk plans",
    "child notification": "notifications about children",
    "request": "questions",
    "off duty match": "matches of incident logs",
    "account": "accounts",
    "import": "imports",
    "plan": "plans of rounds",
    "retention review": "retention reviews",
    "legal hold": "legal holds",
    "certificate": "certificates of erasure",
    "incident": "files of incident logs",
}

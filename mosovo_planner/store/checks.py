"""Whether the records are what the record of use says they should be.

Every entry about a person or visit holds a digest of the record as it was then. A record that was put
back to an old state, changed or removed by another program, or added past this one, does not fit.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, select, text

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.record import Operation
from mosovo_planner.store import tables
from mosovo_planner.store.base.errors import DamagedWorkspace
from mosovo_planner.store.embedded.folder import FolderPlace
from mosovo_planner.store.embedded.pages import looks_damaged
from mosovo_planner.store.embedded.snapshot import file_problems
from mosovo_planner.store.parts.kept import record_digest
from mosovo_planner.store.parts.people import MANAGERS, OFFENDERS, person_digest
from mosovo_planner.store.parts.retention import certificate_digest
from mosovo_planner.store.parts.rows import manager_of, offender_of, visit_of, visit_row
from mosovo_planner.store.record.anchors import Anchor, Anchors, anchor_problems
from mosovo_planner.store.record.chain import Head, broken_at, digest_of
from mosovo_planner.store.record.watermark import anchors_of
from mosovo_planner.store.tables.kinds import CERTIFICATES
from mosovo_planner.store.unit import Unit
from mosovo_planner.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check found. ``problems`` are in words, empty where all is well; ``entries`` are of the record of use.

    ``checked`` and ``unchecked`` say in words what was looked at, and what this user's rights kept from him.
    """

    problems: tuple[str, ...]
    entries: int
    head: str
    checked: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems

    @property
    def words(self) -> str:
        """The answer in some sentences."""
        checked = f"Checked: {'; '.join(self.checked)}." if self.checked else "Nothing could be checked."
        return f"{checked} Not checked: {'; '.join(self.unchecked)}." if self.unchecked else checked


def verify(workspace: Workspace, report: Reporter = silent, anchors: Sequence[Anchor] = ()) -> VerifyReport:
    """Check every page, the record of use from its first entry on, and every record against it, as far as the user may.

    On a server whoever audits checks the whole record, and that nobody and nothing is missing or was added, by reference and
    count; the contents of the records only as far as he may read them. The record is held against ``anchors`` that somebody
    has, and those that this user's computer keeps.

    Raises:
        Cancelled: from ``report``.
    """
    report(Progress("Checking the database file", 0.0))
    done = _Done(list(workspace.warnings))
    try:
        if workspace.folder is None:
            done.unchecked.append("the server's own files, which its administrator checks (data checksums, pg_amcheck)")
        else:
            done.problems += _file_problems(workspace)
            done.checked.append("every page of the file")
        report(Progress("Checking the record of use", 0.3))
        with workspace.transaction() as unit:
            _as_at_one_moment(unit.connection)
            _check(unit, [*anchors, *kept_anchors(workspace).all()], done, report)
    except (DamagedWorkspace, ValueError, KeyError):
        done.problems.append("the database cannot be read to its end; restore the newest backup")
    return VerifyReport(tuple(done.problems), done.head.seq, done.head.hash, tuple(done.checked), tuple(done.unchecked))


@dataclass
class _Done:
    """A report as it is made."""

    problems: list[str]
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    head: Head = field(default_factory=Head)


def _as_at_one_moment(connection: Connection) -> None:
    """What others change between the reading of the entries and of the records must not look like a forgery."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


def _check(unit: Unit, anchors: Sequence[Anchor], done: _Done, report: Reporter) -> None:
    if not unit.reads_record:
        done.unchecked.append("the record of use and what it says of the records: your role may not read it, an auditor may")
        return
    done.head, expected = unit.head(), Expected()
    keys = {account.name: account.signing_key for account in unit.users()}
    broken = broken_at(followed(unit.chained(), expected), keys)
    if broken is not None:
        found = f"the record of use was altered at entry {broken} of {done.head.seq}, or entries are missing there"
        done.problems.append(found)
    done.checked.append(f"{done.head.seq:,} entries of the record of use, from the first on")
    done.problems += anchor_problems(unit.connection, anchors)
    if anchors:
        done.checked.append(f"{len(anchors)} anchor{'s' if len(anchors) > 1 else ''} kept outside the workspace")
    report(Progress("Checking the records against it", 0.8))
    if unit.sees_everything:
        done.problems += record_problems(unit.connection, expected)
        done.checked.append("every record against its entries")
        return
    _check_in_part(unit, expected, done)


def _check_in_part(unit: Unit, expected: Expected, done: _Done) -> None:
    """What a server keeps from this user would seem to be missing: who and how much is there, it tells by reference."""
    held, staff, counts = unit.records_counted()
    certificates = {subject for subject, _ in _certificates(unit.connection)}
    there = {OFFENDERS.subject(ref) for ref in held} | {MANAGERS.subject(each) for each in staff} | certificates
    counted = Counter({OFFENDERS.subject(ref): count for ref, count in counts.items()})
    people = _people(unit.connection) if unit.reads_cases else _certificates(unit.connection)
    records = chain(_visits(unit.connection), _records(unit.connection)) if unit.reads_cases else ()
    done.problems += _differences(expected, dict(people), records, there, counted)
    done.checked.append("that nobody and nothing is missing or was added past the program, by reference and count")
    if unit.reads_cases:
        done.checked.append("the records that you may read, against their entries")
    done.unchecked.append("what the records hold that you may not read: a supervisor of all teams can check those")


def check_file(workspace: Workspace, report: Reporter = silent) -> tuple[str, ...]:
    """Check every page of an embedded workspace's file while it is worked in; what is wrong in words, empty where nothing is.

    Nobody waits for it unless something is suspected, which is then looked at alone. A file that is damaged takes no
    changes from then on: they would be lost with it. A server's administrator looks after its files.

    Raises:
        Cancelled: from ``report``.
    """
    place = workspace.insides.place
    if not isinstance(place, FolderPlace) or not looks_damaged(place.database, place.data_key, report):
        return ()
    with workspace.alone():
        problems = tuple(file_problems(place.database, place.data_key))
    if problems:
        workspace.take_no_changes()
    return problems


def kept_anchors(workspace: Workspace) -> Anchors:
    """The anchors that the acting user's computer keeps of this workspace."""
    place, actor = workspace.insides.place, workspace.insides.actor
    return place.mark.anchors if isinstance(place, FolderPlace) else anchors_of(place.location, actor)


@dataclass
class Expected:
    """What the record of use says: the digest of each person, and of the other records about each offender."""

    people: dict[str, str] = field(default_factory=dict)
    records: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def take(self, entry: Row[Any]) -> None:
        """Follow one entry; they come oldest first."""
        subject, operation, digest = entry.subject, entry.operation, entry.digest
        if digest and _OF_RECORD.match(entry.fields):
            if operation == Operation.ERASURE.value:
                self.records[subject].discard(digest)
                self.counts[subject] -= 1
            else:
                self.records[subject].add(digest)
                self.counts[subject] += operation != Operation.ALTERATION.value
        elif operation == Operation.ERASURE.value:
            for kept in (self.people, self.records, self.counts):
                kept.pop(subject, None)
        elif digest:
            self.people[subject] = digest


_OF_RECORD = re.compile(r'\["\w+\.')
"""The fields of a record of its own (``visit.outcome``), not of the person."""


def followed(entries: Iterable[Row[Any]], expected: Expected) -> Iterator[Row[Any]]:
    """The entries as they come, followed on the way."""
    for entry in entries:
        expected.take(entry)
        yield entry


def record_problems(connection: Connection, expected: Expected) -> list[str]:
    """What does not fit, in words without names; empty where every record is as its last entry says."""
    return _differences(expected, dict(_people(connection)), chain(_visits(connection), _records(connection)))


def _differences(
    expected: Expected,
    people: Mapping[str, str],
    records: Iterable[tuple[str, str]],
    there: Set[str] | None = None,
    counted: Counter[str] | None = None,
) -> list[str]:
    """Digests of people and of records about them against the entries; who is ``there`` and how many records of each, where
    more is known to be there than may be read."""
    there = people.keys() if there is None else there
    wrong = sum(expected.people.get(subject) != digest for subject, digest in people.items())
    wrong += len(there - people.keys() - expected.people.keys())
    missing = len(expected.people.keys() - there)
    seen: Counter[str] = Counter()
    strange = 0
    for subject, digest in records:
        seen[subject] += 1
        strange += digest not in expected.records.get(subject, ())
    counted = seen if counted is None else counted
    lost = sum(expected.counts.get(subject, 0) != counted[subject] for subject in expected.counts.keys() | counted.keys())
    told = (
        (wrong, "records that are not as the record of use says (put back to an old state, or changed past this program)"),
        (missing, "records that are missing, though no entry says they were deleted"),
        (strange, "visits or other facts that are not as the record of use says"),
        (lost, "offenders with visits or other facts missing or added past this program"),
    )
    return [f"{what}: {count}" for count, what in told if count]


def _people(connection: Connection) -> Iterator[tuple[str, str]]:
    for row in connection.execute(select(tables.offender)).mappings():
        yield OFFENDERS.subject(row["ref"]), person_digest(OFFENDERS, offender_of(row), row["salt"])
    absences: dict[str, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(select(tables.absence).order_by(tables.absence.c.place)).mappings():
        absences[row["manager_id"]].append(row)
    for row in connection.execute(select(tables.manager)).mappings():
        manager = manager_of(row, absences.get(row["id"], ()))
        yield MANAGERS.subject(row["id"]), person_digest(MANAGERS, manager, row["salt"])
    yield from _certificates(connection)


def _certificates(connection: Connection) -> Iterator[tuple[str, str]]:
    for values in connection.execute(select(*(tables.certificate.c[leaf.name] for leaf in CERTIFICATES.leaves))):
        made = CERTIFICATES.record(tuple(values))
        yield f"certificate {made.id}", certificate_digest(made)


def _visits(connection: Connection) -> Iterator[tuple[str, str]]:
    for row in connection.execute(select(tables.visit)).mappings():
        kept = visit_row(visit_of(row)) | {"salt": row["salt"]}
        yield OFFENDERS.subject(row["ref"]), digest_of(f"visit {row['id']}", kept)


def _records(connection: Connection) -> Iterator[tuple[str, str]]:
    for kind in tables.OF_OFFENDERS:
        parts: dict[str, dict[str, list[dict[str, Any]]]] = {name: defaultdict(list) for name in kind.parts}
        for name, part in kind.parts.items():
            for row in connection.execute(select(part).order_by(part.c.owner, part.c.place)).mappings():
                parts[name][row["owner"]].append({column: value for column, value in row.items() if column != "owner"})
        for row in connection.execute(select(kind.table)).mappings():
            theirs = {name: owned.get(row["id"], []) for name, owned in parts.items()}
            yield OFFENDERS.subject(row["ref"]), record_digest(kind, row, theirs)


def _file_problems(workspace: Workspace) -> list[str]:
    place = workspace.insides.place
    return file_problems(place.database, place.data_key) if isinstance(place, FolderPlace) else []

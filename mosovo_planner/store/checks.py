"""Whether the records are what the record of use says they should be.

Every entry about a person or visit holds a digest of the record as it was then. A record that was put
back to an old state, changed or removed by another program, or added past this one, does not fit.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sqlalchemy import Connection, RowMapping, select

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
from mosovo_planner.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check found. ``problems`` are in words, empty where all is well; ``entries`` are of the record of use."""

    problems: tuple[str, ...]
    entries: int
    head: str

    @property
    def ok(self) -> bool:
        return not self.problems


def verify(workspace: Workspace, report: Reporter = silent, anchors: Sequence[Anchor] = ()) -> VerifyReport:
    """Check every page, the record of use from its first entry on, and every record against it.

    The record is held against ``anchors`` that somebody has, and those that this user's computer keeps.

    Raises:
        Cancelled: from ``report``.
    """
    report(Progress("Checking the database file", 0.0))
    problems = list(workspace.warnings)
    newest, count, expected = Head(), 0, Expected()
    try:
        problems += _file_problems(workspace)
        report(Progress("Checking the record of use", 0.3))
        with workspace.transaction() as unit:
            newest = unit.head()
            count = newest.seq
            keys = {account.name: account.signing_key for account in unit.users()}
            broken = broken_at(followed(unit.chained(), expected), keys)
            if broken is not None:
                problems.append(f"the record of use was altered at entry {broken} of {count}, or entries are missing there")
            problems += anchor_problems(unit.connection, [*anchors, *kept_anchors(workspace).all()])
            report(Progress("Checking the records against it", 0.8))
            if unit.sees_everything:  # else what a server keeps from this user would seem to be missing
                problems += record_problems(unit.connection, expected)
    except (DamagedWorkspace, ValueError, KeyError):
        problems.append("the database cannot be read to its end; restore the newest backup")
    return VerifyReport(tuple(problems), count, newest.hash)


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

    def take(self, entry: RowMapping) -> None:
        """Follow one entry; they come oldest first."""
        subject: str = entry["subject"]
        operation, of_record = entry["operation"], _OF_RECORD.match(entry["fields"])
        if of_record and entry["digest"]:
            if operation == Operation.ERASURE.value:
                self.records[subject].discard(entry["digest"])
                self.counts[subject] -= 1
            else:
                self.records[subject].add(entry["digest"])
                self.counts[subject] += operation != Operation.ALTERATION.value
        elif operation == Operation.ERASURE.value:
            for kept in (self.people, self.records, self.counts):
                kept.pop(subject, None)
        elif entry["digest"]:
            self.people[subject] = entry["digest"]


_OF_RECORD = re.compile(r'\["\w+\.')
"""The fields of a record of its own (``visit.outcome``), not of the person."""


def followed(entries: Iterable[RowMapping], expected: Expected) -> Iterator[RowMapping]:
    """The entries as they come, followed on the way."""
    for entry in entries:
        expected.take(entry)
        yield entry


def record_problems(connection: Connection, expected: Expected) -> list[str]:
    """What does not fit, in words without names; empty where every record is as its last entry says."""
    found = dict(_people(connection))
    wrong = sum(expected.people.get(subject) != digest for subject, digest in found.items())
    missing = len(expected.people.keys() - found.keys())
    records: dict[str, int] = defaultdict(int)
    strange = 0
    for subject, digest in chain(_visits(connection), _records(connection)):
        records[subject] += 1
        strange += digest not in expected.records.get(subject, ())
    lost = sum(expected.counts.get(subject, 0) != records.get(subject, 0) for subject in expected.counts.keys() | records.keys())
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

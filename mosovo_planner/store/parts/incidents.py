"""What happened off duty: files of logs that were read, the logs that matched, and what a person said to each match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from mosovo_planner.domain.off_duty import IncidentFile, KeptLog, LoggedMatch, OffDutyMatch, Verdict
from mosovo_planner.domain.record import Operation
from mosovo_planner.store import tables
from mosovo_planner.store.base.errors import BadRecord
from mosovo_planner.store.parts.kept import KeptPart
from mosovo_planner.store.parts.part import check_storable, in_batches, storable
from mosovo_planner.store.tables.kinds import INCIDENT_FILES, KEPT_LOGS, MATCH


class IncidentsPart(KeptPart):
    """The incident logs of a unit of work."""

    def incident_files(self) -> tuple[IncidentFile, ...]:
        """The files that were read, newest first."""
        query = select(*(tables.incident_file.c[leaf.name] for leaf in INCIDENT_FILES.leaves))
        found = (INCIDENT_FILES.record(tuple(row)) for row in self._connection.execute(query))
        return tuple(sorted(found, key=lambda each: (each.at, each.id), reverse=True))

    def save_incidents(self, file: IncidentFile, found: Iterable[LoggedMatch]) -> tuple[LoggedMatch, ...]:
        """Keep that a file was read, its logs that matched, and the matches; give back those that are new.

        A match of an offender with a log number is kept once, however many files tell of it.

        Raises:
            BadRecord: a file of the same contents was read before; nothing is kept.
        """
        row = INCIDENT_FILES.values(file)
        check_storable("file of incident logs", row)
        try:
            self._connection.execute(insert(tables.incident_file), [row])
        except IntegrityError:
            raise BadRecord("This file of incident logs was read before. Nothing was changed.") from None
        every = list(found)
        known = self._known_numbers({each.log.number for each in every} - {""})
        new = [each for each in every if not each.log.number or (each.log.number, each.match.ref) not in known]
        logs = [KEPT_LOGS.values(log) for log in {each.log.id: each.log for each in new}.values()]
        for each in logs:
            check_storable("incident log", each)
        if logs:
            self._connection.execute(insert(tables.incident_log), logs)
        self._log.note(Operation.COLLECTION, f"incident file {file.id}", count=file.logs)
        self._records.add(MATCH, [(each.match.ref, each.match) for each in new], operation=Operation.COMBINATION)
        return tuple(new)

    def matches(self, manager: str | None = None, open_only: bool = False, ref: str | None = None) -> tuple[LoggedMatch, ...]:
        """Matches with their logs, newest log first; where given of a manager's offenders, not looked at yet, of one offender."""
        columns = MATCH.table.c
        where = [columns.ref == ref] if ref is not None else []
        where += [columns.verdict == Verdict.OPEN.value] if open_only else []
        if manager is not None:
            offender = tables.offender.c
            where.append(columns.ref.in_(select(offender.ref).where(offender.manager == manager)))
        found = [kept.fact for kept in self._records.kept(MATCH, *where)]
        logs = self._logs({each.log_id for each in found})
        joined = [LoggedMatch(match, logs[match.log_id]) for match in found]
        return tuple(sorted(joined, key=_newest_first))

    def acknowledge(
        self, match: OffDutyMatch, verdict: Verdict, by: str, at: datetime, comment: str = "", triggered: Sequence[str] = ()
    ) -> OffDutyMatch:
        """Keep what a person says to a match, which is as it was read, and what followed from it.

        Raises:
            StaleRecord: somebody else acknowledged it meanwhile.
        """
        said = replace(
            match,
            verdict=verdict,
            acknowledged_by=by,
            acknowledged_at=at,
            comment=comment,
            triggered=(*match.triggered, *triggered),
        )
        self._records.save(MATCH, said, match, "")
        return said

    def _known_numbers(self, numbers: set[str]) -> set[tuple[str, str]]:
        log, match = tables.incident_log.c, MATCH.table.c
        known: set[tuple[str, str]] = set()
        for part in in_batches(filter(storable, numbers)):
            pairs = select(log.number, match.ref).where(match.log_id == log.id, log.number.in_(part))
            known.update((row[0], row[1]) for row in self._connection.execute(pairs))
        return known

    def _logs(self, ids: set[str]) -> dict[str, KeptLog]:
        log = tables.incident_log.c
        query = select(*(log[leaf.name] for leaf in KEPT_LOGS.leaves))
        parts = (self._connection.execute(query.where(log.id.in_(part))) for part in in_batches(ids))
        return {each.id: each for rows in parts for each in (KEPT_LOGS.record(tuple(row)) for row in rows)}


def forget_logs(connection: Connection, refs: Sequence[str]) -> None:
    """Before offenders are erased: drop their matches and logs, and the words of logs that concern others too.

    The force's own system keeps the log under its number.
    """
    log, match = tables.incident_log, MATCH.table
    blank = {"address": "", "postcode": "", "place": "", "persons": "[]", "vehicles": "[]", "text": ""}
    for part in in_batches(refs):
        theirs = set(connection.execute(select(match.c.log_id).where(match.c.ref.in_(part))).scalars())
        connection.execute(delete(match).where(match.c.ref.in_(part)))
        for ids in in_batches(theirs):
            connection.execute(delete(log).where(log.c.id.in_(ids), log.c.id.not_in(select(match.c.log_id))))
            connection.execute(update(log).where(log.c.id.in_(ids)).values(blank))


def _newest_first(each: LoggedMatch) -> tuple[bool, float, str, str]:
    at = each.log.at
    return at is None, -(at - datetime(1970, 1, 1)).total_seconds() if at else 0.0, each.log.number, each.match.id

"""Logs of incidents exported from the force's system (.csv, .xlsx, .json), read for matching with the caseload."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from mosovo_planner.domain.matching.subjects import IncidentLog
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.exchange.errors import TrackerError, UnrecognisedTracker
from mosovo_planner.exchange.fields import TableKind
from mosovo_planner.exchange.findings import Finding, Severity
from mosovo_planner.exchange.incident_cells import LogReader
from mosovo_planner.exchange.incident_json import read_json
from mosovo_planner.exchange.layout import TableReading, find_tables
from mosovo_planner.exchange.profile import Profile
from mosovo_planner.exchange.sheets import Sheet
from mosovo_planner.exchange.tracker import read_sheets

_STEP = 250


@dataclass(frozen=True, slots=True)
class IncidentLogs:
    """What a file holds. ``rows_read`` counts rows; rows of one log number are one log with several persons."""

    path_name: str
    rows_read: int
    logs: tuple[IncidentLog, ...]
    findings: tuple[Finding, ...]
    tables: tuple[TableReading, ...]


def read_incidents(path: Path, *, as_of: date, profile: Profile | None = None, report: Reporter = silent) -> IncidentLogs:
    """Read a file of logs. ``as_of`` is the day it is read: no incident lies after it.

    Raises TrackerError where the file cannot be read at all, UnrecognisedTracker where no table of logs was recognised
    (its ``tables`` can be mapped by hand and kept as a profile). What ``report`` raises passes through.
    """
    report(Progress("Opening the file", 0.0))
    sheets = _sheets(path, report)
    tables = [table for sheet in sheets for table in find_tables(sheet, profile, (TableKind.LOGS,))]
    chosen = [table for table in tables if table.reading.kind is TableKind.LOGS]
    if not chosen:
        raise UnrecognisedTracker(
            "No table of incident logs was recognised. Map the columns by hand: a log needs its number or its time.",
            tuple(table.reading for table in tables),
        )
    readers = [LogReader(table, as_of, profile.date_order if profile else None) for table in chosen]
    total = sum(len(table.rows) for table in chosen)
    logs: list[IncidentLog] = []
    for reader in readers:
        for row in reader.table.rows:
            if len(logs) % _STEP == 0:
                report(Progress(f"Reading row {len(logs) + 1:,} of {total:,}", len(logs) / max(1, total)))
            logs.append(reader.read(row))
    findings = [finding for sheet in sheets for finding in _too_wide(sheet)]
    findings += [finding for reader in readers for finding in reader.findings]
    merged = _merged(logs, findings)
    report(Progress("Logs read", 1.0))
    return IncidentLogs(path.name, total, merged, tuple(findings), tuple(table.reading for table in tables))


def _sheets(path: Path, report: Reporter) -> tuple[Sheet, ...]:
    if path.suffix.casefold() == ".json":
        if not path.is_file():
            raise TrackerError("There is no such file, or it is no ordinary file.")
        return (read_json(path),)
    return read_sheets(path, report)


def _too_wide(sheet: Sheet) -> Iterable[Finding]:
    for row in sheet.too_wide:
        message = "The row has more cells than are read. Export fewer columns."
        yield Finding(sheet.name, row, "", Severity.WARNING, "too_wide", "", message)


def _merged(logs: Iterable[IncidentLog], findings: list[Finding]) -> tuple[IncidentLog, ...]:
    """One log for each number, with the persons of all its rows; rows without a number each stand alone."""
    first: dict[str, IncidentLog] = {}
    alone = 0
    for log in logs:
        alone += not log.number
        key = log.number.casefold() or f"\0{alone}"
        before = first.get(key)
        if before is None:
            first[key] = log
            continue
        if before.at and log.at and before.at != log.at:
            message = "Another row of the same log number gives another time; the first counts. Its persons were joined."
            findings.append(Finding(log.sheet, log.row, "", Severity.WARNING, "two_times", "", message))
        first[key] = _joined(before, log)
    return tuple(first.values())


def _joined(one: IncidentLog, other: IncidentLog) -> IncidentLog:
    text = one.text if other.text in one.text else "\n".join(filter(None, (one.text, other.text)))
    return replace(
        one,
        at=one.at or other.at,
        kind=one.kind or other.kind,
        place=one.place or other.place,
        address=one.address or other.address,
        postcode=one.postcode or other.postcode,
        persons=tuple(dict.fromkeys((*one.persons, *other.persons))),
        vehicles=tuple(dict.fromkeys((*one.vehicles, *other.vehicles))),
        text=text,
    )


def newest(logs: Iterable[IncidentLog]) -> datetime | None:
    """The time of the latest log, to show up to when the off-duty hours are covered; None where none has a time."""
    return max((log.at for log in logs if log.at is not None), default=None)

"""A team's tracker, read: offenders, staff, and every doubtful cell with its place and cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.exchange.archive import refuse_ole
from mosovo_planner.exchange.cells import CellReader
from mosovo_planner.exchange.delimited import read_delimited
from mosovo_planner.exchange.duplicates import merged_managers, unique_offenders
from mosovo_planner.exchange.errors import TrackerError, UnrecognisedTracker
from mosovo_planner.exchange.fields import TableKind
from mosovo_planner.exchange.findings import Finding, Severity
from mosovo_planner.exchange.layout import ColumnReading, Table, TableReading, find_tables, is_archive
from mosovo_planner.exchange.managers import ManagerRow, StaffList, read_managers
from mosovo_planner.exchange.offenders import OffenderRow, read_offenders
from mosovo_planner.exchange.profile import Profile
from mosovo_planner.exchange.sheets import MAX_COLUMNS, Sheet

_Each = TypeVar("_Each")
_STEP = 250
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_TEXT_SUFFIXES = frozenset({".csv", ".txt", ".tsv", ".tab"})


@dataclass(frozen=True, slots=True)
class Tracker:
    """What a file holds. ``rows_read`` counts the data rows of offender tables, those rejected included.

    ``offenders`` and ``managers`` hold each reference once; ``findings`` are in the order of sheets and rows.
    """

    path_name: str
    rows_read: int
    offenders: tuple[OffenderRow, ...]
    managers: tuple[ManagerRow, ...]
    findings: tuple[Finding, ...]
    tables: tuple[TableReading, ...]


def read_tracker(path: Path, *, as_of: date, profile: Profile | None = None, report: Reporter = silent) -> Tracker:
    """Read a tracker (.xlsx, .xlsm, .csv, .txt, .tsv).

    ``as_of`` is the day against which dates are judged (no visit lies after it). Raises TrackerError where the
    file cannot be read at all, UnrecognisedTracker where no table was recognised; what ``report`` raises passes through.
    """
    report(Progress("Opening the file", 0.0))
    sheets = read_sheets(path, report)
    tables, findings = _chosen_tables(sheets, profile)
    readers = [CellReader(table, as_of, profile.date_order if profile else None) for table in tables]
    work = _Work(sum(len(table.rows) for table in tables), report)
    staff = [
        row
        for reader in readers
        if reader.table.reading.kind is TableKind.MANAGERS
        for row in work.through(read_managers(reader))
    ]
    readers.sort(key=lambda reader: -sum(column.field is not None for column in reader.table.reading.columns))
    caseload = [
        row
        for reader in readers
        if reader.table.reading.kind is TableKind.OFFENDERS
        for row in work.through(read_offenders(reader))
    ]
    rows_read = sum(len(table.rows) for table in tables if table.reading.kind is TableKind.OFFENDERS)
    findings += [finding for reader in readers for finding in reader.findings]
    managers = merged_managers(staff, findings)
    order = {sheet.name: place for place, sheet in enumerate(sheets)}
    offenders = _with_managers(unique_offenders(caseload, findings), managers, findings)
    offenders = tuple(sorted(offenders, key=lambda row: (order[row.sheet], row.row)))
    findings.sort(key=lambda finding: (order.get(finding.sheet, 0), finding.row))
    report(Progress("Tracker read", 1.0))
    return Tracker(path.name, rows_read, offenders, managers, tuple(findings), tuple(table.reading for table in tables))


def read_sheets(path: Path, report: Reporter = silent) -> tuple[Sheet, ...]:
    """The sheets of a file, its kind told by its content. Raises TrackerError with the cure where it cannot be read."""
    try:
        if path.is_dir():
            raise TrackerError("This is a folder. Choose the tracker file in it.")
        if path.exists() and not path.is_file():
            raise TrackerError("This is no ordinary file. Choose the tracker file.")
        with path.open("rb") as file:
            start = file.read(8)
        if not start:
            raise TrackerError("The file is empty.")
        if start == _OLE:
            refuse_ole(path)
        if start.startswith(_ZIP):
            return _workbook(path, report)
        if path.suffix.casefold() not in _TEXT_SUFFIXES:
            raise TrackerError(
                "This file is no workbook. Open it in the spreadsheet program and save it as .xlsx or as CSV UTF-8."
            )
        return (read_delimited(path, report),)
    except FileNotFoundError:
        raise TrackerError("There is no such file.") from None
    except PermissionError:
        raise TrackerError(
            "The file may not be opened. Close it in the other program, or ask for the right to read it."
        ) from None
    except OSError as error:
        raise TrackerError(
            f"The file cannot be read ({error.strerror or 'input error'}). Copy it to this computer and try again."
        ) from None


def _workbook(path: Path, report: Reporter) -> tuple[Sheet, ...]:
    from mosovo_planner.exchange.workbooks import read_workbook

    return read_workbook(path, report)


class _Work:
    """Counts rows and reports every few of them."""

    def __init__(self, total: int, report: Reporter) -> None:
        self._total = max(1, total)
        self._done = 0
        self._report = report

    def through(self, rows: Iterable[tuple[object, _Each | None]]) -> Iterator[_Each]:
        for _, each in rows:
            self._done += 1
            if self._done % _STEP == 0:
                self._report(Progress(f"Reading row {self._done:,} of {self._total:,}", 0.5 + 0.5 * self._done / self._total))
            if each is not None:
                yield each


def _chosen_tables(sheets: tuple[Sheet, ...], profile: Profile | None) -> tuple[list[Table], list[Finding]]:
    """The tables to read; sheets of closed cases and hidden copies are left out, and said so, unless a profile names them."""
    tables = [table for sheet in sheets for table in find_tables(sheet, profile)]
    findings = [
        Finding(
            sheet.name,
            row,
            "",
            Severity.WARNING,
            "too_wide",
            "",
            f"Cells beyond column {MAX_COLUMNS} were not read. Delete them.",
        )
        for sheet in sheets
        for row in sheet.too_wide
    ]
    known = [table for table in tables if table.reading.kind is not TableKind.OTHER]
    findings += [_repeated(table.reading, column) for table in known for column in table.repeated]
    if not known:
        readings = tuple(table.reading for table in tables)
        raise UnrecognisedTracker(
            "No table of offenders or staff was recognised. Map the columns by hand, or check that this is the tracker.", readings
        )
    open_caseload = any(_is_caseload(table) and not table.sheet.hidden and not is_archive(table.sheet.name) for table in known)
    chosen = []
    for table in tables:
        named = profile is not None and profile.sheet_rule(table.sheet.name) is not None
        aside = _is_caseload(table) and open_caseload and not named and (table.sheet.hidden or is_archive(table.sheet.name))
        if aside:
            reading = table.reading
            why = "hidden" if table.sheet.hidden else "named as closed cases"
            message = (
                f"This sheet is {why}, so its {len(table.rows)} rows were not read. To read it, choose it in the import dialogue."
            )
            findings.append(Finding(reading.sheet, reading.header_row, "", Severity.WARNING, "sheet_not_read", "", message))
            reading = replace(reading, kind=TableKind.OTHER, notes=(*reading.notes, message))
            chosen.append(replace(table, reading=reading))
        else:
            chosen.append(table)
    return chosen, findings


def _repeated(table: TableReading, column: ColumnReading) -> Finding:
    message = "Another column has the same header, and that one was read. Give this one a header of its own, or delete it."
    return Finding(table.sheet, table.header_row, column.header, Severity.WARNING, "duplicate_column", "", message)


def _is_caseload(table: Table) -> bool:
    return table.reading.kind is TableKind.OFFENDERS


def _with_managers(
    offenders: tuple[OffenderRow, ...], managers: tuple[ManagerRow, ...], findings: list[Finding]
) -> tuple[OffenderRow, ...]:
    """Managers by the id of the tracker's own staff list; a sheet named after an officer holds that officer's cases."""
    if not managers:
        return offenders
    staff = StaffList(managers)
    settled = []
    for row in offenders:
        by_sheet = "manager" not in row.columns
        named = row.sheet if by_sheet else row.values.get("manager")
        found = staff.find(str(named)) if named is not None else None
        if named is not None and found is None and not by_sheet:
            message = (
                "This manager is not on the staff list, or fits several officers. Add the officer there, or correct the cell."
            )
            findings.append(
                Finding(row.sheet, row.row, row.columns["manager"], Severity.WARNING, "unknown_manager", str(named)[:80], message)
            )
        settled.append(replace(row, values={**row.values, "manager": found}) if found else row)
    return tuple(settled)

"""The same person or officer twice in a tracker: the first row counts, and what differs is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mosovo_planner.domain.people import Absence
from mosovo_planner.exchange.findings import Finding, Severity
from mosovo_planner.exchange.managers import ManagerRow, StaffList
from mosovo_planner.exchange.offenders import OffenderRow
from mosovo_planner.exchange.text import shown


def unique_offenders(rows: Iterable[OffenderRow], findings: list[Finding]) -> tuple[OffenderRow, ...]:
    """Each reference once, letters' case aside: the first row counts."""
    first: dict[str, OffenderRow] = {}
    visor: dict[str, OffenderRow] = {}
    for row in rows:
        key = row.ref.casefold()
        if key in first:
            findings.append(_finding(row, first[key]))
            continue
        first[key] = row
        number = str(row.values.get("visor_ref", "")).casefold()
        if number and visor.setdefault(number, row) is not row:
            findings.append(_same_visor(row, visor[number]))
    return tuple(first.values())


def _finding(row: OffenderRow, counts: OffenderRow) -> Finding:
    place = f"row {counts.row}" if counts.sheet == row.sheet else f"row {counts.row} of sheet {counts.sheet}"
    differing = [
        f"{row.columns.get(name, name)} ({_shown(counts.values.get(name))} there, {_shown(row.values.get(name))} here)"
        for name in dict.fromkeys([*counts.values, *row.values])
        if counts.values.get(name) != row.values.get(name)
    ]
    same = f"The same reference stands in {place}, which counts. "
    if differing:
        text = f"{same}This row differs in {', '.join(differing)}. Correct {place} if this row is right, and delete the other."
    else:
        text = f"{same}This row says the same. Delete one of the two."
    return Finding(row.sheet, row.row, _ref_column(row), Severity.WARNING, "duplicate", shown(row.ref), text)


def _same_visor(row: OffenderRow, other: OffenderRow) -> Finding:
    text = (
        f"Row {other.row} of sheet {other.sheet} has the same ViSOR number under another reference. Both rows were taken: "
        "correct the number, or delete one row if it is one person."
    )
    column = row.columns.get("visor_ref", "")
    return Finding(row.sheet, row.row, column, Severity.WARNING, "duplicate_visor_ref", shown(row.values["visor_ref"]), text)


def _ref_column(row: OffenderRow) -> str:
    return row.columns.get("ref") or row.columns.get("visor_ref", "")


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return shown(", ".join(map(str, value)) if isinstance(value, tuple) else value)


def merged_managers(rows: Iterable[ManagerRow], findings: list[Finding]) -> tuple[ManagerRow, ...]:
    """Each officer once. Several rows of one officer add up their absences; where else they differ, the first counts."""
    first: dict[str, ManagerRow] = {}
    for row in _with_leave_settled(list(rows), findings):
        key = row.id.casefold()
        if key not in first:
            first[key] = row
            continue
        counts = first[key]
        differing = [name for name, value in row.values.items() if name != "absences" and counts.values.get(name, value) != value]
        if differing:
            place = f"row {counts.row} of sheet {counts.sheet}"
            text = f"The same officer stands in {place}, which counts. This row differs in {', '.join(differing)}."
            findings.append(Finding(row.sheet, row.row, "", Severity.WARNING, "duplicate", shown(row.id), text))
        first[key] = _with(counts, row)
    return tuple(first.values())


def _with_leave_settled(rows: list[ManagerRow], findings: list[Finding]) -> Iterator[ManagerRow]:
    """Rows that only say who is away, from a sheet of leave, go to the officer of the staff list whom they name."""
    listed = [row for row in rows if (set(row.values) | row.blank) - {"name", "absences"}]
    staff, places = StaffList(listed), {(row.sheet, row.row) for row in listed}
    for row in rows:
        if not listed or (row.sheet, row.row) in places:
            yield row
        elif found := staff.find(row.id):
            yield replace(row, id=found, values={name: value for name, value in row.values.items() if name != "name"})
        else:
            message = (
                "This officer is not on the staff list, or fits several, so the days were not taken. Mend the list or the name."
            )
            findings.append(Finding(row.sheet, row.row, "", Severity.REJECTED, "unknown_manager", shown(row.id), message))


def _with(counts: ManagerRow, row: ManagerRow) -> ManagerRow:
    values = {**row.values, **counts.values}
    absences = sorted({*_absences(counts), *_absences(row)}, key=lambda absence: (absence.start, absence.end))
    if absences:
        values["absences"] = tuple(absences)
    return ManagerRow(counts.sheet, counts.row, counts.id, values, (counts.blank | row.blank) - set(values))


def _absences(row: ManagerRow) -> tuple[Absence, ...]:
    value = row.values.get("absences", ())
    return value if isinstance(value, tuple) else ()

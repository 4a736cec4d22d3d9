"""Staff tables to offender managers: base, hours, training, days away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from mosovo_planner.domain.people import Absence
from mosovo_planner.exchange.cells import CellReader
from mosovo_planner.exchange.dates import read_date, split_periods
from mosovo_planner.exchange.fields import IGNORED
from mosovo_planner.exchange.findings import Doubt, Severity
from mosovo_planner.exchange.layout import ColumnReading
from mosovo_planner.exchange.sheets import Row
from mosovo_planner.exchange.text import is_blank, plain

_AWAY = frozenset({"absence_from", "absence_to", "absences", "absence_reason"})
_JOINED = frozenset({"reach"})
"""What several columns tell together: telephone and e-mail are both ways to reach somebody."""
_RANKS = re.compile(
    r"^(?:(?:t|a)?/?(?:pc|dc|ds|ps|di|dci|pcso|sgt|sergeant|insp|inspector|mr|mrs|ms|miss|dr|officer|pso|om)\b\.?\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ManagerRow:
    """One officer as the staff sheet gives them; keys of ``values`` are the field names of ``domain.OffenderManager``.

    ``lat``, ``lon``, ``easting`` and ``northing`` are those of the base. ``absences`` is a tuple of Absence, there
    where any was read. ``blank`` as for offenders.
    """

    sheet: str
    row: int
    id: str
    values: dict[str, object]
    blank: frozenset[str]


def read_managers(reader: CellReader) -> Iterator[tuple[Row, ManagerRow | None]]:
    """Each data row of a staff table with its officer, None where it was rejected."""
    table = reader.table
    columns = [
        column for column in table.reading.columns if column.field not in (None, IGNORED, "id") and column.field not in _AWAY
    ]
    away = any(column.field in _AWAY - {"absence_reason"} for column in table.reading.columns)
    for row in table.rows:
        values: dict[str, object] = {}
        blank: set[str] = set()
        for column in columns:
            value, empty = reader.read(row, column)
            if empty:
                blank.add(column.field or "")
            elif value is not None and column.field in _JOINED and column.field in values:
                values[column.field] = f"{values[column.field]}; {value}"
            elif value is not None:
                values.setdefault(column.field or "", value)
        staff_id = _staff_id(reader, row, values)
        if staff_id is None:
            yield row, None
            continue
        if away:
            _add_absences(reader, row, values, blank)
        _settle(values, blank)
        yield row, ManagerRow(table.reading.sheet, row.number, staff_id, values, frozenset(blank - set(values)))


def _staff_id(reader: CellReader, row: Row, values: dict[str, object]) -> str | None:
    """The officer's id; the name where the table has no id. None: row rejected."""
    surname, forenames = values.pop("surname", ""), values.pop("forenames", "")
    if surname:
        values.setdefault("name", f"{forenames} {surname}".strip())
    columns = reader.table.columns("id")
    staff_id = reader.reference(row, columns[0]) if columns else str(values.get("name", ""))
    if staff_id == "":
        message = "The officer has no id, so the row cannot be stored. Give the id in the staff list."
        reader.add(row.number, columns[0] if columns else None, "missing_reference", message, severity=Severity.REJECTED)
    return staff_id or None


def _settle(values: dict[str, object], blank: set[str]) -> None:
    fte = values.pop("fte", None)
    if fte is not None:
        values.setdefault("weekly_hours", fte)
    training = values.pop("training", None)
    if isinstance(training, dict):
        for name, value in training.items():
            values.setdefault(name, value)
    if "fte" in blank:
        blank.discard("fte")
        blank.add("weekly_hours")
    if "training" in blank:
        blank.discard("training")
    blank -= {"surname", "forenames"}
    for one, other in (("lat", "lon"), ("easting", "northing")):
        if (one in values) != (other in values):
            values.pop(one, None)
            values.pop(other, None)


def _add_absences(reader: CellReader, row: Row, values: dict[str, object], blank: set[str]) -> None:
    reasons = [reader.read(row, column)[0] or "" for column in reader.table.columns("absence_reason")]
    absences = [*_pairs(reader, row), *_listed(reader, row)]
    if absences:
        reason = str(reasons[0]) if reasons else ""
        values["absences"] = tuple(replace(absence, reason=reason) for absence in absences)
    elif all(is_blank(row.cell(column.index)) for column in reader.table.reading.columns if column.field in _AWAY):
        blank.add("absences")


def _pairs(reader: CellReader, row: Row) -> Iterator[Absence]:
    """Absences in pairs of columns: each ``from`` with the next ``to`` to its right."""
    for first, last in period_columns(reader.table.reading.columns):
        blanks = [column is None or is_blank(row.cell(column.index)) for column in (first, last)]
        if all(blanks):
            continue
        given = first if not blanks[0] else last
        if any(blanks) or first is None or last is None:
            if given is not None:
                reader.warn(row, given, "bad_date", "An absence needs its first and its last day. Fill both cells.")
            continue
        days = [reader.read(row, column)[0] for column in (first, last)]
        if isinstance(days[0], date) and isinstance(days[1], date):
            if days[1] < days[0]:
                reader.warn(row, last, "bad_date", "The absence ends before it begins. Check both days.")
            else:
                yield Absence(days[0], days[1])


def period_columns(columns: Sequence[ColumnReading]) -> list[tuple[ColumnReading | None, ColumnReading | None]]:
    """Columns of absences in pairs, from left to right."""
    pairs: list[tuple[ColumnReading | None, ColumnReading | None]] = []
    waiting: list[ColumnReading] = []
    for column in columns:
        if column.field == "absence_from":
            waiting.append(column)
        elif column.field == "absence_to":
            pairs.append((waiting.pop(0) if waiting else None, column))
    return [*pairs, *((column, None) for column in waiting)]


def _listed(reader: CellReader, row: Row) -> Iterator[Absence]:
    """Absences in one cell: ``28/11/2026 - 06/12/2026; 24/12/2026`` (a single date is one day)."""
    for column in reader.table.columns("absences"):
        cell = row.cell(column.index)
        if is_blank(cell) or plain(cell).casefold() in {"none", "nil", "n", "no", "n/a"}:
            continue
        try:
            yield from _read_periods(reader, column, cell)
        except Doubt as doubt:
            reader.doubt(row, column, doubt)


def _read_periods(reader: CellReader, column: ColumnReading, cell: object) -> list[Absence]:
    rule = reader.date_rule(column)
    if not isinstance(cell, str):
        day = read_date(cell, rule)
        return [Absence(day, day)]
    absences = []
    for period in split_periods(cell):
        days = [read_date(part, rule) for part in period]
        if len(days) > 2 or days[-1] < days[0]:
            raise Doubt(
                "bad_date", "This is no list of absences. Write each as 28/11/2026 - 06/12/2026, with a semicolon between."
            )
        absences.append(Absence(days[0], days[-1]))
    return absences


class StaffList:
    """The officers of a tracker, to find which one a cell means: by id, name, collar number or surname, if only one fits."""

    def __init__(self, managers: Iterable[ManagerRow]) -> None:
        self._ids: dict[str, str] = {}
        self._names: dict[str, set[str]] = {}
        for manager in managers:
            self._ids[_key(manager.id)] = manager.id
            for name in _spellings(str(manager.values.get("name", ""))):
                self._names.setdefault(name, set()).add(manager.id)

    def find(self, text: str) -> str | None:
        """The id of the one officer a text names, None where none or several fit."""
        if found := self._ids.get(_key(text)):
            return found
        for spelling in (_key(text), _key(_RANKS.sub("", text.strip()))):
            if len(named := self._names.get(spelling, set())) == 1:
                return next(iter(named))
        return None


def _key(text: str) -> str:
    return " ".join(text.casefold().split())


def _spellings(name: str) -> set[str]:
    """How a tracker may name ``PC 1000 Jo Cedar``: whole, without rank, without number, by number, by surname."""
    bare = _RANKS.sub("", name.strip())
    words = bare.split()
    unnumbered = [word for word in words if not word.isdigit()]
    spellings = {name, bare, " ".join(unnumbered), *(word for word in words if word.isdigit()), *unnumbered[-1:]}
    return {_key(each) for each in spellings if each}

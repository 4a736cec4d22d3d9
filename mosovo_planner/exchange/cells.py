"""One table's cells read by field: values where they can be read, findings where they cannot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from mosovo_planner.domain.clocks import add_months
from mosovo_planner.exchange.dates import DateOrder, DateRule, date_order, read_date, split_periods
from mosovo_planner.exchange.fields import Field, Reading, field_of
from mosovo_planner.exchange.findings import Doubt, Finding, Severity
from mosovo_planner.exchange.layout import ColumnReading, Table
from mosovo_planner.exchange.numbers import interval_unit, read_coordinate, read_fte, read_hours, read_interval
from mosovo_planner.exchange.postcodes import read_postcode
from mosovo_planner.exchange.sheets import Row
from mosovo_planner.exchange.states import read_level, read_risk, read_sex, read_status, read_training, read_yes_no
from mosovo_planner.exchange.text import is_blank, plain, read_text, shown
from mosovo_planner.exchange.wordings import read_markers, read_name, read_orders

_ABSENT = frozenset({"n/a", "na", "none", "nil", "not applicable"})
_SAYS_NONE = {
    "arms_done": _ABSENT,
    "rmp_review_due": _ABSENT,
    "interval_months": _ABSENT,
    "supervisor": _ABSENT,
    "manager": _ABSENT
    | {"unallocated", "not allocated", "unassigned", "not assigned", "vacant", "vacancy", "no om", "tbc", "tba"},
}
_LINES = {"address": ", ", "notes": "\n"}
_NO_REFERENCE = frozenset({"?", "tbc", "tba", "n/a", "na", "none", "nil", "unknown", "not known", "new", "??", "???"})


def plausible_days(name: str, as_of: date) -> tuple[date, date]:
    """The first and last day that a date of this field can be.

    Visits lie not in the future and not before the register began (1 September 1997); nobody on it is under ten,
    the age of criminal responsibility.
    """
    if name == "date_of_birth":
        return date(1900, 1, 1), add_months(as_of, -120)
    if name == "last_seen":
        return date(1997, 9, 1), as_of
    if name == "arms_done":
        return date(2000, 1, 1), as_of
    return date(2000, 1, 1), add_months(as_of, 120)


@dataclass
class CellReader:
    """Reads the cells of one table and collects what is doubtful.

    The order of day and month is settled here once for each column (absences: for all their columns together).
    """

    table: Table
    as_of: date
    declared: DateOrder | None
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._units: dict[int, str] = {}
        self._rules: dict[int, DateRule] = {}
        away = [column for name in ("absence_from", "absence_to", "absences") for column in self.table.columns(name)]
        self._away = {column.index for column in away}
        self._kind = self.table.reading.kind

    def column_cells(self, column: ColumnReading) -> list[object]:
        return [row.cell(column.index) for row in self.table.rows]

    def date_rule(self, column: ColumnReading) -> DateRule:
        """What the column's dates may be, and the order it settled."""
        if column.index not in self._rules:
            earliest, latest = plausible_days(column.field or "", self.as_of)
            self._rules[column.index] = DateRule(earliest, latest, self._order(column), self.table.sheet.epoch)
        return self._rules[column.index]

    def _order(self, column: ColumnReading) -> DateOrder | None:
        if self.declared is not None:
            return self.declared
        if column.index not in self._away:
            return date_order(self.column_cells(column))
        texts = [cell for row in self.table.rows for index in self._away if isinstance(cell := row.cell(index), str)]
        return date_order(day for text in texts for period in split_periods(text) for day in period)

    def read(self, row: Row, column: ColumnReading) -> tuple[object, bool]:
        """The value of a cell and whether it is blank; (None, False) where it is doubtful, with a finding."""
        cell = row.cell(column.index)
        known = field_of(self._kind, column.field or "")
        if is_blank(cell) or self._says_none(known, cell):
            if (row.number, column.index) in self.table.sheet.uncalculated:
                self.doubt(row, column, _no_result())
                return None, False
            return None, True
        try:
            value = self._value(known, column, cell)
        except Doubt as doubt:
            self.doubt(row, column, doubt)
            return None, False
        stated = known.reading is Reading.POSTCODE and value == ""
        return value, value is None or (value in ("", ()) and not stated)

    def _says_none(self, known: Field, cell: object) -> bool:
        return isinstance(cell, str) and plain(cell).casefold() in _SAYS_NONE.get(known.name, ())

    def _value(self, known: Field, column: ColumnReading, cell: object) -> object:
        if known.reading is Reading.DATE:
            return read_date(cell, self.date_rule(column))
        if known.reading is Reading.INTERVAL:
            if column.index not in self._units:
                self._units[column.index] = interval_unit(column.header, self.column_cells(column))
            return read_interval(cell, self._units[column.index])
        if known.reading in _BY_HEADER:
            return _BY_HEADER[known.reading](cell, column.header)
        if known.reading in _WORDED:
            return _WORDED[known.reading](cell, column.header, known.longest)
        if known.reading in _SIMPLE:
            return _SIMPLE[known.reading](cell)
        return read_text(cell, known.longest, lines=_LINES.get(known.name, " "))

    def warn(self, row: Row, column: ColumnReading | None, code: str, message: str) -> None:
        self.add(row.number, column, code, message, value=shown(row.cell(column.index)) if column else "")

    def doubt(self, row: Row, column: ColumnReading, doubt: Doubt, severity: Severity = Severity.WARNING) -> None:
        value = shown(row.cell(column.index))
        self.add(row.number, column, doubt.code, doubt.message, value=value, severity=severity)

    def add(
        self,
        row: int,
        column: ColumnReading | None,
        code: str,
        message: str,
        *,
        value: str = "",
        severity: Severity = Severity.WARNING,
    ) -> None:
        header = column.header if column else ""
        self.findings.append(Finding(self.table.reading.sheet, row, header, severity, code, value, message))

    def reference(self, row: Row, column: ColumnReading, severity: Severity = Severity.REJECTED) -> str | None:
        """The reference in a cell; '' where there is none, None where it cannot be read, which is a finding of that severity."""
        cell = row.cell(column.index)
        try:
            if is_blank(cell) and (row.number, column.index) in self.table.sheet.uncalculated:
                raise _no_result()
            if is_blank(cell) or (isinstance(cell, str) and plain(cell).casefold() in _NO_REFERENCE):
                return ""
            if isinstance(cell, bool | date):
                raise Doubt(
                    "bad_reference",
                    "The spreadsheet turned this reference into a date. Format the cell as text and type it again.",
                )
            return read_text(cell, field_of(self._kind, column.field or "").longest)
        except Doubt as doubt:
            self.doubt(row, column, doubt, severity)
            return None


_BY_HEADER: dict[Reading, Callable[[object, str], object]] = {Reading.STATUS: read_status, Reading.FTE: read_fte}
_WORDED: dict[Reading, Callable[[object, str, int], object]] = {
    Reading.ORDERS: read_orders,
    Reading.MARKERS: read_markers,
    Reading.NAME: lambda cell, _, longest: read_name(cell, longest),
}
_SIMPLE: dict[Reading, Callable[[object], object]] = {
    Reading.SEX: read_sex,
    Reading.RISK: read_risk,
    Reading.POSTCODE: read_postcode,
    Reading.LEVEL: read_level,
    Reading.YES_NO: read_yes_no,
    Reading.HOURS: read_hours,
    Reading.TRAINING: read_training,
    Reading.LATITUDE: lambda cell: read_coordinate(cell, "latitude"),
    Reading.LONGITUDE: lambda cell: read_coordinate(cell, "longitude"),
    Reading.EASTING: lambda cell: read_coordinate(cell, "easting"),
    Reading.NORTHING: lambda cell: read_coordinate(cell, "northing"),
}


def _no_result() -> Doubt:
    return Doubt(
        "formula_without_value", "The formula holds no result. Open the workbook in the spreadsheet program and save it."
    )

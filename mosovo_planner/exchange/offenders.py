"""Offender tables to offender rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mosovo_planner.exchange.cells import CellReader
from mosovo_planner.exchange.fields import IGNORED
from mosovo_planner.exchange.findings import Severity
from mosovo_planner.exchange.layout import ColumnReading
from mosovo_planner.exchange.postcodes import postcode_in
from mosovo_planner.exchange.sheets import Row
from mosovo_planner.exchange.text import plain, shown


@dataclass(frozen=True, slots=True)
class OffenderRow:
    """One offender as the tracker gives him. ``row`` is the sheet's own, counted from 1.

    ``values`` holds only what was read without doubt and is not blank: keys are the field names of
    ``domain.Offender``, and ``lat``, ``lon`` (degrees), ``easting``, ``northing`` (metres, OSGB36) and
    ``place``. ``manager`` is a staff id where the tracker has a staff list that settles it, else the cell's
    text. ``blank`` names the mapped fields whose cell was empty; doubtful cells are in neither.
    """

    sheet: str
    row: int
    ref: str
    values: dict[str, object]
    blank: frozenset[str]
    columns: dict[str, str] = field(default_factory=dict)


def read_offenders(reader: CellReader) -> Iterator[tuple[Row, OffenderRow | None]]:
    """Each data row of the reader's table with its offender, None where the row was rejected."""
    table = reader.table
    columns = [column for column in table.reading.columns if column.field not in (None, IGNORED, "ref", "visor_ref")]
    headers = {column.field or "": column.header for column in table.reading.columns}
    for row in table.rows:
        if heading := _heading(reader, row):
            message = "Only one cell of the row is filled, so it was taken for a heading. If it is an offender, fill more cells."
            reader.add(row.number, None, "unreadable_row", message, value=shown(heading), severity=Severity.REJECTED)
            yield row, None
            continue
        ref, visor_ref = _references(reader, row)
        if ref is None:
            yield row, None
            continue
        values: dict[str, object] = {"visor_ref": visor_ref} if visor_ref else {}
        blank = {"visor_ref"} if visor_ref == "" and table.columns("visor_ref") else set()
        _read_cells(reader, row, columns, values, blank)
        _settle(reader, row, values)
        yield row, OffenderRow(table.reading.sheet, row.number, ref, values, frozenset(blank - set(values)), headers)


def _heading(reader: CellReader, row: Row) -> str:
    """The words of a row that has nothing else in a table of many columns; '' where it is a data row."""
    filled = [text for cell in row.cells if (text := plain(cell))]
    alone = len(filled) == 1 and " " in filled[0] and len(reader.table.reading.columns) >= 4
    return filled[0] if alone else ""


def _references(reader: CellReader, row: Row) -> tuple[str | None, str | None]:
    """The local and the ViSOR reference; the latter serves as both where it is the only column. None: row rejected."""
    ref_columns, visor_columns = reader.table.columns("ref"), reader.table.columns("visor_ref")
    own = (ref_columns or visor_columns)[:1]
    ref = reader.reference(row, own[0]) if own else ""
    if ref == "":
        message = "The row has no reference, so it cannot be stored. Give it one in the tracker."
        if not own:
            message = "The table has no column of references. Map the column that holds them, or add one."
        reader.add(row.number, own[0] if own else None, "missing_reference", message, severity=Severity.REJECTED)
        return None, ""
    if own == visor_columns[:1]:
        return ref, ref
    return ref, reader.reference(row, visor_columns[0], Severity.WARNING) if visor_columns else ""


def _read_cells(reader: CellReader, row: Row, columns: list[ColumnReading], values: dict[str, object], blank: set[str]) -> None:
    doubtful: set[str] = set()
    for column in columns:
        value, empty = reader.read(row, column)
        name = column.field or ""
        if name == "risk" and empty:
            reader.warn(row, column, "unknown_risk", "The risk level is empty. Use Low, Medium, High or Very high.")
        if name == "name":
            _take_name(value, values)
        elif empty:
            blank.add(name)
        elif value is None:
            doubtful.add(name)
        else:
            values[name] = _joined(values.get(name), value)
    blank -= doubtful  # of two columns of markers one may be empty and the other doubtful


def _take_name(value: object, values: dict[str, object]) -> None:
    if isinstance(value, tuple):
        surname, forenames = value
        values.setdefault("surname", surname)
        if forenames:
            values.setdefault("forenames", forenames)


def _joined(before: object, value: object) -> object:
    """Several columns of one field joined: address lines with commas, lists one after the other."""
    if before is None:
        return value
    if isinstance(before, tuple) and isinstance(value, tuple):
        return tuple(dict.fromkeys((*before, *value)))
    return f"{before}, {value}"


def _settle(reader: CellReader, row: Row, values: dict[str, object]) -> None:
    """What the row says only in sum: half a position is none, and an address may end with its postcode."""
    for one, other in (("lat", "lon"), ("easting", "northing")):
        if (one in values) == (other in values):
            continue
        alone = one if one in values else other
        column = reader.table.columns(alone)[0]
        other_columns = reader.table.columns(other if alone == one else one)
        if not other_columns or not plain(row.cell(other_columns[0].index)):
            reader.warn(row, column, "bad_position", "A position needs both its coordinates. Fill both cells, or neither.")
        del values[alone]
    if not reader.table.columns("postcode") and (found := postcode_in(str(values.get("address", "")))):
        values["postcode"] = found

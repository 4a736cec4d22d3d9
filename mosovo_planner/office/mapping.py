"""Mapping a tracker's columns by hand: what a dialogue needs to show the mapping and to remember it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mosovo_planner.exchange.dates import DateOrder
from mosovo_planner.exchange.errors import UnrecognisedTracker
from mosovo_planner.exchange.fields import TableKind, mappable_fields
from mosovo_planner.exchange.findings import Finding, Severity
from mosovo_planner.exchange.layout import TableReading
from mosovo_planner.exchange.profile import ColumnRule, Profile, SheetRule
from mosovo_planner.store.base.records import ImportBatch

__all__ = [
    "DateOrder", "Finding", "ImportBatch", "Profile", "Severity", "TableKind", "TableReading", "UnrecognisedTracker",
    "mappable_fields", "mapping",
]  # fmt: skip


def mapping(
    name: str,
    tables: Iterable[TableReading],
    fields: Mapping[tuple[str, int, int], str | None],
    kinds: Mapping[tuple[str, int], TableKind],
    date_order: DateOrder | None,
) -> Profile:
    """The profile that reads ``tables`` as chosen by hand.

    ``fields`` holds the chosen field by (sheet, header row, column index), None or '' for a column that is not to
    be read; ``kinds`` what a table holds by (sheet, header row). What was not chosen stays as it was recognised.
    """
    columns: list[ColumnRule] = []
    sheets: list[SheetRule] = []
    for table in tables:
        place = (table.sheet, table.header_row)
        kind = kinds.get(place, table.kind)
        if kind is not table.kind:
            sheets.append(SheetRule(table.sheet, kind, table.header_row))
        for column in table.columns:
            chosen = fields.get((*place, column.index), column.field)
            if chosen != column.field:
                columns.append(ColumnRule(column.header, chosen or "", table.sheet))
    return Profile(name, tuple(columns), tuple(sheets), date_order)

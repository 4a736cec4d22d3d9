"""Import profiles: how a team's own headers were mapped by hand, remembered as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mosovo_planner.exchange.dates import DateOrder
from mosovo_planner.exchange.errors import ProfileError
from mosovo_planner.exchange.fields import FIELDS, TableKind
from mosovo_planner.exchange.headers import normalise_header

FORMAT = "mosovo-import-profile/1"
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """The column headed ``header`` feeds ``field``; '' leaves it unread. ``sheet`` '' stands for every sheet."""

    header: str
    field: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class SheetRule:
    """What a sheet holds, and its header row where that was chosen by hand (None: found by its headers)."""

    sheet: str
    kind: TableKind
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A named mapping. ``date_order`` declares how text dates are written; None leaves it to each column."""

    name: str
    columns: tuple[ColumnRule, ...] = ()
    sheets: tuple[SheetRule, ...] = ()
    date_order: DateOrder | None = None

    def field_for(self, sheet: str, header: str) -> str | None:
        """The field chosen by hand for a column, a rule for the sheet before one for all; None where none was."""
        wanted = normalise_header(header)
        rules = [rule for rule in self.columns if normalise_header(rule.header) == wanted]
        for place in (normalise_header(sheet), ""):
            for rule in rules:
                if normalise_header(rule.sheet) == place:
                    return rule.field
        return None

    def sheet_rule(self, sheet: str) -> SheetRule | None:
        wanted = normalise_header(sheet)
        return next((rule for rule in self.sheets if normalise_header(rule.sheet) == wanted), None)

    def to_json(self) -> str:
        """The profile as JSON text (``mosovo-import-profile/1``)."""
        return json.dumps(
            {
                "format": FORMAT,
                "name": self.name,
                "columns": [{"sheet": rule.sheet, "header": rule.header, "field": rule.field} for rule in self.columns],
                "sheets": [{"sheet": rule.sheet, "kind": rule.kind.value, "header_row": rule.header_row} for rule in self.sheets],
                "date_order": self.date_order.value if self.date_order else None,
            },
            ensure_ascii=False,
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str) -> Profile:
        """The profile that :meth:`to_json` wrote. Raises ProfileError, which names the entry that is wrong."""
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            raise ProfileError("The profile is no JSON text.") from None
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise ProfileError(f"The profile is not of the format {FORMAT}.")
        order = content.get("date_order")
        if order is not None and order not in list(DateOrder):
            raise ProfileError("date_order: dmy, mdy or null is expected.")
        return cls(
            name=_text(content, "name", "name"),
            columns=tuple(_column_rule(entry, f"columns[{place}]") for place, entry in enumerate(_entries(content, "columns"))),
            sheets=tuple(_sheet_rule(entry, f"sheets[{place}]") for place, entry in enumerate(_entries(content, "sheets"))),
            date_order=DateOrder(order) if order is not None else None,
        )


_KNOWN = {""} | {field.name for fields in FIELDS.values() for field in fields}


def _entries(content: Mapping[str, Any], key: str) -> list[Any]:
    entries = content.get(key, [])
    if not isinstance(entries, list) or len(entries) > _MOST:
        raise ProfileError(f"{key}: a list of at most {_MOST} entries is expected.")
    return entries


def _text(entry: object, key: str, place: str) -> str:
    value = entry.get(key, "") if isinstance(entry, dict) else None
    if not isinstance(value, str) or len(value) > _MOST:
        raise ProfileError(f"{place}: a text is expected.")
    return value


def _column_rule(entry: object, place: str) -> ColumnRule:
    rule = ColumnRule(
        header=_text(entry, "header", f"{place}.header"),
        field=_text(entry, "field", f"{place}.field"),
        sheet=_text(entry, "sheet", f"{place}.sheet"),
    )
    if rule.field not in _KNOWN:
        raise ProfileError(f"{place}.field: there is no field of this name.")
    return rule


def _sheet_rule(entry: object, place: str) -> SheetRule:
    sheet, kind = _text(entry, "sheet", f"{place}.sheet"), _text(entry, "kind", f"{place}.kind")
    if kind not in list(TableKind):
        raise ProfileError(f"{place}.kind: offenders, managers or other is expected.")
    row = entry.get("header_row") if isinstance(entry, dict) else None
    if row is not None and (not isinstance(row, int) or isinstance(row, bool) or not 1 <= row <= 1_048_576):
        raise ProfileError(f"{place}.header_row: a row number or null is expected.")
    return SheetRule(sheet, TableKind(kind), row)

"""Where the tables of a sheet are: header rows, what each column holds, which rows are data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mosovo_planner.exchange.fields import FIELDS, TableKind
from mosovo_planner.exchange.headers import (
    TRACKER_KINDS,
    assign,
    is_worded_like_a_header,
    matches,
    normalise_header,
    score_header,
)
from mosovo_planner.exchange.profile import Profile, SheetRule
from mosovo_planner.exchange.sheets import Row, Sheet
from mosovo_planner.exchange.text import plain, shown

_HEADER_SEARCH = 60
_EXAMPLES = 3
_PLAINLY = 6  # the score of three known columns
_ARCHIVE = re.compile(
    r"\b(?:archived?|closed|deceased|de ?registered|deregs?|expired|removed|transferred(?: out)?|leavers|historic)\b|^old\b"
)
_TOTALS = re.compile(
    r"(?:grand |overall |sub[ -]?)?(?:totals?\b.{0,60}|(?:count|sum|average|avg|mean)\b[\s:=\d.,]*)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What was made of one column: ``field`` None where it was not recognised. ``index`` counts from 0."""

    index: int
    header: str
    field: str | None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableReading:
    """One table as it was understood, so that a dialogue can show and change the mapping.

    ``notes`` say in words what the user should know: hidden rows that were read, a sheet left out.
    """

    sheet: str
    header_row: int
    kind: TableKind
    columns: tuple[ColumnReading, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its data rows; title, blank, repeated header, heading and totals rows are left out.

    ``repeated`` are columns that are not read because an earlier one has the same header.
    """

    reading: TableReading
    sheet: Sheet
    rows: tuple[Row, ...]
    repeated: tuple[ColumnReading, ...] = ()

    def columns(self, field: str) -> tuple[ColumnReading, ...]:
        return tuple(column for column in self.reading.columns if column.field == field)


def find_tables(
    sheet: Sheet, profile: Profile | None, kinds: Sequence[TableKind] = TRACKER_KINDS
) -> tuple[Table, ...]:
    """The tables of a sheet, top to bottom; one of kind ``other`` where none is recognised."""
    rule = profile.sheet_rule(sheet.name) if profile else None
    if rule is not None and rule.header_row is not None:
        starts = [place for place, row in enumerate(sheet.rows) if row.number == rule.header_row]
    else:
        starts = _header_places(sheet, profile, kinds)
    if not starts:
        return (_unknown(sheet, rule, profile),) if sheet.rows else ()
    tables = []
    for start, end in zip(starts, [*starts[1:], len(sheet.rows)], strict=True):
        upper = sheet.rows[start - 1] if start and start - 1 not in starts else None
        kind = rule.kind if rule else _kind(sheet.rows[start], sheet.name, profile, kinds)
        rows = sheet.rows[start + 1 : end]
        if end < len(sheet.rows) and rows and _filled(rows[-1]) == 1:
            rows = rows[:-1]  # the title of the next table
        tables.append(_table(sheet, kind, _Header(sheet.rows[start], upper), rows, profile))
    return tuple(tables)


def _filled(row: Row) -> int:
    return sum(bool(plain(cell)) for cell in row.cells)


@dataclass(frozen=True, slots=True)
class _Header:
    row: Row
    upper: Row | None


def _texts(row: Row) -> list[str]:
    return [plain(cell)[:200] if isinstance(cell, str) else "" for cell in row.cells]


def _kind(row: Row, sheet: str, profile: Profile | None, kinds: Sequence[TableKind]) -> TableKind:
    return score_header(_as_mapped(_texts(row), sheet, profile, kinds), kinds).kind


def _as_mapped(texts: list[str], sheet: str, profile: Profile | None, kinds: Sequence[TableKind]) -> list[str]:
    """Headers as the profile maps them: a header mapped by hand counts as its field's own first alias."""
    if profile is None or not profile.columns:
        return texts
    first = {field.name: field.aliases[0] for kind in reversed(kinds) for field in FIELDS[kind]}
    return [first.get(profile.field_for(sheet, text) or "", text) if text else "" for text in texts]


def _header_places(sheet: Sheet, profile: Profile | None, kinds: Sequence[TableKind]) -> list[int]:
    """Places of header rows: the best of the first rows, and every other row that plainly heads a table of its own."""

    def score(place: int) -> int:
        return score_header(_as_mapped(_texts(sheet.rows[place]), sheet.name, profile, kinds), kinds).score

    best = max(range(min(_HEADER_SEARCH, len(sheet.rows))), key=lambda place: (score(place), -place), default=-1)
    if best < 0 or score(best) == 0:
        return []
    places: list[int] = []
    header: tuple[str, ...] = ()
    for place, row in enumerate(sheet.rows):
        plain_header = place == best or (_could_head(row) and score(place) >= _PLAINLY and _key(row) != header)
        if plain_header and not (place + 1 == best and place != best):  # a row right above is the header's own first line
            places.append(place)
            header = _key(row)
    return places


def _could_head(row: Row) -> bool:
    """A cheap look: the row has nothing but texts, three or more of them worded like headers, and no more than two not."""
    known = unknown = 0
    for cell in row.cells:
        if cell is None or cell == "":
            continue
        if not isinstance(cell, str) or len(cell) > 60 or unknown > 2:
            return False
        worded = is_worded_like_a_header(cell)
        known += worded
        unknown += not worded
    return known >= 3


def _key(row: Row) -> tuple[str, ...]:
    return tuple(normalise_header(text) for text in _texts(row))


def _unknown(sheet: Sheet, rule: SheetRule | None, profile: Profile | None) -> Table:
    """A sheet that was not recognised, with its likeliest header row, so that it can be mapped by hand."""
    place = next(
        (place for place, row in enumerate(sheet.rows[:_HEADER_SEARCH]) if sum(bool(text) for text in _texts(row)) >= 2), 0
    )
    kind = rule.kind if rule else TableKind.OTHER
    return _table(sheet, kind, _Header(sheet.rows[place], None), sheet.rows[place + 1 :], profile)


def _table(sheet: Sheet, kind: TableKind, header: _Header, rows: Sequence[Row], profile: Profile | None) -> Table:
    data = tuple(row for row in rows if _is_data(row, sheet, _key(header.row)))
    width = max([len(header.row.cells), *(len(row.cells) for row in data)])
    texts = [plain(header.row.cell(column))[:200] for column in range(width)]
    fields = _assigned(kind, texts, header.upper, sheet.name, profile)
    columns = []
    for column, title in enumerate(_titles(texts)):
        examples = tuple(example for row in data[:_EXAMPLES] if (example := shown(row.cell(column))))
        if texts[column] or examples or any(plain(row.cell(column)) for row in data):
            columns.append(ColumnReading(column, title, fields.get(column), examples))
    reading = TableReading(sheet.name, header.row.number, kind, tuple(columns), _notes(sheet, kind, data))
    used = {normalise_header(texts[column]) for column, field in fields.items() if field}
    repeated = tuple(
        column for column in columns if column.field is None and column.examples and normalise_header(texts[column.index]) in used
    )
    return Table(reading, sheet, data, repeated)


def _titles(texts: list[str]) -> list[str]:
    """A name for each column: its header, numbered where it repeats, the column's letter where it has none."""
    seen: dict[str, int] = {}
    titles = []
    for column, text in enumerate(texts):
        count = seen[normalise_header(text)] = seen.get(normalise_header(text), 0) + 1
        if not text:
            titles.append(f"Column {letters(column)}")
        else:
            titles.append(text if count == 1 else f"{text} ({count})")
    return titles


def letters(column: int) -> str:
    """The spreadsheet's letters of a column counted from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def _assigned(kind: TableKind, texts: list[str], upper: Row | None, sheet: str, profile: Profile | None) -> dict[int, str]:
    if kind is TableKind.OTHER:
        return {}
    known = {field.name: field for field in FIELDS[kind]}
    titles = _titles(texts)
    by_hand = {column: profile.field_for(sheet, title) for column, title in enumerate(titles)} if profile else {}
    chosen = {column: field for column, field in by_hand.items() if field is not None}
    for column, field in list(chosen.items()):  # of two columns for one field the first counts
        if field in known and not known[field].joins and field in [chosen[each] for each in chosen if each < column]:
            chosen[column] = ""
    free = ["" if column in chosen else text for column, text in enumerate(_with_upper(kind, texts, upper))]
    taken = set(chosen.values())
    fields = {column: field for column, field in assign(kind, free).items() if field not in taken or known[field].joins}
    return fields | {column: field for column, field in chosen.items() if field in known}


def _with_upper(kind: TableKind, texts: list[str], upper: Row | None) -> list[str]:
    """Two-row headers: a header not known alone is read with the group header above it, ``Visits`` over ``Last``."""
    if upper is None:
        return texts
    joined, group = [], ""
    for column, text in enumerate(texts):
        group = plain(upper.cell(column))[:200] or group
        both = f"{group} {text}"
        joined.append(both if text and not matches(kind, text) and matches(kind, both) else text)
    return joined


def _is_data(row: Row, sheet: Sheet, header: tuple[str, ...]) -> bool:
    filled = [cell for cell in row.cells if plain(cell)]
    if not filled or (row.number in sheet.headings and len(filled) == 1):
        return False
    first = plain(filled[0])
    if _TOTALS.fullmatch(first) and len(filled) <= max(2, len(header) // 2):
        return False
    column = next(column for column, cell in enumerate(row.cells) if plain(cell))
    if column >= len(header) or normalise_header(first) != header[column]:
        return True
    same = sum(bool(text) and text == title for text, title in zip(_key(row), header, strict=False))
    return same < max(2, 0.6 * sum(bool(title) for title in header))


def _notes(sheet: Sheet, kind: TableKind, data: tuple[Row, ...]) -> tuple[str, ...]:
    notes = []
    numbers = {row.number for row in data}
    hidden = [number for number in sheet.hidden_rows if number in numbers]
    if hidden and kind is not TableKind.OTHER:
        shown = ", ".join(map(str, hidden[:20])) + (" …" if len(hidden) > 20 else "")
        notes.append(f"{len(hidden)} hidden row{'s were' if len(hidden) != 1 else ' was'} read: {shown}.")
    if sheet.hidden:
        notes.append("The sheet is hidden in the workbook.")
    return tuple(notes)


def is_archive(sheet: str) -> bool:
    """Whether a sheet's name says that its people are no longer managed."""
    return bool(_ARCHIVE.search(normalise_header(sheet)))

"""Workbooks (.xlsx, .xlsm) to sheets: values only, streamed, within limits, with defused XML."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import ParseError

import defusedxml.common
import openpyxl
from defusedxml.ElementTree import fromstring
from openpyxl.utils.cell import range_boundaries

from mosovo_planner.domain.progress import Progress, Reporter
from mosovo_planner.exchange.archive import check_archive
from mosovo_planner.exchange.errors import TrackerError
from mosovo_planner.exchange.sheets import MAX_COLUMNS, MAX_ROWS, Row, Sheet, trimmed

_DAMAGED = "The workbook is damaged. Open it in the spreadsheet program, save it again and import that."
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DAMAGE = (ParseError, zipfile.BadZipFile, zlib.error, NotImplementedError)  # the last: a packing zipfile does not know
_FILL_LIMIT = 200_000
_STEP = 500


def read_workbook(path: Path, report: Reporter) -> tuple[Sheet, ...]:
    """All sheets of a workbook. Raises TrackerError with the cure where it cannot be read."""
    if not openpyxl.DEFUSEDXML:
        raise TrackerError("The XML guard (defusedxml) is switched off, so workbooks are not opened. Unset OPENPYXL_DEFUSEDXML.")
    check_archive(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            traits = _sheet_traits(path)
            return tuple(_read_sheets(path, traits, report))
    except (defusedxml.common.DefusedXmlException, RecursionError):
        raise TrackerError(
            "The workbook's XML holds constructs that no spreadsheet program writes, so it is not opened."
        ) from None
    except (*_DAMAGE, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OverflowError):
        raise TrackerError(_DAMAGED) from None


def _read_sheets(path: Path, traits: dict[str, _Traits], report: Reporter) -> Iterator[Sheet]:
    with path.open("rb") as stream:  # openpyxl would keep a damaged file open, which Windows then lets nobody delete
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            epoch = book.epoch.date()
            for place, sheet in enumerate(book.worksheets):
                trait = traits.get(sheet.title, _Traits())
                yield _read_sheet(sheet, trait, epoch, _Steps(report, place, len(book.worksheets), sheet.max_row or 0))
        finally:
            book.close()


@dataclass(frozen=True, slots=True)
class _Steps:
    """Tells how far the reading of the sheets is: the first half of the whole work."""

    report: Reporter
    sheet: int
    sheets: int
    rows: int

    def tell(self, title: str, row: int) -> None:
        within = min(1.0, row / self.rows) if self.rows else 0.0
        self.report(Progress(f"Reading sheet {title}: row {row:,}", 0.5 * (self.sheet + within) / self.sheets))


def _read_sheet(sheet: Any, trait: _Traits, epoch: date, steps: _Steps) -> Sheet:
    sheet.reset_dimensions()  # the file's own statement of its size cannot be trusted
    rows: list[Row] = []
    too_wide: list[int] = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number % _STEP == 0:
            steps.tell(sheet.title, number)
        filled = trimmed(cells)
        if not filled:
            continue
        if len(filled) > MAX_COLUMNS:
            too_wide.append(number)
            filled = trimmed(filled[:MAX_COLUMNS])
        rows.append(Row(number, filled))
        if len(rows) > MAX_ROWS:
            raise TrackerError(
                f"A sheet has more than {MAX_ROWS:,} filled rows. Save the rows of the tracker as a workbook of their own."
            )
    whole = Sheet(
        sheet.title,
        tuple(rows),
        epoch,
        hidden=sheet.sheet_state != "visible",
        hidden_rows=trait.hidden_rows,
        uncalculated=trait.uncalculated,
        too_wide=tuple(too_wide),
    )
    return _with_merges(whole, trait.merged)


def _with_merges(sheet: Sheet, merged: tuple[str, ...]) -> Sheet:
    """Cells merged downwards all hold the top one's value; cells merged across three or more are a heading."""
    headings: set[int] = set()
    fill: dict[int, dict[int, int]] = {}
    filled = 0
    for text in merged:
        left, top, right, bottom = range_boundaries(text)
        if top == bottom and right - left >= 2:
            headings.add(top)
        elif left == right and filled + bottom - top <= _FILL_LIMIT:
            filled += bottom - top
            for number in range(top + 1, bottom + 1):
                fill.setdefault(number, {})[left - 1] = top
    above = {row.number: row for row in sheet.rows} if fill else {}
    rows = tuple(_filled(row, fill[row.number], above) if row.number in fill else row for row in sheet.rows)
    return replace(sheet, rows=rows, headings=frozenset(headings))


def _filled(row: Row, tops: dict[int, int], above: dict[int, Row]) -> Row:
    cells = list(row.cells)
    for column, top in tops.items():
        if top in above and row.cell(column) is None:
            cells += [None] * (column + 1 - len(cells))
            cells[column] = above[top].cell(column)
    return Row(row.number, tuple(cells))


@dataclass(frozen=True, slots=True)
class _Traits:
    """What the streamed reading does not tell of a sheet."""

    merged: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    uncalculated: frozenset[tuple[int, int]] = frozenset()


_MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row (?=[^>]*\bhidden=\"(?:1|true)\")[^>]*\br=\"(\d{1,7})\"")
_UNCALCULATED = re.compile(
    rb"""<(?:\w+:)?c\ (?=[^>]*\br="([A-Z]{1,3})(\d{1,7})")(?![^>]*\bt="str")[^>]*>\s*
         <(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*
         (?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>""",
    re.VERBOSE,
)


def _sheet_traits(path: Path) -> dict[str, _Traits]:
    with zipfile.ZipFile(path) as archive:
        return {name: _traits(archive.read(part)) for name, part in _sheet_parts(archive).items() if part in archive.NameToInfo}


def _traits(xml: bytes) -> _Traits:
    return _Traits(
        merged=tuple(text.decode() for text in _MERGED.findall(xml)),
        hidden_rows=tuple(int(number) for number in _HIDDEN_ROW.findall(xml)),
        uncalculated=frozenset((int(row), _column_index(letters)) for letters, row in _UNCALCULATED.findall(xml))
        if b"<f" in xml or b":f" in xml
        else frozenset(),
    )


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet names to their parts in the zip."""
    relations = {each.get("Id"): each.get("Target", "") for each in fromstring(archive.read("xl/_rels/workbook.xml.rels"))}
    sheets = fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    return {each.get("name", ""): _part(relations.get(each.get(_RELATION), "")) for each in sheets}


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)

"""Tables out, as .xlsx or .csv: marked, stamped, harmless to open, and whole or not there at all."""

from __future__ import annotations

import csv
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from mosovo_planner.exchange.errors import TablePathError

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_767  # Excel's own limit
_WIDEST = 60
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")
_MOST_ROWS = 1_048_000


def write_table(
    path: Path, *, title: str, headers: Sequence[str], rows: Sequence[Sequence[object]], stamp: Sequence[str]
) -> None:
    """Write a table to ``path`` (.xlsx or .csv by its suffix), in place of what was there.

    ``stamp`` lines (classification, who, when) stand above the header, and the first also in the printed page's
    header. No text can start a formula. The file is written beside its place and moved there when it is whole.
    Raises TablePathError where that cannot be done.
    """
    writers: dict[str, Callable[[Path], None]] = {
        ".xlsx": lambda target: _write_workbook(target, title, headers, rows, stamp),
        ".csv": lambda target: _write_csv(target, title, headers, rows, stamp),
    }
    writer = writers.get(path.suffix.casefold())
    if writer is None:
        raise TablePathError("A table is written as .xlsx or .csv. Choose a file name that ends so.")
    if len(rows) > _MOST_ROWS:
        raise TablePathError("The table has more rows than a sheet can hold. Filter it first.")
    write_whole(path, writer)


def write_whole(path: Path, writer: Callable[[Path], None]) -> None:
    """Have ``writer`` write a file beside ``path`` and move it there when it is whole; raises TablePathError."""
    if path.is_dir():
        raise TablePathError("There is a folder of this name. Choose another file name.")
    if not path.parent.is_dir():
        raise TablePathError("The folder does not exist. Choose another, or make it first.")
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".mosovo-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        writer(temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
        temporary = None
    except PermissionError:
        raise TablePathError(
            "The file cannot be written here. Close it in the other program, or choose another folder."
        ) from None
    except OSError as error:
        raise TablePathError(f"The file cannot be written ({error.strerror or 'disk error'}). Choose another place.") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _plain(value: object) -> object:
    """A value as a cell holds it: text, number, yes or no, or date; lists joined, names of kinds as their label."""
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(getattr(value, "label", value.value))
    if isinstance(value, bool | int | date):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else ""
    if isinstance(value, tuple | list | set | frozenset):
        return _text(", ".join(str(_plain(each)) for each in value))
    return _text(str(value))


def _text(text: str) -> str:
    clean: str = ILLEGAL_CHARACTERS_RE.sub("", text).encode("utf-8", "replace").decode("utf-8")
    return clean if len(clean) <= _LONGEST_CELL else clean[: _LONGEST_CELL - 1] + "…"


def harmless(value: object) -> object:
    """A CSV cell that no program takes for a formula: texts that could start one get an apostrophe before them."""
    plain = _plain(value)
    if isinstance(plain, bool):
        return "Yes" if plain else "No"
    if isinstance(plain, datetime):
        return plain.isoformat(" ", "minutes")
    if isinstance(plain, date):
        return plain.isoformat()
    if isinstance(plain, str) and (plain.startswith(_FORMULA_STARTS) or plain.lstrip().startswith(_FORMULA_STARTS)):
        return f"'{plain}"
    return plain


def _write_csv(path: Path, title: str, headers: Sequence[str], rows: Sequence[Sequence[object]], stamp: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerows([harmless(line)] for line in (*stamp, title))
        writer.writerow([])
        writer.writerow([harmless(header) for header in headers])
        writer.writerows([harmless(value) for value in row] for row in rows)


def _write_workbook(
    path: Path, title: str, headers: Sequence[str], rows: Sequence[Sequence[object]], stamp: Sequence[str]
) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET_NAME.sub(" ", _text(title)).strip("' ")[:31] or "Table")
    header_row = len(stamp) + 3
    sheet.freeze_panes = f"A{header_row + 1}"
    for column, width in enumerate(_widths(headers, rows), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _set_page(sheet, stamp, header_row)
    if headers:
        sheet.auto_filter.ref = f"A{header_row}:{get_column_letter(len(headers))}{header_row + len(rows)}"
    for line in stamp:
        sheet.append([_cell(sheet, line, bold=True)])
    sheet.append([_cell(sheet, title, bold=True)])
    sheet.append([])
    sheet.append([_cell(sheet, header, bold=True, wrap=True) for header in headers])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    try:
        book.save(path)
    finally:
        book.close()


def _set_page(sheet: Any, stamp: Sequence[str], header_row: int) -> None:
    """Every printed page is marked, numbered, and repeats the header."""
    sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    if stamp:
        sheet.oddHeader.center.text = _text(stamp[0]).replace("&", "&&")[:200]
    sheet.oddFooter.right.text = "Page &P of &N"


def _cell(sheet: Any, value: object, *, bold: bool = False, wrap: bool = False) -> Any:
    """A cell of its true type; every text is stored as text, whatever it starts with."""
    plain = _plain(value)
    cell = WriteOnlyCell(sheet, value=plain if not isinstance(plain, str) else None)
    if isinstance(plain, str):
        cell.value = plain
        cell.data_type = "s"
        if plain.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
    elif isinstance(plain, datetime):
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif isinstance(plain, date):
        cell.number_format = "dd/mm/yyyy"
    if bold:
        cell.font = Font(bold=True)
    if wrap or (isinstance(plain, str) and "\n" in plain):
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _widths(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> list[float]:
    """Widths in characters that show most of each column's texts, 8 to 60."""
    widths = [len(header) + 3 for header in headers]
    for row in rows[:500]:
        for column, value in enumerate(row[: len(widths)]):
            longest = max((len(line) for line in str(_plain(value)).splitlines()), default=0)
            widths[column] = max(widths[column], longest + 2)
    return [float(min(_WIDEST, max(8, width))) for width in widths]

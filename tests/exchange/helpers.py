"""Small trackers made for tests; every person in them is invented."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from mosovo_planner.exchange import Finding, OffenderRow, Tracker, read_tracker

AS_OF = date(2026, 11, 23)
REPOSITORY = Path(__file__).parents[2]
Cells = Sequence[Sequence[object]]


def shared(name: str) -> Path:
    """A file of the shared data, or the test is skipped where it is absent."""
    path = Path(os.environ.get("MOSOVO_SHARED", REPOSITORY / "../shared")) / "data" / name
    if not path.exists():
        pytest.skip("shared data absent")
    return path


def workbook(path: Path, **sheets: Cells) -> Path:
    """A workbook with the given sheets, rows from the top."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def read(path: Path, **options: object) -> Tracker:
    return read_tracker(path, as_of=AS_OF, **options)  # type: ignore[arg-type]


def read_rows(folder: Path, *rows: Sequence[object]) -> Tracker:
    """Read a workbook of one sheet with these rows."""
    return read(workbook(folder / "tracker.xlsx", Caseload=rows))


def only(tracker: Tracker) -> OffenderRow:
    (row,) = tracker.offenders
    return row


def codes(tracker: Tracker) -> list[tuple[int, str, str]]:
    return [(finding.row, finding.column, finding.code) for finding in tracker.findings]


def finding(tracker: Tracker, code: str) -> Finding:
    (found,) = [each for each in tracker.findings if each.code == code]
    return found

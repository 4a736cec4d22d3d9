"""Tables out: marked, stamped, harmless to open, whole or not there."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from mosovo_planner.domain.people import Risk
from mosovo_planner.exchange import TablePathError, read_tracker, write_table

_STAMP = ("OFFICIAL-SENSITIVE", "Printed by DS01", "22 Nov 2026 21:38")
_HEADERS = ("Ref", "Name", "Due", "Days overdue", "Risk")
_ROWS = (("SYN-1", "=cmd|'/c calc'!A1", date(2026, 5, 6), 12, Risk.VERY_HIGH), ("SYN-2", "Zoë", None, 0.5, None))
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def _write(path: Path, rows=_ROWS, headers=_HEADERS) -> Path:
    write_table(path, title="Outstanding: visits", headers=headers, rows=rows, stamp=_STAMP)
    return path


def _sheet(path: Path) -> Worksheet:
    sheet = openpyxl.load_workbook(path).active
    assert isinstance(sheet, Worksheet)
    return sheet


def _records(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_workbook_has_the_stamp_above_its_header_and_true_dates_and_numbers(tmp_path: Path):
    sheet = _sheet(_write(tmp_path / "table.xlsx"))
    assert [sheet.cell(row, 1).value for row in range(1, 5)] == [*_STAMP, "Outstanding: visits"]
    assert [cell.value for cell in sheet[6]] == list(_HEADERS)
    assert sheet.freeze_panes == "A7"
    assert sheet.auto_filter.ref == "A6:E8"
    due, days, risk = sheet["C7"], sheet["D7"], sheet["E7"]
    assert (due.value, due.number_format) == (datetime(2026, 5, 6), "dd/mm/yyyy")
    assert (days.value, days.data_type, risk.value) == (12, "n", "Very high")
    assert sheet.oddHeader.center.text == "OFFICIAL-SENSITIVE"
    assert sheet.print_title_rows == "$6:$6"
    assert sheet.column_dimensions["B"].width > len("=cmd|'/c calc'!A1")


def test_a_csv_starts_with_the_byte_order_mark_and_the_stamp(tmp_path: Path):
    path = _write(tmp_path / "table.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfOFFICIAL-SENSITIVE\r\n")
    assert _records(path)[5:] == [
        list(_HEADERS),
        ["SYN-1", "'=cmd|'/c calc'!A1", "2026-05-06", "12", "Very high"],
        ["SYN-2", "Zoë", "", "0.5", ""],
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(), st.builds(str.__add__, st.sampled_from((*_DANGEROUS, " =", "\u00a0=", "＝")), st.text())))
def test_no_text_starts_a_formula(tmp_path: Path, text: str):
    rows = ((text, text, None, text, (text, text)),)
    for record in _records(_write(tmp_path / "t.csv", rows, (text, *_HEADERS[1:])))[5:]:
        assert not any(cell.lstrip().startswith(("=", "+", "@", "-")) or cell.startswith(_DANGEROUS) for cell in record)
    for row in _sheet(_write(tmp_path / "t.xlsx", rows, (text, *_HEADERS[1:]))).iter_rows():
        assert all(cell.data_type != "f" for cell in row)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_table_that_was_written_can_be_imported_again(tmp_path: Path, suffix: str):
    path = tmp_path / f"caseload{suffix}"
    rows = (("SYN-1", "O'Brien", date(2026, 5, 6), Risk.HIGH), ("SYN-2", "Zoë", None, None))
    write_table(path, title="Caseload", headers=("Ref", "Surname", "Last visit", "Risk"), rows=rows, stamp=_STAMP)
    first, second = read_tracker(path, as_of=date(2026, 11, 23)).offenders
    assert (first.ref, first.values) == ("SYN-1", {"surname": "O'Brien", "last_seen": date(2026, 5, 6), "risk": Risk.HIGH})
    assert (second.ref, second.values) == ("SYN-2", {"surname": "Zoë"})


def test_numbers_keep_their_minus_sign(tmp_path: Path):
    path = _write(tmp_path / "t.csv", rows=((-3, -0.5, float("nan"), True, 7),))
    assert _records(path)[6] == ["-3", "-0.5", "", "Yes", "7"]


def test_a_cell_longer_than_a_spreadsheet_holds_is_cut(tmp_path: Path):
    value = _sheet(_write(tmp_path / "t.xlsx", rows=(("x" * 40_000,),)))["A7"].value
    assert isinstance(value, str)
    assert (len(value), value[-1]) == (32_767, "…")


def test_a_table_replaces_the_file_of_before_and_leaves_nothing_else(tmp_path: Path):
    path = tmp_path / "table.csv"
    path.write_text("old")
    _write(path)
    assert path.read_text("utf-8-sig").startswith("OFFICIAL")
    assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]


class _Broken:
    """A value that fails in the midst of writing."""

    def __str__(self) -> str:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_writing_that_fails_leaves_the_file_of_before(tmp_path: Path, suffix: str):
    path = tmp_path / f"table{suffix}"
    path.write_text("old")
    with pytest.raises(TablePathError, match="No space left"):
        _write(path, rows=(("SYN-1",), (_Broken(),)))
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_places_that_cannot_be_written_are_refused_with_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(TablePathError, match="folder does not exist"):
        _write(tmp_path / "absent" / "t.csv")
    with pytest.raises(TablePathError, match=r"\.xlsx or \.csv"):
        _write(tmp_path / "t.pdf")
    (tmp_path / "t.csv").mkdir()
    with pytest.raises(TablePathError, match="folder of this name"):
        _write(tmp_path / "t.csv")

    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(TablePathError, match="Close it in the other program"):
        _write(tmp_path / "open.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["t.csv"]

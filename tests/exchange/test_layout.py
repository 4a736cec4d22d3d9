"""Where the tables are: titles, merged and hidden cells, totals, several sheets, several tables, headers of two rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from mosovo_planner.domain.people import Absence, Risk
from mosovo_planner.exchange import Tracker, TrackerError, UnrecognisedTracker
from tests.exchange.helpers import Cells, codes, finding, only, read, read_rows, workbook

_HEADER = ("Ref", "Surname", "Risk", "OM")
_FIRST = ("SYN-1", "OAK", "Low", "OM1")
_SECOND = ("SYN-2", "FIR", "High", "OM2")


def _read_changed(folder: Path, rows: Cells, change: Callable[[openpyxl.Workbook, Worksheet], object]) -> Tracker:
    """Read a workbook of one sheet that was changed with openpyxl after its rows were filled."""
    path = workbook(folder / "tracker.xlsx", Caseload=rows)
    book = openpyxl.load_workbook(path)
    change(book, book.active)
    book.save(path)
    return read(path)


def test_title_rows_blank_rows_totals_and_repeated_headers_are_no_offenders(tmp_path: Path):
    tracker = read_rows(
        tmp_path,
        ("MOSOVO TEAM - OFFENDER TRACKER",),
        ("OFFICIAL-SENSITIVE",),
        (),
        _HEADER,
        _FIRST,
        (),
        _HEADER,
        _SECOND,
        ("Total", 2),
        ("Total offenders: 2",),
        (None, "Grand total", 2),
    )
    assert [(row.row, row.ref) for row in tracker.offenders] == [(5, "SYN-1"), (8, "SYN-2")]
    assert (tracker.rows_read, tracker.findings, tracker.tables[0].header_row) == (2, (), 4)


def test_a_heading_between_rows_is_reported_not_taken_for_an_offender(tmp_path: Path):
    tracker = read_rows(tmp_path, _HEADER, _FIRST, ("PC Cedar's cases",), _SECOND)
    assert [row.ref for row in tracker.offenders] == ["SYN-1", "SYN-2"]
    assert codes(tracker) == [(3, "", "unreadable_row")]


def test_a_heading_merged_across_the_table_is_skipped(tmp_path: Path):
    rows = (_HEADER, _FIRST, ("High risk",), _SECOND)
    tracker = _read_changed(tmp_path, rows, lambda _, sheet: sheet.merge_cells("A3:D3"))
    assert (len(tracker.offenders), tracker.findings) == (2, ())


def test_a_cell_merged_downwards_holds_for_all_its_rows(tmp_path: Path):
    rows = (_HEADER, _FIRST, ("SYN-2", "FIR", "High", None), ("SYN-3", "ELM", "Low", None))
    tracker = _read_changed(tmp_path, rows, lambda _, sheet: sheet.merge_cells("D2:D4"))
    assert [row.values["manager"] for row in tracker.offenders] == ["OM1"] * 3


def test_hidden_rows_are_read_and_said_to_be(tmp_path: Path):
    def hide(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True

    tracker = _read_changed(tmp_path, (_HEADER, _FIRST, _SECOND), hide)
    assert len(tracker.offenders) == 2
    assert tracker.tables[0].notes == ("1 hidden row was read: 3.",)


def test_dates_of_a_workbook_that_counts_from_1904(tmp_path: Path):
    def count_from_1904(book: openpyxl.Workbook, sheet: Worksheet) -> None:
        book.epoch = CALENDAR_MAC_1904
        sheet["E2"] = datetime(2026, 5, 6)
        sheet["E3"] = (date(2026, 5, 6) - date(1904, 1, 1)).days

    rows = ((*_HEADER, "Last Visit"), _FIRST, _SECOND)
    tracker = _read_changed(tmp_path, rows, count_from_1904)
    assert [row.values["last_seen"] for row in tracker.offenders] == [date(2026, 5, 6)] * 2


def test_a_formula_without_a_result_is_reported(tmp_path: Path):
    tracker = read_rows(tmp_path, _HEADER, ("SYN-1", "OAK", '=IF(1,"Low","High")', "OM1"), ("=A2", "FIR", "High", "OM2"))
    assert codes(tracker) == [(2, "Risk", "formula_without_value"), (3, "Ref", "formula_without_value")]
    assert [row.ref for row in tracker.offenders] == ["SYN-1"]


def test_a_false_statement_of_the_sheets_size_hides_no_row(tmp_path: Path):
    import zipfile

    path = workbook(tmp_path / "whole.xlsx", Caseload=(_HEADER, _FIRST, _SECOND))
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(tmp_path / "short.xlsx", "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b'<dimension ref="A1:D3"', b'<dimension ref="A1:D2"'))
    assert len(read(tmp_path / "short.xlsx").offenders) == 2


def test_a_stray_cell_in_the_last_corner_is_survived_and_reported(tmp_path: Path):
    def far_away(_: openpyxl.Workbook, sheet: Worksheet) -> None:
        sheet["XFD5000"] = "x"

    tracker = _read_changed(tmp_path, (_HEADER, _FIRST), far_away)
    assert [row.ref for row in tracker.offenders] == ["SYN-1"]
    assert finding(tracker, "too_wide").row == 5000


def test_any_sheet_may_hold_the_caseload_and_others_are_left_alone(tmp_path: Path):
    tracker = read(workbook(tmp_path / "t.xlsx", Lists=[("Item", "Price"), ("a", 1)], Data=[(), _HEADER, _FIRST], Empty=[]))
    assert [(table.sheet, table.kind.value, table.header_row) for table in tracker.tables] == [
        ("Lists", "other", 1),
        ("Data", "offenders", 2),
    ]
    assert only(tracker).sheet == "Data"


def test_one_sheet_an_officer_gives_its_cases_that_manager(tmp_path: Path):
    header = ("Ref", "Surname", "Risk")
    path = workbook(
        tmp_path / "t.xlsx",
        Cedar=[header, ("SYN-1", "OAK", "Low")],
        OM2=[header, ("SYN-2", "FIR", "High")],
        Staff=[("OM", "Name", "Base"), ("OM1", "PC 1000 Cedar", "Devizes"), ("OM2", "PC 1001 Elder", "Devizes")],
    )
    assert {row.ref: row.values["manager"] for row in read(path).offenders} == {"SYN-1": "OM1", "SYN-2": "OM2"}


def test_sheets_of_closed_cases_and_hidden_copies_are_left_out_and_said_so(tmp_path: Path):
    path = workbook(tmp_path / "t.xlsx", Caseload=[_HEADER, _FIRST], Archive=[_HEADER, _SECOND], Copy=[_HEADER, _FIRST])
    book = openpyxl.load_workbook(path)
    book["Copy"].sheet_state = "hidden"
    book.save(path)
    tracker = read(path)
    assert [row.ref for row in tracker.offenders] == ["SYN-1"]
    assert [(each.sheet, each.code) for each in tracker.findings] == [("Archive", "sheet_not_read"), ("Copy", "sheet_not_read")]


def test_staff_below_the_caseload_on_one_sheet(tmp_path: Path):
    tracker = read_rows(
        tmp_path, _HEADER, _FIRST, _SECOND, (), ("STAFF",), ("OM", "Name", "Base", "Hours"), ("OM1", "PC Cedar", "Devizes", 30)
    )
    assert [(row.ref, row.values["manager"]) for row in tracker.offenders] == [("SYN-1", "OM1"), ("SYN-2", "OM2")]
    assert [(row.row, row.id, row.values["weekly_hours"]) for row in tracker.managers] == [(7, "OM1", 30.0)]
    assert codes(tracker) == [(3, "OM", "unknown_manager")]


def test_staff_above_the_caseload_on_one_sheet(tmp_path: Path):
    staff = (("STAFF",), ("OM", "Name", "Base", "Hours"), ("OM1", "PC Cedar", "Devizes", 30), ("OM2", "PC Yew", "Devizes", 37))
    tracker = read_rows(tmp_path, *staff, (), ("CASELOAD",), _HEADER, _FIRST, _SECOND)
    assert [(table.header_row, table.kind.value) for table in tracker.tables] == [(2, "managers"), (7, "offenders")]
    assert [row.row for row in tracker.offenders] == [8, 9]
    assert (len(tracker.managers), tracker.findings) == (2, ())


def test_a_line_of_groups_above_the_header_is_no_table(tmp_path: Path):
    group = ("Offender", None, "Orders", "Markers", "Notes")
    tracker = read_rows(tmp_path, group, ("Ref", "Surname", "Risk", "DOB", "Status"), ("SYN-1", "OAK", "Low", None, "Community"))
    assert [table.header_row for table in tracker.tables] == [2]
    assert only(tracker).ref == "SYN-1"


def test_headers_of_two_rows_are_read_together(tmp_path: Path):
    group = ("Offender", None, None, "Visits", None)
    header = ("Ref", "Surname", "Risk", "Last", "Frequency (months)")
    row = only(read_rows(tmp_path, group, header, ("SYN-1", "OAK", "Low", datetime(2026, 5, 6), 6)))
    assert (row.values["last_seen"], row.values["interval_months"]) == (date(2026, 5, 6), 6)


def test_two_columns_with_one_header_are_reported(tmp_path: Path):
    tracker = read_rows(tmp_path, ("Ref", "Surname", "Risk", "Risk"), ("SYN-1", "OAK", "Low", "High"))
    assert only(tracker).values["risk"] is Risk.LOW
    assert codes(tracker) == [(1, "Risk (2)", "duplicate_column")]


def test_columns_say_what_was_made_of_them_with_examples(tmp_path: Path):
    (table,) = read_rows(
        tmp_path, ("Ref", "Surname", "Colour", None), ("SYN-1", "OAK", "green", "?!"), ("SYN-2", "FIR", "red", None)
    ).tables
    assert [(column.header, column.field, column.examples) for column in table.columns] == [
        ("Ref", "ref", ("SYN-1", "SYN-2")),
        ("Surname", "surname", ("OAK", "FIR")),
        ("Colour", None, ("green", "red")),
        ("Column D", None, ("?!",)),
    ]


def test_a_file_without_a_known_table_offers_its_columns_for_mapping(tmp_path: Path):
    with pytest.raises(UnrecognisedTracker, match="Map the columns by hand") as caught:
        read_rows(tmp_path, ("Wer", "Wo"), ("SYN-1", "SN1 1AA"))
    assert isinstance(caught.value, TrackerError)
    (table,) = caught.value.tables
    assert [column.header for column in table.columns] == ["Wer", "Wo"]


def test_absences_settle_day_and_month_together(tmp_path: Path):
    rows = (("OM", "Base", "On leave from", "to"), ("OM1", "Devizes", "28/11/2026", "06/12/2026"))
    (manager,) = read_rows(tmp_path, *rows).managers
    assert manager.values["absences"] == (Absence(date(2026, 11, 28), date(2026, 12, 6)),)

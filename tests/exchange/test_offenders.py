"""What a team's offender table holds, cell by cell: read as meant, or reported and left empty."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.people import Risk, Sex, Status
from mosovo_planner.exchange import Severity
from tests.exchange.helpers import codes, finding, only, read, read_rows, workbook

_HEADER = ("Ref", "Surname", "Risk", "Last Visit")


def _one(folder: Path, header: str, cell: object, also: object = "TESTER"):
    """A tracker of one offender with one column in question."""
    return read_rows(folder, ("Ref", "Surname", header), ("SYN-1", also, cell))


@pytest.mark.parametrize(
    ("cells", "risk"),
    [
        (("L", "low", "LOW ", "Low", "low risk", "1 - Low"), Risk.LOW),
        (("M", "Med", "medium", "MEDIUM", "2. Medium"), Risk.MEDIUM),
        (("H", "high ", "High", "3 High"), Risk.HIGH),
        (("VH", "V High", "very high ", "V. High", "VERY HIGH", "Very-High", "v/high"), Risk.VERY_HIGH),
    ],
)
def test_spellings_of_a_risk_level(tmp_path: Path, cells: tuple[str, ...], risk: Risk):
    tracker = read_rows(tmp_path, ("Ref", "Risk"), *((f"SYN-{number}", cell) for number, cell in enumerate(cells)))
    assert [row.values["risk"] for row in tracker.offenders] == [risk] * len(cells)
    assert tracker.findings == ()


@pytest.mark.parametrize("cell", ["TBC", "?", "Level 3", "3", 3, "H/VH", "Medium (was High)", "Standard", "", None, "#N/A"])
def test_a_risk_level_that_is_not_plain_is_reported_and_left_empty(tmp_path: Path, cell: object):
    tracker = _one(tmp_path, "Risk", cell)
    assert "risk" not in only(tracker).values
    assert [each[:2] for each in codes(tracker)] == [(2, "Risk")]
    assert tracker.findings[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("header", "cell", "status"),
    [
        ("Status", "Community", Status.COMMUNITY), ("Status", "In the community", Status.COMMUNITY),
        ("Status", "Approved Premises", Status.COMMUNITY),
        ("Status", "HMP", Status.CUSTODY), ("Status", "HMP Erlestoke", Status.CUSTODY),
        ("Status", "In custody", Status.CUSTODY),
        ("Status", "Prison", Status.CUSTODY), ("Status", "On remand", Status.CUSTODY),
        ("Status", "Recalled to prison", Status.CUSTODY),
        ("Status", "Secure hospital", Status.HOSPITAL), ("Status", "Hospital", Status.HOSPITAL),
        ("Status", "Abroad", Status.ABROAD),
        ("Status", "Living overseas", Status.ABROAD), ("Status", "Missing", Status.MISSING),
        ("Status", "WANTED", Status.MISSING),
        ("Status", "Whereabouts unknown", Status.MISSING), ("In custody?", "Y", Status.CUSTODY),
        ("In custody?", "No", Status.COMMUNITY),
    ],
)  # fmt: skip
def test_wordings_of_a_status(tmp_path: Path, header: str, cell: str, status: Status):
    assert only(_one(tmp_path, header, cell)).values["status"] is status


@pytest.mark.parametrize("cell", ["Active", "Not in custody", "C", "Deceased", "Y", "Transferred to HMP"])
def test_a_status_that_is_not_plain_is_reported(tmp_path: Path, cell: str):
    tracker = _one(tmp_path, "Status", cell)
    assert finding(tracker, "unknown_status").value == cell
    assert "status" not in only(tracker).values


def test_a_released_offender_is_in_the_community(tmp_path: Path):
    assert only(_one(tmp_path, "Status", "Released from HMP")).values["status"] is Status.COMMUNITY


@pytest.mark.parametrize(
    ("header", "cell", "months"),
    [
        ("Visit Freq (months)", 6, 6), ("Visit Freq (months)", "6", 6), ("Visit frequency", "6 months", 6),
        ("Visit frequency", "6m", 6),
        ("Visit frequency", "Quarterly", 3), ("Visit frequency", "Annual", 12), ("Visit frequency", "12 monthly", 12),
        ("Visit frequency", "Monthly", 1), ("Visit frequency", "every 3 months", 3), ("Visit frequency", "six-monthly", 6),
        ("Visit frequency", "26 weeks", 6), ("Visit frequency", "1 year", 12), ("interval_days", 182, 6),
        ("interval_days", 365, 12),
        ("interval_days", 91, 3), ("interval_days", 30, 1), ("interval_days", "28", 1), ("Visit interval (weeks)", 13, 3),
        ("Visit frequency", 182, 6), ("Visits per year", 4, 3), ("Interval", 12.0, 12),
    ],
)  # fmt: skip
def test_wordings_of_an_interval(tmp_path: Path, header: str, cell: object, months: int):
    assert only(_one(tmp_path, header, cell)).values["interval_months"] == months


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Visit Freq (months)", 0), ("Visit Freq (months)", 2.5), ("Visit Freq (months)", -3), ("Visit frequency", "Biannual"),
        ("Visit frequency", "as needed"), ("interval_days", 45), ("interval_days", 7), ("Visits per year", 5),
        ("Visits per year", 0),
        ("Visit Freq (months)", datetime(2026, 6, 1)), ("Visit Freq (months)", 10**30), ("Visit frequency", "Weekly"),
    ],
)  # fmt: skip
def test_an_interval_that_is_no_whole_months_is_reported(tmp_path: Path, header: str, cell: object):
    tracker = _one(tmp_path, header, cell)
    assert codes(tracker) == [(2, header, "bad_interval")]
    assert "interval_months" not in only(tracker).values


def test_bare_numbers_of_months_and_days_in_one_column_are_not_told_apart(tmp_path: Path):
    tracker = read_rows(tmp_path, ("Ref", "Frequency"), ("SYN-1", 6), ("SYN-2", 182), ("SYN-3", "6 months"))
    assert [code for _, _, code in codes(tracker)] == ["bad_interval", "bad_interval"]
    assert tracker.offenders[2].values["interval_months"] == 6


@pytest.mark.parametrize("cell", ["SN1 1AA", "sn11aa", " SN1  1AA ", "SN1-1AA", "SN1\u00a01AA", "sn1 1aa."])
def test_untidy_postcodes(tmp_path: Path, cell: str):
    assert only(_one(tmp_path, "Post Code", cell)).values["postcode"] == "SN1 1AA"


@pytest.mark.parametrize("cell", ["UNKNOWN", "", None, "-", "n/k", "?"])
def test_no_postcode_is_no_finding_since_the_office_reports_the_missing_position(tmp_path: Path, cell: object):
    tracker = _one(tmp_path, "Post Code", cell)
    assert tracker.findings == ()
    assert "postcode" in only(tracker).blank


@pytest.mark.parametrize("cell", ["NFA", "No fixed abode", "n.f.a.", "homeless"])
def test_no_fixed_abode_says_that_there_is_no_postcode(tmp_path: Path, cell: object):
    tracker = _one(tmp_path, "Post Code", cell)
    assert tracker.findings == ()
    assert only(tracker).values["postcode"] == ""


@pytest.mark.parametrize("cell", ["SN1", "SN1 1A", "Swindon", "SN1 1AA or SN2 2BB", "QQ1 1AA", "SN1 1CA", 12345])
def test_what_is_no_postcode_by_its_form_is_reported(tmp_path: Path, cell: object):
    tracker = _one(tmp_path, "Post Code", cell)
    assert codes(tracker) == [(2, "Post Code", "unknown_postcode")]
    assert "postcode" not in only(tracker).values | dict.fromkeys(only(tracker).blank)


def test_the_postcode_that_ends_an_address_is_used_where_there_is_no_column_of_them(tmp_path: Path):
    row = only(_one(tmp_path, "Address", "1 Sample Street\nSwindon\nsn1 1aa"))
    assert row.values == {"surname": "TESTER", "address": "1 Sample Street, Swindon, sn1 1aa", "postcode": "SN1 1AA"}


def test_address_columns_are_joined_and_the_town_kept_apart(tmp_path: Path):
    header = ("Ref", "Address 1", "Address 2", "Town", "Postcode")
    row = only(read_rows(tmp_path, header, ("SYN-1", "Flat 2", "1 Sample Street", "Swindon", "SN1 1AA")))
    assert (row.values["address"], row.values["place"]) == ("Flat 2, 1 Sample Street", "Swindon")


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        (1, 1),
        ("Level 1", 1),
        ("1/1", 1),
        ("Cat 1 Level 2", 2),
        ("1/2", 2),
        ("L3", 3),
        ("MAPPA 2", 2),
        ("C1 L2", 2),
        ("lvl 2", 2),
        (2.0, 2),
    ],
)
def test_wordings_of_a_mappa_level(tmp_path: Path, cell: object, level: int):
    assert only(_one(tmp_path, "MAPPA Lvl", cell)).values["mappa_level"] == level


@pytest.mark.parametrize("cell", [4, 0, "2/1", "Cat 1", "high", datetime(2026, 1, 1)])
def test_what_is_no_mappa_level_is_reported(tmp_path: Path, cell: object):
    tracker = _one(tmp_path, "MAPPA level", cell)
    assert "mappa_level" not in only(tracker).values
    assert codes(tracker) == [(2, "MAPPA level", "bad_number")]


@pytest.mark.parametrize(
    ("header", "cell", "orders"),
    [
        ("SHPO?", "Y", "SHPO"), ("SHPO?", "SHPO to 05/2031", "SHPO to 05/2031"), ("Orders", "SHPO, SRO", "SHPO, SRO"),
        ("SHPO", datetime(2031, 5, 1), "SHPO 2031-05-01"), ("SHPO expiry", "05/2031", "SHPO expiry 05/2031"),
    ],
)  # fmt: skip
def test_wordings_of_orders(tmp_path: Path, header: str, cell: object, orders: str):
    assert only(_one(tmp_path, header, cell)).values["orders"] == orders


def test_no_order_is_an_empty_cell(tmp_path: Path):
    assert only(_one(tmp_path, "SHPO?", "N")).blank == {"orders"}


def test_markers_are_split_and_a_yes_to_double_crew_is_one(tmp_path: Path):
    header = ("Ref", "Surname", "Markers", "Double crew")
    row = only(read_rows(tmp_path, header, ("SYN-1", "TESTER", "Dog; Weapons, Not lone female\n- Violent / Dog", "Y")))
    assert row.values["markers"] == ("Dog", "Weapons", "Not lone female", "Violent", "Two officers")


@pytest.mark.parametrize(
    ("cell", "markers"),
    [
        ("Not OM03, OM04; Dog", ("Not OM03", "Not OM04", "Dog")),
        ("not PC 1000 Elder, PC 1001 Yew", ("not PC 1000 Elder", "not PC 1001 Yew")),
        ("Not OM03, Dog", ("Not OM03", "Dog")),
        ("No lone/single female", ("No lone/single female",)),
        ("Dog/Weapons", ("Dog", "Weapons")),
        ("Not lone female, violent", ("Not lone female", "violent")),
    ],
)
def test_splitting_markers_does_not_change_what_they_demand(tmp_path: Path, cell: str, markers: tuple[str, ...]):
    assert only(_one(tmp_path, "Markers", cell)).values["markers"] == markers


def test_an_empty_column_beside_a_doubtful_one_takes_no_marker_off(tmp_path: Path):
    row = only(read_rows(tmp_path, ("Ref", "Surname", "Markers", "Warnings"), ("SYN-1", "OAK", None, "Dog\u202e")))
    assert "markers" not in row.blank


@pytest.mark.parametrize(
    ("cell", "surname", "forenames"),
    [
        ("TESTER, Alan", "TESTER", "Alan"), ("Tester, Alan", "Tester", "Alan"), ("Alan TESTER", "TESTER", "Alan"),
        ("TESTER Alan", "TESTER", "Alan"),
        ("O'BRIEN-SMITH Zoë", "O'BRIEN-SMITH", "Zoë"), ("McTESTER Alan", "McTESTER", "Alan"), ("SMITH J", "SMITH", "J"),
        ("Alan Tester", "Alan Tester", None), ("ALAN TESTER", "ALAN TESTER", None), ("Tester", "Tester", None),
    ],
)  # fmt: skip
def test_a_name_in_one_cell_is_split_only_where_its_parts_show(tmp_path: Path, cell: str, surname: str, forenames: str | None):
    row = only(read_rows(tmp_path, ("Ref", "Name", "Sex"), ("SYN-1", cell, "Male")))
    assert (row.values["surname"], row.values.get("forenames")) == (surname, forenames)
    assert row.values["sex"] is Sex.MALE


def test_names_are_kept_as_they_are_whatever_they_look_like(tmp_path: Path):
    names = ["O'Brien-Smíth, <b>Zoë</b>", "=cmd|'/c calc'!A1", "&lt;b&gt;", "İ", "NFC Zoe\u0308"]
    tracker = read_rows(tmp_path, ("Ref", "Surname", "Sex"), *((f"SYN-{n}", f" {name} ", "M") for n, name in enumerate(names)))
    assert [row.values["surname"] for row in tracker.offenders] == [*names[:4], "NFC Zoë"]
    assert tracker.findings == ()


@pytest.mark.parametrize(
    ("header", "cell", "code"),
    [
        ("Surname", "TES\u202eRET", "bad_characters"), ("Notes", "x" * 200_000, "text_too_long"),
        ("Surname", "a" + "\u0301" * 20_000, "text_too_long"),
        ("Notes", "#REF!", "cell_error"), ("Sex", "U", "bad_sex"), ("Easting", 99, "bad_position"), ("Lat", 0, "bad_position"),
        ("Lat", 51.5, "bad_position"), ("DOB", datetime(2020, 1, 1), "implausible_date"),
        ("ARMS Date", datetime(2027, 1, 1), "implausible_date"),
    ],
)  # fmt: skip
def test_doubtful_cells_are_reported_with_their_place_and_left_empty(tmp_path: Path, header: str, cell: object, code: str):
    tracker = read_rows(tmp_path, ("Ref", "Forename", header), ("SYN-1", "Alan", cell))
    assert codes(tracker) == [(2, header, code)]
    assert len(tracker.findings[0].value) <= 80
    assert only(tracker).values == {"forenames": "Alan"}


def test_a_review_may_be_due_in_the_future(tmp_path: Path):
    assert only(_one(tmp_path, "RMP Review Due", datetime(2027, 5, 6))).values["rmp_review_due"] == date(2027, 5, 6)


@pytest.mark.parametrize(
    "text",
    [
        "card 4111 1111 1111 1111 exp 05/28", "4111-1111-1111-1111", "5500000000000004", 4111111111111111,
        "amex 378282246310005",
        "sort code 20-12-45 acc 12345678", "bank 201245 account no 12345678", "20-92-45 12345678",
        "IBAN GB29NWBK60161331926819",
    ],
)  # fmt: skip
def test_bank_and_card_data_are_kept_out_and_never_shown(tmp_path: Path, text: object):
    tracker = _one(tmp_path, "Notes", text)
    found = finding(tracker, "financial_data")
    assert (found.row, found.column, found.value) == (2, "Notes", "")
    assert not any(digits in found.message for digits in ("4111", "12345678"))
    assert tracker.tables[0].columns[2].examples == ()
    assert "notes" not in only(tracker).values


@pytest.mark.parametrize(
    "text",
    [
        "phone 07700 900123 or +44 7700 900124", "IMEI 356938035643809", "crime 54260012345",
        "visited 04-06-26, log 12345678", "4111 1111 1111 1112",
        "ViSOR SYN/26000000", "2026-06-04 18:40 to 19:25", "12345678", "order 2031 05 01 2032 06 02",
    ],
)  # fmt: skip
def test_other_numbers_are_no_bank_or_card_data(tmp_path: Path, text: str):
    tracker = _one(tmp_path, "Notes", text)
    assert tracker.findings == ()
    assert only(tracker).values["notes"] == text


def test_notes_keep_their_lines(tmp_path: Path):
    assert only(_one(tmp_path, "Notes", "first\n second ")).values["notes"] == "first\nsecond"


def test_coordinates_as_written_even_in_powers_of_ten(tmp_path: Path):
    row = only(read_rows(tmp_path, ("Ref", "Lat", "Lon", "Easting", "Northing"), ("SYN-1", "51.5", "8e-05", 400_000, "160,000")))
    assert row.values == {"lat": 51.5, "lon": 8e-05, "easting": 400_000.0, "northing": 160_000.0}


@pytest.mark.parametrize("ref", [None, "", " ", "TBC", "?", "n/a"])
def test_a_row_without_a_reference_is_rejected(tmp_path: Path, ref: object):
    tracker = read_rows(tmp_path, ("Ref", "ViSOR No", "Surname"), (ref, "SYN/1", "TESTER"), ("SYN-2", "SYN/2", "OAK"))
    assert codes(tracker) == [(2, "Ref", "missing_reference")]
    assert tracker.findings[0].severity is Severity.REJECTED
    assert (tracker.rows_read, only(tracker).ref) == (2, "SYN-2")


def test_the_visor_number_serves_as_the_reference_where_it_is_the_only_one(tmp_path: Path):
    row = only(read_rows(tmp_path, ("ViSOR No", "Surname"), ("SYN/1", "TESTER")))
    assert (row.ref, row.values["visor_ref"]) == ("SYN/1", "SYN/1")


def test_numeric_references_are_text_and_dates_are_none(tmp_path: Path):
    tracker = read_rows(tmp_path, ("Ref", "Surname"), (417, "OAK"), (418.0, "FIR"), (datetime(2026, 1, 2), "ELM"))
    assert [row.ref for row in tracker.offenders] == ["417", "418"]
    assert codes(tracker) == [(4, "Ref", "bad_reference")]


def test_a_doubtful_visor_number_does_not_reject_the_row(tmp_path: Path):
    tracker = read_rows(tmp_path, ("Ref", "ViSOR No", "Surname"), ("SYN-1", datetime(2026, 1, 2), "OAK"))
    assert finding(tracker, "bad_reference").severity is Severity.WARNING
    assert only(tracker).values == {"surname": "OAK"}
    assert only(tracker).blank == frozenset()


def test_of_two_rows_with_one_reference_the_first_counts_and_the_differences_are_named(tmp_path: Path):
    tracker = read_rows(
        tmp_path,
        _HEADER,
        ("SYN-1", "OAK", "Low", datetime(2026, 5, 1)),
        ("SYN-1", "OAK", "Low", datetime(2026, 6, 1)),
        ("syn-1", "OAK", "Low", datetime(2026, 5, 1)),
    )
    assert only(tracker).values["last_seen"] == date(2026, 5, 1)
    assert codes(tracker) == [(3, "Ref", "duplicate"), (4, "Ref", "duplicate")]
    differing, same = tracker.findings
    assert "row 2" in differing.message
    assert "Last Visit (2026-05-01 there, 2026-06-01 here)" in differing.message
    assert "says the same" in same.message


def test_two_references_with_one_visor_number_are_both_kept_and_reported(tmp_path: Path):
    tracker = read_rows(tmp_path, ("Ref", "ViSOR No", "Risk"), ("SYN-1", "SYN/9", "L"), ("SYN-2", "syn/9", "L"))
    assert len(tracker.offenders) == 2
    assert codes(tracker) == [(3, "ViSOR No", "duplicate_visor_ref")]


def test_a_column_that_does_not_settle_day_and_month_leaves_its_doubtful_dates_empty(tmp_path: Path):
    tracker = read_rows(tmp_path, _HEADER, ("SYN-1", "OAK", "L", "03/04/2026"), ("SYN-2", "FIR", "L", "05/05/2026"))
    assert codes(tracker) == [(2, "Last Visit", "ambiguous_date")]
    assert tracker.offenders[1].values["last_seen"] == date(2026, 5, 5)


def test_one_date_of_the_column_settles_the_others_of_that_column_only(tmp_path: Path):
    rows = (("SYN-1", "03/04/2026", "01/02/2026"), ("SYN-2", "13/04/2026", "03/02/2026"))
    tracker = read_rows(tmp_path, ("Ref", "Last Visit", "ARMS Date"), *rows)
    assert tracker.offenders[0].values["last_seen"] == date(2026, 4, 3)
    assert codes(tracker) == [(2, "ARMS Date", "ambiguous_date"), (3, "ARMS Date", "ambiguous_date")]


def test_a_column_that_shows_both_orders_settles_nothing(tmp_path: Path):
    dates = ("03/04/2026", "13/04/2026", "04/13/2026")
    tracker = read_rows(tmp_path, ("Ref", "Last Visit"), *((f"SYN-{n}", text) for n, text in enumerate(dates)))
    assert codes(tracker) == [(2, "Last Visit", "ambiguous_date")]


_CELLS = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(*[_CELLS] * 10), max_size=6))
def test_whatever_the_cells_hold_every_row_is_taken_or_accounted_for(tmp_path: Path, rows: list[tuple[object, ...]]):
    header = ("Ref", "Surname", "DOB", "Risk", "Last Visit", "Frequency", "Post Code", "Status", "Markers", "Notes")
    clean = [[cell if not isinstance(cell, str) else _storable(cell) for cell in row] for row in rows]
    tracker = read(workbook(tmp_path / "any.xlsx", Caseload=[header, *clean]))
    rejected = {each.row for each in tracker.findings if each.severity is Severity.REJECTED}
    duplicates = {each.row for each in tracker.findings if each.code == "duplicate"}
    assert tracker.rows_read == len(tracker.offenders) + len(rejected) + len(duplicates)
    for each in tracker.findings:
        assert each.message
        assert each.value.encode("utf-8") is not None


def _storable(text: str) -> str:
    """Text that openpyxl agrees to write, and no formula."""
    return "".join(character for character in text if character.isprintable() and not "\ud800" <= character <= "\udfff").lstrip(
        "="
    )

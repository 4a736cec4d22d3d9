"""Whole trackers unlike the shared one: other headers, order, sheets and dirt. Everybody in them is invented."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from mosovo_planner.domain.people import Absence, Risk, Sex, Status
from mosovo_planner.exchange import Severity
from tests.exchange.helpers import codes, read, workbook

_STAFF = [
    ("Team list – updated weekly",),
    (),
    ("Collar No", "Officer", "Station", "FTE", "Training", "M/F", "Annual leave"),
    (1234, "DC Jo Elder", "Devizes", 1, "MOSOVO, ARMS", "F", "28/11/2026 - 06/12/2026; 24/12/2026"),
    (2345, "PC Sam Yew", "Trowbridge", "60%", "MOSOVO", "Male", None),
    ("Total", None, None, 1.6),
]
_CASELOAD = [
    ("Wiltshire MOSOVO",),
    ("OFFICIAL-SENSITIVE – do not print",),
    ("Correct at", datetime(2026, 11, 20)),
    (),
    ("Notes", "Allocated OM", "Last HV", "Risk Cat", "Full address", "Nominal", "URN", "D.O.B.",
     "HV interval", "Current status", "MAPPA Cat/Level"),
    ("HIGH RISK",),
    ("ok", "Elder", "4-Jun-26", "3. High", "1 Sample St, Devizes SN10 1AA", "TESTER, Alan", "W-1",
     "09/03/1971", "quarterly", "Community", "1/1"),
    (None, "2345", "13/11/2026", "v/high", "NFA", "Brian PROBE", "W-2", "1 Feb 1980", "monthly",
     "HMP Erlestoke", "Cat 1 Level 2"),
    (),
    ("Notes", "Allocated OM", "Last HV", "Risk Cat", "Full address", "Nominal", "URN", "D.O.B.",
     "HV interval", "Current status", "MAPPA Cat/Level"),
    ("card 4111 1111 1111 1111", "PC Sam Yew", "04/06/2026", "Low/Med", "2 Sample St", "Carl Trial", "W-3",
     "29/02/1971", "6/12", "Active", 1),
    (None, "Nobody", "next week", "L", "3 Sample St", "DUMMY, Dan", None, "01.02.60", 12, "abroad", 1),
    ("x", "Jo Elder", datetime(2027, 5, 6), "L", "4 Sample St", "MODEL, Ed", "W-5", "12/12/2030", 12, "Abroad", 1),
    ("Count: 5",),
]  # fmt: skip


def _merged(path: Path) -> Path:
    book = openpyxl.load_workbook(path)
    book["Nominals"].merge_cells("A1:K1")
    book["Nominals"].merge_cells("A6:K6")
    book.save(path)
    return path


def test_a_tracker_with_other_headers_and_other_dirt(tmp_path: Path):
    path = workbook(tmp_path / "t.xlsx", Lists=[("Risk", "Colour"), ("L", "green")], Nominals=_CASELOAD, Team=_STAFF)
    tracker = read(_merged(path))
    assert tracker.rows_read == 5
    assert {row.ref: row.row for row in tracker.offenders} == {"W-1": 7, "W-2": 8, "W-3": 11, "W-5": 13}
    first, second, third, last = (row.values for row in tracker.offenders)
    assert first == {
        "notes": "ok",
        "manager": "1234",
        "last_seen": date(2026, 6, 4),
        "risk": Risk.HIGH,
        "address": "1 Sample St, Devizes SN10 1AA",
        "postcode": "SN10 1AA",
        "surname": "TESTER",
        "forenames": "Alan",
        "date_of_birth": date(1971, 3, 9),
        "interval_months": 3,
        "status": Status.COMMUNITY,
        "mappa_level": 1,
    }
    assert (second["surname"], second["status"], second["mappa_level"], second["manager"]) == ("PROBE", Status.CUSTODY, 2, "2345")
    assert third == {
        "manager": "2345",
        "last_seen": date(2026, 6, 4),
        "address": "2 Sample St",
        "surname": "Carl Trial",
        "mappa_level": 1,
    }
    assert last["status"] is Status.ABROAD
    assert codes(tracker) == [
        (11, "Notes", "financial_data"),
        (11, "Risk Cat", "unknown_risk"),
        (11, "D.O.B.", "bad_date"),
        (11, "HV interval", "bad_interval"),
        (11, "Current status", "unknown_status"),
        (12, "URN", "missing_reference"),
        (13, "Last HV", "implausible_date"),
        (13, "D.O.B.", "implausible_date"),
    ]
    elder, yew = tracker.managers
    assert (elder.id, elder.values["weekly_hours"], elder.values["arms_trained"], elder.values["sex"]) == (
        "1234",
        37.0,
        True,
        Sex.FEMALE,
    )
    assert elder.values["absences"] == (
        Absence(date(2026, 11, 28), date(2026, 12, 6)),
        Absence(date(2026, 12, 24), date(2026, 12, 24)),
    )
    assert (yew.values["weekly_hours"], yew.values["arms_trained"]) == (22.2, False)


def _as_csv(rows: list[tuple[object, ...]], delimiter: str) -> str:
    def cell(value: object) -> str:
        text = f"{value:%d/%m/%Y}" if isinstance(value, datetime) else "" if value is None else str(value)
        return f'"{text}"' if delimiter in text else text

    return "\r\n".join(delimiter.join(map(cell, row)) for row in rows)


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), (";", "cp1252"), ("\t", "utf-16")])
def test_the_same_rows_as_csv_say_the_same(tmp_path: Path, delimiter: str, encoding: str):
    whole = read(workbook(tmp_path / "t.xlsx", Nominals=_CASELOAD[:5] + _CASELOAD[6:]))
    path = tmp_path / "Nominals.csv"
    path.write_bytes(_as_csv(_CASELOAD[:5] + _CASELOAD[6:], delimiter).encode(encoding))
    tracker = read(path)
    assert [row.values for row in tracker.offenders] == [row.values for row in whole.offenders]
    assert codes(tracker) == codes(whole)


def test_american_dates_are_read_where_their_column_settles_it(tmp_path: Path):
    rows = [("Ref", "Surname", "Last Visit"), ("SYN-1", "OAK", "9/26/2026"), ("SYN-2", "FIR", "4/6/2026")]
    tracker = read(workbook(tmp_path / "t.xlsx", Caseload=rows))
    assert [row.values["last_seen"] for row in tracker.offenders] == [date(2026, 9, 26), date(2026, 4, 6)]


def test_every_finding_says_where_and_what_to_do(tmp_path: Path):
    tracker = read(_merged(workbook(tmp_path / "t.xlsx", Nominals=_CASELOAD, Team=_STAFF)))
    assert tracker.findings
    for each in tracker.findings:
        assert each.sheet == "Nominals"
        assert each.row > 5
        assert each.column
        assert each.message.count(".") >= 2, each.message
        assert isinstance(each.severity, Severity)

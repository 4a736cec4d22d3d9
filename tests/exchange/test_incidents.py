"""Incident logs as forces export them; every person and incident is invented."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.matching import Address, IncidentLog, LogPerson
from mosovo_planner.exchange import ColumnRule, DateOrder, Profile, TrackerError, UnrecognisedTracker, read_tracker
from mosovo_planner.exchange.incident_folder import waiting_files
from mosovo_planner.exchange.incidents import IncidentLogs, newest, read_incidents

AS_OF = date(2026, 11, 23)
HEADER = "Log No;Date/Time;Type;Location;Post Code;Person 1 Surname;Person 1 Forename;Person 1 DOB;Person 1 Ref;VRM;Log Text"
LINE = "L1;22/11/2026 18:40;Disturbance;1 Sample Street;sn1 1aa;TESTER;Alan;03/05/1971;W-00417;AB12 CDE;Shouting, heard by all"


def csv(folder: Path, *lines: str, **options: object) -> IncidentLogs:
    path = folder / "logs.csv"
    path.write_text("\n".join(lines), "utf-8")
    return read_incidents(path, as_of=AS_OF, **options)  # type: ignore[arg-type]


def only(logs: IncidentLogs) -> IncidentLog:
    (log,) = logs.logs
    return log


def codes(logs: IncidentLogs) -> list[tuple[int, str, str]]:
    return [(finding.row, finding.column, finding.code) for finding in logs.findings]


def test_a_log_with_all_its_facts(tmp_path: Path):
    logs = csv(tmp_path, HEADER, LINE)
    assert only(logs) == IncidentLog(
        number="L1",
        at=datetime(2026, 11, 22, 18, 40),
        kind="Disturbance",
        place="1 Sample Street",
        postcode="SN1 1AA",
        persons=(LogPerson(surname="TESTER", forenames="Alan", date_of_birth=date(1971, 5, 3), refs=("W-00417",)),),
        vehicles=("AB12 CDE",),
        text="Shouting, heard by all",
        sheet="logs",
        row=2,
    )
    assert logs.findings == ()
    assert newest(logs.logs) == datetime(2026, 11, 22, 18, 40)


def test_a_workbook_with_real_dates_and_other_headers(tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["STORM Ref", "Created Date", "Incident Time", "Nominal Name", "Nominal DOB", "Home Address", "Details"])
    sheet.append(["S/9", datetime(2026, 11, 22), "2315", "TESTER, Alan", date(1971, 5, 3), "1 Sample Street, SN1 1AA", "Seen"])
    path = tmp_path / "logs.xlsx"
    book.save(path)
    log = only(read_incidents(path, as_of=AS_OF))
    assert log.at == datetime(2026, 11, 22, 23, 15)
    assert log.persons[0].addresses == (Address("1 Sample Street, SN1 1AA"),)
    assert (log.persons[0].surname, log.persons[0].date_of_birth) == ("TESTER", date(1971, 5, 3))


def test_json_with_nested_persons(tmp_path: Path):
    entry = {
        "incidentNumber": 7,
        "dateTime": "2026-07-22T18:40:00Z",
        "location": {"address": "1 Sample Street", "postcode": "SN1 1AA"},
        "persons": [{"surname": "Tester", "forename": "Alan", "dob": "1971-05-03"}, {"name": "Ivor ELM", "dob": "1980"}],
        "vehicles": ["AB12 CDE", "XY34 ZZZ"],
        "summary": "Seen",
    }
    path = tmp_path / "logs.json"
    path.write_text(json.dumps({"generated": "x", "logs": [entry]}), "utf-8")
    log = only(read_incidents(path, as_of=AS_OF))
    assert (log.number, log.at) == ("7", datetime(2026, 7, 22, 19, 40))
    assert (log.address, log.postcode) == ("1 Sample Street", "SN1 1AA")
    assert [(each.surname, each.date_of_birth, each.birth_year) for each in log.persons] == [
        ("Tester", date(1971, 5, 3), None),
        ("ELM", None, 1980),
    ]
    assert log.vehicles == ("AB12 CDE", "XY34 ZZZ")


def test_several_persons_in_numbered_columns_and_in_rows_of_one_number(tmp_path: Path):
    logs = csv(
        tmp_path,
        "Incident Number,Date,Person 1 Surname,Person 1 Forename,Person 2 Surname,Person 2 Forename,Notes",
        "L1,22/11/2026,TESTER,Alan,ELM,Ivor,First",
        "L1,22/11/2026,OAK,Guy,,,Second",
    )
    assert [each.surname for each in only(logs).persons] == ["TESTER", "ELM", "OAK"]
    assert only(logs).text == "First\nSecond"
    assert logs.rows_read == 2


def test_victims_are_not_read(tmp_path: Path):
    log = only(csv(tmp_path, "Log No,Date,Victim Name,Log Text", "L1,22/11/2026,Ivy ELM,Seen"))
    assert log.persons == ()
    assert "ELM" not in repr(log)


def test_doubtful_cells_are_found_and_left_out(tmp_path: Path):
    logs = csv(
        tmp_path,
        "Log No,Date,Surname,DOB,Post Code,Log Text",
        "L1,2026-02-31,TESTER,03/04/1971,ZZ,Seen",
        "L2,2026-12-01,ELM,,,Seen",
        ",2026-11-20,OAK,,,Seen",
    )
    assert codes(logs) == [
        (2, "Date", "bad_date"),
        (2, "DOB", "ambiguous_date"),
        (2, "Post Code", "unknown_postcode"),
        (3, "Date", "implausible_date"),
        (4, "", "missing_number"),
    ]
    assert [log.persons[0].surname for log in logs.logs] == ["TESTER", "ELM", "OAK"]


def test_the_profile_settles_columns_and_the_order_of_dates(tmp_path: Path):
    rules = (ColumnRule("Fam", "surname"), ColumnRule("What", "text"), ColumnRule("Key", "number"))
    profile = Profile.from_json(Profile("Force", rules, date_order=DateOrder.DAY_FIRST).to_json())
    lines = ("Key,Fam,DOB,What", "L1,TESTER,03/04/1971,Seen")
    log = only(csv(tmp_path, *lines, profile=profile))
    assert (log.number, log.text) == ("L1", "Seen")
    assert log.persons[0].date_of_birth == date(1971, 4, 3)
    with pytest.raises(UnrecognisedTracker):
        csv(tmp_path, "Key,Fam,What", "L1,TESTER,Seen")


def test_card_and_account_numbers_are_taken_out_of_the_text_and_it_is_said(tmp_path: Path):
    logs = csv(tmp_path, "Log No,Date,Log Text", "L1,22/11/2026,Paid with 4111 1111 1111 1111 by TESTER")
    assert only(logs).text == "Paid with [number taken out] by TESTER"
    assert codes(logs) == [(2, "Log Text", "financial_data")]
    assert "4111" not in repr(logs.findings)


@pytest.mark.parametrize("content", ["", "[]", "{", "3", '["a"]', "[" * 100_000])
def test_json_that_is_none_is_refused_with_words(tmp_path: Path, content: str):
    path = tmp_path / "logs.json"
    path.write_text(content, "utf-8")
    with pytest.raises(TrackerError):
        read_incidents(path, as_of=AS_OF)


def test_a_tracker_is_not_taken_for_logs_nor_logs_for_a_tracker(tmp_path: Path):
    path = tmp_path / "logs.csv"
    path.write_text(f"{HEADER}\n{LINE}", "utf-8")
    assert all(table.kind != "logs" for table in _tables(path))


def _tables(path: Path) -> Sequence[object]:
    try:
        return read_tracker(path, as_of=AS_OF).tables
    except UnrecognisedTracker as error:
        return error.tables


_cells = st.one_of(st.none(), st.text(max_size=30), st.integers(), st.floats(allow_nan=False), st.booleans())
_keys = st.sampled_from(["log no", "date", "time", "surname", "dob", "postcode", "vrm", "text", "persons"]) | st.text(max_size=8)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(_keys, _cells | st.lists(st.dictionaries(_keys, _cells, max_size=3), max_size=2)), max_size=4))
def test_whatever_json_holds_is_read_or_refused(tmp_path: Path, entries: list[dict[str, object]]):
    path = tmp_path / "logs.json"
    path.write_text(json.dumps(entries), "utf-8")
    try:
        logs = read_incidents(path, as_of=AS_OF)
    except TrackerError:
        return
    assert len(logs.logs) <= logs.rows_read <= len(entries)


def test_the_watched_folder_offers_each_content_once(tmp_path: Path):
    files = (("b.csv", "one", 60), ("a.csv", "two", 90), ("copy.csv", "one", 30), ("new.csv", "three", 1), ("x.pdf", "x", 60))
    for name, content, age in files:
        path = tmp_path / name
        path.write_text(content, "utf-8")
        os.utime(path, (1_800_000_000 - age,) * 2)
    now = datetime.fromtimestamp(1_800_000_000)
    waiting = waiting_files(tmp_path, frozenset(), now)
    assert [each.path.name for each in waiting] == ["a.csv", "b.csv"]
    assert waiting_files(tmp_path, {each.digest for each in waiting}, now) == ()
    with pytest.raises(TrackerError):
        waiting_files(tmp_path / "gone", frozenset(), now)

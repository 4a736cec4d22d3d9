"""The shared synthetic trackers against what a correct import of them holds."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

from mosovo_planner.domain.people import Absence
from mosovo_planner.exchange import Severity, Tracker, read_tracker
from tests.exchange.helpers import read, shared

_REASON = {"unknown_risk": "risk", "bad_date": "date", "implausible_date": "date", "ambiguous_date": "date"}


@cache
def _read_tracker() -> tuple[Tracker, dict]:
    path = shared("tracker_wiltshire/tracker.xlsx")
    expected = json.loads(path.with_name("tracker.expected.json").read_text("utf-8"))
    return read_tracker(path, as_of=date.fromisoformat(expected["as_of"])), expected


def test_every_offender_row_matches_what_is_expected():
    tracker, expected = _read_tracker()
    got = {}
    for row in tracker.offenders:
        seen = row.values.get("last_seen")
        got[row.ref] = {
            "row": row.row,
            "risk": row.values.get("risk"),
            "postcode": row.values.get("postcode") or None,
            "last_visit": seen.isoformat() if seen else None,
            "interval_months": row.values.get("interval_months"),
            "status": row.values.get("status"),
            "manager": row.values.get("manager"),
        }
    assert got == {
        ref: {key: value for key, value in each.items() if key not in ("lat", "lon")}
        for ref, each in expected["offenders"].items()
    }


def test_every_officer_matches_what_is_expected():
    tracker, expected = _read_tracker()
    for row, officer in zip(tracker.managers, expected["officers"], strict=True):
        assert (row.id, row.values["base"], row.values["weekly_hours"]) == (officer["id"], officer["base"], officer["hours"])
        assert (row.values["trained"], row.values["sex"]) == (officer["trained"], officer["sex"])
        leave = [Absence(*map(date.fromisoformat, officer["leave"]))] if officer["leave"] else []
        assert list(row.values.get("absences", ())) == leave


def test_findings_are_those_expected_and_no_others():
    tracker, expected = _read_tracker()
    rejected = {str(each.row) for each in tracker.findings if each.severity is Severity.REJECTED}
    assert rejected == set(expected["rows_rejected"])
    duplicates = {(each.value, each.row) for each in tracker.findings if each.code == "duplicate"}
    assert duplicates == {(ref, second) for ref, _, second in expected["duplicates"]}
    warned = {
        str(each.row): _REASON[each.code]
        for each in tracker.findings
        if each.severity is Severity.WARNING and each.code != "duplicate"
    }
    # rows without a position are warned of by the office, which knows the gazetteer
    assert warned == {row: reason for row, reason in expected["rows_warned"].items() if reason != "no position"}
    without_postcode = {str(row.row) for row in tracker.offenders if not row.values.get("postcode")}
    assert without_postcode == {row for row, reason in expected["rows_warned"].items() if reason == "no position"}


def test_header_row_is_found_below_the_title_rows():
    tracker, expected = _read_tracker()
    assert [table.header_row for table in tracker.tables] == [expected["header_row"], 1]


def test_clean_csv_of_the_force_is_read_without_a_finding():
    tracker = read(shared("wiltshire_clean.csv"))
    assert (len(tracker.offenders), tracker.findings) == (900, ())
    assert tracker.offenders[0].values["interval_months"] == 6
    staff = read(shared("wiltshire_clean_officers.csv"))
    assert (len(staff.managers), len(staff.offenders), staff.findings) == (18, 0, ())
    assert staff.managers[0].values["lat"] == 51.35628


def test_nine_thousand_clean_rows_are_read_without_a_finding():
    tracker = read(shared("met_clean.csv"))
    assert (len(tracker.offenders), tracker.findings) == (9000, ())
    assert {row.values["interval_months"] for row in tracker.offenders} == {1, 3, 6, 12}

"""Staff from their own sheet: base, hours, training, sex, absences; and which officer a cell means."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from mosovo_planner.domain.people import Absence, Sex
from mosovo_planner.exchange import ManagerRow, Tracker
from tests.exchange.helpers import codes, finding, only, read, read_rows, workbook

_NOVEMBER = Absence(date(2026, 11, 28), date(2026, 12, 6))
_CHRISTMAS = Absence(date(2026, 12, 24), date(2026, 12, 24))


def _one(folder: Path, **cells: object) -> tuple[ManagerRow, Tracker]:
    header = [name.replace("_", " ") for name in cells]
    tracker = read_rows(folder, ("OM", "Base", *header), ("OM1", "Devizes", *cells.values()))
    return tracker.managers[0], tracker


def test_an_officer_with_everything(tmp_path: Path):
    row, tracker = _one(
        tmp_path,
        Name="PC 1000 Cedar",
        Base_postcode="sn102dn",
        Hours="29.6h",
        MOSOVO_trained="Y",
        ARMS_trained="No",
        Sex="female",
    )
    assert row.values == {
        "name": "PC 1000 Cedar",
        "base": "Devizes",
        "base_postcode": "SN10 2DN",
        "weekly_hours": 29.6,
        "trained": True,
        "arms_trained": False,
        "sex": Sex.FEMALE,
    }
    assert tracker.findings == ()


@pytest.mark.parametrize(("cell", "hours"), [(1, 37.0), (0.8, 29.6), ("0.6", 22.2), ("80%", 29.6)])
def test_full_time_equivalents_are_of_37_hours(tmp_path: Path, cell: object, hours: float):
    assert _one(tmp_path, FTE=cell)[0].values["weekly_hours"] == hours


def test_full_time_equivalents_in_percent(tmp_path: Path):
    (row,) = read_rows(tmp_path, ("OM", "FTE %"), ("OM1", 80)).managers
    assert row.values["weekly_hours"] == 29.6


@pytest.mark.parametrize(("header", "cell"), [("FTE", 29.6), ("Hours", 0.8), ("Hours", "full time"), ("Hours", 400), ("FTE", -1)])
def test_hours_that_cannot_be_are_reported(tmp_path: Path, header: str, cell: object):
    row, tracker = _one(tmp_path, **{header: cell})
    assert codes(tracker) == [(2, header, "bad_number")]
    assert "weekly_hours" not in row.values


def test_training_in_one_column(tmp_path: Path):
    row, _ = _one(tmp_path, Training="ViSOR, MOSOVO")
    assert (row.values["trained"], row.values["arms_trained"]) == (True, False)


def test_training_that_is_only_planned_is_reported(tmp_path: Path):
    row, tracker = _one(tmp_path, Training="MOSOVO yes, ARMS booked")
    assert codes(tracker) == [(2, "Training", "bad_yes_no")]
    assert not {"trained", "arms_trained"} & row.values.keys()


def test_training_given_as_a_date_is_a_yes_and_a_plan_is_reported(tmp_path: Path):
    row, tracker = _one(tmp_path, MOSOVO_trained=datetime(2024, 5, 6), ARMS_trained="booked")
    assert row.values["trained"] is True
    assert codes(tracker) == [(2, "ARMS trained", "bad_yes_no")]


@pytest.mark.parametrize(
    ("cells", "absences"),
    [
        ({"Leave_from": "28/11/2026", "Leave_to": "06/12/2026"}, (_NOVEMBER,)),
        ({"Leave_from": datetime(2026, 11, 28), "to": datetime(2026, 12, 6), "Reason": "Leave"}, (Absence(_NOVEMBER.start,
        _NOVEMBER.end, "Leave"),)),
        (
            {"Leave_1_from": "28/11/2026", "Leave_1_to": "06/12/2026", "Leave_2_from": "24/12/2026",
        "Leave_2_to": "24/12/2026"},
            (_NOVEMBER, _CHRISTMAS),
        ),
        ({"Absences": "28/11/2026 - 06/12/2026; 24/12/2026"}, (_NOVEMBER, _CHRISTMAS)),
        ({"Annual_leave": datetime(2026, 12, 24)}, (_CHRISTMAS,)),
    ],
)  # fmt: skip
def test_absences_in_pairs_of_columns_or_as_a_list(tmp_path: Path, cells: dict[str, object], absences: tuple[Absence, ...]):
    row, tracker = _one(tmp_path, **cells)
    assert row.values["absences"] == absences
    assert tracker.findings == ()


@pytest.mark.parametrize(
    "cells",
    [
        {"Leave_from": "28/11/2026", "Leave_to": None},
        {"Leave_from": None, "Leave_to": "28/11/2026"},
        {"Leave_from": "28/11/2026", "Leave_to": "14/11/2026"},
        {"Leave_from": "28/11/2026", "Leave_to": "soon"},
        {"Absences": "28/11/2026 - 14/11/2026"},
        {"Absences": "two weeks in May"},
    ],
)
def test_an_absence_without_two_days_in_order_is_reported(tmp_path: Path, cells: dict[str, object]):
    row, tracker = _one(tmp_path, **cells)
    assert [code for _, _, code in codes(tracker)] == ["bad_date"]
    assert "absences" not in row.values
    assert "absences" not in row.blank


def test_several_rows_of_one_officer_add_up_their_absences(tmp_path: Path):
    tracker = read_rows(
        tmp_path,
        ("OM", "Base", "Leave from", "Leave to"),
        ("OM1", "Devizes", "28/11/2026", "06/12/2026"),
        ("OM1", None, "24/12/2026", "24/12/2026"),
        ("om1", "Swindon", None, None),
    )
    (manager,) = tracker.managers
    assert (manager.row, manager.values["base"], manager.values["absences"]) == (2, "Devizes", (_NOVEMBER, _CHRISTMAS))
    assert codes(tracker) == [(4, "", "duplicate")]


def test_a_sheet_of_leave_is_joined_to_the_staff_sheet(tmp_path: Path):
    path = workbook(
        tmp_path / "t.xlsx",
        Staff=[("OM", "Name", "Base"), ("OM1", "PC 1000 Cedar", "Devizes")],
        Leave=[
            ("Officer", "From", "To"),
            ("PC 1000 Cedar", "28/11/2026", "06/12/2026"),
            ("OM1", "24/12/2026", "24/12/2026"),
            ("Elm", "24/12/2026", "24/12/2026"),
        ],
    )
    tracker = read(path)
    (manager,) = tracker.managers
    assert finding(tracker, "unknown_manager").row == 4
    assert (manager.id, manager.values["base"]) == ("OM1", "Devizes")
    assert manager.values["absences"] == (_NOVEMBER, _CHRISTMAS)


def test_without_ids_the_name_is_the_id(tmp_path: Path):
    tracker = read_rows(tmp_path, ("Surname", "Forename", "Base"), ("Cedar", "Jo", "Devizes"), (None, None, "Swindon"))
    assert [row.id for row in tracker.managers] == ["Jo Cedar"]
    assert codes(tracker) == [(3, "", "missing_reference")]


@pytest.mark.parametrize("cell", ["OM1", "om1", "PC 1000 Cedar", "pc 1000  cedar", "Cedar", "PC Cedar", "1000", "DC Cedar"])
def test_a_manager_is_known_by_id_name_number_or_surname(tmp_path: Path, cell: str):
    tracker = _with_staff(tmp_path, cell)
    assert (only(tracker).values["manager"], tracker.findings) == ("OM1", ())


@pytest.mark.parametrize("cell", ["Larch", "OM9", "PC 1000 Elder", "Ced"])
def test_a_manager_whom_the_staff_list_does_not_settle_is_reported_and_kept_as_written(tmp_path: Path, cell: str):
    tracker = _with_staff(tmp_path, cell)
    assert finding(tracker, "unknown_manager").value == cell
    assert only(tracker).values["manager"] == cell


@pytest.mark.parametrize("cell", ["Unallocated", "n/a", None, "TBC"])
def test_nobody_is_no_manager(tmp_path: Path, cell: object):
    tracker = _with_staff(tmp_path, cell)
    assert tracker.findings == ()
    assert "manager" in only(tracker).blank


def _with_staff(folder: Path, manager: object) -> Tracker:
    path = workbook(
        folder / "t.xlsx",
        Caseload=[("Ref", "Surname", "OM"), ("SYN-1", "OAK", manager)],
        OMs=[
            ("OM", "Name", "Base"),
            ("OM1", "PC 1000 Cedar", "Devizes"),
            ("OM2", "PC 1001 Larch", "Devizes"),
            ("OM3", "PC 1002 Larch", "Devizes"),
        ],
    )
    return read(path)


def test_team_rank_and_how_to_reach_an_officer_are_read_the_ways_to_reach_together(tmp_path: Path):
    row, tracker = _one(tmp_path, Team="North", Rank="PC", Mobile="07700 900123", Email="cedar@force.invalid")
    assert {name: row.values[name] for name in ("team", "rank", "reach")} == {
        "team": "North",
        "rank": "PC",
        "reach": "07700 900123; cedar@force.invalid",
    }
    assert tracker.findings == ()


def test_an_officer_reached_one_way_only_leaves_no_loose_end(tmp_path: Path):
    row, _ = _one(tmp_path, Mobile="", Email="cedar@force.invalid", Grade="")
    assert row.values["reach"] == "cedar@force.invalid"
    assert "reach" not in row.blank
    assert "rank" in row.blank

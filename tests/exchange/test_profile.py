"""A mapping made by hand is remembered and used again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.people import Risk
from mosovo_planner.exchange import IGNORED, ColumnRule, DateOrder, Profile, ProfileError, SheetRule, TableKind, mappable_fields
from tests.exchange.helpers import codes, only, read, workbook

_FOREIGN = (("Kennung", "Name", "Stufe", "Gesehen"), ("SYN-1", "OAK", "Low", "04/03/2026"))
_PROFILE = Profile(
    "Foreign",
    columns=(ColumnRule("Kennung", "ref"), ColumnRule("Stufe", "risk"), ColumnRule("gesehen ", "last_seen", sheet="Liste")),
    sheets=(SheetRule("liste", TableKind.OFFENDERS, header_row=1),),
    date_order=DateOrder.MONTH_FIRST,
)


def test_columns_mapped_by_hand_are_read(tmp_path: Path):
    tracker = read(workbook(tmp_path / "t.xlsx", Liste=_FOREIGN), profile=_PROFILE)
    assert only(tracker).values == {"surname": "OAK", "risk": Risk.LOW, "last_seen": date(2026, 4, 3)}
    assert tracker.findings == ()


def test_a_rule_for_every_sheet_is_enough_to_recognise_the_table(tmp_path: Path):
    profile = Profile("p", columns=(ColumnRule("Kennung", "ref"), ColumnRule("Stufe", "risk")))
    assert only(read(workbook(tmp_path / "t.xlsx", Other=[("A title",), *_FOREIGN]), profile=profile)).values["risk"] is Risk.LOW


def test_a_sheet_rule_without_a_header_row_reads_the_likeliest(tmp_path: Path):
    profile = Profile("p", columns=(ColumnRule("Wer", "ref"),), sheets=(SheetRule("Liste", TableKind.OFFENDERS),))
    assert (
        only(read(workbook(tmp_path / "t.xlsx", Liste=[("x",), ("Wer", "Was"), ("SYN-1", "y")]), profile=profile)).ref == "SYN-1"
    )


def test_a_profile_can_leave_a_column_or_a_sheet_unread(tmp_path: Path):
    rows = (("Ref", "Surname", "Risk", "Notes"), ("SYN-1", "OAK", "Low", "private"))
    path = workbook(tmp_path / "t.xlsx", Caseload=rows, Old=[rows[0], ("SYN-2", "FIR", "Low", "")])
    profile = Profile("p", (ColumnRule("Notes", IGNORED), ColumnRule("Risk", "")), (SheetRule("Old", TableKind.OTHER),))
    assert only(read(path, profile=profile)).values == {"surname": "OAK"}


def test_a_column_without_a_header_is_mapped_by_its_letter_and_a_repeated_one_by_its_number(tmp_path: Path):
    rows = (("Ref", "Surname", None, "Risk", "Risk"), ("SYN-1", "OAK", "SN1 1AA", "Low", "High"))
    profile = Profile("p", (ColumnRule("Column C", "postcode"), ColumnRule("Risk (2)", "risk")))
    tracker = read(workbook(tmp_path / "t.xlsx", Caseload=rows), profile=profile)
    assert only(tracker).values == {"surname": "OAK", "postcode": "SN1 1AA", "risk": Risk.HIGH}


def test_of_two_columns_mapped_to_one_field_the_first_counts(tmp_path: Path):
    rows = (("Ref", "Surname", "A", "B"), ("SYN-1", "OAK", "01/02/2026", "13/02/2026"))
    profile = Profile("p", (ColumnRule("A", "last_seen"), ColumnRule("B", "last_seen")), date_order=DateOrder.DAY_FIRST)
    assert only(read(workbook(tmp_path / "t.xlsx", Caseload=rows), profile=profile)).values["last_seen"] == date(2026, 2, 1)


def test_a_sheet_of_closed_cases_is_read_where_the_profile_says_so(tmp_path: Path):
    rows = (("Ref", "Surname", "Risk"), ("SYN-1", "OAK", "Low"))
    path = workbook(tmp_path / "t.xlsx", Caseload=rows, Archive=[rows[0], ("SYN-2", "FIR", "Low")])
    tracker = read(path, profile=Profile("p", sheets=(SheetRule("Archive", TableKind.OFFENDERS),)))
    assert [row.ref for row in tracker.offenders] == ["SYN-1", "SYN-2"]
    assert codes(tracker) == []


_NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(
    st.builds(
        Profile,
        name=_NAMES,
        columns=st.lists(
            st.builds(ColumnRule, _NAMES, st.sampled_from([name for name, _ in mappable_fields(TableKind.OFFENDERS)]), _NAMES)
        ).map(tuple),
        sheets=st.lists(st.builds(SheetRule, _NAMES, st.sampled_from(TableKind), st.none() | st.integers(1, 99))).map(tuple),
        date_order=st.none() | st.sampled_from(DateOrder),
    )
)
def test_a_profile_survives_being_written_and_read(profile: Profile):
    assert Profile.from_json(profile.to_json()) == profile


def _changed(**changes: object) -> str:
    return json.dumps(json.loads(_PROFILE.to_json()) | changes)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "no JSON"),
        ("[]", "format"),
        ("[" * 100_000, "no JSON"),
        (_changed(format="other/1"), "format"),
        (_changed(name=3), "name"),
        (_changed(date_order="ymd"), "date_order"),
        (_changed(date_order=[]), "date_order"),
        (_changed(columns={}), "columns"),
        (_changed(columns=[{"header": "a", "field": "password"}]), r"columns\[0\].field"),
        (_changed(columns=[7]), r"columns\[0\].header"),
        (_changed(sheets=[{"sheet": "a", "kind": "people"}]), r"sheets\[0\].kind"),
        (_changed(sheets=[{"sheet": "a", "kind": "other", "header_row": 0}]), r"sheets\[0\].header_row"),
    ],
)
def test_a_profile_that_is_not_in_order_names_the_place(text: str, place: str):
    with pytest.raises(ProfileError, match=place):
        Profile.from_json(text)

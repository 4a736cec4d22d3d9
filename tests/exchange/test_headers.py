"""Headers are known by alias, whatever their case, order, punctuation and fillers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.exchange.fields import FIELDS, IGNORED, TableKind
from mosovo_planner.exchange.headers import assign, score_header


def _field(header: str, kind: TableKind = TableKind.OFFENDERS) -> str | None:
    return assign(kind, [header]).get(0)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Ref", "ref"), ("URN", "ref"), ("Niche No.", "ref"), ("Offender's name", "name"),
        ("HV interval (mths)", "interval_months"),
        ("LVD", "last_seen"), ("Markers/Flags", "markers"), ("SHPO Y/N", "orders"), ("Address1", "address"),
        ("Custody/Community", "status"), ("SHPO expiry date", "orders"), ("Warning flags", "markers"),
        ("Case notes", "notes"), ("Local Ref.", "ref"), ("Nominal Number", "ref"), ("NICHE ID", "ref"),
        ("Offender reference", "ref"),
        ("ViSOR No", "visor_ref"), ("VISOR NUMBER", "visor_ref"), ("ViSOR ref:", "visor_ref"),
        ("Surname", "surname"), ("Forename(s)", "forenames"), ("First Name", "forenames"), ("Full name", "name"),
        ("Offender", "name"),
        ("D.O.B.", "date_of_birth"), ("Date of Birth", "date_of_birth"), ("DOB (dd/mm/yyyy)", "date_of_birth"),
        ("Home Address", "address"), ("Address line 2", "address"), ("Post Code", "postcode"), ("POSTCODE", "postcode"),
        ("Post-code", "postcode"),
        ("Risk", "risk"), ("Risk level", "risk"), ("Current Risk", "risk"), ("ARMS level", "risk"), ("RISK (ARMS)", "risk"),
        ("Visit Freq (months)", "interval_months"), ("Visit frequency", "interval_months"),
        ("interval_days", "interval_months"),
        ("Visit interval - weeks", "interval_months"), ("Frequency of visits", "interval_months"),
        ("Last Visit", "last_seen"), ("Date of last visit", "last_seen"), ("Last successful visit date", "last_seen"),
        ("last_visit", "last_seen"),
        ("Date last seen", "last_seen"), ("Last HV", "last_seen"),
        ("OM", "manager"), ("Offender Manager", "manager"), ("officer_id", "manager"), ("Allocated to", "manager"),
        ("OIC", "manager"),
        ("Supervisor", "supervisor"), ("Sgt", "supervisor"), ("ARMS Date", "arms_done"), ("ARMS completed", "arms_done"),
        ("Date ARMS completed", "arms_done"), ("RMP Review Due", "rmp_review_due"), ("Next RMP review", "rmp_review_due"),
        ("Status", "status"), ("In custody?", "status"), ("MAPPA Lvl", "mappa_level"), ("MAPPA Level", "mappa_level"),
        ("SHPO?", "orders"),
        ("Markers", "markers"), ("Warning markers", "markers"), ("double_crew", "markers"), ("Notes", "notes"),
        ("Comments", "notes"),
        ("Lat", "lat"), ("Longitude", "lon"), ("Easting", "easting"), ("Northings", "northing"), ("Town/City", "place"),
        ("Gender", "sex"),
    ],
)  # fmt: skip
def test_headers_of_offender_tables(header: str, field: str):
    assert _field(header) == field


@pytest.mark.parametrize(
    "header",
    [
        "Next Visit Due", "Risk date", "Status date", "ARMS due", "Last attempted visit", "Days overdue", "MAPPA category",
        "Bank account",
        "Victim", "Index offence", "Phone", "", "?", "Favourite colour", "Probation officer", "ViSOR updated",
        "Last visit by", "Hours (day)",
        "Visit outcome", "Risk review", "Visit date", "NVD",
    ],
)  # fmt: skip
def test_headers_that_mean_something_else_are_not_taken(header: str):
    assert _field(header) in (None, IGNORED)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("OM", "id"), ("Collar No", "id"), ("officer_id", "id"), ("Staff ID", "id"), ("Name", "name"), ("label", "name"),
        ("Base", "base"),
        ("Station", "base"), ("Base postcode", "base_postcode"), ("Hours/wk", "weekly_hours"), ("Hrs p.w.", "weekly_hours"),
        ("A/L from", "absence_from"), ("MOSOVO crse", "trained"),
        ("Contracted hours", "weekly_hours"), ("FTE", "fte"), ("MOSOVO trained", "trained"), ("MOSOVO trained?", "trained"),
        ("ARMS Trained", "arms_trained"), ("Training", "training"), ("Sex", "sex"), ("On leave from", "absence_from"),
        ("to", "absence_to"),
        ("Leave 1 from", "absence_from"), ("Leave 1 to", "absence_to"), ("Annual leave", "absences"), ("base_lat", "lat"),
    ],
)  # fmt: skip
def test_headers_of_staff_tables(header: str, field: str):
    assert _field(header, TableKind.MANAGERS) == field


def test_the_better_alias_has_the_field_and_the_other_column_stays_free():
    assert assign(TableKind.OFFENDERS, ["Last visit", "Last successful visit"]) == {1: "last_seen"}
    assert assign(TableKind.OFFENDERS, ["Niche ref", "Ref"]) == {1: "ref"}
    assert assign(TableKind.MANAGERS, ["Officer", "Collar No"]) == {0: "name", 1: "id"}


def test_several_columns_join_into_one_address():
    assert set(assign(TableKind.OFFENDERS, ["Address 1", "Address 2", "Address 3"]).values()) == {"address"}


@given(
    st.permutations(
        ["Ref", "Surname", "DOB", "Risk", "OM", "Last Visit", "Visit Freq (months)", "Post Code", "Next Visit Due", "SHPO?"]
    )
)
def test_the_order_of_columns_makes_no_difference(headers: list[str]):
    assert {headers[column]: field for column, field in assign(TableKind.OFFENDERS, headers).items()} == {
        "Ref": "ref",
        "Surname": "surname",
        "DOB": "date_of_birth",
        "Risk": "risk",
        "OM": "manager",
        "Last Visit": "last_seen",
        "Visit Freq (months)": "interval_months",
        "Post Code": "postcode",
        "Next Visit Due": IGNORED,
        "SHPO?": "orders",
    }


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (["Ref", "Risk"], TableKind.OFFENDERS),
        (["Surname", "DOB", "Risk"], TableKind.OFFENDERS),
        (["OM", "Name", "Base", "Hours"], TableKind.MANAGERS),
        (["OM", "From", "To"], TableKind.MANAGERS),
        (["Officer", "Leave dates"], TableKind.MANAGERS),
        (["Ref", "Visit date", "Outcome", "Surname"], TableKind.OTHER),
        (["Ref", "Order", "Start", "End"], TableKind.OFFENDERS),
        (["Item", "Price"], TableKind.OTHER),
        (["OFFENDER TRACKER"], TableKind.OTHER),
        ([], TableKind.OTHER),
    ],
)
def test_the_kind_of_a_table_is_told_by_its_headers(headers: list[str], kind: TableKind):
    assert score_header(headers).kind is kind


@given(st.lists(st.text(max_size=30), max_size=12))
def test_no_header_crashes(headers: list[str]):
    for kind in FIELDS:
        assert set(assign(kind, headers)) <= set(range(len(headers)))
    score_header(headers)

"""Postcodes are read as people write them, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.geo.postcodes import (
    UNITS_IN_DISTRICT,
    UNITS_IN_SECTOR,
    district_of,
    normalise,
    partial,
    postcode_number,
    sector_of,
)

_UNIT = "ABDEFGHJLNPQRSTUWXYZ"
outward = st.one_of(
    st.from_regex(r"[A-Z]{1,2}[0-9][0-9]?", fullmatch=True), st.from_regex(r"[A-Z]{1,2}[0-9][A-Z]", fullmatch=True)
)
inward = st.builds("{}{}{}".format, st.sampled_from("0123456789"), st.sampled_from(_UNIT), st.sampled_from(_UNIT))
postcodes = st.builds("{} {}".format, outward, inward)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("SN1 1AA", "SN1 1AA"),
        ("sn11aa", "SN1 1AA"),
        ("  sn1   1aa\t", "SN1 1AA"),
        ("SN1\u00a01AA", "SN1 1AA"),
        ("SN1 1AA\u200b", "SN1 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("W1A 0AX", "W1A 0AX"),
        ("GIR0AA", "GIR 0AA"),
        ("SN1 OAA", "SN1 0AA"),
        ("SN1 IAA", "SN1 1AA"),
    ],
)
def test_a_postcode_is_read_however_it_is_written(written: str, read: str) -> None:
    assert normalise(written) == read


@pytest.mark.parametrize(
    "text",
    ["", " ", "SN1", "SN1 1", "1AA", "SN1 1AAA", "SN 1AA", "SN1 1A1", "SN1 1CA", "SN1 1AÅ", "١٢٣ ٤AA", "S²1 1AA", "ßN1 1AA",
     "n/a", "SN1 1AA SN1 1AB", "\ud800", "=SN1", "x" * 100_000],
)  # fmt: skip
def test_other_text_is_no_postcode(text: str) -> None:
    assert normalise(text) is None
    assert postcode_number(text) is None


@given(postcodes)
def test_spaces_and_case_do_not_matter(postcode: str) -> None:
    for written in (postcode.replace(" ", ""), postcode.lower(), " ".join(postcode)):
        assert normalise(written) == postcode


@given(st.text())
def test_reading_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert once is None or normalise(once) == once


@given(postcodes, postcodes)
def test_each_postcode_has_its_own_number_within_its_sector_and_district(one: str, other: str) -> None:
    first, second = postcode_number(one), postcode_number(other)
    assert first is not None
    assert second is not None
    assert (first == second) == (one == other)
    assert (first // UNITS_IN_SECTOR == second // UNITS_IN_SECTOR) == (sector_of(one) == sector_of(other))
    assert (first // UNITS_IN_DISTRICT == second // UNITS_IN_DISTRICT) == (district_of(one) == district_of(other))
    assert max(first, second) < 2**31


def test_parts_of_a_postcode_are_told_apart() -> None:
    district = (postcode_number("SN1 1AA") or 0) // UNITS_IN_DISTRICT
    assert partial("sn1") == (district, None)
    assert partial("SN1 1") == (district, 1)
    assert partial("SN11") != partial("SN1 1")
    for text in ("", "SN", "SN1 1A", "SN1 1AA", "SN1 ٣", "Swindon", "12"):
        assert partial(text) is None

"""Dates of birth, addresses and plates as logs have them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.matching.facts import Birth, Nearness, compare_births, compare_places, plate, whereabouts

BORN = date(1971, 5, 3)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (date(1971, 5, 3), Birth.EXACT),
        (date(1971, 3, 5), Birth.SWAPPED),
        (date(1971, 5, 8), Birth.DIGIT),
        (date(1917, 5, 3), Birth.DIGIT),
        (date(1971, 1, 1), Birth.YEAR),
        (date(1984, 11, 27), Birth.DIFFERENT),
        (None, Birth.UNKNOWN),
    ],
)
def test_dates_of_birth(other: date | None, expected: Birth):
    assert compare_births(BORN, other) is expected


def test_a_year_alone():
    assert compare_births(BORN, None, 1971) is Birth.YEAR
    assert compare_births(BORN, None, 1972) is Birth.DIFFERENT


@given(st.dates(), st.dates())
def test_births_compare_alike_both_ways(one: date, other: date):
    assert compare_births(one, other) is compare_births(other, one)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("1 Sample Street", "ZZ1 1ZZ"), ("1, Sample St, Sampleton", "zz11zz"), Nearness.HOUSE),
        (("1 Sample Street, ZZ1 1ZZ", ""), ("1 Sample Street", "ZZ1 1ZZ"), Nearness.HOUSE),
        (("14 A Sample Street", "ZZ1 1ZZ"), ("14a Sample Street", "ZZ1 1ZZ"), Nearness.HOUSE),
        (("Flat 2, 14 Sample Street", "ZZ1 1ZZ"), ("14 Sample Street", "ZZ1 1ZZ"), Nearness.HOUSE),
        (("Flat 2, 14 Sample Street", "ZZ1 1ZZ"), ("Flat 3, 14 Sample Street", "ZZ1 1ZZ"), Nearness.POSTCODE),
        (("2 Sample Street", "ZZ1 1ZZ"), ("1 Sample Street", "ZZ1 1ZZ"), Nearness.POSTCODE),
        (("", "ZZ1 1ZZ"), ("1 Sample Street", "ZZ1 1ZZ"), Nearness.POSTCODE),
        (("Rose Cottage", "ZZ1 1ZZ"), ("Rose Cottage, Sample Lane", "ZZ1 1ZZ"), Nearness.HOUSE),
        (("1 Sample Street, Sampleton", ""), ("1 Sample St, Sampleton", "ZZ1 1ZZ"), Nearness.HOUSE),
        (("1 Sample Street, Otherton", ""), ("1 Sample St, Sampleton", "ZZ1 1ZZ"), Nearness.OTHER),
        (("1 Sample Street", "ZZ1 1ZY"), ("1 Sample Street", "ZZ1 1ZZ"), Nearness.OTHER),
    ],
)
def test_addresses(one: tuple[str, str], other: tuple[str, str], expected: Nearness):
    assert compare_places(whereabouts(*one), whereabouts(*other)) is expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_addresses_compare_alike_both_ways(one: str, other: str):
    left, right = whereabouts(one, "ZZ1 1ZZ"), whereabouts(other, "ZZ1 1ZZ")
    assert compare_places(left, right) is compare_places(right, left)


def test_plates():
    assert plate("ab12 cde") == plate("AB12CDE")
    assert plate("AO12 CDE") == plate("A012 CDE")
    assert plate("A") == ""

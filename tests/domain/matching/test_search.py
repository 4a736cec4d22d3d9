"""Who manages him? Questions as officers ask them, over an invented caseload."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.matching import Address, CaseloadSearch, Subject

SUBJECTS = (
    Subject(
        ref="W-00417", refs=("SYN/22/1234",), surname="O'Brien", forenames="William Alan", aliases=("Spider",),
        date_of_birth=date(1971, 5, 3), addresses=(Address("1 Sample Street, Sampleton", "ZZ1 1ZZ"),), vehicles=("AB12 CDE",),
    ),
    Subject(ref="W-00418", surname="Thompson", forenames="Alan", addresses=(Address("2 Sample Street, Sampleton", "ZZ1 1ZY"),)),
    Subject(ref="W-00419", surname="Smith-Oak", forenames="Zoë", addresses=(Address("Rose Cottage", "SN12 6AA"),)),
)  # fmt: skip
SEARCH = CaseloadSearch(SUBJECTS)


@pytest.mark.parametrize(
    ("question", "ref", "reason"),
    [
        ("obrien", "W-00417", "surname"),
        ("O’Brien", "W-00417", "surname"),
        ("o brien", "W-00417", "surname"),
        ("bill obrien", "W-00417", "william for bill"),
        ("obrein", "W-00417", "nearly obrein"),
        ("spider", "W-00417", "alias"),
        ("w00417", "W-00417", "reference"),
        ("SYN/22", "W-00417", "reference starts with"),
        ("ab12cde", "W-00417", "vehicle"),
        ("AB12", "W-00417", "vehicle starts with"),
        ("AB12 CDF", "W-00417", "one letter off"),
        ("03/05/1971", "W-00417", "date of birth"),
        ("05/03/1971", "W-00417", "swapped"),
        ("zz1 1zz", "W-00417", "postcode"),
        ("SN12 6", "W-00419", "postcode starts with"),
        ("tomson", "W-00418", "nearly tomson"),
        ("thom", "W-00418", "starts with"),
        ("zoe", "W-00419", "forename"),
        ("oak", "W-00419", "surname"),
        ("rose cottage", "W-00419", "address"),
        ("alan 2 sample street", "W-00418", "address"),
    ],
)
def test_found_first_with_its_reason(question: str, ref: str, reason: str):
    hit = SEARCH.find(question)[0]
    assert hit.ref == ref
    assert hit.complete
    assert any(reason in each for each in hit.reasons)


def test_whom_all_of_it_fits_comes_first():
    assert [hit.complete for hit in SEARCH.find("alan sampleton")] == [True, True]
    assert [hit.ref for hit in SEARCH.find("alan thompson")] == ["W-00418"]


def test_part_of_a_question_is_found_and_said_to_be_part():
    (hit,) = SEARCH.find("thompson liverpool")
    assert hit.ref == "W-00418"
    assert not hit.complete


@pytest.mark.parametrize("question", ["", "   ", "?", "qqqqzzzz", "99/99/2020"])
def test_nobody(question: str):
    assert SEARCH.find(question) == ()


def test_an_empty_caseload_answers():
    assert CaseloadSearch(()).find("smith") == ()


@given(st.text(max_size=80))
def test_any_question_is_answered(question: str):
    assert len(SEARCH.find(question, limit=2)) <= 2

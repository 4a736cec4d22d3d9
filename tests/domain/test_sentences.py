"""The notification period of s.82, halved under 18, consecutive terms added. All people are invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.sentences import Disposal, Sentence, Term, aggregate, notification_period, partly_concurrent

ON = date(2019, 5, 2)
ADULT, CHILD = date(1971, 3, 9), date(2001, 5, 3)


@pytest.mark.parametrize(
    ("disposal", "term", "adult", "child"),
    [
        (Disposal.LIFE, Term(), None, None),
        (Disposal.IMPRISONMENT, Term(months=30), None, None),
        (Disposal.IMPRISONMENT, Term(months=29, days=29), date(2029, 5, 1), date(2024, 5, 1)),
        (Disposal.IMPRISONMENT, Term(months=6, days=1), date(2029, 5, 1), date(2024, 5, 1)),
        (Disposal.IMPRISONMENT, Term(months=6), date(2026, 5, 1), date(2022, 11, 1)),
        (Disposal.HOSPITAL, Term(), date(2026, 5, 1), date(2022, 11, 1)),
        (Disposal.HOSPITAL_RESTRICTED, Term(), None, None),
        (Disposal.CAUTION, Term(), date(2021, 5, 1), date(2020, 5, 1)),
        (Disposal.CONDITIONAL_DISCHARGE, Term(months=18), date(2020, 11, 1), date(2020, 11, 1)),
        (Disposal.OTHER, Term(), date(2024, 5, 1), date(2021, 11, 1)),
    ],
)
def test_the_table_of_s82(disposal: Disposal, term: Term, adult: date | None, child: date | None) -> None:
    assert notification_period(Sentence(ON, disposal, term, ADULT)).last_day == adult
    assert notification_period(Sentence(ON, disposal, term, CHILD)).last_day == child


def test_consecutive_terms_are_added_and_overlaps_counted_once() -> None:
    four = Term(months=4)
    assert notification_period(Sentence(ON, Disposal.IMPRISONMENT, aggregate([four, four]), ADULT)).last_day == date(2029, 5, 1)
    overlapping = partly_concurrent(four, four, Term(months=2))
    assert notification_period(Sentence(ON, Disposal.IMPRISONMENT, overlapping, ADULT)).last_day == date(2026, 5, 1)
    assert notification_period(Sentence(ON, Disposal.IMPRISONMENT, aggregate([Term(years=2), Term(months=6)]), ADULT)).indefinite


def test_doubts_are_told_and_not_decided() -> None:
    weeks = notification_period(Sentence(ON, Disposal.IMPRISONMENT, Term(weeks=26)))
    assert any("threshold" in doubt for doubt in weeks.doubts)
    assert any("date of birth" in doubt for doubt in weeks.doubts)
    no_term = notification_period(Sentence(ON, Disposal.IMPRISONMENT, Term(), ADULT))
    assert no_term.doubts == ("The term of imprisonment is missing.",)
    assert not notification_period(Sentence(ON, Disposal.CAUTION, Term(), ADULT)).doubts


@given(st.dates(date(1997, 9, 1), date(2060, 1, 1)), st.integers(1, 29), st.integers(1, 29))
def test_a_longer_term_never_gives_a_shorter_period(on: date, one: int, two: int) -> None:
    shorter, longer = sorted((one, two))
    ends = [
        notification_period(Sentence(on, Disposal.IMPRISONMENT, Term(months=months), ADULT)).last_day
        for months in (shorter, longer)
    ]
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[0] <= ends[1]

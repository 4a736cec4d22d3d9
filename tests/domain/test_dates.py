"""Days counted as the law counts them; leap years, month ends and the change of the clocks."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.dates import (
    Length,
    Unit,
    WorkingDays,
    add_months,
    age_on,
    day_after,
    happens_locally,
    happens_twice,
    last_day_beginning,
    minutes_between,
    read_length,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
LENGTHS = st.builds(Length, st.integers(1, 40), st.sampled_from(Unit))


@pytest.mark.parametrize(
    ("start", "text", "after", "beginning"),
    [
        (date(2026, 11, 23), "3 days", date(2026, 11, 26), date(2026, 11, 25)),
        (date(2024, 2, 29), "1 year", date(2025, 2, 28), date(2025, 2, 28)),
        (date(2023, 2, 28), "1 year", date(2024, 2, 28), date(2024, 2, 27)),
        (date(2026, 1, 31), "1 month", date(2026, 2, 28), date(2026, 2, 28)),
        (date(2019, 5, 2), "10 years", date(2029, 5, 2), date(2029, 5, 1)),
        (date(2026, 11, 20), "2 working days", date(2026, 11, 24), date(2026, 11, 23)),
        (date(2026, 12, 30), "1 week", date(2027, 1, 6), date(2027, 1, 5)),
    ],
)
def test_a_period_after_a_day_and_one_beginning_with_it(start: date, text: str, after: date, beginning: date) -> None:
    length = read_length(text)
    assert day_after(start, length) == after
    assert last_day_beginning(start, length) == beginning


@given(DAYS, LENGTHS)
def test_day_one_costs_at_most_a_day_and_longer_never_ends_sooner(day: date, length: Length) -> None:
    after, beginning = day_after(day, length), last_day_beginning(day, length)
    assert day <= beginning <= after
    assert after - beginning <= timedelta(days=3 if length.unit is Unit.WORKING_DAYS else 1)
    assert day_after(day, Length(length.count + 1, length.unit)) > after


@given(DAYS, LENGTHS)
def test_a_later_start_never_ends_earlier(day: date, length: Length) -> None:
    assert day_after(day + timedelta(days=1), length) >= day_after(day, length)
    assert last_day_beginning(day + timedelta(days=1), length) >= last_day_beginning(day, length)


@given(DAYS, st.integers(1, 30))
def test_working_days_are_all_counted_and_no_other(day: date, count: int) -> None:
    working = WorkingDays(holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28)}))
    end = day_after(day, Length(count, Unit.WORKING_DAYS), working)
    between = [day + timedelta(days=offset) for offset in range(1, (end - day).days + 1)]
    assert sum(working.counts(each) for each in between) == count
    assert working.counts(end)


@pytest.mark.parametrize("text", ["three days", "3", "3 fortnights", ""])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no length of time"):
        read_length(text)


def test_a_length_before_a_day() -> None:
    assert day_after(date(2027, 3, 3), read_length("-7 days")) == date(2027, 2, 24)
    assert add_months(date(2024, 3, 31), -1) == date(2024, 2, 29)


def test_who_was_born_on_29_february_is_18_on_1_march() -> None:
    assert [age_on(date(2008, 2, 29), date(2026, 2, 28)), age_on(date(2008, 2, 29), date(2026, 3, 1))] == [17, 18]


def test_local_times_around_the_change_of_the_clocks() -> None:
    assert not happens_locally(datetime(2026, 3, 29, 1, 30))
    assert happens_locally(datetime(2026, 3, 29, 2, 0))
    assert happens_twice(datetime(2026, 10, 25, 1, 30))
    assert not happens_twice(datetime(2026, 10, 25, 2, 30))
    assert minutes_between(datetime(2026, 3, 29, 0, 30), datetime(2026, 3, 29, 2, 30)) == 60
    assert minutes_between(datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 2, 30)) == 180


@given(st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)), st.integers(0, 10_000))
def test_minutes_that_pass_differ_from_the_clock_by_an_hour_at_most(start: datetime, minutes: int) -> None:
    end = start + timedelta(minutes=minutes)
    if happens_locally(start) and happens_locally(end):
        assert abs(minutes_between(start, end) - minutes) in (0, 60)

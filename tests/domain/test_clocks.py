"""The visit clock: what resets it, what pauses it, and that it can say why. All people are invented."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.domain.clocks import add_months, case_of, overdue_band, visit_clock
from mosovo_planner.domain.people import Offender, Risk, Status
from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.resources import resource

POLICY: Policy = read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))
AS_OF = date(2026, 11, 23)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("risk", "due"),
    [
        (Risk.VERY_HIGH, date(2026, 9, 30)),
        (Risk.HIGH, date(2026, 11, 30)),
        (Risk.MEDIUM, date(2027, 2, 28)),
        (Risk.LOW, date(2027, 8, 31)),
        (None, date(2026, 11, 30)),
    ],
)
def test_policy_gives_the_interval_by_risk(risk: Risk | None, due: date) -> None:
    offender = Offender(ref="INV-1", risk=risk, last_seen=date(2026, 8, 31))
    assert visit_clock(offender, POLICY, AS_OF).due == due


def test_the_offenders_own_interval_comes_before_policy_and_the_clock_says_so() -> None:
    offender = Offender(ref="INV-1", risk=Risk.LOW, interval_months=2, last_seen=date(2026, 8, 31))
    clock = visit_clock(offender, POLICY, AS_OF)
    assert clock.due == date(2026, 10, 31)
    assert clock.days_overdue(AS_OF) == 23
    assert clock.why == "Last successful visit 31 Aug 2026 + 2 months (the offender's own interval)."


@pytest.mark.parametrize("status", [Status.CUSTODY, Status.HOSPITAL, Status.ABROAD])
def test_a_suspended_clock_keeps_its_date_and_is_not_overdue(status: Status) -> None:
    offender = Offender(ref="INV-1", risk=Risk.HIGH, last_seen=date(2025, 1, 1), status=status)
    clock = visit_clock(offender, POLICY, AS_OF)
    assert (clock.due, clock.suspended, clock.days_overdue(AS_OF)) == (date(2025, 4, 1), True, 0)
    assert status.value in clock.why


def test_the_missing_are_not_suspended() -> None:
    offender = Offender(ref="INV-1", risk=Risk.HIGH, last_seen=date(2025, 1, 1), status=Status.MISSING)
    assert case_of(offender, POLICY, AS_OF).days_overdue > 0


def test_one_never_seen_is_due_at_once() -> None:
    clock = visit_clock(Offender(ref="INV-1", risk=Risk.LOW), POLICY, AS_OF)
    assert clock.due == AS_OF
    assert "No successful visit" in clock.why


@given(DAYS, st.integers(1, 120))
def test_months_are_added_to_the_same_day_or_the_months_last(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == min(day.day, calendar.monthrange(later.year, later.month)[1])


@given(DAYS, st.integers(1, 24), st.integers(0, 4000))
def test_days_overdue_grow_by_one_a_day_once_due(last: date, months: int, later: int) -> None:
    offender = Offender(ref="INV-1", interval_months=months, last_seen=last)
    due = visit_clock(offender, POLICY, last).due
    day = due + timedelta(days=later)
    assert visit_clock(offender, POLICY, day).days_overdue(day) == later
    assert visit_clock(offender, POLICY, due - timedelta(days=1)).days_overdue(due - timedelta(days=1)) == 0


@given(st.integers(-50, 2000))
def test_every_lateness_falls_in_one_band(days: int) -> None:
    band = overdue_band(days, (7, 28, 91))
    expected = [(0, "Not overdue"), (7, "1 to 7 days"), (28, "8 to 28 days"), (91, "29 to 91 days"), (10**9, "Over 91 days")]
    assert band == next(name for upper, name in expected if days <= upper)

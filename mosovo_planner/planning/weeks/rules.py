"""The force's rules for duties and visits, read once from the policy; times in minutes, times of day since midnight."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from mosovo_planner.domain.people import OffenderManager, Risk
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.visits import VisitKind

FULL_DAY = 444
"""Minutes of a full duty: a week of 37 hours in five days."""


@dataclass(frozen=True)
class Rules:
    """What a duty allows and what a visit asks; see ``duty.*``, ``visit.*`` and ``plan.*`` in the policy.

    ``door_minutes`` holds the time at the stop by kind of visit, access included. ``minutes_per_value`` is the driving
    that one unit of ``values`` is worth, ``send_out`` the driving it must be worth to send a crew out at all, and
    ``repeat_partner`` the driving it must save to send two out together again, for each day they went lately. ``overtime``
    are minutes by which every duty may last longer, to ask what that would bring.
    """

    day_start: int
    evening_start: int
    evening_share: float
    visit_earliest: int
    visit_latest: int
    working_days: frozenset[int]
    visiting_days: int
    break_minutes: int
    desk_minutes: int
    max_visits: int
    door_minutes: Mapping[VisitKind, int]
    due_ahead_days: int
    values: Mapping[Risk | None, float]
    other_lead: float
    minutes_per_value: float
    most_lateness: float
    long_wait_days: float
    early_share: float
    waiting: float
    chance: float
    never_evening: float
    repeat_slot: float
    send_out: int
    repeat_partner: float
    same_partner: float
    overtime: int = 0

    def works(self, day: date) -> bool:
        """Whether visits are planned on this day: a working day of the policy and no bank holiday."""
        return day.isoweekday() in self.working_days and bank_holiday(day) is None

    def duty_start(self, evening: bool) -> int:
        return self.evening_start if evening else self.day_start

    def days_a_week(self, officer: OffenderManager) -> int:
        """How many days of one week this officer may go out.

        The policy's number belongs to five duties a week. Part-timers have as many full duties as their hours
        hold and keep the same share of them for the desk, a part of a visiting day counted as one.
        """
        if officer.weekly_hours <= 0:
            return 0
        duties = min(5, max(1, math.floor(officer.weekly_hours * 60 / FULL_DAY + 1e-6)))
        return min(duties, math.ceil(self.visiting_days * duties / 5))

    def duty_minutes(self, officer: OffenderManager) -> int:
        """Length of one duty: a full day, or the week's hours where they are fewer."""
        return min(FULL_DAY, round(officer.weekly_hours * 60)) + self.overtime


def rules_of(policy: Policy) -> Rules:
    """Read the rules.

    Raises:
        PolicyError: a key is missing or of the wrong kind.
    """
    access = policy.whole("visit.minutes.access")
    values: dict[Risk | None, float] = {risk: policy.number(f"plan.value_{risk.value}") for risk in Risk}
    values[None] = values[Risk.HIGH]  # not assessed counts as high, as for the interval
    return Rules(
        day_start=minutes_of(policy.clock_time("duty.day_start")),
        evening_start=minutes_of(policy.clock_time("duty.evening_start")),
        evening_share=policy.share("duty.evening_share_percent"),
        visit_earliest=minutes_of(policy.clock_time("duty.visit_earliest")),
        visit_latest=minutes_of(policy.clock_time("duty.visit_latest")),
        working_days=frozenset(policy.numbers("duty.working_days")),
        visiting_days=policy.whole("duty.visiting_days_per_week"),
        break_minutes=policy.whole("duty.break_minutes"),
        desk_minutes=policy.whole("duty.desk_minutes_per_visit"),
        max_visits=policy.whole("duty.max_visits_per_round"),
        door_minutes={kind: policy.visit_minutes(kind) + access for kind in VisitKind},
        due_ahead_days=policy.whole("plan.due_ahead_days"),
        values=values,
        other_lead=policy.share("plan.other_lead_percent"),
        minutes_per_value=policy.number("plan.minutes_per_value"),
        most_lateness=policy.number("plan.most_lateness_intervals"),
        long_wait_days=policy.number("plan.long_wait_days"),
        early_share=policy.share("plan.early_percent"),
        waiting=policy.share("plan.waiting_percent"),
        chance=policy.share("plan.chance_percent"),
        never_evening=policy.share("plan.never_evening_percent"),
        repeat_slot=policy.share("plan.repeat_slot_percent"),
        send_out=policy.whole("plan.send_out_minutes"),
        repeat_partner=policy.number("plan.repeat_partner_minutes"),
        same_partner=policy.share("plan.same_partner_percent"),
    )


def minutes_of(moment: time) -> int:
    """Whole minutes since midnight."""
    return moment.hour * 60 + moment.minute


def time_of(minutes: int) -> time:
    """The time of day; the last minute of the day for anything later."""
    return time(*divmod(min(max(minutes, 0), 24 * 60 - 1), 60))


def bank_holiday(day: date) -> str | None:
    """The bank holiday of England and Wales on this day, or None.

    Banking and Financial Dealings Act 1971, schedule 1, and the royal proclamations for New Year's Day and the
    first Monday in May; a holiday that falls on a weekend is kept on the next weekday that is free. One-off
    holidays are not known here.
    """
    return _bank_holidays(day.year).get(day)


def _bank_holidays(year: int) -> dict[date, str]:
    easter = _easter(year).toordinal()
    fixed = {date.fromordinal(easter - 2): "Good Friday", date.fromordinal(easter + 1): "Easter Monday"}
    fixed[_first_monday(year, 5)] = "the early May bank holiday"
    fixed[date.fromordinal(_first_monday(year, 6).toordinal() - 7)] = "the spring bank holiday"
    fixed[date.fromordinal(_first_monday(year, 9).toordinal() - 7)] = "the summer bank holiday"
    for day, name in (
        (date(year, 1, 1), "New Year's Day"),
        (date(year, 12, 25), "Christmas Day"),
        (date(year, 12, 26), "Boxing Day"),
    ):
        kept = day
        while kept.isoweekday() > 5 or kept in fixed:
            kept = date.fromordinal(kept.toordinal() + 1)
        fixed[kept] = name
    return fixed


def _first_monday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return date(year, month, 1 + (8 - first.isoweekday()) % 7)


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, of_century = divmod(year, 100)
    leap, rest = divmod(century, 4)
    moon = (19 * (year % 19) + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    shift = (year % 19 + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * shift + 114, 31)
    return date(year, month, day + 1)

"""Counting days as the law and policies count them: after a day, beginning with a day, working days, local time.

Dates have no zone and no hour, so that nothing here moves when the clocks change. Only visits and rounds
carry a time; the helpers at the end say which local times exist once, twice or not at all.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_EVERY_DAY = frozenset(range(1, 8))


class Unit(StrEnum):
    """What a length is counted in."""

    DAYS = "days"
    WORKING_DAYS = "working days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Length:
    """A span such as ``3 days`` or ``1 year``; a negative count lies before the day it is counted from."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        size = abs(self.count)
        return f"{size} {self.unit.value if size != 1 else self.unit.value.removesuffix('s')}"


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days count as working: ISO weekdays (1 is Monday), without the holidays named."""

    weekdays: Collection[int] = frozenset({1, 2, 3, 4, 5})
    holidays: Collection[date] = ()

    def counts(self, day: date) -> bool:
        return day.isoweekday() in self.weekdays and day not in self.holidays


_LENGTH = re.compile(r"^\s*(-?\d+)\s+(day|working day|week|month|year)s?\s*$")


def read_length(text: str) -> Length:
    """Read ``3 days``, ``-7 days``, ``10 working days``, ``1 year``.

    Raises:
        ValueError: the text is no such length.
    """
    found = _LENGTH.match(text)
    if not found:
        raise ValueError(f"{text!r} is no length of time; write for example '3 days', '10 working days' or '1 year'")
    return Length(int(found[1]), Unit(f"{found[2]}s"))


def add_months(day: date, months: int) -> date:
    """The same day of the month later; the month's last day where it has no such day (31 Jan + 1 = 28 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_after(day: date, length: Length, working: WorkingDays | None = None) -> date:
    """The last day of a period *after* an event: the event's own day is not counted.

    Months and years end on the day of the same number (Dodds v Walker [1981] 1 WLR 1027), or the month's last.
    """
    if length.unit is Unit.WORKING_DAYS:
        return _working_day_after(day, length.count, working or WorkingDays())
    if length.unit is Unit.MONTHS:
        return add_months(day, length.count)
    if length.unit is Unit.YEARS:
        return add_months(day, 12 * length.count)
    return day + timedelta(days=length.count * (7 if length.unit is Unit.WEEKS else 1))


def last_day_beginning(day: date, length: Length, working: WorkingDays | None = None) -> date:
    """The last day of a period *beginning with* a day: that day is day 1, so 3 days from Monday end on Wednesday.

    A year beginning with 29 February ends on 28 February; a month beginning with 31 January ends on the
    last day of February, since there is no 31st to stop short of.
    """
    if length.unit in (Unit.MONTHS, Unit.YEARS):
        corresponding = day_after(day, length)
        return corresponding if corresponding.day != day.day else corresponding - timedelta(days=1)
    return day_after(day - timedelta(days=1), length, working)


def _working_day_after(day: date, count: int, working: WorkingDays) -> date:
    if not _EVERY_DAY & set(working.weekdays):
        raise ValueError("no day of the week is a working day")
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= working.counts(day)
    return day


def age_on(born: date, day: date) -> int:
    """Whole years of age. Who was born on 29 February is a year older on 1 March of a year without that day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def happens_locally(at: datetime) -> bool:
    """Whether a local time without zone exists in London: 01:30 on the last Sunday of March does not."""
    return at.replace(tzinfo=LONDON).astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == at


def happens_twice(at: datetime) -> bool:
    """Whether a local time without zone comes twice in London: 01:30 on the last Sunday of October does."""
    first, second = (at.replace(tzinfo=LONDON, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def minutes_between(start: datetime, end: datetime) -> float:
    """Minutes that truly pass between two local times without zone, over a change of the clocks too."""
    return (end.replace(tzinfo=LONDON).astimezone(UTC) - start.replace(tzinfo=LONDON).astimezone(UTC)).total_seconds() / 60

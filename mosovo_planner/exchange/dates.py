"""Dates as people type them, read without guessing.

A date that could be day/month or month/day is read only where its whole column settles the order, or the
import profile declares it (security, section 7: never per row). ISO dates, dates with the month's name and
real dates of a workbook need no order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.exchange.findings import Doubt


class DateOrder(StrEnum):
    """Whether a column writes the day or the month first."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True)
class DateRule:
    """What dates a column may hold: between ``earliest`` and ``latest``, both included.

    ``order`` is what the column settled, None where it did not. ``epoch`` is day 0 of serial numbers.
    """

    earliest: date
    latest: date
    order: DateOrder | None = None
    epoch: date = date(1899, 12, 30)


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_CLOCK = r"(?:[ T]+\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?[ ,.]+)?"
_NUMERIC = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})\s*([/.\- ])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}})\.?{_CLOCK}", re.IGNORECASE | re.ASCII
)
_ISO = re.compile(rf"(\d{{4}})(?:([-/.])(\d{{1,2}})\2(\d{{1,2}})|(\d{{2}})(\d{{2}})){_CLOCK}", re.IGNORECASE | re.ASCII)
_DAY_NAME = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})(?:st|nd|rd|th)?[ \-/.,]*(?:of )?([a-z]{{3,9}})\.?[ \-/.,']*(\d{{4}}|\d{{2}}){_CLOCK}",
    re.IGNORECASE | re.ASCII,
)
_NAME_DAY = re.compile(
    rf"{_WEEKDAY}([a-z]{{3,9}})\.?[ \-]*(\d{{1,2}})(?:st|nd|rd|th)?[ ,\-]+(\d{{4}}){_CLOCK}", re.IGNORECASE | re.ASCII
)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_FORMS = "Type it as day/month/year, for example 04/06/2026."


def date_order(cells: Iterable[object]) -> DateOrder | None:
    """What a column's cells settle: day first where some can only be so and none month first; None otherwise."""
    day_first = month_first = False
    for cell in cells:
        match = _NUMERIC.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if match is None:
            continue
        first, second = int(match[1]), int(match[3])
        day_first |= 12 < first <= 31 and 1 <= second <= 12
        month_first |= 12 < second <= 31 and 1 <= first <= 12
    if day_first == month_first:
        return None
    return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST


def read_date(cell: object, rule: DateRule) -> date:
    """The day a cell names. Raises Doubt: ``bad_date``, ``ambiguous_date`` or ``implausible_date``."""
    if isinstance(cell, datetime):
        return _plausible(cell.date(), rule)
    if isinstance(cell, date):
        return _plausible(cell, rule)
    if isinstance(cell, bool):
        raise Doubt("bad_date", f"This is not a date. {_FORMS}")
    if isinstance(cell, int | float):
        return _serial(cell, rule)
    return _read_text(str(cell).strip(), rule)


def _read_text(text: str, rule: DateRule) -> date:
    if match := _ISO.fullmatch(text):
        return _plausible(_day(int(match[1]), int(match[3] or match[5]), int(match[4] or match[6])), rule)
    if match := _NUMERIC.fullmatch(text):
        return _numeric(int(match[1]), int(match[3]), match[4], rule)
    if (match := _DAY_NAME.fullmatch(text)) and (month := _MONTHS.get(match[2].lower())):
        return _plausible(_with_century(match[3], month, int(match[1]), rule), rule)
    if (match := _NAME_DAY.fullmatch(text)) and (month := _MONTHS.get(match[1].lower())):
        return _plausible(_day(int(match[3]), month, int(match[2])), rule)
    if _SERIAL.fullmatch(text):
        return _serial(float(text), rule)
    raise Doubt("bad_date", f"This is not a date. {_FORMS}")


def _numeric(first: int, second: int, year: str, rule: DateRule) -> date:
    order = rule.order
    if first == second or (first > 12) != (second > 12):
        order = DateOrder.MONTH_FIRST if second > 12 else DateOrder.DAY_FIRST
    if order is None and first <= 12 and second <= 12:
        raise Doubt(
            "ambiguous_date",
            "This could be day/month or month/day, and no other date of the column settles which. "
            "Type the month as a word, or state the order of the dates in the import profile.",
        )
    day, month = (second, first) if order is DateOrder.MONTH_FIRST else (first, second)
    return _plausible(_with_century(year, month, day, rule), rule)


def _with_century(year: str, month: int, day: int, rule: DateRule) -> date:
    """A two-digit year is the latest one within what the column may hold: nobody is born in the future."""
    if len(year) == 4:
        return _day(int(year), month, day)
    latest = rule.latest.year // 100 * 100 + int(year)
    candidate = _day(latest, month, day)
    if candidate <= rule.latest:
        return candidate
    earlier = _day(latest - 100, month, day)
    return earlier if earlier >= rule.earliest else candidate


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Doubt("bad_date", f"There is no such day. {_FORMS}") from None


def _serial(number: float, rule: DateRule) -> date:
    """A day count as spreadsheets keep dates; only where it falls within what the column may hold."""
    if 10_000 <= number < 100_000:  # 1927 to 2173; a year alone is no date
        day = rule.epoch + timedelta(days=int(number))
        if rule.earliest <= day <= rule.latest:
            return day
    raise Doubt("bad_date", f"This number is not a date of this column. {_FORMS}")


def _plausible(day: date, rule: DateRule) -> date:
    if day > rule.latest:
        raise Doubt("implausible_date", f"The date lies after {in_words(rule.latest)}, the latest it can be. Check the year.")
    if day < rule.earliest:
        raise Doubt(
            "implausible_date", f"The date lies before {in_words(rule.earliest)}, the earliest it can be. Check the year."
        )
    return day


_BETWEEN_DAYS = re.compile(
    r"\s*(?:\bto\b|\buntil\b|\btill\b|–|—|\s-\s|(?<=[/.]\d{4})-(?=\d)|(?<=[/.]\d{2})-(?=\d\d?[/.]))\s*", re.IGNORECASE
)
_BETWEEN_PERIODS = re.compile(r"\s*(?:[;,\n]|\band\b|&)\s*", re.IGNORECASE)


def split_periods(text: str) -> list[list[str]]:
    """The texts of dates in a list of periods: ``28/11/2026 - 06/12/2026; 24/12/26`` has a period of two and one of one."""
    periods = [_BETWEEN_DAYS.split(period) for period in _BETWEEN_PERIODS.split(text.strip())]
    return [[part.strip() for part in parts] for parts in periods if any(part.strip() for part in parts)]

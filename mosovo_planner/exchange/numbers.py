"""Numbers in cells: hours, full-time equivalents, coordinates, and the interval between visits."""

from __future__ import annotations

import re

from mosovo_planner.exchange.findings import Doubt
from mosovo_planner.exchange.text import plain, words_of

FULL_TIME_HOURS = 37.0
"""Weekly hours of one full-time equivalent (police staff contracts; HMPPS's Manage a Workforce takes the same)."""

_PLAIN = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_HOURS_UNIT = re.compile(r"\s*(?:h|hrs?|hours?)(?:\s*(?:/|per|a)?\s*(?:wk|week))?\.?$", re.IGNORECASE)


def number_in(cell: object) -> float | None:
    """The number a cell is; None where it is none. Only the digits 0 to 9 count."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell) if abs(cell) < 1e18 else None
    text = plain(cell).replace(",", "")
    return float(text) if _PLAIN.fullmatch(text) else None


def read_hours(cell: object) -> float:
    """Contracted hours a week, 2 to 60 (or 0)."""
    number = number_in(_HOURS_UNIT.sub("", cell.strip()) if isinstance(cell, str) else cell)
    if number is None or not (number == 0 or 2 <= number <= 60):
        raise Doubt("bad_number", "These are no weekly hours. Give 2 to 60; full-time equivalents need a column headed FTE.")
    return number


def read_fte(cell: object, header: str) -> float:
    """Weekly hours from a full-time equivalent: 1.0 is 37 hours; ``80%``, or 80 under ``FTE %``, is 0.8."""
    number = number_in(cell.strip().removesuffix("%") if isinstance(cell, str) else cell)
    percent = (isinstance(cell, str) and cell.strip().endswith("%")) or ("%" in header and number is not None and number > 1.2)
    share = None if number is None else number / 100 if percent else number
    if share is None or not 0 <= share <= 1.2:
        raise Doubt("bad_number", f"This is no full-time equivalent. Give 1.0 for {FULL_TIME_HOURS:g} hours a week.")
    return round(share * FULL_TIME_HOURS, 2)


_BOUNDS = {
    "latitude": (49.8, 60.9, "a latitude of the United Kingdom, as in 51.35628"),
    "longitude": (-8.7, 1.8, "a longitude of the United Kingdom, as in -1.98449"),
    "easting": (1_000.0, 660_000.0, "an easting of the National Grid in metres, as in 400000"),
    "northing": (1_000.0, 1_230_000.0, "a northing of the National Grid in metres, as in 160000"),
}


def read_coordinate(cell: object, which: str) -> float:
    """A coordinate within the bounds of the United Kingdom."""
    low, high, wanted = _BOUNDS[which]
    number = number_in(cell)
    if number is None or not low <= number <= high:
        raise Doubt("bad_position", f"This is not {wanted}.")
    return number


_DAYS_IN_MONTH = 365.25 / 12
_MONTHS_IN = {"month": 1.0, "year": 12.0, "week": 7 / _DAYS_IN_MONTH, "day": 1 / _DAYS_IN_MONTH}
_NAMED = {
    1: "monthly, every month",
    2: "two monthly, every other month",
    3: "quarterly, every quarter, three monthly",
    4: "four monthly",
    6: "half yearly, six monthly, twice a year, twice yearly",
    12: "annual, annually, yearly, every year, once a year, twelve monthly",
}
_MONTHS_NAMED = {name: months for months, names in _NAMED.items() for name in names.split(", ")}
_AMOUNT = re.compile(
    r"(?:every )?(\d{1,4}) ?(months?|monthly|mths?|mthly|mnths?|m|days?|d|weeks?|weekly|wks?|wkly|w|years?|yearly|yrs?|y)",
    re.ASCII,
)


def read_interval(cell: object, unit: str) -> int:
    """Whole months between visits. ``unit`` is what bare numbers of the column count: see :func:`interval_unit`.

    Names that can be meant in two ways (``biannual``) are doubtful.
    """
    if not isinstance(cell, int | float | str) or isinstance(cell, bool):
        raise Doubt("bad_interval", "This is no interval. Give whole months, for example 6.")
    number = number_in(cell)
    if number is not None:
        return _months(number, unit)
    words = words_of(cell)
    if match := _AMOUNT.fullmatch(words):
        return _months(float(match[1]), {"m": "month", "d": "day", "w": "week", "y": "year"}[match[2][0]])
    if words not in _MONTHS_NAMED:
        raise Doubt("bad_interval", "This is no interval, or can be meant in two ways. Give whole months, for example 6.")
    return _MONTHS_NAMED[words]


def interval_unit(header: str, cells: list[object]) -> str:
    """What the bare numbers of an interval column count: ``month``, ``week``, ``day``, ``a_year`` or ``unknown``.

    The header says so; where it does not, numbers that are all 24 or less are months, and numbers of which
    the greatest is over 60 and none is below 7 are days.
    """
    words = words_of(header)
    if re.search(r"\b(?:per|a) (?:year|annum)\b|\bp a\b", words):
        return "a_year"
    for unit, pattern in (("day", r"\bdays?\b"), ("week", r"\b(?:weeks?|wks?)\b"), ("month", r"\b(?:months?|mths?|mnths?)\b")):
        if re.search(pattern, words):
            return unit
    numbers = [number for cell in cells if (number := number_in(cell)) is not None]
    if all(number <= 24 for number in numbers):
        return "month"
    return "day" if max(numbers) > 60 and min(numbers) >= 7 else "unknown"


def _months(number: float, unit: str) -> int:
    """Whole months; days and weeks to the nearest month where they lie within three days of it."""
    if unit == "unknown":
        raise Doubt("bad_interval", "The column mixes months and days. Write the unit, for example 6 months.")
    per_year = 12 / number if number > 0 else 0.0
    months = per_year if unit == "a_year" else number * _MONTHS_IN[unit]
    if 0.5 <= months <= 120.5:
        slack = 3 / _DAYS_IN_MONTH if unit in ("day", "week") else 1e-9
        if abs(months - round(months)) <= slack and round(months) >= 1:
            return round(months)
    raise Doubt("bad_interval", "This is no whole number of months between 1 and 120. Give whole months, for example 6.")

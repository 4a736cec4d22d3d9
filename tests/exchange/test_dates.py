"""Dates in every style teams type, read as meant or reported; never guessed."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mosovo_planner.exchange.dates import DateOrder, DateRule, date_order, read_date, split_periods
from mosovo_planner.exchange.findings import Doubt

RULE = DateRule(date(1997, 9, 1), date(2026, 11, 23))
DAY_FIRST = DateRule(date(1997, 9, 1), date(2026, 11, 23), DateOrder.DAY_FIRST)
BIRTH = DateRule(date(1900, 1, 1), date(2016, 11, 23), DateOrder.DAY_FIRST)

_NAMED_STYLES = (
    "{d}-{b}-{y}",
    "{d} {B} {y}",
    "{d}th {B} {y}",
    "{d} {B}, {y}",
    "{B} {d}, {y}",
    "Mon {d} {b} {y}",
    "{d}{b}{y}",
    "{d}/{b}/{y}",
    "{d}-{b}-{yy}",
    "{d} {b} '{yy}",
    "{y}-{m:02}-{d:02}",
    "{y}/{m:02}/{d:02}",
    "{y}{m:02}{d:02}",
    "{y}-{m:02}-{d:02} 14:30:00",
    "{y}-{m:02}-{d:02}T14:30:00Z",
)
_NUMERIC_STYLES = (
    "{d:02}/{m:02}/{y}",
    "{d}/{m}/{yy}",
    "{d}.{m}.{yy}",
    "{d:02}-{m:02}-{y}",
    "{d} / {m} / {y}",
    "{d}/{m}/{y} 14:30",
)


def _write(style: str, day: date) -> str:
    return style.format(d=day.day, m=day.month, y=day.year, yy=f"{day:%y}", b=f"{day:%b}", B=f"{day:%B}")


def _code(cell: object, rule: DateRule = RULE) -> str:
    with pytest.raises(Doubt) as caught:
        read_date(cell, rule)
    return caught.value.code


@given(st.dates(date(1997, 9, 1), date(2026, 11, 23)), st.sampled_from(_NAMED_STYLES))
def test_styles_that_name_the_month_or_are_iso_need_no_order(day: date, style: str):
    assert read_date(_write(style, day), RULE) == day


@given(st.dates(date(1997, 9, 1), date(2026, 11, 23)), st.sampled_from(_NUMERIC_STYLES))
def test_numeric_styles_are_read_day_first_where_the_column_says_so(day: date, style: str):
    assert read_date(_write(style, day), DAY_FIRST) == day


@given(st.dates(date(1997, 9, 1), date(2026, 11, 23)), st.sampled_from(_NUMERIC_STYLES))
def test_without_an_order_a_numeric_date_is_read_only_where_it_can_be_read_one_way(day: date, style: str):
    if day.day <= 12 and day.day != day.month:
        assert _code(_write(style, day)) == "ambiguous_date"
    else:
        assert read_date(_write(style, day), RULE) == day


@given(st.dates(date(1997, 9, 1), date(2026, 11, 23)))
def test_month_first_is_read_where_declared(day: date):
    rule = DateRule(RULE.earliest, RULE.latest, DateOrder.MONTH_FIRST)
    assert read_date(f"{day.month}/{day.day}/{day.year}", rule) == day


@given(st.dates(date(1998, 1, 1), date(2026, 11, 23)))
def test_serial_numbers_of_both_epochs(day: date):
    for epoch in (date(1899, 12, 30), date(1904, 1, 1)):
        rule = DateRule(RULE.earliest, RULE.latest, epoch=epoch)
        serial = (day - epoch).days
        assert read_date(serial, rule) == read_date(str(serial), rule) == read_date(serial + 0.6, rule) == day


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.times(), st.timedeltas()))
def test_no_cell_crashes_and_every_day_read_is_plausible(cell: object):
    try:
        day = read_date(cell, DAY_FIRST)
    except Doubt as doubt:
        code = doubt.code
    else:
        code = ""
        assert DAY_FIRST.earliest <= day <= DAY_FIRST.latest
    assert code in {"", "bad_date", "implausible_date"}


@pytest.mark.parametrize(
    "cell",
    [
        "soon", "29/02/2023", "00/00/0000", "31/11/2025", "32/01/2025", "13/13/2025", "05/2031", "2026", 2026, 59, 60, 1e12,
        float("nan"),
        "1/2", "Smarch 4 2026", "4 Foo 2026", "١٢/٠٣/٢٠٢٦", "²/3/2024", True, time(9), "26/09/2026 (seen)",
        "26/09/2026, 01/10/2026", 10**400,
    ],
)  # fmt: skip
def test_what_is_no_date_is_reported(cell: object):
    assert _code(cell, DAY_FIRST) == "bad_date"


def test_a_date_outside_what_the_column_may_hold_is_implausible():
    assert _code(datetime(2068, 1, 1), DAY_FIRST) == "implausible_date"
    assert _code("24/11/2026", DAY_FIRST) == "implausible_date"
    assert _code("01/01/1899", BIRTH) == "implausible_date"


def test_nobody_is_born_in_the_future():
    assert read_date("17.12.89", BIRTH) == date(1989, 12, 17)
    assert read_date("01.10.41", BIRTH) == date(1941, 10, 1)
    assert read_date("19.06.04", BIRTH) == date(2004, 6, 19)
    assert read_date("19.06.20", BIRTH) == date(1920, 6, 19)


def test_a_two_digit_visit_year_is_of_this_century():
    assert read_date("26.09.08", DAY_FIRST) == date(2008, 9, 26)
    assert read_date("26.09.98", DAY_FIRST) == date(1998, 9, 26)
    assert _code("26.09.30", DAY_FIRST) == "implausible_date"


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["03/04/2026", "13/04/2026"], DateOrder.DAY_FIRST),
        (["03/04/2026", "04/13/2026"], DateOrder.MONTH_FIRST),
        (["03/04/2026", "13/04/2026", "04/13/2026"], None),
        (["03/04/2026", "04.05.26"], None),
        (["03/04/2026", "13.04.26"], DateOrder.DAY_FIRST),
        (["soon", None, 13, datetime(2026, 4, 13), "2026-04-13", "13 April 2026", "13/13/2026"], None),
        ([], None),
    ],
)
def test_a_column_settles_the_order_only_where_its_cells_agree(cells: list[object], order: DateOrder | None):
    assert date_order(cells) is order


def test_the_same_day_and_month_is_never_ambiguous():
    assert read_date("04/04/2026", RULE) == date(2026, 4, 4)


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("28/11/2026 - 06/12/2026", [["28/11/2026", "06/12/2026"]]),
        ("28/11/2026-06/12/2026; 24.12.26-2.1.27", [["28/11/2026", "06/12/2026"], ["24.12.26", "2.1.27"]]),
        ("28/11/26 to 06/12/26 and 24/12/26", [["28/11/26", "06/12/26"], ["24/12/26"]]),
        ("2026-11-28 – 2026-12-06\n2026-12-24", [["2026-11-28", "2026-12-06"], ["2026-12-24"]]),
        ("28-11-2026 until 06-12-2026", [["28-11-2026", "06-12-2026"]]),
    ],
)
def test_lists_of_periods_are_split(text: str, periods: list[list[str]]):
    assert split_periods(text) == periods

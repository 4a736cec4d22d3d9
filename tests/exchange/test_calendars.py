"""An officer's rounds as a calendar: right times, right form, nobody's data."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.proposals import Plan, Round, SolverFacts, Stop
from mosovo_planner.domain.visits import VisitKind
from mosovo_planner.exchange import TablePathError
from mosovo_planner.exchange.calendars import calendar_text, write_calendar

LONDON = ZoneInfo("Europe/London")
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STOP = Stop("W-00417", "OM01", VisitKind.ROUTINE, time(10), time(10, 45), 20, "Tester, overdue at 1 Sample Street")


def round_on(day: date, *, base: str = "Sampleton", start: time = time(9), end: time = time(17), stops: int = 5) -> Round:
    return Round(f"{day}-a", day, ("OM01", "OM02"), base, Position(51.4, -2.0), start, end, 60, (STOP,) * stops)


def plan(*rounds: Round) -> Plan:
    return Plan(date(2026, 3, 1), date(2026, 11, 30), 1, rounds, (), SolverFacts(1.0, 1.0))


def events(*rounds: Round, officer: str = "OM01") -> list[dict[str, object]]:
    parsed = Calendar.from_ical(calendar_text(plan(*rounds), officer, at=AT))
    return [
        {"start": event.start, "end": event.end, "summary": str(event["summary"]), "uid": str(event["uid"])}
        for event in parsed.walk("VEVENT")
    ]


def test_a_round_is_one_event_for_each_of_its_officers_and_no_other():
    (event,) = events(round_on(date(2026, 11, 24)))
    assert event["summary"] == "Visits, 5 stops, base Sampleton"
    assert event["start"] == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert len(events(round_on(date(2026, 11, 24)), officer="OM02")) == 1
    assert events(round_on(date(2026, 11, 24)), officer="OM03") == []
    assert events(round_on(date(2026, 11, 24), stops=1))[0]["summary"] == "Visits, 1 stop, base Sampleton"


def test_the_clock_change_moves_the_instant_and_not_the_hour():
    before, after = events(round_on(date(2026, 3, 28)), round_on(date(2026, 3, 30)))
    assert before["start"] == datetime(2026, 3, 28, 9, tzinfo=UTC)
    assert after["start"] == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_a_round_past_midnight_ends_the_next_day():
    (event,) = events(round_on(date(2026, 11, 24), start=time(18), end=time(1)))
    assert event["end"] == datetime(2026, 11, 25, 1, tzinfo=UTC)


def test_nothing_of_those_visited_is_in_it():
    text = calendar_text(plan(round_on(date(2026, 11, 24))), "OM01", at=AT).decode()
    for secret in ("W-00417", "Tester", "Sample Street", "OM01", "OM02", "overdue", "2026-11-24-a"):
        assert secret not in text
    assert "CLASS:CONFIDENTIAL" in text
    assert "DTSTAMP:20261122T120000Z" in text


def test_written_again_it_has_the_same_uid_and_another_round_another():
    one, other = round_on(date(2026, 11, 24)), round_on(date(2026, 11, 25))
    first, again = events(one, other), events(one, other)
    assert [event["uid"] for event in first] == [event["uid"] for event in again]
    assert len({event["uid"] for event in first}) == 2


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.text(max_size=120),
)
def test_whatever_is_written_is_read_back(day: date, start: time, end: time, base: str):
    text = calendar_text(plan(round_on(day, base=base, start=start, end=end)), "OM01", at=AT)
    lines = text.split(b"\r\n")
    assert lines[-1] == b""
    assert all(len(line) <= 75 and b"\n" not in line and b"\r" not in line for line in lines)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event.start.timestamp() == datetime.combine(day, start, LONDON).timestamp()  # an hour the clocks skip equals nothing
    assert timedelta(0) <= event.end - event.start <= timedelta(hours=25)
    clean = " ".join("".join(letter if letter.isprintable() else " " for letter in base).split())[:80]
    assert str(event["summary"]) == f"Visits, 5 stops, base {clean}"


def test_the_file_is_whole_or_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "rounds.ics"
    assert write_calendar(path, plan(round_on(date(2026, 11, 24))), "OM01", at=AT) == 1
    before = path.read_bytes()
    assert re.match(rb"BEGIN:VCALENDAR\r\n", before)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mosovo_planner.exchange.tables.os.fsync", full)
    with pytest.raises(TablePathError, match="No space left"):
        write_calendar(path, plan(), "OM01", at=AT)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["rounds.txt", "missing/rounds.ics"])
def test_places_that_cannot_be(tmp_path: Path, name: str):
    with pytest.raises(TablePathError):
        write_calendar(tmp_path / name, plan(), "OM01", at=AT)

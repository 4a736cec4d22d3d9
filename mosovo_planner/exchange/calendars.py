"""An officer's rounds as a calendar file (RFC 5545) that says nothing of those who are visited.

Times are written in UTC: an instant needs no table of time zones, and every calendar shows it in local time, on
either side of a change of the clocks. icalendar does the folding, escaping and types.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from mosovo_planner.domain.proposals import Plan, Round
from mosovo_planner.exchange.errors import TablePathError
from mosovo_planner.exchange.tables import write_whole

if TYPE_CHECKING:
    from icalendar import Event

_LONDON = ZoneInfo("Europe/London")
_LONGEST_BASE = 80


def calendar_text(plan: Plan, officer: str, *, at: datetime) -> bytes:
    """The calendar of one officer's rounds. ``officer`` is an id; ``at`` (with a zone) is when it is made.

    Each round is ``Visits, 5 stops, base X`` from its start to its end: no names, references, addresses or reasons.
    A round has the same UID whenever it is written, so that a calendar read again replaces it.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//MOSOVO Planner//Rounds//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for each in sorted(plan.rounds, key=lambda found: (found.date, found.start)):
        if officer in each.officers and each.stops:
            calendar.add_component(_event(each, officer, at.astimezone(UTC)))
    return bytes(calendar.to_ical())


def write_calendar(path: Path, plan: Plan, officer: str, *, at: datetime) -> int:
    """Write the calendar to ``path`` (.ics), in place of what was there, whole or not at all; returns the rounds in it.

    Raises TablePathError where it cannot be written there.
    """
    if path.suffix.casefold() != ".ics":
        raise TablePathError("A calendar is written as .ics. Choose a file name that ends so.")
    content = calendar_text(plan, officer, at=at)
    write_whole(path, lambda target: _write(target, content))
    return content.count(b"BEGIN:VEVENT")


def _event(each: Round, officer: str, at: datetime) -> Event:
    from icalendar import Event

    start, end = _instants(each.date, each.start, each.end)
    stops = len(each.stops)
    event = Event()
    event.add("uid", hashlib.sha256(f"{each.id}\0{officer}".encode("utf-8", "replace")).hexdigest()[:32] + "@mosovo-planner")
    event.add("dtstamp", at)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", f"Visits, {stops} stop{'s' if stops != 1 else ''}, base {_one_line(each.base)}")
    event.add("class", "CONFIDENTIAL")
    event.add("transp", "OPAQUE")
    return event


def _instants(day: date, start: time, end: time) -> tuple[datetime, datetime]:
    """The instants of a round that ends after midnight where its end is not later than its start."""
    last = day if end > start else day + timedelta(days=1)
    first = datetime.combine(day, start, _LONDON).astimezone(UTC)
    return first, max(datetime.combine(last, end, _LONDON).astimezone(UTC), first)


def _one_line(text: str) -> str:
    clean = "".join(letter if letter.isprintable() else " " for letter in text.encode("utf-8", "replace").decode("utf-8"))
    return " ".join(clean.split())[:_LONGEST_BASE]


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)

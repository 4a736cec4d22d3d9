"""Who held a case, and how often it was to be visited, in times past: a line is kept with each change of the record.

A line is an event whose matter says what it was and what it became. It follows from the change by itself, so the lines
reach back as far as the workspace; of days before that only what was first known is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.people import Offender

HELD, INTERVAL = "manager_changed", "interval_changed"
KINDS = (HELD, INTERVAL)
LABELS = {HELD: "Manager changed", INTERVAL: "Visit interval changed"}
_TO = " > "


def changes(before: Offender, after: Offender, on: date) -> list[Event]:
    """The lines that a change of a record leaves."""
    found = []
    if before.manager != after.manager:
        found.append(line(HELD, on, before.manager or "", after.manager or ""))
    if before.interval_months != after.interval_months:
        found.append(line(INTERVAL, on, _months(before.interval_months), _months(after.interval_months)))
    return found


def line(kind: str, on: date, old: str, new: str) -> Event:
    """The line of one change."""
    return Event(kind, on, matter=f"{old}{_TO}{new}")


def sides(event: Event) -> tuple[str, str]:
    """What it was and what it became; empty for none."""
    old, _, new = event.matter.partition(_TO)
    return old, new


def words(event: Event) -> str:
    """``from OM01 to OM02``; ``from the policy's to 3 months``."""
    none = "nobody" if event.kind == HELD else "the policy's"
    unit = "" if event.kind == HELD else " months"
    old, new = (f"{side}{unit}" if side else none for side in sides(event))
    return f"from {old} to {new}"


def held_on(lines: Sequence[Event], day: date, now: str | None) -> str | None:
    """The manager on a day; ``lines`` oldest first, ``now`` the present one."""
    return _on(lines, day, now or "") or None


def interval_on(lines: Sequence[Event], day: date, now: int | None) -> int | None:
    """The offender's own interval on a day, in months."""
    found = _on(lines, day, _months(now))
    return int(found) if found.isdigit() else None


def _on(lines: Sequence[Event], day: date, now: str) -> str:
    """What the last change by then made it, else what it was before the first one after."""
    known = None
    for each in lines:
        if each.on > day:
            return sides(each)[0] if known is None else known
        known = sides(each)[1]
    return now


def _months(months: int | None) -> str:
    return "" if months is None else str(months)

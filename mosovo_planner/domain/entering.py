"""What keeps a record typed by hand from being saved, in words that name the field and the cure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mosovo_planner.domain.dates import add_months
from mosovo_planner.domain.guard import unfit
from mosovo_planner.domain.people import Offender, OffenderManager

_OLDEST_YEARS = 115
_YOUNGEST_YEARS = 10
"""The age of criminal responsibility in England and Wales: Children and Young Persons Act 1933, s.50."""
_LONGEST_INTERVAL = 24
_LONGEST_WEEK = 60
_TEXTS = (
    ("The reference", "ref", 100),
    ("The ViSOR reference", "visor_ref", 100),
    ("The surname", "surname", 200),
    ("The text of the forenames", "forenames", 200),
    ("The address", "address", 1000),
    ("The postcode", "postcode", 200),
    ("The text of the notes", "notes", 10_000),
    ("The text of the orders", "orders", 1000),
)
"""What the hand may type, and how long it may be: as an import takes it."""
_STAFF_TEXTS = (("The id", "id", 100), ("The name", "name", 200), ("The base", "base", 200))


def offender_problems(offender: Offender, today: date) -> tuple[str, ...]:
    """What is wrong with an offender's record as typed; empty where it can be saved."""
    born, seen, months = offender.date_of_birth, offender.last_seen, offender.interval_months
    latest, first = (add_months(today, -12 * years) for years in (_YOUNGEST_YEARS, _OLDEST_YEARS))
    rules = (
        (not offender.ref.strip(), "Give the reference: it is what the record is found by."),
        (born is not None and born > latest, "The date of birth lies too near. Check the year."),
        (born is not None and born < first, "The date of birth lies too far back. Check the year."),
        (seen is not None and seen > today, "The last successful visit lies ahead. Check the date."),
        (months is not None and not 1 <= months <= _LONGEST_INTERVAL, "His own interval is 1 to 24 months."),
        (offender.mappa_level not in (None, 1, 2, 3), "The MAPPA level is 1, 2 or 3."),
    )
    texts = [(name, getattr(offender, field), longest) for name, field, longest in _TEXTS]
    texts += [("A marker", each, 1000) for each in offender.markers]
    return (*(words for broken, words in rules if broken), *_unfit(texts))


def manager_problems(manager: OffenderManager) -> tuple[str, ...]:
    """What is wrong with an offender manager's record as typed; empty where it can be saved."""
    backwards = any(each.end < each.start for each in manager.absences)
    rules = (
        (not manager.id.strip(), "Give the id by which the manager is known, such as a collar number."),
        (not 0 < manager.weekly_hours <= _LONGEST_WEEK, "The weekly hours lie between nought and 60."),
        (backwards, "An absence ends before it begins. Check its dates."),
    )
    texts = [(name, getattr(manager, field), longest) for name, field, longest in _STAFF_TEXTS]
    return (*(words for broken, words in rules if broken), *_unfit(texts))


def _unfit(texts: Iterable[tuple[str, str, int]]) -> list[str]:
    return [f"{name} {words}" for name, text, longest in texts if (words := unfit(text, longest))]

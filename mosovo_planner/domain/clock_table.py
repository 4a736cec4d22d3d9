"""The table of clocks and kinds of event: data (``resources/policy/clocks.toml``), so a new duty needs no code (rule 29).

A row says from which event a clock starts, how long it runs, what meets, pauses or extends it, and its source.
What is more than an interval names a strategy of ``clock_strategies``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mosovo_planner.domain.dates import Length, Unit, read_length
from mosovo_planner.domain.people import Status
from mosovo_planner.domain.policy import PolicyError


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event that can be recorded.

    ``reopens`` says that it takes a case out of reactive management; ``advance`` that the law lets it be
    notified in advance.
    """

    kind: str
    label: str
    reopens: bool = False
    advance: bool = False


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One row of the table.

    Either ``interval`` or a ``policy`` key with its ``unit`` gives the length. ``each`` makes a clock of every
    unmet start, else the latest start counts. ``beginning``: the start's own day is day 1. ``disregards`` are
    statuses whose days are not counted; with ``extends`` they are counted, and a clock that would end in one of
    them runs for that much longer, beginning with its end. ``suspends`` only keeps it from being overdue.
    ``given`` are kinds of event whose day is the due date.
    """

    kind: str
    label: str
    source: str
    strategy: str = "interval"
    starts: tuple[str, ...] = ()
    met_by: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    interval: Length | None = None
    policy: str = ""
    unit: Unit = Unit.DAYS
    each: bool = False
    beginning: bool = False
    disregards: frozenset[Status] = frozenset()
    extends: Length | None = None
    suspends: frozenset[Status] = frozenset()
    only: tuple[str, ...] = ()
    law: bool = False
    confirmed: bool = False
    milestone: bool = False


@dataclass(frozen=True)
class ClockTable:
    """All rows, by order of the file."""

    rules: tuple[ClockRule, ...]
    events: Mapping[str, EventKind]

    def rule(self, kind: str) -> ClockRule:
        return next(rule for rule in self.rules if rule.kind == kind)

    def label(self, kind: str) -> str:
        return self.events[kind].label if kind in self.events else kind.replace("_", " ")


ONLY = frozenset({"adult_male", "not_adult_male", "active", "reactive", "indefinite"})
"""The conditions a row may ask of a case; ``clock_strategies`` holds what they mean."""

STRATEGIES = frozenset(
    {
        "interval",
        "visit",
        "at_review",
        "advance_notice",
        "periodic_notification",
        "travel_out",
        "travel_back",
        "order_ends",
        "notification_end",
        "indefinite_review",
        "reactive_eligible",
        "reactive_reopened",
        "retention_review",
    }
)


def read_clock_table(toml_text: str) -> ClockTable:
    """Read the table.

    Raises:
        PolicyError: it is not TOML, or a row lacks something, or names an event, status or strategy there is not.
    """
    try:
        tree = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as wrong:
        raise PolicyError(f"The table of clocks is not valid TOML: {wrong}.") from wrong
    events = {kind: _event(kind, row) for kind, row in tree.get("event", {}).items()}
    rules = tuple(_rule(kind, row, events) for kind, row in tree.get("clock", {}).items())
    return ClockTable(rules, events)


def _event(kind: str, row: object) -> EventKind:
    if not isinstance(row, dict) or not row.get("label") or row.keys() - {"label", "reopens", "advance"}:
        raise PolicyError(f"Event {kind} in the table of clocks needs a label, and may have reopens and advance; nothing else.")
    return EventKind(kind, str(row["label"]), bool(row.get("reopens")), bool(row.get("advance")))


_FIELDS = frozenset(ClockRule.__dataclass_fields__) - {"kind"}


def _rule(kind: str, row: object, events: Mapping[str, EventKind]) -> ClockRule:
    if not isinstance(row, dict):
        raise PolicyError(f"Clock {kind} must be a table.")
    place = f"Clock {kind} in the table of clocks"
    _check(row, events, place)
    try:
        changed: dict[str, Any] = {name: read_length(str(row[name])) for name in ("interval", "extends") if name in row} | {
            name: frozenset(Status(each) for each in row[name]) for name in ("disregards", "suspends") if name in row
        }
        if "unit" in row:
            changed["unit"] = Unit(row["unit"])
    except ValueError as wrong:
        raise PolicyError(f"{place}: {wrong}.") from wrong
    for name in ("starts", "met_by", "given", "only"):
        changed[name] = tuple(row.get(name, ()))
    return ClockRule(**{**row, **changed, "kind": kind})


def _check(row: Mapping[str, Any], events: Mapping[str, EventKind], place: str) -> None:
    unknown = row.keys() - _FIELDS
    named = {event for name in ("starts", "met_by", "given") for event in row.get(name, ())} - events.keys()
    strategy = row.get("strategy", "interval")
    mistakes = (
        (bool(unknown), f"{', '.join(sorted(unknown))} is not known"),
        (not row.get("label") or not row.get("source"), "label and source are needed"),
        (bool(named), f"{', '.join(sorted(named))} is no kind of event; add it under [event]"),
        (strategy not in STRATEGIES, f"there is no strategy {strategy}"),
        (bool(set(row.get("only", ())) - ONLY), f"only may name {', '.join(sorted(ONLY))}"),
        (strategy == "interval" and not row.get("starts") and not row.get("given"), "it needs starts or given"),
        (
            strategy == "interval" and "interval" not in row and "policy" not in row and not row.get("given"),
            "it needs interval or policy",
        ),
    )
    wrong = next((words for broken, words in mistakes if broken), "")
    if wrong:
        raise PolicyError(f"{place}: {wrong}.")

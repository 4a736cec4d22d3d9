"""Watching every use case in the tests: who reads people in a transaction writes an entry in the same one.

Since entries are written before a transaction ends, and nothing is given back before it has ended, what cannot be
recorded is not shown.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mosovo_planner.office.session import Session
from mosovo_planner.store.unit import Unit

PEOPLE = (
    "caseload", "offenders", "offender", "visits", "facts", "kept_facts", "identities", "assessments", "risk_plans",
    "child_notifications", "requests", "matches", "list_decisions", "retention_reviews", "legal_holds", "before_images",
    "graded", "uses",
)  # fmt: skip
"""What of a unit tells of people."""


ALLOWED = {
    "incidents.read_logs": "what matched is recorded in a transaction of its own, before anything is given back",
    "surprise.record_no_reply": "it looks whether the attempt is noted already, and gives nothing back",
    "entering.save_offender": "nothing was changed: what is given back is what was typed",
    "entering.save_manager": "as above",
    "off_duty.count_waiting": "it gives numbers only",
}


def watch(patch: pytest.MonkeyPatch) -> list[str]:
    """From now on every transaction of a use case is watched; gives the list of those that read people unrecorded."""
    unrecorded: list[str] = []
    reading: list[set[str]] = []
    for name in PEOPLE:
        patch.setattr(Unit, name, _noting(name, getattr(Unit, name), reading))
    original = Session.unit

    @contextmanager
    def unit(self: Session, *given: Any) -> Iterator[Unit]:
        caller = sys._getframe(2)
        where = f"{caller.f_globals.get('__name__')}.{caller.f_code.co_name}".removeprefix("mosovo_planner.office.")
        reading.append(set())
        try:
            with original(self, *given) as opened:
                yield opened
                recorded = bool(opened._log._pending) or opened._log.written
                if reading[-1] and not recorded and where not in ALLOWED and not where.startswith(("tests", "office_", "store_")):
                    unrecorded.append(f"{where} read {', '.join(sorted(reading[-1]))}")
        finally:
            reading.pop()

    patch.setattr(Session, "unit", unit)
    return unrecorded


def _noting(name: str, original: Callable[..., Any], reading: list[set[str]]) -> Callable[..., Any]:
    @functools.wraps(original)
    def noted(self: Unit, *given: Any, **named: Any) -> Any:
        if reading:
            reading[-1].add(name)
        return original(self, *given, **named)

    return noted

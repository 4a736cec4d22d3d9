"""How fast the store keeps and gives the facts of a force and of the whole country; prints, judges nothing.

Run it alone: ``python -m pytest tests/benchmarks/test_facts_speed.py -s --timeout 600``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from mosovo_planner.domain.facts import Condition, Event, Order
from mosovo_planner.domain.identity import Alias
from mosovo_planner.domain.kept import Fact
from mosovo_planner.domain.people import Offender, Risk
from mosovo_planner.store import KdfParameters, create_workspace
from mosovo_planner.store.backups.backup import verify

DAY = date(2026, 1, 1)
KINDS = ("periodic_notification", "arms", "local_flag_check", "mappa_review_set", "intelligence")


def _facts(number: int) -> Iterator[Fact]:
    yield from (Event(kind, DAY - timedelta(days=number % 300 + place)) for place, kind in enumerate(KINDS))
    if number % 3 == 0:
        yield Order("SHPO", DAY, conditions=(Condition("No devices", DAY), Condition("No contact")))
        yield Alias("Al")


@pytest.mark.parametrize("size", [10_000, 70_000])
def test_facts_of_a_caseload(tmp_path: Path, size: int):
    @contextmanager
    def timed(what: str) -> Iterator[None]:
        began = time.process_time()
        yield
        print(f"{size:>6} {what:<32} {time.process_time() - began:6.2f} s")

    kdf = KdfParameters(memory_kib=8 * 1024, passes=1, lanes=1)
    with create_workspace(str(tmp_path / "w"), "Sgt Invented", "correct horse battery", kdf=kdf) as workspace:

        def within(what: str, work: Callable[[Any], Any]) -> Any:
            with timed(what), workspace.transaction() as unit:
                return work(unit)

        people = [Offender(ref=f"INV-{number:05}", risk=Risk.LOW) for number in range(size)]
        saved = within("saved with their risk history", lambda unit: unit.save_offenders(people, on=DAY))
        entered = [(each.ref, fact) for number, each in enumerate(saved) for fact in _facts(number)]
        within(f"{len(entered):,} facts entered", lambda unit: unit.add_facts(entered))
        facts = within("all facts read", lambda unit: unit.facts())
        assert len(facts) == size
        within("all identities read", lambda unit: unit.identities())
        within("facts of 50 read", lambda unit: unit.facts([each.ref for each in people[:50]]))
        if size <= 10_000:
            raised = [replace(each, risk=Risk.HIGH) for each in saved]
            raised = within("risk of all changed", lambda unit: unit.save_offenders(raised))
            back = [replace(each, version=new.version) for each, new in zip(saved, raised, strict=True)]
            within("all of it taken back", lambda unit: unit.save_offenders(back, undo=True))
            with timed("verified"):
                assert verify(workspace).ok

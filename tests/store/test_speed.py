"""An import of a whole force must not make anybody wait."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

from mosovo_planner.domain.people import Offender, Position, Risk
from mosovo_planner.store import Workspace

PEOPLE = [
    Offender(
        ref=f"SYN-{number:05}",
        surname="Invented",
        forenames=f"Person {number}",
        date_of_birth=date(1970, 1, 1),
        address="1 Invented Road, Swindon",
        postcode="SN1 1AA",
        position=Position(51.5, -1.8),
        risk=Risk.HIGH,
        last_seen=date(2026, 1, 1),
        manager="OM01",
        markers=("Dog",),
        notes="x" * 200,
    )
    for number in range(5000)
]


def test_five_thousand_offenders_are_saved_and_read_at_once(embedded: Workspace) -> None:
    """About 1 s to save with their entries and 0.2 s to read; what would grow with the square of the caseload is noticed."""
    began = time.process_time()
    with embedded.transaction() as unit:
        unit.save_offenders(PEOPLE)
    saved = time.process_time()
    with embedded.transaction() as unit:
        caseload = unit.caseload()
    read = time.process_time()
    with embedded.transaction() as unit:
        unit.save_offenders(replace(each, notes="changed") for each in caseload.offenders)
    changed = time.process_time()
    assert len(caseload.offenders) == 5000
    assert saved - began < 20
    assert read - saved < 5
    assert changed - read < 20

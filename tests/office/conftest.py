"""A workspace of one's own for each test. All people in it are invented."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk, Sex, Status
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session
from mosovo_planner.store.keys import KdfParameters
from mosovo_planner.store.workspace import create_workspace


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A supervisor signed in to an empty workspace."""
    cheap = KdfParameters(8 * 1024, 1, 1)
    signed_in = Session(create_workspace(str(tmp_path / "team.vp"), "sgt", "three random words", kdf=cheap))
    yield signed_in
    signed_in.close()


@pytest.fixture
def team(session: Session) -> Session:
    """The same workspace with two managers and six offenders around two invented towns."""
    managers = [
        OffenderManager(
            id=f"OM{number:02}",
            name=f"PC Invented {number}",
            base=("Northtown", "Southtown")[number - 1],
            position=Position(51.5 - 0.4 * (number - 1), -2.0),
            trained=True,
            sex=(Sex.FEMALE, Sex.MALE)[number - 1],
            version=0,
        )
        for number in (1, 2)
    ]
    offenders = [
        Offender(
            ref=f"INV-{number}",
            surname="INVENTED",
            forenames=f"Person {number}",
            risk=(Risk.LOW, Risk.MEDIUM, Risk.HIGH)[number % 3],
            status=Status.CUSTODY if number == 6 else Status.COMMUNITY,
            position=Position(51.5 - 0.4 * (number % 2) + 0.01 * number, -2.0),
            manager=("OM01", "OM02")[number // 4],
            last_seen=date(2026, 1, 10 + number),
            version=0,
        )
        for number in range(1, 7)
    ]
    with session.unit(Permission.IMPORT) as unit:
        unit.save_managers(managers)
        unit.save_offenders(offenders)
    return session

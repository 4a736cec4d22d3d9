"""Unusual use is the same for whoever audits, on both stores: an auditor gets all four lists, and no case."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

import pytest

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.proposals import Move
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.domain.unusual import Unusual
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.audit import view_unusual
from mosovo_planner.office.caseload import view_caseload, view_offender
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.errors import NotAllowed
from mosovo_planner.store.base.records import AllocationDecision
from tests.office.signed_in import signed_in_as

TODAY = date.today()


def _found(session: Session) -> dict[Unusual, set[tuple[str, str]]]:
    found = defaultdict(set)
    for each in view_unusual(session, TODAY, TODAY).findings:
        found[each.kind] |= {(each.actor, use.ref) for use in each.uses}
    return found


@pytest.fixture
def looked(team: Session) -> Session:
    """An officer opened his own case, another's, one that he visited lately, and one that was his until today."""
    with team.unit(Permission.RECORD) as unit:
        at = datetime.now().replace(microsecond=0)  # noqa: DTZ005 - local, as visits are
        unit.add_visit(Visit(id="v1", ref="INV-5", at=at, officers=("OM01", "OM02")))
    officer = signed_in_as(team, "PC Invented 1", Role.OFFENDER_MANAGER)
    for ref in ("INV-1", "INV-3", "INV-5", "INV-6"):
        view_offender(officer, ref, TODAY)
    with team.unit(Permission.APPROVE) as unit:
        moves = (Move("INV-3", "OM01", "OM02", 1.0, "nearer"),)
        given_away = unit.offender("INV-3")
        assert given_away is not None
        unit.save_offenders([replace(given_away, manager="OM02")], reason="allocated")
        unit.save_decision(AllocationDecision(datetime.now().astimezone(), team.user, "nearer", moves))
    return team


def test_an_auditor_gets_all_four_lists_and_reads_no_case(looked: Session) -> None:
    auditor = signed_in_as(looked, "Auditor", Role.AUDITOR)
    found = _found(auditor)
    assert found[Unusual.OUTSIDE] == {("PC Invented 1", "INV-6")}
    assert found[Unusual.NAME] == {("PC Invented 1", f"INV-{number}") for number in (1, 3, 5, 6)}
    with pytest.raises((NotPermitted, NotAllowed)):
        view_caseload(auditor, TODAY)


def test_who_supervises_one_team_sees_what_the_auditor_sees(looked: Session) -> None:
    """Of other teams' people he may not read who manages them; they are not for that outside everybody's caseload."""
    auditor = _found(signed_in_as(looked, "Auditor", Role.AUDITOR))
    of_a_team = _found(signed_in_as(looked, "Supt South", Role.MANAGER, "South"))
    assert of_a_team[Unusual.OUTSIDE] == auditor[Unusual.OUTSIDE]
    assert of_a_team[Unusual.NAME] == auditor[Unusual.NAME]

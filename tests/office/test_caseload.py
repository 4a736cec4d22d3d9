"""Looking and changing through the office: permission, clocks and the record of use. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from unittest.mock import PropertyMock, patch

import pytest

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.people import Precision
from mosovo_planner.domain.record import Operation, Use
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.office.caseload import NoSuchOffender, place_offender, view_caseload, view_offender
from mosovo_planner.office.door import record_visit
from mosovo_planner.office.export import export_caseload
from mosovo_planner.office.session import Session

AS_OF = date(2026, 11, 23)


def newest(session: Session) -> Use:
    with session.unit(Permission.AUDIT) as unit:
        return unit.uses(1)[0]


def test_viewing_the_caseload_is_recorded_with_how_many_were_shown(team: Session) -> None:
    view = view_caseload(team, AS_OF)
    assert len(view.cases) == 6
    used = newest(team)
    assert (used.operation, used.subject, used.count, used.actor) == (Operation.CONSULTATION, "caseload", 6, "sgt")


def test_opening_an_offender_is_recorded_by_reference(team: Session) -> None:
    opened = view_offender(team, "INV-2", AS_OF)
    assert opened.manager is not None
    assert opened.manager.id == "OM01"
    assert newest(team).subject == "offender INV-2"
    with pytest.raises(NoSuchOffender):
        view_offender(team, "INV-99", AS_OF)


def test_only_a_successful_visit_resets_the_clock(team: Session) -> None:
    failed = Visit(id="v1", ref="INV-2", at=datetime(2026, 11, 20, 10), officers=("OM01", "OM02"), outcome=Outcome.NO_REPLY)
    record_visit(team, failed)
    before = view_offender(team, "INV-2", AS_OF)
    assert before.case.offender.last_seen == date(2026, 1, 12)
    record_visit(team, replace(failed, id="v2", outcome=Outcome.SEEN))
    after = view_offender(team, "INV-2", AS_OF)
    assert after.case.offender.last_seen == date(2026, 11, 20)
    assert after.case.days_overdue == 0
    assert [visit.id for visit in after.visits] == ["v1", "v2"]


def test_an_offender_is_placed_by_hand_and_kept_so(team: Session) -> None:
    place_offender(team, "INV-1", 51.25, -1.9)
    position = view_offender(team, "INV-1", AS_OF).case.offender.position
    assert position is not None
    assert (position.lat, position.lon, position.precision) == (51.25, -1.9, Precision.HAND)


def test_an_export_is_a_disclosure_that_names_its_recipient(team: Session) -> None:
    caseload = export_caseload(team, AS_OF, recipient="caseload.json")
    assert [each["ref"] for each in caseload["offenders"]] == [f"INV-{number}" for number in range(1, 7)]
    suspended = caseload["offenders"][5]["clocks"][0]
    assert suspended["suspended"]
    assert suspended["days_overdue"] == 0
    used = newest(team)
    assert (used.operation, used.recipient, used.count) == (Operation.DISCLOSURE, "caseload.json", 6)


def test_a_role_without_the_permission_sees_nothing(team: Session) -> None:
    with patch.object(Session, "role", PropertyMock(return_value=Role.ADMINISTRATOR)):
        with pytest.raises(NotPermitted, match="administrator may not see the caseload"):
            view_caseload(team, AS_OF)
        with pytest.raises(NotPermitted):
            export_caseload(team, AS_OF)

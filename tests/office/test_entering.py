"""Adding and changing records by hand. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from unittest.mock import PropertyMock, patch

import pytest

from mosovo_planner.domain.errors import NotPermitted, UserError
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Precision, Risk, Sex
from mosovo_planner.domain.record import Operation
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.caseload import view_caseload, view_offender
from mosovo_planner.office.entering import RecordRefused, save_manager, save_offender
from mosovo_planner.office.session import Session

AS_OF = date(2026, 11, 23)
NEW = Offender(ref=" INV-70 ", surname="NEWCOMER", postcode="zz11zz", risk=Risk.HIGH, manager="OM01")


def test_a_new_offender_is_on_the_caseload_with_his_clock(team: Session) -> None:
    saved = save_offender(team, NEW)
    assert (saved.ref, saved.postcode, saved.version) == ("INV-70", "ZZ1 1ZZ", 1)
    case = view_offender(team, "INV-70", AS_OF).case
    assert case.visit.due == AS_OF
    with team.unit(Permission.AUDIT) as unit:
        assert Operation.COLLECTION in [use.operation for use in unit.uses(10, ref="INV-70")]


def test_a_reference_that_is_taken_overwrites_nobody(team: Session) -> None:
    with pytest.raises(RecordRefused, match="already"):
        save_offender(team, replace(NEW, ref="INV-1"))
    assert view_offender(team, "INV-1", AS_OF).case.offender.surname == "INVENTED"


def test_a_change_that_meets_a_newer_one_is_refused(team: Session) -> None:
    read = view_offender(team, "INV-1", AS_OF).case.offender
    save_offender(team, replace(read, notes="first"))
    with pytest.raises(UserError, match="changed by somebody else"):
        save_offender(team, replace(read, notes="second"))
    assert view_offender(team, "INV-1", AS_OF).case.offender.notes == "first"


def test_with_a_new_address_the_position_is_looked_up_again_and_else_kept(team: Session) -> None:
    read = view_offender(team, "INV-1", AS_OF).case.offender
    same = save_offender(team, replace(read, notes="moved nowhere"))
    assert same.position == read.position
    moved = save_offender(team, replace(same, address="2 Sample Street", postcode="QQ9 9QQ"))
    assert moved.position != read.position


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ref": "  "}, "Give the reference"),
        ({"notes": "paid by 4111 1111 1111 1111"}, "held in ViSOR only"),
        ({"interval_months": 60}, "1 to 24 months"),
        ({"mappa_level": 4}, "MAPPA level"),
        ({"date_of_birth": date(2024, 1, 1)}, "too near"),
        ({"date_of_birth": date(1890, 1, 1)}, "too far back"),
        ({"last_seen": date.today() + timedelta(days=3)}, "lies ahead"),
    ],
)
def test_what_cannot_be_so_is_refused_with_its_cure(team: Session, wrong: dict[str, object], words: str) -> None:
    with pytest.raises(RecordRefused, match=words):
        save_offender(team, replace(NEW, **wrong))  # type: ignore[arg-type]
    assert len(view_caseload(team, AS_OF).cases) == 6


def test_only_who_may_approve_gives_a_case_to_another_manager(team: Session) -> None:
    read = view_offender(team, "INV-1", AS_OF).case.offender
    with patch.object(Session, "role", PropertyMock(return_value=Role.OFFENDER_MANAGER)):
        with pytest.raises(NotPermitted):
            save_offender(team, replace(read, manager="OM02"))
        assert save_offender(team, replace(read, notes="a note")).notes == "a note"


def test_a_managers_absences_and_base_are_kept(team: Session) -> None:
    absence = Absence(date(2026, 12, 1), date(2026, 12, 8), "leave")
    new = OffenderManager(id="OM09", name="PC Invented 9", base="Northtown", team="North", absences=(absence,), sex=Sex.MALE)
    saved = save_manager(team, new)
    assert saved.absences == (absence,)
    assert saved.position is not None, "the base is a colleague's"
    assert saved.position.precision is Precision.HAND or saved.position.precision.needs_checking
    changed = save_manager(team, replace(saved, weekly_hours=18.5))
    assert changed.version == 2
    assert [each.weekly_hours for each in view_caseload(team, AS_OF).managers if each.id == "OM09"] == [18.5]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"id": ""}, "Give the id"),
        ({"id": "OM01"}, "already"),
        ({"weekly_hours": 0.0}, "weekly hours"),
        ({"absences": (Absence(date(2026, 12, 8), date(2026, 12, 1)),)}, "before it begins"),
    ],
)
def test_a_wrong_manager_is_refused(team: Session, wrong: dict[str, object], words: str) -> None:
    with pytest.raises(RecordRefused, match=words):
        save_manager(team, replace(OffenderManager(id="OM09"), **wrong))  # type: ignore[arg-type]

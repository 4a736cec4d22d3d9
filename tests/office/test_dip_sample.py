"""The dip sample in the office. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mosovo_planner.domain.dip_sample import Grade, dip_sample, grade_trend
from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.guard import FinancialDataRefused
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.risk_plans import RiskPlan
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.dip_sample import NotGraded, Sampled, draw_dip_sample, grade_record, view_dip_sample
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.errors import StaleRecord

OCTOBER = Month(2026, 10)
TODAY = date(2026, 11, 3)


def test_records_of_every_manager_are_drawn_once_and_can_be_drawn_again_from_the_seed(team: Session) -> None:
    assert view_dip_sample(team, OCTOBER).waiting == ("OM01", "OM02")
    view = draw_dip_sample(team, OCTOBER, TODAY)
    drawn = [each.drawn for each in view.records]
    assert {each.manager for each in drawn} == {"OM01", "OM02"}
    assert len(drawn) == 4
    with team.unit(Permission.VIEW) as unit:
        held = {"OM01": [], "OM02": []}  # type: dict[str, list[str]]
        for each in unit.caseload().offenders:
            held[each.manager or ""].append(each.ref)
    again = dip_sample(held, OCTOBER, 2, drawn[0].seed)
    assert {(manager, ref) for manager, refs in again.items() for ref in refs} == {(each.manager, each.ref) for each in drawn}


def test_nobody_draws_until_it_pleases(team: Session) -> None:
    draw_dip_sample(team, OCTOBER, TODAY)
    with pytest.raises(NotGraded, match="drawn stays"):
        draw_dip_sample(team, OCTOBER, TODAY)
    with pytest.raises(NotGraded, match="lies ahead"):
        draw_dip_sample(team, Month(2026, 12), TODAY)


def test_a_grade_is_kept_with_its_comment_and_trended(team: Session) -> None:
    first = draw_dip_sample(team, OCTOBER, TODAY).records[0]
    with pytest.raises(NotGraded, match="what is to be better"):
        grade_record(team, first, Grade.INADEQUATE, " ", TODAY)
    with pytest.raises(FinancialDataRefused):
        grade_record(team, first, Grade.GOOD, "Card 4111 1111 1111 1111 noted", TODAY)
    grade_record(team, first, Grade.INADEQUATE, "No visit for a year", TODAY)
    view = view_dip_sample(team, OCTOBER)
    kept = view.records[0]
    assert kept.grade is not None
    assert (kept.grade.grade, kept.grade.by, kept.grade.comment) == (Grade.INADEQUATE, "sgt", "No visit for a year")
    assert grade_trend(view.graded)[OCTOBER] == {Grade.INADEQUATE: 1}
    with pytest.raises(StaleRecord):
        grade_record(team, first, Grade.GOOD, "", TODAY)
    grade_record(team, kept, Grade.GOOD, "", TODAY)
    assert grade_trend(view_dip_sample(team, OCTOBER).graded)[OCTOBER] == {Grade.GOOD: 1}


def test_nobody_grades_his_own(team: Session) -> None:
    with team.unit(Permission.APPROVE) as unit:
        unit.save_managers([replace(each, name="Sgt") for each in unit.managers() if each.id == "OM01"])
    view = draw_dip_sample(team, OCTOBER, TODAY)
    with pytest.raises(NotGraded, match="your own cases"):
        grade_record(team, of(view.records, "OM01"), Grade.GOOD, "", TODAY)
    other = of(view.records, "OM02")
    with team.unit(Permission.RECORD) as unit:
        unit.save_risk_plan(RiskPlan(ref=other.drawn.ref, author="sgt", written_on=TODAY))
    with pytest.raises(NotGraded, match="You wrote"):
        grade_record(team, other, Grade.GOOD, "", TODAY)


def of(records: tuple[Sampled, ...], manager: str) -> Sampled:
    return next(each for each in records if each.drawn.manager == manager)


def test_only_who_may_approve_sees_the_sample(team: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(team.workspace), "role", property(lambda _self: Role.MANAGER))
    with pytest.raises(NotPermitted):
        view_dip_sample(team, OCTOBER)

"""Week plans through the office: proposed, changed by hand, approved, printed. All people are invented."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from unittest.mock import PropertyMock, patch

import jsonschema
import pytest

from mosovo_planner.domain.errors import NotPermitted
from mosovo_planner.domain.roles import Permission, Role
from mosovo_planner.office.answers import plan_json
from mosovo_planner.office.papers import PaperError, PaperOptions, make_paper
from mosovo_planner.office.plans import (
    PlanError,
    PlanWork,
    add_round,
    add_visit,
    approve_plan,
    drop_visit,
    latest_plan,
    pin_visit,
    propose_plan,
)
from mosovo_planner.office.session import Session
from mosovo_planner.resources import resource

START = date(2026, 11, 23)


@pytest.fixture
def work(team: Session) -> PlanWork:
    return propose_plan(team, START, 1, seed=3, seconds=1)


def refs(work: PlanWork) -> set[str]:
    return {stop.ref for each in work.plan.rounds for stop in each.stops}


def test_the_plan_is_as_its_schema_says_and_leaves_nobody_due_unnamed(work: PlanWork) -> None:
    answer = plan_json(work)
    jsonschema.validate(answer, json.loads(resource("schemas/mosovo-plan-1.json").read_text()))
    due = {case.offender.ref for case in work.view.cases if not case.visit.suspended and case.visit.due <= work.plan.end}
    assert due
    assert due <= refs(work) | {each.ref for each in work.plan.unplanned}
    assert "INV-6" not in refs(work), "custody suspends visits"
    assert "INVENTED" not in json.dumps(answer)


def test_a_plan_is_approved_kept_and_opened_again(team: Session, work: PlanWork) -> None:
    assert latest_plan(team) is None
    approve_plan(team, work, "agreed")
    opened = latest_plan(team)
    assert opened is not None
    assert (opened.plan, opened.approved_by) == (work.plan, "sgt")


def test_rule_24_a_plan_is_nobodys_until_a_named_person_who_may_has_approved_it(team: Session, work: PlanWork) -> None:
    assert work.approved_by is None
    manager = patch.object(Session, "role", PropertyMock(return_value=Role.OFFENDER_MANAGER))
    with manager, pytest.raises(NotPermitted):
        approve_plan(team, work, "mine")
    assert latest_plan(team) is None
    assert approve_plan(team, work, "agreed").approved_by == "sgt"


def test_changes_by_hand_follow_at_once_and_a_broken_round_is_not_approved(team: Session, work: PlanWork) -> None:
    ref = next(iter(refs(work)))
    dropped = drop_visit(work, ref)
    assert ref not in refs(dropped)
    assert ref in {each.ref for each in dropped.plan.unplanned}
    sunday = add_round(dropped, date(2026, 11, 29), ("OM01", "OM01"))
    added = next(each for each in sunday.plan.rounds if each.date == date(2026, 11, 29))
    back = add_visit(sunday, ref, added.id)
    assert ref in refs(back)
    assert any(each.problems for each in back.plan.rounds)
    with pytest.raises(PlanError, match="cannot be driven"):
        approve_plan(team, back, "agreed")


def test_what_is_pinned_stays_when_the_plan_is_made_again(team: Session, work: PlanWork) -> None:
    held = work.plan.rounds[0]
    pinned = pin_visit(work, held.stops[0].ref, True)
    again = propose_plan(team, START, 1, keep=pinned.plan, seed=99, seconds=1)
    where = {stop.ref: (each.date, set(each.officers)) for each in again.plan.rounds for stop in each.stops}
    assert where[held.stops[0].ref] == (held.date, set(held.officers))


def test_a_week_is_one_to_four_and_needs_two_officers(session: Session, team: Session) -> None:
    with pytest.raises(PlanError, match="one to 4 weeks"):
        propose_plan(team, START, 5)
    with team.unit(Permission.IMPORT) as unit:
        kept = [each.ref for each in unit.offenders() if each.manager == "OM02"]
        unit.delete_offenders(kept)
        unit.delete_managers(["OM02"])
    with pytest.raises(PlanError, match="two officers"):
        propose_plan(team, START, 1)


def test_day_sheets_are_of_the_approved_plan_or_say_they_are_a_proposal(team: Session, work: PlanWork, tmp_path: Path) -> None:
    with pytest.raises(PaperError, match="no approved plan"):
        make_paper(team, "day_sheet", START)
    proposal = make_paper(team, "day_sheet", START, PaperOptions(plan=work.plan))
    assert "PROPOSAL" in proposal.subtitle
    approve_plan(team, work, "agreed")
    assert "Approved plan" in make_paper(team, "day_sheet", START).subtitle
    with pytest.raises(PaperError, match="There is no paper"):
        make_paper(team, "nonsense", START)
    assert datetime.now().astimezone() >= proposal.marking.printed_at

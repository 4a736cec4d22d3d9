"""Allocation through the office: proposed, changed by hand, approved by a named person. All people are invented."""

from __future__ import annotations

import json
from datetime import date

import jsonschema
import pytest

from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.allocation import (
    AllocationError,
    AllocationWork,
    approve_allocation,
    change_manager,
    pin,
    propose_allocation,
    refuse_move,
)
from mosovo_planner.office.answers import allocation_json
from mosovo_planner.office.caseload import place_offender, view_caseload
from mosovo_planner.office.decisions import list_decisions
from mosovo_planner.office.session import Session
from mosovo_planner.planning.allocation import allocation_objection
from mosovo_planner.resources import resource

AS_OF = date(2026, 11, 23)


@pytest.fixture
def work(team: Session) -> AllocationWork:
    return propose_allocation(team, AS_OF, seconds=1)


def holders(session: Session) -> dict[str, str | None]:
    return {case.offender.ref: case.offender.manager for case in view_caseload(session, AS_OF).cases}


def test_the_proposal_is_as_its_schema_says_and_changes_nothing(team: Session, work: AllocationWork) -> None:
    before = holders(team)
    answer = allocation_json(work)
    jsonschema.validate(answer, json.loads(resource("schemas/mosovo-allocation-proposal-1.json").read_text()))
    assert answer["totals"]["travel_minutes_after"] < answer["totals"]["travel_minutes_before"]
    assert answer["totals"]["crow_km_after"] < answer["totals"]["crow_km_before"]
    assert holders(team) == before
    assert work.proposal.moves
    assert "INVENTED" not in json.dumps(answer)


def test_a_refused_move_stays_and_a_change_by_hand_is_kept_and_both_show_their_effect(work: AllocationWork) -> None:
    move = work.proposal.moves[0]
    refused = refuse_move(work, move.ref)
    assert refused.proposal.assignment[move.ref] == move.from_manager
    assert move.ref in refused.proposal.pinned
    assert refused.proposal.travel_after > work.proposal.travel_after
    again = change_manager(refused, move.ref, move.to_manager)
    assert again.proposal.travel_after == pytest.approx(work.proposal.travel_after)
    with pytest.raises(AllocationError):
        change_manager(work, move.ref, "NOBODY")


def test_an_approval_needs_a_reason_and_is_kept_with_it(team: Session, work: AllocationWork) -> None:
    with pytest.raises(AllocationError, match="needs a reason"):
        approve_allocation(team, work, "  ")
    kept = pin(work, "INV-1")
    decision = approve_allocation(team, kept, "by location, agreed with the team")
    assert holders(team) == {**holders(team), **work.proposal.assignment}
    assert (decision.by, decision.reason) == ("sgt", "by location, agreed with the team")
    with team.unit(Permission.VIEW) as unit:
        assert [each.reason for each in unit.decisions()] == [decision.reason]
        offender = unit.offender("INV-1")
    assert offender is not None
    assert offender.pinned_manager


def test_an_approval_of_what_changed_meanwhile_is_refused(team: Session, work: AllocationWork) -> None:
    approve_allocation(team, work, "first")
    with pytest.raises(AllocationError, match="changed since"):
        approve_allocation(team, work, "second")


def test_other_work_on_an_offender_does_not_stand_in_the_way(team: Session, work: AllocationWork) -> None:
    place_offender(team, work.proposal.moves[0].ref, 51.2, -2.1)
    approve_allocation(team, work, "by location")
    assert holders(team)[work.proposal.moves[0].ref] == work.proposal.moves[0].to_manager


def test_a_cancelled_search_changes_nothing(team: Session) -> None:
    before = holders(team)

    def stop(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        propose_allocation(team, AS_OF, stop, seconds=30)
    assert holders(team) == before


def test_without_managers_the_cure_is_named(session: Session) -> None:
    with pytest.raises(AllocationError, match="staff sheet"):
        propose_allocation(session, AS_OF)


def test_a_decision_keeps_what_was_proposed_refused_and_changed_and_the_figures(team: Session, work: AllocationWork) -> None:
    struck, given = work.proposal.moves[0], work.proposal.moves[-1]
    assert struck.ref != given.ref
    others = [manager.id for manager in work.view.managers if manager.id not in (given.from_manager, given.to_manager)]
    changed = refuse_move(work, struck.ref, " Handed over last month. ")
    taker = next((each for each in others if allocation_objection(changed.request, given.ref, each) is None), None)
    if taker is not None:
        changed = change_manager(changed, given.ref, taker)
    made = approve_allocation(team, changed, "Nearer homes")
    (kept,) = [each for each in list_decisions(team) if each.id == made.id]
    assert (kept.moves, kept.refused, kept.managers, kept.proposed) == (
        made.moves, made.refused, changed.proposal.managers, len(work.proposal.moves),
    )  # fmt: skip
    (refusal,) = [move for move in kept.refused if move.ref == struck.ref]
    assert (refusal.refused_by, refusal.refused_why) == (team.user, "Handed over last month.")
    assert refusal.to_manager == struck.to_manager
    assert {move.ref: move.proposed_to for move in kept.moves if move.proposed_to} == (
        {given.ref: given.to_manager} if taker is not None else {}
    )
    assert kept.travel_basis == work.proposal.travel_basis

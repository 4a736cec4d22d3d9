"""The front sheet tells what is done by whom, and never passes off an unsigned plan as a plan. All people are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from mosovo_planner.domain.assessment import Assessment, Tool
from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import Risk
from mosovo_planner.domain.risk_plans import PlanAction, PlanReview, PlanState, Rank, RiskPlan
from mosovo_planner.reports.markup import paper_html
from mosovo_planner.reports.paper import Marking, Paper
from mosovo_planner.reports.risk_plan import plan_front_sheet

Label = Callable[[str | None], str]
Pages = Callable[[Paper], list[str]]


@pytest.fixture
def plan() -> RiskPlan:
    return RiskPlan(
        ref="INV-00417",
        author="OM01",
        written_on=date(2026, 10, 20),
        version=3,
        summary="Visits at changing hours & days",
        actions=(
            PlanAction("Tell the school", "OM02", date(2026, 12, 20)),
            PlanAction("Verify the local flag", "OM01", date(2026, 9, 1), date(2026, 8, 30)),
            PlanAction("Check the tablet", "OM01", date(2026, 11, 1)),
        ),
        interval_months=2,
        interval_reason="New household",
        review_due=date(2027, 4, 20),
        state=PlanState.WITH_SERGEANT,
        submitted_at=datetime(2026, 10, 21, 10),
    )


def reviewed(plan: RiskPlan, *, signed: bool) -> RiskPlan:
    sergeant = PlanReview(Rank.SERGEANT, "sgt.ash", datetime(2026, 10, 22, 11, 30), approved=True, comments="Good.")
    inspector = PlanReview(Rank.INSPECTOR, "insp.birch", datetime(2026, 10, 25, 16), approved=signed, comments="Say <when>.")
    return replace(plan, reviews=(sergeant, inspector), state=PlanState.SIGNED if signed else PlanState.RETURNED)


def test_a_plan_without_sign_off_is_printed_as_incomplete_above_everything(
    plan: RiskPlan, case: Case, label: Label, marking: Marking, pages: Pages
) -> None:
    page = pages(plan_front_sheet(plan, case, (), label, marking))[0]
    assert page.index("INCOMPLETE: NOT SIGNED OFF") < page.index("OAK & <b>ASH</b>") < page.index("Tell the school")
    assert "Version 3 is with sergeant since 21 Oct 2026. It is not a plan approved" in page
    returned = pages(plan_front_sheet(reviewed(plan, signed=False), case, (), label, marking))[0]
    assert "INCOMPLETE" in returned
    assert "Version 3 returned by inspector on 25 Oct 2026" in returned


def test_a_signed_plan_carries_no_such_notice_and_says_when_it_was_signed(
    plan: RiskPlan, case: Case, label: Label, marking: Marking, pages: Pages
) -> None:
    paper = plan_front_sheet(reviewed(plan, signed=True), case, (), label, marking)
    assert "INCOMPLETE" not in pages(paper)[0].upper()
    assert any("Version 3, signed off 25 Oct 2026" in row for row in paper.tables[0].rows)


def test_open_actions_come_first_with_who_and_by_when_and_a_late_one_says_so(
    plan: RiskPlan, case: Case, label: Label, marking: Marking
) -> None:
    paper = plan_front_sheet(plan, case, (), label, marking)
    actions = next(table for table in paper.tables if table.heading == "Actions")
    assert actions.rows == (
        ("1", "Check the tablet", "PC Invented Oak", "1 Nov 2026", "OPEN, 22 days late"),
        ("2", "Tell the school", "PC Invented Elm", "20 Dec 2026", "Open"),
        ("3", "Verify the local flag", "PC Invented Oak", "1 Sep 2026", "Done 30 Aug 2026"),
    )
    assert next(table.heading for table in paper.tables if table.heading) == "Actions"


def test_reviews_are_shown_with_rank_decision_and_comments(
    plan: RiskPlan, case: Case, label: Label, marking: Marking, pages: Pages
) -> None:
    paper = plan_front_sheet(reviewed(plan, signed=False), case, (), label, marking)
    page = pages(paper)[0]
    assert "22 Oct 2026, 11:30 Sergeant sgt.ash Approved Good." in page
    assert "25 Oct 2026, 16:00 Inspector insp.birch RETURNED Say <when>." in page
    assert "Say &lt;when&gt;." in paper_html(paper)


def test_the_next_review_says_why_it_is_due(plan: RiskPlan, case: Case, label: Label, marking: Marking, pages: Pages) -> None:
    page = pages(plan_front_sheet(plan, case, (), label, marking))[0]
    assert "20 Apr 2027" in page
    assert "Date set for the next review of the plan" in page
    bare = replace(case, clocks=(case.visit,))
    assert "Set in this version." in pages(plan_front_sheet(plan, bare, (), label, marking))[0]
    unset = pages(plan_front_sheet(replace(plan, review_due=None), bare, (), label, marking))[0]
    assert "NO DATE SET" in unset


def test_assessments_name_tool_and_priority_the_newest_first(plan: RiskPlan, case: Case, label: Label, marking: Marking) -> None:
    older = Assessment(id="a", ref=plan.ref, tool=Tool.OTHER, done_on=date(2025, 2, 1), by="OM02")
    newer = Assessment(id="b", ref=plan.ref, tool=Tool.ARMS, done_on=date(2026, 2, 14), by="OM01", priority=Risk.HIGH)
    rows = plan_front_sheet(plan, case, (older, newer), label, marking).tables[-1].rows
    assert rows == (
        ("14 Feb 2026", "ARMS", "High", "PC Invented Oak"),
        ("1 Feb 2025", "Other tool", "none given", "PC Invented Elm"),
    )


def test_an_empty_draft_says_what_it_lacks(case: Case, label: Label, marking: Marking, pages: Pages) -> None:
    bare = RiskPlan(ref=case.offender.ref, author="OM01", written_on=date(2026, 11, 20))
    page = pages(plan_front_sheet(bare, case, (), label, marking))[0]
    for words in ("THIS VERSION HAS NO ACTION", "No supervisor has reviewed", "No assessment is recorded", "Not submitted yet"):
        assert words in page


def test_a_long_plan_takes_more_pages_and_loses_no_action(
    plan: RiskPlan, case: Case, label: Label, marking: Marking, pages: Pages
) -> None:
    many = tuple(
        PlanAction(f"Invented action {number} " + "with many words " * 12, "OM01", date(2027, 1, 1)) for number in range(60)
    )
    found = pages(plan_front_sheet(replace(plan, actions=many), case, (), label, marking))
    assert len(found) > 3
    assert all(any(f"Invented action {number} " in page for page in found) for number in range(60))
    assert all(page.count("OFFICIAL-SENSITIVE") == 2 for page in found)


def test_titles_name_nobody(plan: RiskPlan, case: Case, label: Label, marking: Marking) -> None:
    paper = plan_front_sheet(plan, case, (), label, marking)
    assert not any(part in paper.title + paper.subtitle + paper.kind for part in ("OAK", "Alan", "INV-"))
    assert paper.refs == ("INV-00417",)

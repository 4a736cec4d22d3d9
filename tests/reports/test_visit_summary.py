"""What a crew is told at a door, and what is kept from the page. All people are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.facts import Condition, Facts, Order
from mosovo_planner.domain.matching.subjects import subject_of
from mosovo_planner.domain.people import Offender, OffenderManager, Status
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.risk_plans import PlanAction, PlanState, RiskPlan
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.reports.paper import Marking, Paper
from mosovo_planner.reports.texts import PaperTextError, door_prompts
from mosovo_planner.reports.visit_summary import VisitFile, visit_summary

Label = Callable[[str | None], str]
Pages = Callable[[Paper], list[str]]


@pytest.fixture
def file(case: Case, policy: Policy, officers: tuple[OffenderManager, ...], visits: tuple[Visit, ...], facts: Facts) -> VisitFile:
    plan = RiskPlan(
        ref=case.offender.ref,
        author="OM01",
        written_on=date(2026, 10, 1),
        actions=(
            PlanAction("Check the games console", "OM01", date(2026, 11, 1)),
            PlanAction("Done long ago", "OM01", date(2026, 1, 1), date(2026, 1, 1)),
        ),
        state=PlanState.WITH_SERGEANT,
    )
    known = subject_of(case.offender, aliases=("Al",), vehicles=("ZZ12 ABC",))
    return VisitFile(case, policy, officers, visits, facts, plan, known, datetime(2026, 12, 1, 10, 30))


def test_the_page_holds_what_the_crew_must_know(file: VisitFile, label: Label, marking: Marking, pages: Pages) -> None:
    (page,) = pages(visit_summary(file, label, door_prompts(), marking))
    for words in (
        "For a visit on Tuesday 1 Dec 2026, 10:30",
        "MARKERS: Dog; Not lone female; not OM03",
        "CREW: at least one male officer; not PC Invented Thorn",
        "9 Mar 1971 (55)",
        "Flat 3, 1 Sample Street",
        "ZZ12 ABC",
        "SHPO until 1 May 2029: No unsupervised contact with children.",
        "On licence until 1 Mar 2027.",
        "Partner at week-ends; her son (8) (9 Jun 2026). A CHILD IN THE HOUSEHOLD (9 Jun 2026).",
        "Devices checked: 3 (10 Mar 2026).",
        "Dictates his visits: asked 2 times in 12 months",
        "Also visited on a Tuesday morning on 6 Oct 2026",
        "consider an entry warrant",
        "Last successful visit 9 Jun 2026 + 3 months (policy for risk high).",
        "Check the games console",
        "Refused unannounced, LONE",
        "New games console",
        "Who lives here now",
    ):
        assert words in page


def test_what_does_not_belong_at_the_door_is_not_on_it(file: VisitFile, label: Label, marking: Marking, pages: Pages) -> None:
    page = " ".join(pages(visit_summary(file, label, door_prompts(), marking)))
    for words in ("FREE NOTES", "NOTE NEVER PRINTED", "Ended long ago", "No hidden storage", "Done long ago", "ViSOR: Entry"):
        assert words not in page


def test_a_crowded_case_still_makes_one_page_of_legible_text(
    file: VisitFile, label: Label, marking: Marking, pages: Pages
) -> None:
    more = tuple(
        Visit(
            id=f"m{number}",
            ref=file.case.offender.ref,
            at=datetime(2025, 1, 1, 10) + timedelta(days=9 * number),
            outcome=Outcome.NO_REPLY,
            officers=("OM01", "OM02"),
        )
        for number in range(40)
    )
    actions = tuple(PlanAction(f"Action {number} with some words to it", "OM01", date(2026, 12, 1)) for number in range(12))
    assert file.plan is not None
    crowded = replace(file, visits=(*file.visits, *more), plan=replace(file.plan, actions=actions))
    (page,) = pages(visit_summary(crowded, label, door_prompts(), marking))
    assert "40 earlier ones on the record" in page
    assert "7 more in the plan" in page


def test_orders_are_never_left_out_for_want_of_room(file: VisitFile, label: Label, marking: Marking, pages: Pages) -> None:
    conditions = tuple(Condition(f"Invented condition {number} of a long order, told in full") for number in range(90))
    long = replace(file, facts=replace(file.facts, orders=(Order("SHPO", date(2020, 1, 1), None, conditions),)))
    found = pages(visit_summary(long, label, door_prompts(), marking))
    assert len(found) > 1
    assert all(any(f"condition {number} of" in page for page in found) for number in range(90))


def test_a_person_of_whom_nothing_is_held_says_so(
    policy: Policy, table: ClockTable, label: Label, marking: Marking, pages: Pages
) -> None:
    as_of = date(2026, 11, 23)
    bare = VisitFile(full_case(Offender(ref="INV-1"), Facts(), policy, table, as_of), policy, ())
    (page,) = pages(visit_summary(bare, label, (), marking))
    for words in (
        "no address held",
        "Household and devices were never recorded",
        "No visit is recorded",
        "No risk management plan is held",
        "No successful visit is recorded",
        "The force has set no prompts",
    ):
        assert words in page


def test_one_in_custody_is_marked_so_before_anybody_drives(
    file: VisitFile, policy: Policy, table: ClockTable, label: Label, marking: Marking
) -> None:
    inside = replace(file.case.offender, status=Status.CUSTODY)
    away = replace(file, case=full_case(inside, file.facts, policy, table, file.case.as_of))
    assert "STATUS: CUSTODY" in visit_summary(away, label, (), marking).notice


def test_the_titles_name_nobody(file: VisitFile, label: Label, marking: Marking) -> None:
    paper = visit_summary(file, label, (), marking)
    assert not any(part in paper.title + paper.subtitle for part in ("OAK", "Alan", "INV-"))


def test_a_force_has_its_own_prompts_and_a_mistake_in_them_is_told() -> None:
    assert door_prompts('prompts = ["Is the dog in?"]') == ("Is the dog in?",)
    assert len(door_prompts()) >= 5
    for wrong in ("prompts = [", "questions = []", 'prompts = ["", "x"]', "prompts = [3]"):
        with pytest.raises(PaperTextError, match="prompts"):
            door_prompts(wrong)

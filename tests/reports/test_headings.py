"""No heading of a column, date or reference is broken within a word, on any paper. All people are invented."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

from mosovo_planner.domain.assessment import Assessment, Tool
from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.facts import Facts
from mosovo_planner.domain.measures import trend
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.proposals import AllocationProposal, ManagerLoad, Move, SolverFacts, Unallocated
from mosovo_planner.domain.risk_plans import PlanAction, PlanReview, Rank, RiskPlan
from mosovo_planner.domain.visits import Visit
from mosovo_planner.domain.workload import manager_workload
from mosovo_planner.reports.allocation import allocation_paper
from mosovo_planner.reports.caseload import manager_summary, team_summary
from mosovo_planner.reports.outstanding import outstanding_paper
from mosovo_planner.reports.paper import Marking, Paper
from mosovo_planner.reports.performance import Performance, performance_paper
from mosovo_planner.reports.risk_plan import plan_front_sheet
from mosovo_planner.reports.texts import door_prompts
from mosovo_planner.reports.visit_summary import VisitFile, visit_summary

AS_OF = date(2026, 11, 23)
Label = Callable[[str | None], str]


def proposal() -> AllocationProposal:
    moves = (Move("INV-00417", "OM01", "OM02", 12345, "Nearer"),)
    loads = (ManagerLoad("OM01", 1154, 1300, 1100, 60, 50, 60000, 24000),)
    return AllocationProposal(AS_OF, {}, moves, loads, (Unallocated("INV-9", "Barred"),), SolverFacts(1, 1), travel_basis="x")


def papers(
    case: Case,
    policy: Policy,
    table: ClockTable,
    officers: tuple[OffenderManager, ...],
    visits: tuple[Visit, ...],
    facts: Facts,
    label: Label,
    marking: Marking,
) -> Iterator[Paper]:
    plan = RiskPlan(
        ref=case.offender.ref,
        author="OM01",
        written_on=AS_OF,
        actions=(PlanAction("Check", "OM01", AS_OF),),
        reviews=(PlanReview(Rank.INSPECTOR, "insp.birch", datetime(2026, 10, 25, 16), approved=False, comments="Why?"),),
    )
    month = Month(2026, 11)
    readings = trend([month.later(-1), month], (), officers, policy, table, AS_OF)
    teams = dict.fromkeys(("North", "South", "East", "West", "Trowbridge", "Salisbury"), readings)
    workload = manager_workload(officers[0], [case], visits, policy, AS_OF)
    yield plan_front_sheet(plan, case, (Assessment(id="a", ref="r", tool=Tool.ARMS, done_on=AS_OF, by="OM01"),), label, marking)
    yield visit_summary(VisitFile(case, policy, officers, visits, facts, plan), label, door_prompts(), marking)
    yield outstanding_paper([case], label, policy, AS_OF, marking, teams={"OM01": "North"})
    yield performance_paper(Performance(month, AS_OF, readings, policy, teams), marking)
    yield allocation_paper(proposal(), label, str, marking)
    yield manager_summary(workload, [case], AS_OF, marking)
    yield team_summary([workload], [case], AS_OF, 9, marking)


def test_no_word_of_a_column_heading_or_of_a_date_is_broken(
    case: Case,
    policy: Policy,
    table: ClockTable,
    officers: tuple[OffenderManager, ...],
    visits: tuple[Visit, ...],
    facts: Facts,
    label: Label,
    marking: Marking,
    pages: Callable[[Paper], list[str]],
) -> None:
    for paper in papers(case, policy, table, officers, visits, facts, label, marking):
        printed = set(" ".join(pages(paper)).split())
        wanted = {word for each in paper.tables if each.rows for column in each.columns for word in column.title.split()}
        kept = [
            (column, cell) for each in paper.tables for row in each.rows for column, cell in zip(each.columns, row, strict=True)
        ]
        wanted |= {word for column, cell in kept if column.whole for word in str(cell).split()}
        assert wanted <= printed, paper.kind

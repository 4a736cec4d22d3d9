"""The supervisor's list: every overdue clock once, every level in sight, the worst case named. All people are invented."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.clock_table import ClockTable, read_clock_table
from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.facts import Event, Facts
from mosovo_planner.domain.people import Offender, Risk
from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.exchange.tables import write_table
from mosovo_planner.reports.outstanding import outstanding_paper, outstanding_table
from mosovo_planner.reports.paper import Marking
from mosovo_planner.resources import resource

AS_OF = date(2026, 11, 23)
MARKING = Marking("OFFICIAL-SENSITIVE", "sgt.invented", datetime(2026, 11, 23, 9, 5))
TEAMS = {"OM01": "North", "OM02": "South"}


@pytest.fixture
def policy() -> Policy:
    return read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))


@pytest.fixture
def table() -> ClockTable:
    return read_clock_table(resource("policy/clocks.toml").read_text(encoding="utf-8"))


def caseload(policy: Policy, table: ClockTable) -> list[Case]:
    risks = [Risk.LOW, Risk.MEDIUM, Risk.HIGH, None]
    made = []
    for number in range(40):
        who = Offender(
            ref=f"INV-{number:03}",
            surname=f"OAK{number}" if number != 39 else '=HYPERLINK("http://invented.invalid")',
            risk=risks[number % 4],
            manager=["OM01", "OM02", None][number % 3],
            last_seen=AS_OF - timedelta(30 + 13 * number),
            rmp_review_due=AS_OF - timedelta(number - 20),
        )
        facts = Facts(events=(Event("periodic_notification", AS_OF - timedelta(340 + number)),))
        made.append(full_case(who, facts, policy, table, AS_OF))
    return made


def label(manager_id: str | None) -> str:
    return {"OM01": "PC Invented Oak", "OM02": "PC Invented Elm"}.get(manager_id or "", "Not allocated")


def test_every_overdue_clock_of_every_kind_is_counted_once_in_each_table(policy: Policy, table: ClockTable) -> None:
    everybody = caseload(policy, table)
    late = [(case.offender.ref, clock.kind) for case in everybody for clock in case.clocks if clock.days_overdue(AS_OF)]
    paper = outstanding_paper(everybody, label, policy, AS_OF, MARKING, teams=TEAMS)
    *matrices, listed = paper.tables
    assert [matrix.heading for matrix in matrices] == [
        "How many, how late, how risky",
        "By risk",
        "By lateness",
        "By team",
        "By manager",
    ]
    for matrix in matrices:
        size = [int(str(row[1])) for row in matrix.rows]
        assert matrix.rows[-1][0] == "All"
        assert size[-1] == sum(size[:-1]) == len(late)
    assert len(listed.rows) == len(late)
    assert {"Visit", "Periodic notification", "Risk management plan review"} <= {row[0] for row in matrices[0].rows}
    assert set(paper.refs) == {ref for ref, _ in late}


def test_a_level_without_anybody_overdue_keeps_its_line(policy: Policy, table: ClockTable) -> None:
    paper = outstanding_paper(caseload(policy, table), label, policy, AS_OF, MARKING)
    by_risk = next(matrix for matrix in paper.tables if matrix.heading == "By risk")
    assert [row[0] for row in by_risk.rows] == ["Very high", "High", "Medium", "Low", "Not assessed", "All"]
    assert by_risk.rows[0][1:] == ("0",) * (len(by_risk.columns) - 2) + ("none",)


def test_the_worst_case_is_named_with_its_days_and_risk(policy: Policy, table: ClockTable) -> None:
    everybody = caseload(policy, table)
    worst = max(clock.days_overdue(AS_OF) for case in everybody for clock in case.clocks)
    paper = outstanding_paper(everybody, label, policy, AS_OF, MARKING)
    assert f"Visit {worst} days overdue" in dict(paper.facts)["Worst case"]
    assert str(paper.tables[0].rows[-1][-1]).startswith(f"{worst} days: Visit, ")


def test_only_the_kinds_asked_for(policy: Policy, table: ClockTable) -> None:
    paper = outstanding_paper(caseload(policy, table), label, policy, AS_OF, MARKING, kinds=["rmp_review"])
    assert {row[1] for row in paper.tables[-1].rows} == {"Risk management plan review"}


def test_nothing_overdue_is_said_in_words(policy: Policy) -> None:
    paper = outstanding_paper([], label, policy, AS_OF, MARKING)
    assert dict(paper.facts)["Worst case"] == "none"
    assert all(not matrix.rows and matrix.empty == "Nothing is overdue." for matrix in paper.tables)


def test_the_list_leaves_as_a_workbook_that_can_be_sorted_and_starts_no_formula(
    tmp_path: Path, policy: Policy, table: ClockTable
) -> None:
    everybody = caseload(policy, table)
    headers, rows = outstanding_table(everybody, label, policy, AS_OF, teams=TEAMS)
    paper = outstanding_paper(everybody, label, policy, AS_OF, MARKING, teams=TEAMS)
    assert paper.sheet == (headers, rows)
    write_table(tmp_path / "o.xlsx", title=paper.title, headers=headers, rows=rows, stamp=paper.stamp)
    book = load_workbook(tmp_path / "o.xlsx")
    sheet = book.active
    assert sheet is not None
    cells = {(cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row}
    assert ('=HYPERLINK("http://invented.invalid")', "s") in cells
    assert (rows[0][0], "n") in cells
    assert not any(kind == "f" for _, kind in cells)
    book.close()
    write_table(tmp_path / "o.csv", title=paper.title, headers=headers, rows=rows, stamp=paper.stamp)
    assert "\"'=HYPERLINK" in (tmp_path / "o.csv").read_text(encoding="utf-8-sig")

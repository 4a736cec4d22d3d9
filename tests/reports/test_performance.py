"""The monthly report gives each figure its target, its meaning and its trend, and names nobody. All people are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.dip_sample import Grade
from mosovo_planner.domain.histories import History, histories
from mosovo_planner.domain.measure_ground import Ground
from mosovo_planner.domain.measures import MEASURES, trend
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.people import Offender, OffenderManager, Risk
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.exchange.tables import write_table
from mosovo_planner.reports.paper import Marking, Paper, Trend
from mosovo_planner.reports.performance import Performance, performance_paper, performance_table

TODAY = date(2026, 11, 23)
MONTH = Month(2026, 11)
MONTHS = [MONTH.later(-back) for back in range(5, -1, -1)]
Pages = Callable[[Paper], list[str]]


def people() -> tuple[History, ...]:
    offenders = [
        Offender(
            ref=f"INV-{number:03}",
            surname="NAMED-NOWHERE",
            risk=[Risk.LOW, Risk.MEDIUM, Risk.HIGH, Risk.VERY_HIGH][number % 4],
            manager=["OM01", "OM02", "OM03"][number % 3],
        )
        for number in range(24)
    ]
    visits = [
        Visit(
            id=f"{who.ref}-{step}",
            ref=who.ref,
            at=datetime(2026, 1, 5, 11) + timedelta(days=3 * number + 45 * step),
            officers=("OM01",) if step % 3 == 0 else ("OM01", "OM02"),
            outcome=Outcome.NO_REPLY if (number + step) % 4 == 0 else Outcome.SEEN,
        )
        for number, who in enumerate(offenders)
        for step in range(8)
        if datetime(2026, 1, 5) + timedelta(days=3 * number + 45 * step) < datetime(2026, 11, 23)
    ]
    return histories(offenders, visits, {})


@pytest.fixture
def figures(policy: Policy, table: ClockTable, officers: tuple[OffenderManager, ...]) -> Performance:
    known = people()

    def readings(ids: set[str]) -> dict[str, tuple[object, ...]]:
        own = [each for each in known if each.offender.manager in ids]
        return dict(trend(MONTHS, own, [each for each in officers if each.id in ids], policy, table, TODAY))

    ground = Ground(MONTH, TODAY, known, officers, policy, table)
    return Performance(
        MONTH,
        TODAY,
        readings({"OM01", "OM02", "OM03"}),
        policy,
        {"North": readings({"OM01", "OM02"}), "South <plain>": readings({"OM03"})},
        ground.late,
        {MONTH.later(-1): {Grade.GOOD: 3, Grade.INADEQUATE: 1}, MONTH: {Grade.GOOD: 1, Grade.REQUIRES_IMPROVEMENT: 1}},
    )


def test_every_measure_stands_with_its_target_and_its_definition(figures: Performance, marking: Marking, pages: Pages) -> None:
    paper = performance_paper(figures, marking)
    force = paper.tables[0]
    assert [row[0] for row in force.rows] == [measure.label for measure in MEASURES]
    assert [row[-1] for row in force.rows] == [measure.definition for measure in MEASURES]
    lone = next(row for row in force.rows if row[0] == "Lone visits")
    assert lone[4] == "at most 0%"
    assert lone[5] == "Not met"
    in_time = next(row for row in force.rows if row[0] == "Visits done in time")
    assert (in_time[4], in_time[5]) == ("not set", "Not judged")
    everything = " ".join(pages(paper))
    assert "How these figures are made" in everything
    assert "NAMED-NOWHERE" not in everything
    assert "INV-" not in everything


def test_the_trend_is_that_of_the_readings(figures: Performance, marking: Marking) -> None:
    lone = next(row for row in performance_paper(figures, marking).tables[0].rows if row[0] == "Lone visits")
    drawn = lone[6]
    assert isinstance(drawn, Trend)
    assert drawn.values == tuple(reading.value for reading in figures.force["lone"])
    assert drawn.names == ("J", "J", "A", "S", "O", "N")
    assert drawn.target == 0


def test_teams_stand_side_by_side_and_each_on_a_page_of_its_own(figures: Performance, marking: Marking, pages: Pages) -> None:
    found = pages(performance_paper(figures, marking))
    assert any("Teams side by side" in page and "North" in page and "South <plain>" in page for page in found)
    assert sum(page.startswith("OFFICIAL-SENSITIVE North") for page in found) == 1
    assert sum(page.startswith("OFFICIAL-SENSITIVE South <plain>") for page in found) == 1


def test_many_teams_are_parted_over_tables_that_fit_the_page(figures: Performance, marking: Marking) -> None:
    many = replace(figures, teams={f"Team {number:02}": figures.force for number in range(14)})
    abreast = [table for table in performance_paper(many, marking).tables if "side by side" in table.heading]
    assert [len(table.columns) for table in abreast] == [8, 8, 4]


def test_overdue_is_told_by_risk_and_age_and_adds_up(figures: Performance, marking: Marking) -> None:
    table = next(each for each in performance_paper(figures, marking).tables if each.heading == "Visits overdue, by risk and age")
    late = [item for item in figures.late if item.clock.kind == "visit"]
    assert late
    assert [row[0] for row in table.rows] == ["Very high", "High", "Medium", "Low", "Not assessed", "All"]
    assert int(str(table.rows[-1][-2])) == len(late) == sum(int(str(cell)) for row in table.rows[:-1] for cell in row[1:-2])
    assert int(str(table.rows[-1][-1])) == max(item.days_overdue for item in late)


def test_the_dip_sample_is_graded_by_month(figures: Performance, marking: Marking) -> None:
    table = next(each for each in performance_paper(figures, marking).tables if each.heading == "Dip sample")
    assert table.rows == (("November 2026", "1", "1", "0", "2", "50%"), ("October 2026", "3", "0", "1", "4", "75%"))


def test_a_month_without_any_record_is_printed_and_says_so(
    policy: Policy, table: ClockTable, marking: Marking, pages: Pages
) -> None:
    empty = Performance(MONTH, TODAY, trend([MONTH], (), (), policy, table, TODAY), policy)
    everything = " ".join(pages(performance_paper(empty, marking)))
    assert "no figure" in everything
    assert "No record has been graded yet" in everything
    assert "counted up to 23 Nov 2026" in everything
    nothing = performance_paper(Performance(MONTH, MONTH.last, {}, policy), marking)
    assert nothing.tables[0].empty == "No figures for this month."
    assert nothing.subtitle == "November 2026"


def test_the_figures_leave_as_a_workbook_with_numbers(tmp_path: Path, figures: Performance, marking: Marking) -> None:
    paper = performance_paper(figures, marking)
    headers, rows = performance_table(figures)
    assert paper.sheet == (headers, rows)
    assert len(rows) == 3 * len(MEASURES) * len(MONTHS)
    write_table(tmp_path / "p.xlsx", title=paper.title, headers=headers, rows=rows, stamp=paper.stamp)
    book = load_workbook(tmp_path / "p.xlsx")
    assert book.active is not None
    read = [tuple(cell.value for cell in row) for row in book.active.iter_rows() if row[1].value == "Visits overdue"]
    book.close()
    assert all(isinstance(row[3], int | float) and isinstance(row[2], datetime) for row in read)
    write_table(tmp_path / "p.csv", title=paper.title, headers=headers, rows=rows, stamp=paper.stamp)
    assert "South <plain>" in (tmp_path / "p.csv").read_text(encoding="utf-8-sig")

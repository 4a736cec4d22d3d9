"""Workload: weighted hours against hours worked (practice rule 19). All people are invented."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from mosovo_planner.domain.clocks import case_of
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Risk, Status
from mosovo_planner.domain.policy import read_policy
from mosovo_planner.domain.visits import Outcome, Visit
from mosovo_planner.domain.workload import capacity_hours, case_hours, hours_worked, manager_workload, visits_per_year
from mosovo_planner.resources import resource

POLICY = read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))
AS_OF = date(2026, 11, 23)


def test_riskier_cases_weigh_more_and_custody_weighs_little() -> None:
    hours = [case_hours(Offender(ref="INV", risk=risk), POLICY) for risk in Risk]
    assert hours == sorted(hours)
    inside = case_hours(Offender(ref="INV", risk=Risk.HIGH, status=Status.CUSTODY), POLICY)
    assert 0 < inside < case_hours(Offender(ref="INV", risk=Risk.HIGH), POLICY) / 2
    assert visits_per_year(Offender(ref="INV", risk=Risk.HIGH, status=Status.CUSTODY), POLICY) == 0


def test_part_time_and_absence_lower_the_capacity() -> None:
    full, part = OffenderManager(id="OM1"), OffenderManager(id="OM2", weekly_hours=18.5)
    away = OffenderManager(id="OM3", absences=(Absence(date(2026, 11, 1), date(2027, 5, 24), "leave"),))
    assert capacity_hours(part, POLICY, AS_OF) == pytest.approx(capacity_hours(full, POLICY, AS_OF) / 2)
    assert hours_worked(away, AS_OF) == pytest.approx(hours_worked(full, AS_OF) * (1 - 183 / 365))


def test_a_managers_line_counts_cases_overdue_and_visits_of_the_month() -> None:
    manager = OffenderManager(id="OM1")
    cases = [
        case_of(offender, POLICY, AS_OF)
        for offender in (
            Offender(ref="A", risk=Risk.HIGH, manager="OM1", last_seen=date(2026, 6, 1)),
            Offender(ref="B", risk=Risk.LOW, manager="OM1", last_seen=date(2026, 11, 10)),
            Offender(ref="C", risk=Risk.LOW, manager="OM1", last_seen=date(2020, 1, 1), status=Status.CUSTODY),
            Offender(ref="D", risk=Risk.LOW, manager="OM2", last_seen=date(2020, 1, 1)),
        )
    ]
    visits = [
        Visit(id="1", ref="D", at=datetime(2026, 11, 12, 10), officers=("OM2", "OM1")),
        Visit(id="2", ref="A", at=datetime(2026, 11, 13, 10), officers=("OM1", "OM2"), outcome=Outcome.NO_REPLY),
    ]
    line = manager_workload(manager, cases, visits, POLICY, AS_OF)
    assert (line.cases, line.suspended, line.overdue, line.worst_overdue_days) == (3, 1, 1, 83)
    assert (line.visits_due_month, line.visits_done_month) == (1, 2)
    assert line.by_risk == {Risk.HIGH: 1, Risk.LOW: 2}


def test_load_without_capacity_is_not_hidden() -> None:
    nobody = OffenderManager(id="OM1", weekly_hours=0)
    line = manager_workload(nobody, [case_of(Offender(ref="A", manager="OM1"), POLICY, AS_OF)], (), POLICY, AS_OF)
    assert line.share == float("inf")

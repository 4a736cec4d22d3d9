"""The invented force: a living month, made by chance alone, and soon there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from mosovo_planner.domain.months import Month
from mosovo_planner.domain.risk_plans import PlanState
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import performance
from mosovo_planner.office.caseload import view_caseload
from mosovo_planner.office.demo import DemoSession, demo_session, invent_force
from mosovo_planner.office.demo_year import invent_year
from mosovo_planner.office.dip_sample import draw_dip_sample
from mosovo_planner.office.performance import PerformanceView, view_performance
from mosovo_planner.office.supervision import view_waiting

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoSession]:
    made = demo_session(120, DAY)
    yield made
    made.close()
    assert not made.folder.exists()


@pytest.fixture(scope="module")
def view(demo: DemoSession) -> PerformanceView:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(performance, "run_in_worker", lambda work, *args, report: work(*args, report=report))
        return view_performance(demo, Month(2026, 10), DAY)


def test_every_measure_of_a_month_has_a_figure(view: PerformanceView) -> None:
    without = {key for key, row in view.of().items() if row[-1].value is None}
    assert without <= {"first_visit"}  # in a month without a new offender there is none
    assert all(row[0].value is not None for key, row in view.of().items() if key in ("visits_in_time", "lone", "visits_overdue"))
    assert len(view.course.teams) > 1


def test_something_waits_for_the_supervisor(demo: DemoSession) -> None:
    waiting = view_waiting(demo)
    assert waiting.plans
    assert {plan.state for plan in waiting.plans} <= {PlanState.WITH_SERGEANT, PlanState.WITH_INSPECTOR}
    with demo.unit(Permission.VIEW) as unit:
        assert unit.matches(open_only=True)
        assert any(plan.state is PlanState.RETURNED for plan in unit.risk_plans(current_only=True))
    assert draw_dip_sample(demo, Month(2026, 11), DAY).records


def test_the_last_visit_of_the_year_is_the_one_on_the_record(demo: DemoSession) -> None:
    with demo.unit(Permission.VIEW) as unit:
        seen = {visit.ref: visit.at.date() for visit in unit.visits() if visit.outcome.successful}
    cases = view_caseload(demo, DAY).cases
    assert all(seen.get(case.offender.ref, case.offender.last_seen) == case.offender.last_seen for case in cases)


def test_the_same_seed_gives_the_same_year_and_nothing_in_it_lies_ahead() -> None:
    managers, offenders = invent_force(80, DAY, 3)
    year = invent_year(managers, offenders, DAY, 3)
    assert year == invent_year(managers, offenders, DAY, 3)
    assert year != invent_year(managers, offenders, DAY, 4)
    assert max(visit.at.date() for visit in year.visits) <= DAY
    assert len({visit.id for visit in year.visits}) == len(year.visits)

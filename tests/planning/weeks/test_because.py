"""Every stop says why it is there, that day, with that crew; what it says follows from the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from mosovo_planner.domain.clocks import Case, Clock
from mosovo_planner.domain.people import Absence, Position, Sex
from mosovo_planner.domain.visits import Visit
from mosovo_planner.planning.weeks import change_crew, plan_request, propose_plan

MONDAY = date(2026, 11, 23)
FRIDAY = MONDAY + timedelta(days=4)
Make = Callable[..., Any]


def team(force: Make, officers: int = 3) -> Any:
    made = force(0, officers, 3)
    facts = {"weekly_hours": 37.0, "trained": True, "absences": (), "position": made.managers[0].position}
    sexes = (Sex.FEMALE, Sex.MALE, Sex.FEMALE)
    return replace(made, managers=tuple(replace(each, sex=sex, **facts) for each, sex in zip(made.managers, sexes, strict=False)))


def why(request: Any) -> str:
    (stop,) = [stop for each in propose_plan(request).rounds for stop in each.stops]
    return str(stop.why)


def away(made: Any, officer: str, start: date, end: date) -> Any:
    leave = (Absence(start, end, "leave"),)
    return replace(made, managers=tuple(replace(each, absences=leave) if each.id == officer else each for each in made.managers))


def test_another_leads_because_the_manager_is_away_or_barred(force: Make) -> None:
    made = team(force).with_offender(manager="OM00")
    assert "own manager PC 1000 leads" in why(made.request())
    assert "away" not in why(made.request())
    gone = why(away(made, "OM00", MONDAY, FRIDAY).request())
    assert "leads for PC 1000; PC 1000 is away until 27 Nov 2026" in gone
    assert "a marker bars PC 1000" in why(team(force).with_offender(manager="OM00", markers=("not OM00",)).request())
    assert "not among the officers" in why(team(force).with_offender(manager="OM99").request())


def test_a_manager_who_stays_in_is_said_to_be_farther_only_where_he_is(force: Make) -> None:
    made = team(force)
    far = tuple(replace(each, position=Position(51.0, -2.5)) if each.id == "OM00" else each for each in made.managers)
    request = replace(made, managers=far).with_offender(manager="OM00").request()
    plan = propose_plan(request)
    other = change_crew(request, plan, plan.rounds[0].id, ("OM01", "OM02"))
    assert "PC 1000's base is" in other.rounds[0].stops[0].why
    near = made.with_offender(manager="OM00").request()
    other = change_crew(near, (plan := propose_plan(near)), plan.rounds[0].id, ("OM01", "OM02"))
    assert "farther" not in other.rounds[0].stops[0].why


def test_the_officer_whom_a_marker_asks_for_is_named(force: Make) -> None:
    assert "PC 1001 goes, as a marker asks for a man" in why(team(force).with_offender(markers=("Not lone female",)).request())


def test_the_only_day_and_the_deadline_are_said(force: Make) -> None:
    made = team(force, 2).with_offender()
    assert "only day" not in why(made.request())
    assert "the only day of the plan on which these two could go" in why(
        away(made, "OM00", MONDAY, FRIDAY - timedelta(days=1)).request()
    )
    plain = made.request()
    clock = Clock("periodic_notification", MONDAY + timedelta(days=2), "", label="Yearly notification", law=True)
    cases = [Case(each.offender, (*each.clocks, clock), each.as_of) for each in made.cases()]
    request = plan_request(cases, made.managers, made.policy, plain.legs._travel, MONDAY, 1, seconds=0.0, iterations=200)
    assert "by the deadline of 25 Nov 2026 (yearly notification)" in why(request)


def test_a_late_duty_is_explained_by_the_evenings_missing_on_record(force: Make) -> None:
    made = team(force, 2).with_offender().with_policy(duty__evening_share_percent=100)
    mornings = [Visit(id=str(at), ref="INV-X", at=datetime(2026, 11, 16 - at, 10)) for at in range(3)]
    evenings = [replace(each, at=each.at.replace(hour=18)) for each in mornings]
    for visits, said in ((mornings, True), (evenings, False)):
        request = made.request(visits=visits)
        plan = propose_plan(request)
        assert ("no evening visit is on record" in plan.rounds[0].stops[0].why) == (said and plan.rounds[0].evening)

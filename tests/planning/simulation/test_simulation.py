"""A year played: the same surprises for every way of working, clocks moved only by success. All people are invented."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import jsonschema
import numpy as np
import pytest

from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk, Sex, Status
from mosovo_planner.domain.policy import read_policy
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.planning.simulation import Assumptions, MatrixTravel, SimulationRequest, arrivals, simulate
from mosovo_planner.resources import resource

POLICY = read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))
START = date(2026, 11, 23)


def force(count: int = 40, assumptions: Assumptions | None = None, weeks: int = 3) -> SimulationRequest:
    managers = tuple(
        OffenderManager(
            id=f"OM{number}",
            base="Northtown" if number < 2 else "Southtown",
            position=Position(51.5 if number < 2 else 51.3, -2.0),
            trained=True,
            sex=Sex.MALE,
        )
        for number in range(4)
    )
    offenders = tuple(
        Offender(
            ref=f"INV-{number}",
            risk=list(Risk)[number % 3],
            manager=f"OM{number % 4}",
            position=Position(51.3 + 0.2 * (number % 2) + 0.001 * number, -2.0),
            last_seen=date(2026, 1 + number % 11, 1 + number % 28),
            status=Status.CUSTODY if number % 13 == 12 else Status.COMMUNITY,
        )
        for number in range(count)
    )
    given = assumptions or Assumptions()
    arriving = arrivals(offenders, weeks, given, 5)
    spots = [each.position for each in (*managers, *offenders, *(new for several in arriving.values() for new in several))]
    places = tuple({(at.lat, at.lon) for at in spots if at})
    lat = np.array([place[0] for place in places])
    minutes = np.abs(lat[:, None] - lat[None, :]).astype(np.float32) * 150
    near = {each.ref: f"OM{0 if each.position and each.position.lat > 51.42 else 2}" for each in offenders}
    travel = MatrixTravel("a straight road", places, minutes)
    return SimulationRequest(START, weeks, offenders, managers, arriving, near, POLICY, travel, given, 7, 0.6)


@pytest.fixture(scope="module")
def played() -> list[dict[str, object]]:
    return simulate(force())


def test_the_answer_is_as_its_schema_says(played: list[dict[str, object]]) -> None:
    whole = {"format": "mosovo-simulation/1", "from": START.isoformat(), "seed": 7, "assumptions": {}, "scenarios": played}
    jsonschema.validate(whole, json.loads(resource("schemas/mosovo-simulation-1.json").read_text()))
    assert [each["name"] for each in played] == ["by_demand", "by_location_greedy", "planner"]
    assert [len(each["weeks"]) for each in played] == [3, 3, 3]  # type: ignore[arg-type]


def test_every_way_meets_the_same_first_week(played: list[dict[str, object]]) -> None:
    assert len({each["weeks"][0]["due"] for each in played}) == 1  # type: ignore[index]


def test_rounds_by_location_hold_several_visits_and_drive_less_a_visit(played: list[dict[str, object]]) -> None:
    demand, greedy, planned = (each["summary"] for each in played)
    assert demand["visits_per_round"] == 1  # type: ignore[index]
    assert greedy["visits_per_round"] > 1.5  # type: ignore[index]
    assert planned["drive_minutes_per_visit"] < demand["drive_minutes_per_visit"]  # type: ignore[index]


def test_where_nobody_opens_no_clock_is_reset() -> None:
    closed = force(assumptions=Assumptions(seen=0, no_reply=1, refused=0, moved=0, new_per_year=0))
    for scenario in simulate(replace(closed, weeks=2)):
        assert [week["done"] for week in scenario["weeks"]] == [0, 0]
        assert scenario["weeks"][1]["due"] >= scenario["weeks"][0]["due"]
        assert not scenario["summary"]["done_in_time_share"]


def test_the_same_seed_draws_the_same_surprises() -> None:
    one, two = force(), force()
    assert [one.outcome(week, "INV-3") for week in range(20)] == [two.outcome(week, "INV-3") for week in range(20)]
    assert one.staff(2) == two.staff(2)
    assert one.arriving == two.arriving
    drawn = {one.outcome(week, f"INV-{number}") for week in range(20) for number in range(40)}
    assert len(drawn) == 4


def test_a_cancel_ends_the_play() -> None:
    def stop(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        simulate(force(), stop)

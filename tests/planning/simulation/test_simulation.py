"""A year played: the same surprises for every way of working, clocks moved only by success. All people are invented."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import jsonschema
import numpy as np
import pytest

from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk, Sex, Status
from mosovo_planner.domain.policy import read_policy
from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.domain.travel import Minutes
from mosovo_planner.planning.pool import Processes
from mosovo_planner.planning.simulation import (
    Assumptions,
    Force,
    assumption_table,
    assumptions_of,
    force_of,
    officers_needed,
    play,
    simulate,
    staffed,
)
from mosovo_planner.resources import resource

POLICY = read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))
START = date(2026, 11, 23)
STILL = Assumptions(sick_weeks=0, new_per_year=0, leaving_per_year=0, risk_up_per_year=0, risk_down_per_year=0)
OPEN = replace(STILL, seen=1, no_reply=0, refused=0, moved=0)


class Straight:
    """A straight road north."""

    name = "a straight road"

    def minutes(self, origins: list[Position], destinations: list[Position]) -> Minutes:
        a, b = (np.array([each.lat for each in several]) for several in (origins, destinations))
        return np.abs(a[:, None] - b[None, :]).astype(np.float32) * 150


def manager(number: int) -> OffenderManager:
    north = number < 2
    return OffenderManager(
        id=f"OM{number}",
        base="Northtown" if north else "Southtown",
        position=Position(51.5 if north else 51.3, -2.0),
        trained=True,
        sex=Sex.MALE,
    )


def offender(number: int) -> Offender:
    return Offender(
        ref=f"INV-{number}",
        surname="INVENTED",
        risk=list(Risk)[number % 3],
        manager=f"OM{number % 4}",
        position=Position(51.3 + 0.2 * (number % 2) + 0.001 * number, -2.0),
        last_seen=date(2026, 1 + number % 11, 1 + number % 28),
        status=Status.CUSTODY if number % 13 == 12 else Status.COMMUNITY,
    )


def force(
    count: int = 40, assumptions: Assumptions | None = None, weeks: int = 3, offenders: list[Offender] | None = None
) -> Force:
    people = [offender(number) for number in range(count)] if offenders is None else offenders
    made = force_of(
        people, [manager(number) for number in range(4)], POLICY, Straight(), START, weeks, [7, 8],
        assumptions or Assumptions(),
    )  # fmt: skip
    return replace(made, iterations=60)


NEAR = {f"INV-{number}": f"OM{2 - 2 * (number % 2)}" for number in range(40)}


@pytest.fixture(scope="module")
def played() -> list[dict[str, Any]]:
    return simulate(force(), [7])


def test_the_answer_is_as_its_schema_says(played: list[dict[str, Any]]) -> None:
    whole = {"format": "mosovo-simulation/1", "from": START.isoformat(), "seed": 7, "assumptions": {}, "scenarios": played}
    jsonschema.validate(whole, json.loads(resource("schemas/mosovo-simulation-1.json").read_text()))
    assert [each["name"] for each in played] == ["by_demand", "by_location_greedy", "planner"]
    assert [len(each["weeks"]) for each in played] == [3, 3, 3]


def test_every_way_meets_the_same_first_week(played: list[dict[str, Any]]) -> None:
    assert len({each["weeks"][0]["due"] for each in played}) == 1


def test_rounds_by_location_hold_several_visits_and_drive_less_a_visit(played: list[dict[str, Any]]) -> None:
    demand, greedy, planned = (each["summary"] for each in played)
    assert demand["visits_per_round"] == 1
    assert greedy["visits_per_crew_day"] > 1.5
    assert planned["drive_minutes_per_visit"] < demand["drive_minutes_per_visit"]


def test_where_nobody_opens_no_clock_is_reset() -> None:
    closed = force(assumptions=replace(STILL, seen=0, no_reply=1, refused=0, moved=0), weeks=2)
    for scenario in simulate(closed, [7]):
        assert [week["done"] for week in scenario["weeks"]] == [0, 0]
        assert scenario["weeks"][1]["due"] >= scenario["weeks"][0]["due"]
        assert scenario["summary"]["done_in_time_share"] in (0, None)


def test_a_visit_is_counted_once_in_time_or_late() -> None:
    one = offender(0)
    due_soon = replace(one, risk=Risk.MEDIUM, last_seen=date(2026, 5, 28), position=Position(51.5, -2.0))  # due 28 November
    never_seen = replace(one, ref="INV-1", last_seen=None, position=Position(51.5, -2.0))
    out_of_reach = replace(due_soon, ref="INV-2", position=Position(60.0, -2.0))
    people = [due_soon, never_seen, out_of_reach]
    for way in ("by_location_greedy", "planner"):
        made = force(assumptions=OPEN, weeks=4, offenders=people)
        year = play(made.request(7, dict.fromkeys(("INV-0", "INV-1", "INV-2"), "OM0")), way)
        summary = year["summary"]
        assert summary["visits_done"] == 2
        assert 0 < summary["done_in_time_share"] < 1
        assert year["weeks"][-1]["overdue_by_risk"]["medium"] == 1
        assert summary["worst_by_risk"]["medium"] == (START + timedelta(days=27) - date(2026, 11, 28)).days


def test_who_left_is_no_longer_visited_and_who_came_has_days_for_the_first_visit() -> None:
    gone = force(assumptions=replace(OPEN, leaving_per_year=52.0), weeks=2)
    assert play(gone.request(7, NEAR), "by_demand")["weeks"][1]["due"] == 0
    many = force(assumptions=replace(OPEN, new_per_year=10.0), weeks=3)
    request = many.request(7, NEAR)
    assert sum(map(len, request.arriving.values())) == round(40 * 10 * 3 / 52)
    only_new = replace(request, offenders=())
    year = play(only_new, "by_location_greedy")
    assert year["weeks"][0]["due"] == 0
    assert year["summary"]["visits_done"] > 0


def test_a_change_of_risk_changes_the_interval_and_gives_some_days() -> None:
    rising = force(assumptions=replace(OPEN, risk_up_per_year=52.0), weeks=2)
    request = rising.request(7, NEAR)
    assert request.new_risk(1, request.offenders[0]) is Risk.MEDIUM
    assert request.new_risk(1, replace(request.offenders[0], risk=Risk.VERY_HIGH)) is None
    assert request.new_risk(1, replace(request.offenders[0], risk=None)) is None


def test_the_same_seed_draws_the_same_surprises() -> None:
    one, two = (force().request(7, NEAR) for _ in range(2))
    assert [one.outcome(week, "INV-3") for week in range(20)] == [two.outcome(week, "INV-3") for week in range(20)]
    assert one.staff(2) == two.staff(2)
    assert one.arriving == two.arriving
    drawn = {one.outcome(week, f"INV-{number}") for week in range(20) for number in range(40)}
    assert len(drawn) == 4


def test_no_name_is_taken_along() -> None:
    assert "INVENTED" not in repr(force())


def test_years_of_several_seeds_have_a_spread_and_are_alike_in_processes(played: list[dict[str, Any]]) -> None:
    small = force(weeks=1)
    in_turn = simulate(small, [7, 8])
    assert [each["seed"] for each in in_turn[0]["runs"]] == [7, 8]
    for scenario in in_turn:
        tried = scenario["spread"]["visits_tried"]
        assert tried["least"] <= tried["mean"] <= tried["most"]
    assert simulate(small, [7, 8], workers=Processes(1)) == in_turn


def test_a_cancel_ends_the_play() -> None:
    def stop(_: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        simulate(force(), [7], stop)


def test_officers_join_where_most_visiting_lies_and_leave_where_least_does() -> None:
    crowded = force(offenders=[replace(offender(at), position=Position(51.3 + 0.001 * at, -2.0)) for at in range(30)])
    more = staffed(crowded, 6)
    assert [each.base for each in more[4:]] == ["Southtown", "Southtown"]
    assert len({each.id for each in more}) == 6
    fewer = staffed(crowded, 3)
    assert sorted(each.base for each in fewer) == ["Northtown", "Southtown", "Southtown"]
    assert len(staffed(crowded, 2)) == 2


def test_the_strength_that_a_target_needs_is_found_with_its_curve() -> None:
    asked = force(count=24, assumptions=OPEN, weeks=8)
    easy = officers_needed(asked, 0.5, [7])
    assert easy["officers"] is not None
    assert easy["officers"] <= 4
    counts = [point["officers"] for point in easy["curve"]]
    assert easy["officers"] in counts
    assert counts == sorted(counts)
    below = [point for point in easy["curve"] if point["officers"] < easy["officers"]]
    assert all(point["settled_in_time_share"] < 0.5 for point in below)
    assert sum(easy["curve"][0]["by_base"].values()) == counts[0]


def test_a_target_that_no_strength_reaches_is_said_to_be_out_of_reach() -> None:
    closed = replace(STILL, seen=0, no_reply=1, refused=0, moved=0)
    found = officers_needed(force(assumptions=closed, weeks=3), 0.98, [7])
    assert found["officers"] is None
    assert "No strength up to 12 officers" in found["why"]
    assert "shut doors" in found["why"]


def test_every_assumption_has_a_source() -> None:
    table = assumption_table()
    assert all(value.source for value in table.values.values())
    read = assumptions_of(table, POLICY)
    assert read.seen + read.no_reply + read.refused + read.moved == pytest.approx(1)
    assert read == Assumptions()

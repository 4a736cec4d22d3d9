"""Who goes out with whom: chosen with the visits, from pairs whose territories touch, changing over the weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from mosovo_planner.domain.people import OffenderManager, Position, Risk
from mosovo_planner.domain.visits import Visit
from mosovo_planner.planning.weeks import PlanRequest, propose_plan
from mosovo_planner.planning.weeks.crews import likely_pairs, objection, week_of
from mosovo_planner.planning.weeks.partners import apart, first_pairs

MONDAY = date(2026, 11, 23)
WEEK = week_of(MONDAY)
Make = Callable[..., Any]


def team(force: Make, officers: int, offenders: int = 0) -> Any:
    """So many full-time trained officers of one base, and offenders round about."""
    made = force(offenders, officers, 5)
    facts = {"weekly_hours": 37.0, "trained": True, "absences": (), "position": made.managers[0].position}
    return replace(made, managers=tuple(replace(each, **facts) for each in made.managers))


def neighbours(force: Make) -> Any:
    """Four officers of one base, each with cases of one corner: 0 with 2 in the north, 1 with 3 in the south."""
    made = team(force, 4)
    for number in range(24):
        own = number % 4
        north = own in (0, 2)
        home = Position(51.72 + number / 900 if north else 51.40 - number / 900, -1.78 + number % 5 / 200)
        made = made.with_offender(ref=f"INV-{number}", manager=f"OM{own:02}", position=home)
    return made


def candidates(request: PlanRequest) -> tuple[dict[tuple[str, str], float], list[tuple[str, str]]]:
    needs = list(request.needs.values())
    distance = apart(request, request.areas[0], needs)
    return distance, [pair for pair, _ in likely_pairs(request, distance, needs)]


def test_officers_whose_territories_touch_go_best_together(force: Make) -> None:
    request = neighbours(force).request()
    distance, _ = candidates(request)
    nearest = sorted(distance, key=lambda pair: distance[pair])[:2]
    assert set(nearest) == {("OM00", "OM02"), ("OM01", "OM03")}
    assert first_pairs(request, distance)[WEEK] == frozenset(nearest)
    plan = propose_plan(request)
    assert {tuple(sorted(each.officers)) for each in plan.rounds} == set(nearest)


def test_a_pair_far_apart_is_considered_only_where_no_other_may_go(force: Make) -> None:
    made = team(force, 9)
    far = tuple(replace(each, position=Position(53.0 + at / 10, -1.0)) for at, each in enumerate(made.managers[7:]))
    made = replace(made, managers=(*made.managers[:7], *far)).with_offender()
    _, plain = candidates(made.request())
    assert ("OM06", "OM08") not in plain
    barred = made.with_offender(ref="INV-Y", markers=tuple(f"not OM{each:02}" for each in (0, 1, 2, 3, 4, 5, 7)))
    request = barred.request()
    _, more = candidates(request)
    assert ("OM06", "OM08") in more
    assert objection(request, ("OM06", "OM08"), request.needs["INV-Y"]) is None


def test_pairs_have_somebody_trained_and_first_pairs_one_partner_each(force: Make) -> None:
    made = team(force, 7, 40)
    made = replace(made, managers=tuple(replace(each, trained=at % 2 == 0) for at, each in enumerate(made.managers)))
    request = made.request(weeks=2)
    distance, pairs = candidates(request)
    trained = {each.id for each in made.managers if each.trained}
    assert all(trained & set(pair) for pair in pairs)
    for chosen in first_pairs(request, {pair: distance[pair] for pair in pairs}).values():
        assert max(Counter(each for pair in chosen for each in pair).values()) == 1
        assert len(chosen) == 3


def test_partners_change_over_the_weeks_of_a_plan(force: Make) -> None:
    made = team(force, 5, 160)
    plan = propose_plan(made.request(weeks=4, iterations=600))
    together = Counter(tuple(sorted(each.officers)) for each in plan.rounds)
    assert sum(together.values()) >= 16
    assert max(together.values()) <= 5  # 60 per cent of eight visiting days
    varied = made.with_policy(plan__same_partner_percent=30)
    rarely = Counter(tuple(sorted(each.officers)) for each in propose_plan(varied.request(weeks=4, iterations=600)).rounds)
    assert sum(rarely.values()) >= 16
    assert max(rarely.values()) <= 3


def test_two_officers_alone_may_go_out_together_as_often_as_they_can(force: Make) -> None:
    plan = propose_plan(team(force, 2, 60).request(weeks=2))
    assert len(plan.rounds) == 4


def test_who_went_out_together_lately_gets_other_partners(force: Make) -> None:
    made = team(force, 4)
    for number in range(16):
        home = Position(51.57 + number / 900, -1.77)
        made = made.with_offender(ref=f"INV-{number}", manager=None, position=home, risk=Risk.HIGH)
    old = {("OM00", "OM01"), ("OM02", "OM03")}
    visits = [
        Visit(id=f"{pair} {ago}", ref="INV-0", at=datetime(2026, 11, 23, 10) - timedelta(days=ago), officers=pair)
        for pair in old
        for ago in (3, 5, 10, 12, 17, 19)
    ]
    request = made.request(visits=visits)
    assert request.together == dict.fromkeys(old, 6)
    now = {tuple(sorted(each.officers)) for each in propose_plan(request).rounds}
    assert now
    assert not now & old
    long_ago = [replace(each, at=each.at - timedelta(days=60)) for each in visits]
    assert made.request(visits=long_ago).together == {}


def test_crews_decided_beforehand_are_kept_and_choosing_jointly_is_no_worse(force: Make) -> None:
    made = neighbours(force)
    request = made.request(iterations=1200)
    decided = frozenset({("OM00", "OM01"), ("OM02", "OM03")})
    fixed = propose_plan(replace(request, crews={WEEK: decided}))
    assert {tuple(sorted(each.officers)) for each in fixed.rounds} <= decided
    assert fixed.visits
    joint = propose_plan(request)
    assert joint.solver.objective > fixed.solver.objective
    none = propose_plan(replace(request, crews={WEEK: frozenset()}))
    assert none.visits == 0
    assert {each.kind for visit in none.unplanned for each in visit.obstacles} == {"crews"}


def test_the_one_who_comes_over_meets_his_partner_at_the_other_base(force: Make) -> None:
    made = team(force, 2)
    bases = (Position(51.57, -1.77), Position(51.57, -1.90))
    managers: tuple[OffenderManager, ...] = tuple(
        replace(each, position=base, base=f"Base {at}") for at, (each, base) in enumerate(zip(made.managers, bases, strict=True))
    )
    for number in range(4):
        made = made.with_offender(ref=f"INV-{number}", position=Position(51.58, -1.76 + number / 500), manager="OM01")
    plan = propose_plan(replace(made, managers=managers).request())
    assert plan.rounds
    assert {each.base_position for each in plan.rounds} == {bases[0]}
    assert all(each.start.hour * 60 + each.start.minute > 8 * 60 + 30 for each in plan.rounds)

"""Does it pay to choose crews together with what they can then visit? The same weeks, with crews fixed first and chosen jointly.

Run it alone: ``python -m tests.benchmarks.crews [--seconds 8 | --steps 30000] [--seeds 2]``; steps in place of seconds give the
same figures on any machine, however busy. It prints, for the synthetic Wiltshire tracker (where it
is beside the checkout) and an invented force of 2,000 offenders, one line for each way and the ratio to crews chosen jointly:

* ``by list``: partners are neighbours in the list of officers by base, at least one trained;
* ``sergeant``: the best matching there is, by how near the two's own cases and bases lie, days on duty together counted,
  one partner for each officer and week;
* ``joint``: the product.

Value is what the plan's visits are worth less the driving and the sending out, in minutes of driving, reckoned alike for all.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from statistics import mean

import numpy as np

from mosovo_planner.domain.clocks import case_of
from mosovo_planner.domain.people import Offender, OffenderManager, Risk
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.geo.travel import crow_fly
from mosovo_planner.office.demo import invent_force
from mosovo_planner.planning.weeks import PlanRequest, plan_request, propose_plan
from mosovo_planner.planning.weeks.crews import on_duty, round_duty, trained, week_of
from mosovo_planner.planning.weeks.search import price_of
from mosovo_planner.planning.weeks.values import COST_PER_MINUTE, rewards
from tests.benchmarks.forces import default_policy, nearest_manager, wiltshire

Crews = Mapping[str, frozenset[tuple[str, str]]]
WEEKS = 1


@dataclass(frozen=True)
class Figures:
    """What one plan reaches."""

    value: float
    visits: float
    high: float
    drive: float
    unplanned: float
    rounds: float
    own: float


def by_list(request: PlanRequest) -> Crews:
    """Neighbours in the list by base who are there that week; the untrained each beside somebody trained."""
    found = {}
    for week, days in _weeks(request).items():
        there = [each for each in request.officers if any(on_duty(request, each.id, day) for day in days)]
        there.sort(key=lambda each: (each.base, each.id))
        pairs = []
        while len(there) > 1:
            one = there.pop(0)
            mate = next((each for each in there if trained(request, (one.id, each.id))), None)
            if mate is not None:
                there.remove(mate)
                pairs.append(tuple(sorted((one.id, mate.id))))
        found[week] = frozenset(pairs)
    return found


def sergeant(request: PlanRequest) -> Crews:
    """The matching that makes most of visiting days together and, with that, of nearness, solved exactly each week."""
    near = _nearness(request)
    return {week: _matching(request, days, near) for week, days in _weeks(request).items()}


def _weeks(request: PlanRequest) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for day in request.days:
        found.setdefault(week_of(day), []).append(day)
    return found


def _nearness(request: PlanRequest) -> dict[tuple[str, str], float]:
    """Minutes between each two officers: from a visit of one to the nearest of the other, and between their bases twice."""
    minutes = {}
    own: dict[str, list[object]] = {each.id: [] for each in request.officers}
    for need in request.needs.values():
        if need.position and need.manager in own and request.worth_proposing(need):
            own[need.manager].append(need.position)
    for one in request.bases:
        for other in request.bases:
            if one < other:
                between = request.legs.minutes(request.bases[one], request.bases[other])
                apart = float(between)
                if own[one] and own[other]:
                    matrix = request.legs.matrix(own[one], own[other])  # type: ignore[arg-type]
                    apart = float(np.concatenate([matrix.min(axis=0), matrix.min(axis=1)]).mean())
                minutes[one, other] = apart + 2 * between
    return minutes


def _matching(request: PlanRequest, days: list[date], near: Mapping[tuple[str, str], float]) -> frozenset[tuple[str, str]]:
    from ortools.sat.python import cp_model

    program, worth = cp_model.CpModel(), []
    picks = {}
    for pair, minutes in near.items():
        together = sum(all(on_duty(request, each, day) for each in pair) for day in days)
        together = min([together, *(request.rules.days_a_week(request.officer[each]) for each in pair)])
        if together and trained(request, pair):
            picks[pair] = program.new_bool_var("")
            worth.append(round(together * (300 - minutes)) * picks[pair])
    for officer in request.bases:
        program.add_at_most_one(pick for pair, pick in picks.items() if officer in pair)
    program.maximize(sum(worth))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = 20
    solver.solve(program)
    return frozenset(pair for pair, pick in picks.items() if solver.boolean_value(pick))


def figures(request: PlanRequest, plan: Plan) -> Figures:
    """Reckoned from the plan alone."""
    value, high, own = 0.0, 0, 0
    for each in plan.rounds:
        crew, needs = round_duty(request, each), [request.needs[stop.ref] for stop in each.stops]
        value += rewards(request, needs, [crew]).sum() / COST_PER_MINUTE - each.drive_minutes - price_of(request, crew)
        high += sum(need.risk in (Risk.HIGH, Risk.VERY_HIGH, None) for need in needs)
        own += sum(stop.lead == need.manager for stop, need in zip(each.stops, needs, strict=True))
    visits = max(1, plan.visits)
    return Figures(
        value, plan.visits, high, plan.drive_minutes / visits, len(plan.unplanned), len(plan.rounds), 100 * own / visits
    )


def compare(name: str, managers: list[OffenderManager], offenders: list[Offender], start: date, asked: Namespace) -> None:
    policy = default_policy()
    cases = [case_of(each, policy, start) for each in offenders]
    request = plan_request(cases, managers, policy, crow_fly(policy, None), start, WEEKS, seconds=asked.seconds)
    request = replace(request, iterations=asked.steps)
    fixed = {"by list": by_list(request), "sergeant": sergeant(request), "joint": None}
    table = {}
    for way, crews in fixed.items():
        plans = [replace(request, crews=crews, seed=seed) for seed in range(1, asked.seeds + 1)]
        table[way] = [figures(each, propose_plan(each)) for each in plans]
    effort = f"{asked.steps} steps" if asked.steps else f"{asked.seconds:g} s"
    title = f"{name}: {len(offenders)} offenders, {len(managers)} officers, {WEEKS} week, {effort}, {asked.seeds} seeds"
    _print(title, table)


def _print(title: str, table: Mapping[str, list[Figures]]) -> None:
    print(f"\n{title}")
    names = ("visits", "high", "drive", "unplanned", "rounds", "own")
    heads = ("visits", "high risk", "drive/visit", "unplanned", "rounds", "own lead %")
    print(f"{'':10}{'value':>9}{'ratio':>8}" + "".join(f"{head:>12}" for head in heads))
    best = _mean(each.value for each in table["joint"])
    for way, found in table.items():
        value = _mean(each.value for each in found)
        rest = [_mean(getattr(each, name) for each in found) for name in names]
        print(f"{way:10}{value:9.0f}{value / best:8.4f}" + "".join(f"{each:12.1f}" for each in rest), flush=True)


def _mean(values: Iterable[float]) -> float:
    return mean(values)


def main() -> None:
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--seeds", type=int, default=2)
    asked = parser.parse_args()
    begun = time.monotonic()
    try:
        managers, offenders, start = wiltshire()
    except FileNotFoundError:
        print("The Wiltshire tracker is not in the shared data folder.")
    else:
        compare("Wiltshire, today's allocation", managers, offenders, start, asked)
        compare("Wiltshire, by location", managers, _near(managers, offenders), start, asked)
    start = date(2026, 11, 23)
    managers, offenders = invent_force(2000, start, 1)
    compare("Invented, by location", managers, _near(managers, offenders), start, asked)
    print(f"\n{time.monotonic() - begun:.0f} s")


def _near(managers: list[OffenderManager], offenders: list[Offender]) -> list[Offender]:
    nearest = nearest_manager(managers)
    return [replace(each, manager=nearest(each.manager, each.position)) for each in offenders]


if __name__ == "__main__":
    main()

"""Who goes well with whom: whose territories touch, whose bases are near, and who has not gone out with whom lately.

The search chooses crews together with their visits; these are the crews it may choose from, and the pairs it begins with.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations

import numpy as np

from mosovo_planner.planning.weeks.areas import Area
from mosovo_planner.planning.weeks.crews import Pair, may_pair, trained, week_of
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed

_BASES_COUNT = 2  # the one who comes over drives there and back
_APART = 300.0  # minutes apart at which a day together is worth nothing to the first pairs


def apart(request: PlanRequest, area: Area, needs: Sequence[VisitNeed]) -> dict[Pair, float]:
    """How far apart each two officers of an area work, in minutes of driving: the less, the better they go together.

    The mean drive from a visit of the one to the nearest visit of the other, 0 where their territories lie over each
    other, and the drive between their bases there and back. One without visits counts by his base.
    """
    able = [each for each in area.officers if request.rules.days_a_week(request.officer[each]) > 0]
    bases = [request.bases[each] for each in able]
    between = request.legs.matrix(bases, bases)
    territory = _territories(request, able, needs)
    return {
        (able[i], able[j]): float(territory.get((i, j), between[i, j])) + _BASES_COUNT * float(between[i, j])
        for i, j in combinations(range(len(able)), 2)
    }


def _territories(request: PlanRequest, able: Sequence[str], needs: Sequence[VisitNeed]) -> dict[tuple[int, int], float]:
    """Mean drive from each one's visits to the nearest of the other's, both ways together; only where both have some."""
    placed = [(need.manager, need.position) for need in needs if need.position and need.manager in set(able)]
    if not placed:
        return {}
    spots = [position for _, position in placed]
    minutes = request.legs.matrix(spots, spots)
    own: dict[str, list[int]] = defaultdict(list)
    for index, (manager, _) in enumerate(placed):
        own[manager or ""].append(index)
    nearest = {each: minutes[:, own[each]].min(axis=1) for each in own}
    found = {}
    for i, j in combinations(range(len(able)), 2):
        one, other = able[i], able[j]
        if own.get(one) and own.get(other):
            found[i, j] = float(np.concatenate([nearest[other][own[one]], nearest[one][own[other]]]).mean())
    return found


def first_pairs(request: PlanRequest, distance: Mapping[Pair, float]) -> dict[str, frozenset[Pair]]:
    """For each week the matching that a careful sergeant would seek: most days on duty together, least apart, one
    partner for each officer; in a later week another partner than before where that costs little.

    The search begins with them and then goes its own way.
    """
    weeks: dict[str, list[date]] = defaultdict(list)
    for day in request.days:
        weeks[week_of(day)].append(day)
    before: Counter[Pair] = Counter()
    found = {}
    for week, days in weeks.items():
        found[week] = _matching(request, days, distance, before)
        before.update(found[week])
    return found


def _matching(
    request: PlanRequest, days: Sequence[date], distance: Mapping[Pair, float], before: Counter[Pair]
) -> frozenset[Pair]:
    from ortools.sat.python import cp_model

    program = cp_model.CpModel()
    picks, worth, of_officer = {}, [], defaultdict(list)
    for pair, minutes in distance.items():
        allowed = [request.rules.days_a_week(request.officer[each]) for each in pair]
        together = min(*allowed, sum(may_pair(request, pair, day) for day in days))
        if together < 1 or not trained(request, pair):
            continue
        picks[pair] = program.new_bool_var("")
        priced = minutes + before[pair] * request.rules.repeat_partner
        worth.append(max(1, round(together * (_APART - priced))) * picks[pair])
        for each in pair:
            of_officer[each].append(picks[pair])
    for several in of_officer.values():
        program.add_at_most_one(several)
    program.maximize(sum(worth))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.max_deterministic_time = 1, 1.0
    if solver.solve(program) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return frozenset()
    return frozenset(pair for pair, pick in picks.items() if solver.boolean_value(pick))

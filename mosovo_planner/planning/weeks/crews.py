"""Who could go out with whom, on which day, early or in the evening: the duties that a plan chooses from."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mosovo_planner.domain.people import OffenderManager, Position
from mosovo_planner.domain.proposals import Round
from mosovo_planner.planning.weeks.areas import Area
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed

PARTNERS = 5
"""How many nearest partners each officer is considered with; more widen the search and hardly change plans."""
_NEAREST_CASES = 12

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Duty:
    """One crew's possible day. The crew leaves ``base`` at ``start`` and has finished, notes written, by ``until``.

    Where the officers' bases differ, the one who comes over drives ``base_drive`` minutes before ``start`` and
    again after ``until``, within his own hours.
    """

    id: str
    day: date
    officers: Pair
    host: str
    base: Position
    evening: bool
    start: int
    until: int
    base_drive: int


def objection(request: PlanRequest, pair: Iterable[str], need: VisitNeed) -> str | None:
    """Why these two may not make this visit, in words; None where they may."""
    crew = [request.officer[each] for each in pair if each in request.officer]
    return need.demands.objection(crew)


def trained(request: PlanRequest, pair: Iterable[str]) -> bool:
    """Whether at least one of the two is trained."""
    return any(request.officer[each].trained for each in pair if each in request.officer)


def on_duty(request: PlanRequest, officer: str, day: date) -> bool:
    """Whether the officer works that day: hours under contract, no absence."""
    known = request.officer.get(officer)
    return known is not None and known.weekly_hours > 0 and known.away(day) is None


def may_pair(request: PlanRequest, pair: Pair, day: date) -> bool:
    """Whether the two may go out together that day: both on duty, and a crew of that week where crews were decided beforehand."""
    if request.crews is not None and tuple(sorted(pair)) not in request.crews.get(week_of(day), frozenset()):
        return False
    return all(on_duty(request, each, day) for each in pair)


def duty(request: PlanRequest, day: date, officers: Pair, evening: bool, host: str, name: str = "") -> Duty:
    """The duty of two officers who meet at ``host``'s base.

    Officers who have left, or have no base, count with a full day and their partner's base.
    """
    lengths = [request.rules.duty_minutes(request.officer[each]) for each in officers if each in request.officer]
    base = base_of(request, host, officers)
    guest = next((each for each in officers if each != host), host)
    base_drive = request.legs.minutes(base_of(request, guest, officers), base)
    start = request.rules.duty_start(evening)
    until = start + min(lengths, default=0) - base_drive
    return Duty(
        name or duty_id(day, officers, evening), day, officers, host, base, evening, start + base_drive, until, base_drive
    )


def duty_id(day: date, officers: Pair, evening: bool) -> str:
    return f"{day.isoformat()}{' evening' if evening else ''}: {officers[0]} + {officers[1]}"


def base_of(request: PlanRequest, officer: str, officers: Pair) -> Position:
    """The officer's base; the partner's where he has none; the first of the force's where neither has."""
    known = [request.bases[each] for each in (officer, *officers) if each in request.bases]
    return known[0] if known else next(iter(request.bases.values()), Position(0.0, 0.0))


def round_duty(request: PlanRequest, each: Round) -> Duty:
    """The duty of a round as it stands: same day, crew, half of the day and meeting place."""
    spot = (each.base_position.lat, each.base_position.lon)
    hosts = [officer for officer in each.officers if officer in request.bases]
    host = next(
        (officer for officer in hosts if (request.bases[officer].lat, request.bases[officer].lon) == spot), each.officers[0]
    )
    return duty(request, each.date, each.officers, each.evening, host, each.id)


def week_of(day: date) -> str:
    """The ISO week, within which visiting days are counted."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def likely_pairs(request: PlanRequest, apart: Mapping[Pair, float], needs: Sequence[VisitNeed]) -> list[tuple[Pair, str]]:
    """Pairs with at least one trained officer worth considering, each with whose base they meet at.

    Each officer's nearest partners by ``apart`` (minutes, every two officers of the area), and for visits that none of
    those pairs may make, the nearest pairs that may. Crews that were decided beforehand are all considered.
    """
    decided = None if request.crews is None else frozenset[Pair]().union(*request.crews.values())
    allowed = [pair for pair in apart if trained(request, pair) and (decided is None or pair in decided)]
    allowed.sort(key=lambda pair: (apart[pair], pair))
    counts: dict[str, int] = defaultdict(int)
    chosen: dict[Pair, None] = {}
    for pair in allowed:
        if decided is not None or min(counts[each] for each in pair) < PARTNERS:
            chosen[pair] = None
            for each in pair:
                counts[each] += 1
    for need in needs:
        if all(objection(request, pair, need) for pair in chosen):
            rescue = [pair for pair in allowed if objection(request, pair, need) is None]
            chosen.update(dict.fromkeys(rescue[:PARTNERS]))
    hosts = _meeting(request, list(chosen), needs)
    return list(zip(chosen, hosts, strict=True))


def _meeting(request: PlanRequest, pairs: list[Pair], needs: Sequence[VisitNeed]) -> list[str]:
    """For each pair the officer at whose base it meets: nearer to the pair's own cases, or to any near ones."""
    positions = [need.position for need in needs if need.position]
    if not positions:
        return [first for first, _ in pairs]
    officers = sorted({each for pair in pairs for each in pair})
    far = dict(zip(officers, request.legs.matrix([request.bases[each] for each in officers], positions), strict=True))
    managers = np.array([need.manager or "" for need in needs if need.position])
    hosts = []
    for pair in pairs:
        own = np.isin(managers, pair)
        rows = [far[each][own] if own.any() else np.sort(far[each])[:_NEAREST_CASES] for each in pair]
        hosts.append(pair[0] if rows[0].mean() <= rows[1].mean() else pair[1])
    return hosts


def possible_duties(request: PlanRequest, pairs: Iterable[tuple[Pair, str]], taken: Mapping[date, set[str]]) -> list[Duty]:
    """Every pair on every working day on which both are on duty and not ``taken`` by a round that is kept."""
    halves = (False, True) if request.rules.evening_share > 0 else (False,)
    found = []
    for pair, host in pairs:
        days = [day for day in request.days if may_pair(request, pair, day) and not taken.get(day, set()) & set(pair)]
        found += [duty(request, day, pair, evening, host) for day in days for evening in halves]
    return [each for each in found if each.until > each.start]


def limits(request: PlanRequest, area: Area, kept: Sequence[Round], pairs: Sequence[Pair] = ()) -> dict[str, int]:
    """How many duties may use each officer and each evening, a week, and each of ``pairs``, in the whole plan, less what
    ``kept`` rounds use already."""
    rules = request.rules
    chance = np.random.default_rng([request.seed, 1])
    result: dict[str, int] = {}
    for week in dict.fromkeys(week_of(day) for day in request.days):
        days = [day for day in request.days if week_of(day) == week]
        expected = 0.0
        for officer in area.officers:
            known: OffenderManager = request.officer[officer]
            limit = rules.days_a_week(known)
            expected += min(limit, sum(on_duty(request, officer, day) for day in days)) / 2
            result[officer_week(officer, week)] = limit
            result[officer_evening(officer, week)] = max(1, math.ceil(rules.evening_share * limit))
        result[evening_week(week)] = math.floor(rules.evening_share * expected + chance.random())
    result |= _with_each_other(request, pairs)
    for each in kept:
        for name in (*uses(each.officers, each.date, each.evening), together(each.officers)):
            if name in result:
                result[name] = max(0, result[name] - 1)
    return result


def _with_each_other(request: PlanRequest, pairs: Sequence[Pair]) -> dict[str, int]:
    """How often two officers may go out together in the plan, so that partners change over the weeks.

    No limit but their own visiting days where one of them has no other partner, or somebody decided the crews.
    """
    partners = Counter(each for pair in pairs for each in pair)
    free = {pair for pair in pairs if request.crews is not None or min(partners[each] for each in pair) < 2}
    return {together(pair): most_together(request, pair, 1.0 if pair in free else request.rules.same_partner) for pair in pairs}


def most_together(request: PlanRequest, pair: Pair, share: float) -> int:
    """So much of the visiting days that both have in the plan, one at least."""
    weeks = len({week_of(day) for day in request.days})
    return max(1, math.ceil(share * weeks * min(request.rules.days_a_week(request.officer[each]) for each in pair)))


def together(pair: Iterable[str]) -> str:
    """The limited thing of which a duty of these two takes one, where partners are to change over the weeks."""
    return "+".join(sorted(pair))


def uses(officers: Sequence[str], day: date, evening: bool) -> tuple[str, ...]:
    """The limited things a duty takes one of each of."""
    week = week_of(day)
    names = [name for officer in officers for name in (f"{officer}@{day.isoformat()}", officer_week(officer, week))]
    if evening:
        names += [*(officer_evening(officer, week) for officer in officers), evening_week(week)]
    return tuple(names)


def officer_week(officer: str, week: str) -> str:
    return f"{officer}@{week}"


def officer_evening(officer: str, week: str) -> str:
    return f"{officer}@{week} evening"


def evening_week(week: str) -> str:
    return f"evenings@{week}"

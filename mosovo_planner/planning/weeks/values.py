"""What a visit is worth to a plan, on which day and by which crew.

First visits and those with a deadline of law before all else; then risk times a convex growth with lateness relative
to the interval, never nothing for low risk (practice rule 22); less when drawn forward, when the offender's own manager
does not go, and when the slot repeats earlier ones (rule 5; the offender must not foresee the hour, rule 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import Risk
from mosovo_planner.planning.weeks.crews import Duty, Pair, objection
from mosovo_planner.planning.weeks.request import PlanRequest, Slot, VisitNeed

FIRST = 3
"""A first visit, or one with a statutory deadline, is worth more than this many of any others."""
LONGEST = 3 * 365
"""Days overdue beyond which waiting adds nothing more."""
AFTER_DEADLINE = 0.7
"""Share of its worth that such a visit keeps on a day of the plan after its deadline."""
COST_PER_MINUTE = 10
"""The search counts in tenths of a minute's drive."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = ((np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)), (np.uint64(27), np.uint64(0x94D049BB133111EB)))

Whole = NDArray[np.int64]


def worth(request: PlanRequest, need: VisitNeed) -> float:
    """Worth in the policy's units, by the end of the plan; before crew, day and hour are known."""
    rules = request.rules
    base = rules.values[need.risk]
    if need.due > request.end:
        ahead = max(1, (need.due - need.earliest).days)
        return rules.early_share * base * max(0.05, 1 - (need.due - request.end).days / (ahead + 1))
    grown = base * (1 + min(rules.most_lateness, max(0.0, need.lateness(request.end)))) ** 2
    grown += _waited(request, (request.end - need.due).days)
    return grown + (FIRST * _most(request) if comes_first(request, need) else 0.0)


def _waited(request: PlanRequest, days: int) -> float:
    """Worth of having waited so long, the same whatever the risk: whoever waits longest comes up in the end."""
    return request.rules.values[Risk.LOW] * (min(max(0, days), LONGEST) / request.rules.long_wait_days) ** 2


def _most(request: PlanRequest) -> float:
    """The most that a visit can be worth that does not come first anyway."""
    return max(request.rules.values.values()) * (1 + request.rules.most_lateness) ** 2 + _waited(request, LONGEST)


def comes_first(request: PlanRequest, need: VisitNeed) -> bool:
    """Whether it is a first visit, or a due one whose case has a deadline of law within the plan or past."""
    return need.kind == "initial" or (request.due(need) and need.deadline is not None and need.deadline <= request.end)


def rewards(request: PlanRequest, needs: Sequence[VisitNeed], duties: Sequence[Duty]) -> Whole:
    """Worth of each visit by each duty in the search's units, shape (needs, duties); -1 where the crew may not go."""
    days = {day: index for index, day in enumerate(dict.fromkeys(each.day for each in duties))}
    pairs = {pair: index for index, pair in enumerate(dict.fromkeys(each.officers for each in duties))}
    halves = np.array([each.evening for each in duties], dtype=np.int64)
    at_day = np.array([days[each.day] for each in duties], dtype=np.int64)
    at_pair = np.array([pairs[each.officers] for each in duties], dtype=np.int64)
    base = np.array([worth(request, need) for need in needs])
    by_pair = _by_pair(request, needs, list(pairs))
    by_day = _by_day(request, needs, list(days))
    by_slot = _by_slot(request, needs, list(days))
    share = by_pair[:, at_pair] * by_day[:, at_day] * by_slot[:, at_day, halves]
    whole = np.maximum(1, np.rint(base[:, None] * share * request.rules.minutes_per_value * COST_PER_MINUTE)).astype(np.int64)
    return np.where(share > 0, whole, -1)


def repeat_share(before: Sequence[Slot], weekday: int, parts: Sequence[str]) -> float:
    """How much a slot repeats earlier visits: 1 for the weekday and part of the day of them all, 0 for neither.

    The newest counts most. Weekday alone, or part of the day alone, counts half; a time that is not known counts
    with the weekday.
    """
    weights = [1 / (1 + age) for age in range(len(before))]
    repeated = sum(
        weight * ((earlier == weekday) + (part in parts if part else earlier == weekday)) / 2
        for weight, (earlier, part) in zip(weights, before, strict=True)
    )
    return repeated / sum(weights) if weights else 0.0


def _by_pair(request: PlanRequest, needs: Sequence[VisitNeed], pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """1 with the own manager (or none), less with others, 0 where a marker forbids the crew."""
    result = np.ones((len(needs), len(pairs)))
    for row, need in zip(result, needs, strict=True):
        if need.manager in request.officer:
            row[:] = [1.0 if need.manager in pair else request.rules.other_lead for pair in pairs]
        demands = need.demands
        if demands.needs_man or demands.needs_woman or demands.excluded:
            row[[objection(request, pair, need) is not None for pair in pairs]] = 0.0
    return result


def _by_day(request: PlanRequest, needs: Sequence[VisitNeed], days: Sequence[date]) -> NDArray[np.float64]:
    """Less the longer an overdue visit waits, or the earlier one that is not yet due is made; chance besides."""
    rules, shape = request.rules, (len(needs), len(days))
    late = np.array([[(day - max(need.due, request.start)).days for day in days] for need in needs], dtype=np.float64)
    allowed = np.array([[day >= need.earliest for day in days] for need in needs], dtype=bool)
    weeks = np.floor(np.abs(late.reshape(shape)) / 7)
    share = (1 - rules.waiting * weeks / 4) * (1 - rules.chance * _chance(request.seed, needs, days))
    after = [[need.deadline is not None and request.start <= need.deadline < day for day in days] for need in needs]
    share = np.where(np.array(after, dtype=bool).reshape(shape), AFTER_DEADLINE * share, share)
    return np.where(allowed.reshape(shape), np.maximum(share, 0.05), 0.0)


def _chance(seed: int, needs: Sequence[VisitNeed], days: Sequence[date]) -> NDArray[np.float64]:
    """Numbers from 0 to 1 that the seed draws for each person and day, whoever else is asked about."""
    key = seed.to_bytes(16, signed=True)
    people = [int.from_bytes(blake2b(need.ref.encode(), key=key, digest_size=8).digest()) for need in needs]
    mixed = np.array(people, dtype=np.uint64)[:, None] + np.array([day.toordinal() for day in days], dtype=np.uint64) * _GOLDEN
    for shift, factor in _MIX:  # splitmix64 (Steele, Lea & Flood 2014), so that neighbouring days are no more alike than others
        mixed = (mixed ^ (mixed >> shift)) * factor
    drawn: NDArray[np.float64] = (mixed ^ (mixed >> np.uint64(31))).astype(np.float64) / 2.0**64
    return drawn


def _by_slot(request: PlanRequest, needs: Sequence[VisitNeed], days: Sequence[date]) -> NDArray[np.float64]:
    """Shape (needs, days, 2): early duty, evening duty."""
    price = request.rules.repeat_slot
    result = np.ones((len(needs), len(days), 2))
    for row, need in zip(result, needs, strict=True):
        for at, day in enumerate(days):
            for half, parts in enumerate((("morning", "afternoon"), ("afternoon", "evening"))):
                row[at, half] = 1 - price * repeat_share(need.before, day.isoweekday(), parts)
        if not any(part == "evening" for _, part in need.before):
            row[:, 1] *= 1 + request.rules.never_evening
    return result

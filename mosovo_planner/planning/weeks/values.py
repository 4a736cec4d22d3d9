"""What a visit is worth to a plan, on which day and by which crew.

Statutory first visits before all else; then risk times a convex growth with lateness relative to the interval, never
nothing for low risk (practice rule 22); less when drawn forward, when the offender's own manager does not go, and when
the slot repeats earlier ones (rule 5; the offender must not foresee the hour, rule 6).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.planning.weeks.crews import Duty, Pair, objection
from mosovo_planner.planning.weeks.request import PlanRequest, Slot, VisitNeed

COST_PER_MINUTE = 10
"""The search counts in tenths of a minute's drive."""
MINUTES_PER_VALUE = 8
"""Minutes of driving that one unit of the policy's ``plan.value_*`` is worth."""
MOST_LATENESS = 3.0
"""Lateness, in intervals, beyond which worth grows no more."""
WAITING = 0.1
"""Share of its worth that an overdue visit loses when it waits four weeks, counted in whole weeks: within a week chance
alone decides, so that duties spread over the days."""
CHANCE = 0.05
"""Share of the worth that chance may take, so that the day cannot be foreseen."""
NEVER_IN_THE_EVENING = 0.03
"""Share of the worth an evening adds for somebody who was never visited in one."""
_EARLY_SHARE = 0.4

Whole = NDArray[np.int64]


def worth(request: PlanRequest, need: VisitNeed) -> float:
    """Worth in the policy's units, by the end of the plan; before crew, day and hour are known."""
    base = request.rules.values[need.risk]
    most = max(request.rules.values.values()) * (1 + MOST_LATENESS) ** 2
    if need.due > request.end:
        ahead = max(1, (need.due - need.earliest).days)
        return _EARLY_SHARE * base * max(0.05, 1 - (need.due - request.end).days / (ahead + 1))
    grown = base * (1 + min(MOST_LATENESS, max(0.0, need.lateness(request.end)))) ** 2
    return grown + (most if need.kind == "initial" else 0.0)


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
    whole = np.maximum(1, np.rint(base[:, None] * share * MINUTES_PER_VALUE * COST_PER_MINUTE)).astype(np.int64)
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
    shape = (len(needs), len(days))
    late = np.array([[(day - max(need.due, request.start)).days for day in days] for need in needs], dtype=np.float64)
    allowed = np.array([[day >= need.earliest for day in days] for need in needs], dtype=bool)
    weeks = np.floor(np.abs(late.reshape(shape)) / 7)
    share = (1 - WAITING * weeks / 4) * (1 - CHANCE * np.random.default_rng([request.seed, 2]).random(shape))
    return np.where(allowed.reshape(shape), np.maximum(share, 0.05), 0.0)


def _by_slot(request: PlanRequest, needs: Sequence[VisitNeed], days: Sequence[date]) -> NDArray[np.float64]:
    """Shape (needs, days, 2): early duty, evening duty."""
    price = request.rules.repeat_slot
    result = np.ones((len(needs), len(days), 2))
    for row, need in zip(result, needs, strict=True):
        for at, day in enumerate(days):
            for half, parts in enumerate((("morning", "afternoon"), ("afternoon", "evening"))):
                row[at, half] = 1 - price * repeat_share(need.before, day.isoweekday(), parts)
        if not any(part == "evening" for _, part in need.before):
            row[:, 1] *= 1 + NEVER_IN_THE_EVENING
    return result

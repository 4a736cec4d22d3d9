"""The times of one round, for hand edits: when each visit starts, where the crew waits, what does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from mosovo_planner.planning.rounds.model import merged
from mosovo_planner.planning.rounds.problem import VisitsProblem


class Breach(StrEnum):
    """What can be wrong with a round."""

    LATE = "late"  # the crew is there after the visit's last window
    NOT_ALLOWED = "not_allowed"  # this crew may not make the visit
    TWICE = "twice"  # the visit is in the round more than once
    LATE_HOME = "late_home"  # the crew is back after its end
    TOO_MANY = "too_many"  # more stops than the crew may make
    OVERLOADED = "overloaded"  # more load than the crew may carry


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule a round breaks: at which stop (None: the round as a whole), and by how much time or load, where that can be told."""

    breach: Breach
    position: int | None = None
    amount: int = 0


@dataclass(frozen=True, slots=True)
class RouteTiming:
    """A round's earliest times. ``starts`` and ``waits`` go with the stops; ``travel`` and ``cost`` are sums over the legs."""

    feasible: bool
    starts: tuple[int, ...]
    waits: tuple[int, ...]
    end: int
    travel: int
    cost: int
    violations: tuple[Violation, ...]


def time_route(problem: VisitsProblem, crew: int, visits: Sequence[int]) -> RouteTiming:
    """The earliest times of ``visits`` (indices, in order) made by crew number ``crew``; a breach does not stop the clock."""
    slot, costs = problem.crews[crew], problem.costs
    time, here, travel, cost = slot.begin, slot.start, 0, 0
    starts: list[int] = []
    waits: list[int] = []
    violations = _rules(problem, crew, visits)
    for position, visit in enumerate(visits):
        task = problem.visits[visit]
        leg = int(problem.travel[here, task.at])
        arrival = time + leg
        start = next((max(arrival, begin) for begin, end in merged(task.windows) if arrival <= end), None)
        if start is None:
            start = arrival
            violations.append(Violation(Breach.LATE, position, arrival - max((end for _, end in task.windows), default=arrival)))
        starts.append(start)
        waits.append(start - arrival)
        travel, cost = travel + leg, cost + int(costs[here, task.at])
        time, here = start + task.duration, task.at
    if visits:
        leg = int(problem.travel[here, slot.end])
        travel, cost, time = travel + leg, cost + int(costs[here, slot.end]), time + leg
    if visits and time > slot.until:
        violations.append(Violation(Breach.LATE_HOME, None, time - slot.until))
    return RouteTiming(not violations, tuple(starts), tuple(waits), time, travel, cost, tuple(violations))


def _rules(problem: VisitsProblem, crew: int, visits: Sequence[int]) -> list[Violation]:
    """The breaches that have nothing to do with the clock."""
    slot = problem.crews[crew]
    found = [Violation(Breach.NOT_ALLOWED, position) for position, visit in enumerate(visits) if problem.reward(visit, crew) < 0]
    found += [Violation(Breach.TWICE, position) for position, visit in enumerate(visits) if visit in visits[:position]]
    if slot.max_stops is not None and len(visits) > slot.max_stops:
        found.append(Violation(Breach.TOO_MANY, None, len(visits) - slot.max_stops))
    load = sum(problem.visits[visit].load for visit in visits)
    if slot.max_load is not None and load > slot.max_load:
        found.append(Violation(Breach.OVERLOADED, None, load - slot.max_load))
    return found


@dataclass(frozen=True, slots=True)
class Insertion:
    """Where a visit goes into a round (before the stop of index ``position``), what it adds to the cost, the times then."""

    position: int
    added_cost: int
    timing: RouteTiming


def best_insertion(problem: VisitsProblem, crew: int, visits: Sequence[int], visit: int) -> Insertion:
    """The place for ``visit`` with the fewest breaches, then the least added cost; ``timing.feasible`` tells whether it fits."""
    before = time_route(problem, crew, visits).cost
    places = []
    for position in range(len(visits) + 1):
        timing = time_route(problem, crew, [*visits[:position], visit, *visits[position:]])
        amount = sum(violation.amount for violation in timing.violations)
        places.append((len(timing.violations), amount, timing.cost - before, position, timing))
    _, _, added, position, timing = min(places, key=lambda place: place[:4])
    return Insertion(position, added, timing)

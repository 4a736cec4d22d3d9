"""How many officers a force needs for its visits to be made in time: years of the planner under growing strength.

All strengths meet the same surprises (common random numbers), so a difference between two is the officers' doing and not
chance. Officers join where most visiting lies for each officer hour, and leave where least does. The search asks for two
strengths at a time, so that it takes the same way whether one core plays or two.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mosovo_planner.domain.people import OffenderManager, Position, Sex
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.workload import visits_per_year
from mosovo_planner.planning.pool import IN_TURN, Job, Workers
from mosovo_planner.planning.simulation.play import play
from mosovo_planner.planning.simulation.request import Force, allocate

FULL_HOURS = 37.0
LARGEST, LEAST = 3.0, 2
"""Strengths tried: at least two officers, at most this many times the present ones."""


@dataclass(frozen=True)
class Point:
    """One strength tried, with the mean figures of the seeds."""

    officers: int
    by_base: dict[str, int]
    settled: float
    whole: float
    worst_days: float
    tried_share: float | None
    officer_hours: float

    def line(self) -> dict[str, Any]:
        """The point as ``mosovo-simulation/1`` has it."""
        return {
            "officers": self.officers,
            "by_base": self.by_base,
            "settled_in_time_share": round(self.settled, 4),
            "done_in_time_share": round(self.whole, 4),
            "worst_days_overdue": self.worst_days,
            "late_though_tried_share": self.tried_share,
            "officer_hours": round(self.officer_hours, 1),
        }


def officers_needed(
    force: Force, target: float, seeds: Sequence[int], report: Reporter = silent, workers: Workers = IN_TURN
) -> dict[str, Any]:
    """``strength`` of ``mosovo-simulation/1``: fewest officers tried whose settled share reaches ``target`` (0 to 1).

    Raises:
        Cancelled: ``report`` raised it.
        JobsFailed: a year could not be played; the message names it.
    """
    curve: dict[int, Point] = {}

    def ask(counts: Sequence[int]) -> None:
        fresh = [count for count in dict.fromkeys(counts) if count not in curve]
        jobs = [Job(_name(count, seed), _year, (force.of(staffed(force, count)), seed)) for count in fresh for seed in seeds]
        played = workers.run(jobs, _told(report, curve, target))
        for count in fresh:
            curve[count] = _point(force, count, [played[_name(count, seed)] for seed in seeds])

    found = _search(ask, lambda count: curve[count].settled >= target, len(force.managers))
    lines = [curve[count].line() for count in sorted(curve)]
    why = _why(curve, found, target, force)
    return {"target": target, "present": len(force.managers), "officers": found, "why": why, "curve": lines}


def staffed(force: Force, count: int) -> tuple[OffenderManager, ...]:
    """The present managers, and officers more or fewer until there are ``count``; the same ones for the same count."""
    work = _visiting_by_base(force)
    staff = list(force.managers)
    while len(staff) > count:
        held = Counter(_place(each) for each in staff)
        hours = _hours(staff)
        able = [place for place in held if held[place] > 1] or list(held)
        least = min(able, key=lambda place: (work[place] / max(hours[place], 1.0), str(place)))
        staff.remove([each for each in staff if _place(each) == least][-1])
    for number in range(1, count - len(staff) + 1):
        hours = _hours(staff)
        most = max((place for place in hours if place), key=lambda place: (work[place] / max(hours[place], 1.0), str(place)))
        like = next(each for each in staff if _place(each) == most)
        sex = Sex.FEMALE if number % 2 else Sex.MALE
        staff.append(
            OffenderManager(
                id=f"ADDED-{number:03}", base=like.base, position=like.position, weekly_hours=FULL_HOURS, trained=True, sex=sex
            )
        )
    return tuple(staff)


def _search(ask: Callable[[Sequence[int]], None], reached: Callable[[int], bool], present: int) -> int | None:
    """Bracket the target from the present strength, then close in on it by thirds; None where the most do not reach it."""
    most = max(LEAST, math.ceil(present * LARGEST))
    low, high = LEAST - 1, None
    steps = [(present, math.ceil(1.25 * present)), (math.ceil(1.5 * present), 2 * present), (most, most)]
    ask(steps[0])
    if reached(present):
        high = present
        ask([max(LEAST, present // 2), max(LEAST, 3 * present // 4)])
        for count in (max(LEAST, 3 * present // 4), max(LEAST, present // 2)):
            if not reached(count):
                low = count
                break
            high = count
    else:
        low = present
        for pair in steps:
            ask(pair)
            high = next((count for count in pair if reached(count)), None)
            low = max(count for count in (low, *pair) if high is None or count < high)
            if high is not None:
                break
    while high is not None and high - low > 1:
        third = (high - low) / 3
        inner = [count for count in (low + max(1, round(third)), low + max(1, round(2 * third))) if low < count < high]
        ask(inner)
        passed = [count for count in inner if reached(count)]
        high = min(passed, default=high)
        low = max([count for count in inner if count < high], default=low)
    return high


def _year(force: Force, seed: int, report: Reporter = silent) -> dict[str, Any]:
    """One year of the planner with the force's managers; its summary."""
    summary: dict[str, Any] = play(force.request(seed, allocate(force)), "planner", report)["summary"]
    return summary


def _point(force: Force, count: int, years: Sequence[dict[str, Any]]) -> Point:
    def mean(key: str, of_nothing: float = 0.0) -> float:
        return float(np.mean([of_nothing if year[key] is None else year[key] for year in years]))

    by_base = Counter(each.base or "no base" for each in staffed(force, count))
    return Point(
        count, dict(sorted(by_base.items())), mean("settled_in_time_share", 1.0), mean("done_in_time_share", 1.0),
        mean("worst_days_overdue"), round(mean("late_though_tried_share"), 4), mean("officer_hours"),
    )  # fmt: skip


def _why(curve: dict[int, Point], found: int | None, target: float, force: Force) -> str:
    best = max(curve.values(), key=lambda each: each.settled)
    judged = f"judged on what falls due after the first {min(force.assumptions.settling_weeks, force.weeks // 4)} weeks"
    if found is not None:
        lower = [count for count in curve if count < found]
        below = f"; {max(lower)} reach {curve[max(lower)].settled:.1%}" if lower else ""
        return f"{found} officers reach {curve[found].settled:.1%} of visits in time, {judged}{below}."
    shut = "" if best.tried_share is None else f" {best.tried_share:.0%} of its late visits were tried in time behind shut doors."
    return (
        f"No strength up to {max(curve)} officers reaches {target:.0%}, {judged}; the best is {best.officers} "
        f"with {best.settled:.1%}.{shut}"
    )


def _told(report: Reporter, curve: dict[int, Point], target: float) -> Reporter:
    """Progress that also says what is known so far: how many strengths, and the best share."""
    known = f"{len(curve)} strengths tried for {target:.0%}"
    best = max((point.settled for point in curve.values()), default=None)
    return lambda step: report(Progress(f"{known}; {step.text}", step.share, best))


def _visiting_by_base(force: Force) -> dict[tuple[float, float] | None, float]:
    """Visits a year that lie nearest to each base."""
    bases = list({_place(each): each.position for each in force.managers if each.position}.values())
    placed = [each for each in force.offenders if each.position]
    work: dict[tuple[float, float] | None, float] = defaultdict(float)
    if not bases or not placed:
        return work
    homes: list[Position] = [each.position for each in placed if each.position]
    spots: list[Position] = [base for base in bases if base]
    nearest = force.travel.minutes(homes, spots).argmin(axis=1)
    for each, at in zip(placed, nearest.tolist(), strict=True):
        work[spots[at].lat, spots[at].lon] += visits_per_year(each, force.policy)
    return work


def _place(officer: OffenderManager) -> tuple[float, float] | None:
    return (officer.position.lat, officer.position.lon) if officer.position else None


def _hours(staff: Sequence[OffenderManager]) -> dict[tuple[float, float] | None, float]:
    hours: dict[tuple[float, float] | None, float] = defaultdict(float)
    for each in staff:
        hours[_place(each)] += each.weekly_hours
    return hours


def _name(count: int, seed: int) -> str:
    return f"{count} officers, seed {seed}"

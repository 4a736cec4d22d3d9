"""A week of Wiltshire made again in its course: seconds, and how many promises change against a plan made anew.

``python -m tests.benchmarks.replan [--seconds S]`` from the root of the repository; prints, and fails by nothing.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from mosovo_planner.domain.clocks import Case, case_of
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.geo.travel import crow_fly
from mosovo_planner.planning.weeks import (
    Delayed,
    NoReply,
    OfficerSick,
    Surprise,
    Urgent,
    differences,
    plan_request,
    promises_changed,
    propose_plan,
    replan,
    replan_request,
)
from mosovo_planner.planning.worker import run_in_worker
from tests.benchmarks.forces import default_policy, nearest_manager, wiltshire

ANEW_SECONDS = 10.0
SEED = 3


class Week:
    """Wiltshire allocated by location, and its plan for the week after the tracker's day."""

    def __init__(self) -> None:
        self.managers: list[OffenderManager]
        self.managers, offenders, as_of = wiltshire()
        self.policy: Policy = default_policy()
        self.travel = crow_fly(self.policy, None)
        nearest = nearest_manager(self.managers)
        self.cases: list[Case] = [
            case_of(replace(each, manager=nearest(each.manager, each.position)), self.policy, as_of) for each in offenders
        ]
        monday = as_of + timedelta(days=7 - as_of.weekday())
        request = plan_request(
            self.cases, self.managers, self.policy, self.travel, monday, 1, seed=SEED, seconds=ANEW_SECONDS
        )
        self.plan: Plan = propose_plan(request)
        tuesday = monday + timedelta(days=1)
        self.now = datetime(tuesday.year, tuesday.month, tuesday.day, 10, 0)

    def surprises(self) -> Iterator[tuple[str, Sequence[Surprise]]]:
        out = [each for each in self.plan.rounds if each.date == self.now.date() and each.start <= self.now.time()]
        planned = {stop.ref for each in self.plan.rounds for stop in each.stops}
        waiting = (case for case in self.cases if case.offender.position and not case.visit.suspended)
        someone = next(case.offender.ref for case in waiting if case.offender.ref not in planned)
        yield "an officer is sick for the week", [OfficerSick(out[0].officers[0], self.plan.end)]
        yield "nobody answers at ten", [NoReply(out[-1].stops[1].ref)]
        yield "a crew is an hour late", [Delayed(out[-1].id, 60)]
        yield "somebody must be seen by tomorrow", [Urgent(someone, self.now.date() + timedelta(days=1))]

    def compare(self, name: str, surprises: Sequence[Surprise], seconds: float) -> None:
        begun = time.perf_counter()
        asked = replan_request(
            self.cases, self.managers, self.policy, self.travel, self.plan, self.now, surprises, seconds=seconds
        )
        again = run_in_worker(replan, asked)
        whole = time.perf_counter() - begun
        anew = propose_plan(replace(asked.request, keep=None, since=None, seconds=ANEW_SECONDS))
        behind = tuple(each for each in self.plan.rounds if each.date < asked.request.start)
        others = differences(asked, replace(anew, rounds=(*behind, *anew.rounds)))
        untouched = sum(each in self.plan.rounds for each in again.plan.rounds)
        print(
            f"{name}: {whole:.1f} s whole; {promises_changed(again.changes)} promised visits otherwise "
            f"(made anew: {promises_changed(others)}), {untouched} of {len(self.plan.rounds)} rounds untouched; "
            f"{again.plan.visits} visits (before {self.plan.visits}); load {os.getloadavg()[0]:.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="of search for a plan made again")
    seconds = parser.parse_args().seconds
    week = Week()
    print(f"{len(week.cases)} offenders, {len(week.managers)} officers, {week.plan.visits} visits planned")
    for name, surprises in week.surprises():
        week.compare(name, surprises, seconds)


if __name__ == "__main__":
    main()

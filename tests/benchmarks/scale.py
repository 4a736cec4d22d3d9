"""How cost and memory grow with a force: ``python -m tests.benchmarks.scale [SIZE ...] [--workers N] [--cluster ADDRESS]``.

Prints for each size of an invented force (one manager to 40 offenders, in regions of some 2,000 about real towns) the
allocation by teams and one week's plan by teams: seconds, CPU seconds and CPU microseconds for each n log2 n (which other
work on the machine disturbs least), gap, and the peak memory of the whole process tree. Judges nothing. Every person is invented.
"""

from __future__ import annotations

import argparse
import math
import os
import threading
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from mosovo_planner.domain.clocks import case_of
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Risk, Sex, Status
from mosovo_planner.domain.policy import read_policy
from mosovo_planner.domain.proposals import SolverFacts
from mosovo_planner.geo.places import all_places
from mosovo_planner.geo.synthetic import scatter
from mosovo_planner.geo.travel import crow_fly
from mosovo_planner.planning.pool import Workers, workers_of
from mosovo_planner.planning.teams import allocate_teams, plan_teams, split_teams
from mosovo_planner.planning.weeks import plan_request
from mosovo_planner.resources import resource

SIZES = (1_000, 3_000, 10_000, 30_000, 70_000)
DAY = date(2026, 11, 23)
CASES_A_MANAGER = 40
_REGION = 2_000
_APART_DEGREES = 0.35
_RISKS, _MIX = list(Risk), (50, 30, 18, 2)  # per cent; the national mix of 2016 as the press reported it
_MONTHS = {Risk.LOW: 12, Risk.MEDIUM: 6, Risk.HIGH: 3, Risk.VERY_HIGH: 1}


class Watch:
    """Seconds, CPU seconds and peak memory (GB of their own share) of this process and all its children while open; Linux."""

    def __enter__(self) -> Watch:
        self.peak, self._stop = 0.0, threading.Event()
        self._begun, self._cpu = time.perf_counter(), sum(os.times()[:4])
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds, self.cpu = time.perf_counter() - self._begun, sum(os.times()[:4]) - self._cpu
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.5):
            self.peak = max(self.peak, sum(map(_share_kb, _family(os.getpid()))) / 1e6)


def _family(root: int) -> list[int]:
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
    found = [root]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def _share_kb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def invent(size: int, seed: int = 1) -> tuple[list[OffenderManager], list[Offender]]:
    """An invented force of regions; managers sit at the bases by the homes about them, cases are dealt out by demand."""
    random = Random(seed)
    managers: list[OffenderManager] = []
    offenders: list[Offender] = []
    regions = max(1, round(size / _REGION))
    for region, centre in enumerate(_centres(regions)):
        count = size // regions + (region < size % regions)
        ground = scatter(count, seed * 1000 + region, centre)
        seats = random.choices(ground.bases, [base.share for base in ground.bases], k=max(2, round(count / CASES_A_MANAGER)))
        own = [_manager(len(managers) + at, base.place, base.position, random) for at, base in enumerate(seats)]
        offenders += [_offender(len(offenders) + at, home.position, own, random) for at, home in enumerate(ground.homes)]
        managers += own
    return managers, offenders


def _centres(count: int) -> list[tuple[float, float]]:
    chosen: list[tuple[float, float]] = [(51.35, -1.95)]
    for place in all_places():  # largest first
        spot = (place.lat, place.lon)
        if 50.6 < place.lat < 55 and -4 < place.lon < 1.2 and min(math.dist(spot, each) for each in chosen) > _APART_DEGREES:
            chosen.append(spot)
    return chosen[:count]


def _manager(number: int, base: str, position: Position, random: Random) -> OffenderManager:
    away = DAY + timedelta(days=random.randrange(21))
    return OffenderManager(
        id=f"OM{number:05}",
        base=base,
        position=position,
        trained=number % 6 != 0,
        sex=Sex.FEMALE if number % 3 == 0 else Sex.MALE,
        absences=(Absence(away, away + timedelta(days=8), "leave"),) if number % 7 == 3 else (),
    )


def _offender(number: int, home: Position, managers: list[OffenderManager], random: Random) -> Offender:
    risk = random.choices(_RISKS, _MIX)[0]
    days = 30 * _MONTHS[risk]
    since = random.randint(days, days + 240) if random.random() < 0.12 else random.randint(1, days)
    return Offender(
        ref=f"INV-{number:06}",
        position=home,
        risk=risk,
        last_seen=DAY - timedelta(days=since),
        status=random.choices((Status.COMMUNITY, Status.CUSTODY), (91, 9))[0],
        manager=random.choice(managers).id,
    )


def measure(size: int, workers: Workers) -> None:
    """One line for one size."""
    policy = read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))
    travel, unit = crow_fly(policy, None), size * math.log2(size) / 1e6
    managers, offenders = invent(size)
    cases = [case_of(each, policy, DAY) for each in offenders]
    with Watch() as split:
        teams = split_teams(cases, managers, policy, travel, DAY)
    with Watch() as allocating:
        proposal = allocate_teams(cases, managers, policy, travel, DAY, teams=teams, workers=workers)
    held = [case_of(replace(each, manager=proposal.assignment.get(each.ref)), policy, DAY) for each in offenders]
    del cases
    with Watch() as planning:
        plan = plan_teams(plan_request(held, managers, policy, travel, DAY, 1, seed=1), workers=workers)
    print(
        f"{size:>7,} {len(managers):>6,} {len(teams):>5} {split.seconds:>6.1f} | {_figures(allocating, unit, proposal.solver)} | "
        f"{_figures(planning, unit, plan.solver)} {plan.visits:>7,} {len(plan.unplanned):>6,}",
        flush=True,
    )


def _figures(watch: Watch, unit: float, facts: SolverFacts) -> str:
    gap = "-" if facts.gap is None else f"{facts.gap:.2%}"
    return f"{watch.seconds:>7.1f} {watch.cpu:>7.1f} {watch.cpu / unit:>9.1f} {watch.peak:>5.2f} {gap:>7}"


def main() -> None:
    """Measure the sizes asked for."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("sizes", nargs="*", type=int, default=list(SIZES))
    words.add_argument("--workers", type=int, default=2)
    words.add_argument("--cluster")
    asked = words.parse_args()
    load = os.getloadavg()[0]
    print(f"{asked.workers} workers on {os.cpu_count()} cores, load before {load:.1f}; seconds, GB, CPU µs for each n log2 n")
    part = "seconds     cpu µs/nlog2n  peak     gap"
    print(f"  offend.  mgrs teams  split | {part} | {part}  visits   left")
    for size in asked.sizes or SIZES:
        measure(size, workers_of(asked.workers, asked.cluster))


if __name__ == "__main__":
    main()

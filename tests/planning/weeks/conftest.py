"""An invented force for the planner's tests: every person in it is made up, and an independent checker of plans."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pytest

from mosovo_planner.domain.clocks import Case, case_of
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Risk, Sex, Status
from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.domain.proposals import Plan
from mosovo_planner.domain.travel import Minutes
from mosovo_planner.domain.visits import Visit, crew_demands
from mosovo_planner.planning.weeks import PlanRequest, plan_request
from mosovo_planner.resources import resource

MONDAY = date(2026, 11, 23)
TOWNS = (Position(51.56, -1.78), Position(51.32, -2.20), Position(51.46, -2.11))


class StraightLine:
    """Travel times of an invented country: straight roads at 60 km/h and two minutes to set out."""

    name = "straight lines, invented"

    def minutes(self, origins: Sequence[Position], destinations: Sequence[Position]) -> Minutes:
        a = np.array([(each.lat, each.lon * 0.62) for each in origins]).reshape(-1, 1, 2)
        b = np.array([(each.lat, each.lon * 0.62) for each in destinations]).reshape(1, -1, 2)
        return (2 + np.sqrt(((a - b) ** 2).sum(axis=2)) * 111.2).astype(np.float32)


@dataclass(frozen=True)
class Force:
    """Offenders, officers and policy, and the request for a plan from them."""

    offenders: tuple[Offender, ...]
    managers: tuple[OffenderManager, ...]
    policy: Policy

    def cases(self, start: date = MONDAY) -> list[Case]:
        return [case_of(each, self.policy, start) for each in self.offenders]

    def request(
        self,
        start: date = MONDAY,
        weeks: int = 1,
        *,
        visits: Sequence[Visit] = (),
        keep: Plan | None = None,
        seed: int = 1,
        seconds: float | None = None,
        iterations: int | None = None,
    ) -> PlanRequest:
        """Searched by steps, so that a slow machine finds the same plan, unless ``seconds`` are asked for."""
        if seconds is None:
            seconds, iterations = 0.0, iterations or 1000
        return plan_request(
            self.cases(start), self.managers, self.policy, StraightLine(), start, weeks,
            visits=visits, keep=keep, seed=seed, seconds=seconds, iterations=iterations,
        )  # fmt: skip

    def with_offender(self, **facts: object) -> Force:
        """The force with one more offender, long overdue and near the first town unless said otherwise."""
        usual: dict[str, object] = {
            "ref": "INV-X",
            "position": Position(51.57, -1.77),
            "risk": Risk.HIGH,
            "last_seen": MONDAY - timedelta(days=400),
            "manager": self.managers[0].id,
        }
        return replace(self, offenders=(*self.offenders, Offender(**{**usual, **facts})))  # type: ignore[arg-type]

    def with_policy(self, **values: object) -> Force:
        """The force under other rules: ``duty__max_visits_per_round=3``."""
        changed = {key.replace("__", "."): value for key, value in values.items()}
        table = {key: replace(each, value=changed.pop(key, each.value)) for key, each in self.policy.values.items()}
        assert not changed
        return replace(self, policy=Policy(table))


def make_force(offenders: int = 40, officers: int = 6, seed: int = 1) -> Force:
    chance = random.Random(seed)
    policy = read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))
    managers = tuple(_manager(number, chance) for number in range(officers))
    people = tuple(_offender(number, managers, chance) for number in range(offenders))
    return Force(people, managers, policy)


def _manager(number: int, chance: random.Random) -> OffenderManager:
    absences = (Absence(MONDAY + timedelta(days=2), MONDAY + timedelta(days=9), "leave"),) if chance.random() < 0.2 else ()
    return OffenderManager(
        id=f"OM{number:02}",
        name=f"PC {1000 + number}",
        base=f"Town {number % len(TOWNS)}",
        position=TOWNS[number % len(TOWNS)],
        weekly_hours=chance.choice((37.0, 37.0, 37.0, 29.6, 18.5, 5.0)),
        trained=chance.random() < 0.7,
        sex=chance.choice((Sex.MALE, Sex.FEMALE)),
        absences=absences,
    )


def _offender(number: int, managers: Sequence[OffenderManager], chance: random.Random) -> Offender:
    town = chance.choice(TOWNS)
    markers = ((), (), (), ("Dog",), ("Not lone female",), ("Two officers",), (f"not {chance.choice(managers).id}",))
    return Offender(
        ref=f"INV-{number:04}",
        surname="INVENTED",
        forenames=f"Person {number}",
        position=None if chance.random() < 0.05 else Position(town.lat + chance.gauss(0, 0.08), town.lon + chance.gauss(0, 0.12)),
        status=chance.choices((Status.COMMUNITY, Status.CUSTODY, Status.MISSING), (18, 2, 1))[0],
        risk=chance.choice((Risk.LOW, Risk.LOW, Risk.MEDIUM, Risk.HIGH, Risk.VERY_HIGH, None)),
        last_seen=None if chance.random() < 0.05 else MONDAY - timedelta(days=chance.randrange(1, 500)),
        manager=None if chance.random() < 0.05 else chance.choice(managers).id,
        markers=chance.choice(markers),
    )


def faults(force: Force, plan: Plan, *, by_hand: bool = False) -> list[str]:
    """Everything that is wrong with a plan, worked out from the facts alone, without the planner's own code."""
    found: list[str] = []
    people = {each.ref: each for each in force.offenders}
    officers = {each.id: each for each in force.managers}
    seen = Counter(stop.ref for each in plan.rounds for stop in each.stops)
    found += [f"{ref} visited {count} times" for ref, count in seen.items() if count > 1]
    days: Counter[tuple[str, date]] = Counter()
    weeks: Counter[tuple[str, tuple[int, int]]] = Counter()
    for each in plan.rounds:
        crew = [officers[one] for one in each.officers]
        found += _crew_faults(each, crew, plan)
        for one in each.officers:
            same_day = [other for other in plan.rounds if other is not each and one in other.officers and other.date == each.date]
            at_once = any(other.end > each.start and each.end > other.start for other in same_day)
            days[one, each.date] += 1 if at_once or not same_day else 0  # one after the other: the first was broken off
            later = any((other.start, other.id) < (each.start, each.id) for other in same_day)
            weeks[one, each.date.isocalendar()[:2]] += not later
        for stop in each.stops:
            person = people[stop.ref]
            if person.status.suspends_visits:
                found.append(f"{stop.ref} is {person.status}")
            if objection := crew_demands(person.markers, officers.values()).objection(crew):
                found.append(f"{stop.ref}: {objection}")
            if person.manager in each.officers and stop.lead != person.manager:
                found.append(f"{stop.ref} is led by {stop.lead}")
        if not by_hand:
            found += _time_faults(force, each, people, crew)
    found += [f"{officer} goes out {count} times on {day}" for (officer, day), count in days.items() if count > 1]
    for (officer, week), count in weeks.items():
        duties = min(5, max(1, int(officers[officer].weekly_hours / 7.4 + 1e-6)))
        if (
            count > -(-2 * duties // 5)
            or count * min(7.4, officers[officer].weekly_hours) > officers[officer].weekly_hours + 0.01
        ):
            found.append(f"{officer} goes out {count} days in week {week}")
    return found


def _crew_faults(each, crew, plan):  # type: ignore[no-untyped-def]
    found = []
    if len({one.id for one in crew}) != 2:
        found.append("no pair")
    if not any(one.trained for one in crew):
        found.append(f"{each.id}: nobody trained")
    found += [f"{one.id} is away on {each.date}" for one in crew if one.away(each.date)]
    if not plan.start <= each.date <= plan.end or each.date.isoweekday() > 5:
        found.append(f"{each.id}: not a day of the plan")
    return found


def _time_faults(force, each, people, crew):  # type: ignore[no-untyped-def]
    """Times follow from the drives; both officers are back at their own bases within their hours."""
    found, travel = [], StraightLine()

    def drive(a: Position, b: Position) -> float:
        return 0.0 if (a.lat, a.lon) == (b.lat, b.lon) else float(travel.minutes([a], [b])[0, 0])

    def clock(moment) -> int:  # type: ignore[no-untyped-def]
        return moment.hour * 60 + moment.minute

    apart = max(drive(one.position, each.base_position) for one in crew)
    begin = 13 * 60 if each.evening else 8 * 60 + 30
    hours = min(min(7.4, one.weekly_hours) for one in crew) * 60
    if clock(each.start) < begin + apart - 0.01 or clock(each.end) + apart > begin + hours + 0.51:
        found.append(f"{each.id}: {each.start} to {each.end} is outside the duty")
    now, place, driven = clock(each.start), each.base_position, 0.0
    for stop in each.stops:
        leg = drive(place, people[stop.ref].position)
        length = 95 if stop.kind == "initial" else 50
        if clock(stop.arrive) < now + leg - 0.01 or stop.drive_minutes < leg - 0.01 or stop.drive_minutes > leg + 1:
            found.append(f"{each.id}: {stop.ref} is reached too soon")
        if clock(stop.leave) - clock(stop.arrive) != length or clock(stop.leave) > 20 * 60 + 30:
            found.append(f"{each.id}: {stop.ref} has no time")
        now, place, driven = clock(stop.leave), people[stop.ref].position, driven + leg
    home = drive(place, each.base_position)
    if clock(each.end) < now + home + 15 * len(each.stops) - 0.01:
        found.append(f"{each.id}: no time for the way home and the notes")
    if clock(each.end) - clock(each.start) > 6 * 60 and not _rested(each, home):
        found.append(f"{each.id}: no break")
    if not driven + home + 2 * apart - 0.01 <= each.drive_minutes <= driven + home + 2 * apart + len(each.stops) + 3:
        found.append(f"{each.id}: {each.drive_minutes} minutes of driving")
    if len(each.stops) > 7:
        found.append(f"{each.id}: {len(each.stops)} visits")
    return found


def _rested(each, home: float) -> bool:  # type: ignore[no-untyped-def]
    """Whether half an hour of the round is neither driven nor spent at a door nor over notes."""
    whole = (each.end.hour - each.start.hour) * 60 + each.end.minute - each.start.minute
    busy = sum((s.leave.hour - s.arrive.hour) * 60 + s.leave.minute - s.arrive.minute + s.drive_minutes + 15 for s in each.stops)
    return whole - busy - home >= 29


@pytest.fixture
def force() -> Callable[..., Force]:
    return make_force


@pytest.fixture
def plan_faults() -> Callable[..., list[str]]:
    return faults

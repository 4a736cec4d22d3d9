"""Everybody at the ends of many months, each state of a case reckoned once and kept while nothing happened to it.

A year of 10,000 offenders is 120,000 standings; few of them differ from the month before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.clock_table import ClockRule, ClockTable
from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.dates import add_months
from mosovo_planner.domain.histories import History, Policies
from mosovo_planner.domain.incidents import bringing_forward
from mosovo_planner.domain.months import Month, month_of
from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.reactive import triggers
from mosovo_planner.domain.visits import Visit
from mosovo_planner.domain.workload import capacity_hours, case_hours

LATE_KINDS = ("visit", "arms", "arms_review", "other_assessment", "rmp_review", "rmp_signoff")
"""The clocks that the measures of a month need."""

_OFF_THE_FACTS_ALONE = frozenset({"interval", "visit"})
_VISITS = frozenset({"visit_seen", "visit_attempt", "visit_not_in_visor"})
_CONDITIONS = frozenset({"adult_male", "not_adult_male", "active", "reactive"})
_ADULT_MONTHS = 12 * 18


@dataclass(frozen=True, slots=True)
class Due:
    """A visit that fell due: whose, who held the case that day, when, and the day it was made good."""

    ref: str
    manager: str
    on: date
    done: date | None


@dataclass(frozen=True, slots=True)
class First:
    """The first visit after a beginning: whose, who held the case, when, and the days he waited for it."""

    ref: str
    manager: str
    on: date
    waited: int


@dataclass(frozen=True, slots=True)
class Made:
    """A visit, attempts included, and who held the case that day."""

    visit: Visit
    manager: str


class _Track:
    """Some clocks of one offender through time: what bears on them, the days on which it changes, the state reckoned last."""

    __slots__ = ("breaks", "history", "kept", "state", "table", "visiting")

    def __init__(self, history: History, table: ClockTable, relevant: frozenset[str] | None) -> None:
        self.table = table
        self.visiting = any(rule.strategy == "visit" for rule in table.rules)
        self.history = history if relevant is None else _slim(history, relevant)
        self.breaks = _breaks(self.history, visiting=self.visiting)
        self.state: tuple[int, Policy] | None = None
        self.kept: Case | None = None

    def at(self, day: date, policy: Policy, *, steady: bool) -> Case:
        """The case with these clocks on a day; what was reckoned last holds until the next break."""
        place = bisect_right(self.breaks, day)
        if self.kept is not None and self.state is not None and self.state[0] == place and self.state[1] is policy:
            return self.kept
        then = self.history.as_at(day)
        case = full_case(then.offender, then.facts, policy, self.table, day, then.visits)
        moves_with_the_day = (self.visiting and then.offender.last_seen is None) or (
            then.offender.status.suspends_visits and not any(stay.covers(day) for stay in then.facts.stays)
        )
        self.kept, self.state = (case, (place, policy)) if steady and not moves_with_the_day else (None, None)
        return case


class Past:
    """Standings, due dates and visits of everybody by month. Figures of the past stand on the policy in force then."""

    def __init__(self, histories: Sequence[History], policies: Policies, table: ClockTable) -> None:
        self.policies = policies
        self.histories = tuple(histories)
        self.table = table
        rules = [rule for rule in table.rules if rule.kind in LATE_KINDS]
        self._steady = all(rule.strategy in _OFF_THE_FACTS_ALONE and _CONDITIONS.issuperset(rule.only) for rule in rules)
        groups = ([rule for rule in rules if _asks_for_visits(rule)], [rule for rule in rules if not _asks_for_visits(rule)])
        self._groups = tuple(ClockTable(tuple(group), table.events) for group in groups)
        self._hours: dict[tuple[int, object, bool, int | None], float] = {}
        self._capacity: dict[tuple[str, date], float] = {}

    @cached_property
    def _tracks(self) -> tuple[tuple[_Track, ...], ...]:
        policies = (self.policies.now, *(policy for _, policy in self.policies.earlier))
        needed = [(group, _relevant(group.rules, self.table, policies) if self._steady else None) for group in self._groups]
        return tuple(tuple(_Track(each, group, relevant) for group, relevant in needed) for each in self.histories)

    def cases(self, day: date) -> tuple[Case, ...]:
        """Everybody as he stood on a day, with the clocks of :data:`LATE_KINDS`."""
        policy, steady, found = self.policies.on(day), self._steady, []
        for seeing, others in self._tracks:
            case = seeing.at(day, policy, steady=steady)
            found.append(Case(case.offender, case.clocks + others.at(day, policy, steady=steady).clocks, day))
        return tuple(found)

    @cached_property
    def _dues(self) -> dict[Month, list[Due]]:
        found: dict[Month, list[Due]] = defaultdict(list)
        for each in self.histories:
            for due, done in each.due_visits(self.policies, self.table):
                found[month_of(due)].append(Due(each.offender.ref, each.manager_on(due) or "", due, done))
        return found

    def dues(self, month: Month, day: date) -> tuple[Due, ...]:
        """Visits that fell due in a month, up to a day of it."""
        return tuple(each for each in self._dues.get(month, ()) if each.on <= day)

    @cached_property
    def _visits(self) -> dict[Month, list[Made]]:
        found: dict[Month, list[Made]] = defaultdict(list)
        for each in self.histories:
            for visit in each.visits:
                on = visit.at.date()
                found[month_of(on)].append(Made(visit, each.manager_on(on) or ""))
        return found

    def visits(self, month: Month, day: date) -> tuple[Made, ...]:
        """Every visit of a month up to a day of it, attempts included."""
        return tuple(each for each in self._visits.get(month, ()) if each.visit.at.date() <= day)

    @cached_property
    def _firsts(self) -> dict[Month, list[First]]:
        found: dict[Month, list[First]] = defaultdict(list)
        for each in self.histories:
            for start in each.facts.of(["initial_notification", "release"]):
                first = next((day for day in each.seen if day >= start.on), None)
                if first is not None:
                    waited = (first - start.on).days
                    found[month_of(first)].append(First(each.offender.ref, each.manager_on(first) or "", first, waited))
        return found

    def firsts(self, month: Month, day: date) -> tuple[First, ...]:
        """First visits after initial notification or release, of a month up to a day of it."""
        return tuple(each for each in self._firsts.get(month, ()) if each.on <= day)

    def case_hours(self, offender: Offender, policy: Policy) -> float:
        """Hours a year the case asks for: by risk, stay and interval alone, so reckoned once for each of these."""
        key = (id(policy), offender.risk, offender.status.suspends_visits, offender.interval_months)
        if key not in self._hours:
            self._hours[key] = case_hours(offender, policy)
        return self._hours[key]

    def capacity(self, manager: OffenderManager, policy: Policy, day: date) -> float:
        """Hours of the year from a day that a manager has."""
        key = (manager.id, day)
        if key not in self._capacity:
            self._capacity[key] = capacity_hours(manager, policy, day)
        return self._capacity[key]


def _asks_for_visits(rule: ClockRule) -> bool:
    return rule.strategy == "visit" or not _VISITS.isdisjoint((*rule.starts, *rule.met_by, *rule.given))


def _relevant(rules: Iterable[ClockRule], table: ClockTable, policies: Iterable[Policy]) -> frozenset[str]:
    """The kinds of event that these clocks can ask for."""
    kinds = {"reactive_review", *triggers(table)}
    for rule in rules:
        kinds.update(rule.starts, rule.met_by, rule.given)
        if rule.strategy == "visit":
            kinds |= {"visit_seen", *(kind for policy in policies for kind, _ in bringing_forward(policy))}
    return frozenset(kinds)


def _slim(history: History, relevant: frozenset[str]) -> History:
    """The same without the events and visits that these clocks never ask for."""
    visits = history.visits
    if relevant.isdisjoint(_VISITS):
        visits = ()
    elif relevant.isdisjoint(_VISITS - {"visit_seen"}):
        visits = tuple(each for each in visits if each.outcome.successful)
    events = tuple(each for each in history.facts.events if each.kind in relevant)
    facts = history.facts if len(events) == len(history.facts.events) else replace(history.facts, events=events)
    slim = History(history.offender, visits, facts)
    slim.__dict__["changes"] = history.changes  # no clock asks for them, yet whose the case was is told by them
    return slim


def _breaks(history: History, *, visiting: bool) -> list[date]:
    """The days from which something else is known of him; between two of them his standing is one."""
    who, facts = history.offender, history.facts
    days = {visit.at.date() for visit in history.visits}
    days.update(event.on for event in (*facts.events, *history.changes))
    days.update(risk.since for risk in facts.risks)
    for stay in facts.stays:
        days.add(stay.start)
        if stay.end is not None:
            days.add(stay.end)
    seen = who.last_seen if visiting else None  # without visits asked for, nothing changes on that day
    days.update(day for day in (seen, who.arms_done, facts.reactive.on if facts.reactive else None) if day)
    if who.date_of_birth is not None:
        grown = add_months(who.date_of_birth, _ADULT_MONTHS)
        days.update((grown, grown + timedelta(days=1)))
    return sorted(days)

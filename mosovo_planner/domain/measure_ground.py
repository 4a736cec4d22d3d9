"""What the measures of a month stand on: everybody as he stood then, reckoned once for the force and shared by its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.histories import History
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.off_duty import LoggedMatch
from mosovo_planner.domain.outstanding import Item, outstanding
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.proposals import Round
from mosovo_planner.domain.visits import Visit

_LATE_KINDS = ("visit", "arms", "arms_review", "other_assessment", "rmp_review", "rmp_signoff")


@dataclass(frozen=True)
class Beside:
    """What some measures stand on besides the histories.

    ``rounds`` are those of approved plans, one plan for a day; ``legs`` minutes by car from the manager's base to each
    offender and back; ``read_at`` the local time at which a file of logs was read, by its id.
    """

    rounds: tuple[Round, ...] = ()
    legs: Mapping[str, float] = field(default_factory=dict)
    matches: tuple[LoggedMatch, ...] = ()
    read_at: Mapping[str, datetime] = field(default_factory=dict)
    now: datetime | None = None


Due = tuple[str, date, date | None]
"""A visit that fell due: whose, when, and the day it was made good."""


@dataclass
class _Held:
    """What was reckoned of one manager's people."""

    histories: list[History] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    late: list[Item] = field(default_factory=list)
    dues: list[Due] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)


@dataclass(frozen=True)
class Ground:
    """What the measures of one month stand on. ``day`` is the month's last, or today in a month not yet over.

    A ``partial`` one is of a team or a manager.
    """

    month: Month
    day: date
    histories: tuple[History, ...]
    managers: tuple[OffenderManager, ...]
    policy: Policy
    table: ClockTable
    beside: Beside = field(default_factory=Beside)
    partial: bool = False

    def part(self, managers: Iterable[OffenderManager]) -> Ground:
        """The same month of some managers' people; what was reckoned for all is not reckoned again."""
        chosen = tuple(managers)
        held = [self._held[manager.id] for manager in chosen if manager.id in self._held]
        made = replace(self, histories=tuple(each for own in held for each in own.histories), managers=chosen, partial=True)
        kept = made.__dict__  # where a cached property keeps its value
        kept["cases"] = tuple(case for own in held for case in own.cases)
        kept["late"] = tuple(sorted((item for own in held for item in own.late), key=lambda item: -item.weight))
        kept["dues"] = tuple(due for own in held for due in own.dues)
        kept["visits"] = tuple(visit for own in held for visit in own.visits)
        return made

    @cached_property
    def _held(self) -> dict[str, _Held]:
        """What was reckoned, by the manager who has the case."""
        manager_of = {each.offender.ref: each.offender.manager or "" for each in self.histories}
        held: dict[str, _Held] = {name: _Held() for name in manager_of.values()}
        for each in self.histories:
            held[manager_of[each.offender.ref]].histories.append(each)
        for case in self.cases:
            held[manager_of[case.offender.ref]].cases.append(case)
        for item in self.late:
            held[manager_of[item.ref]].late.append(item)
        for due in self.dues:
            held[manager_of[due[0]]].dues.append(due)
        for visit in self.visits:
            held[manager_of[visit.ref]].visits.append(visit)
        return held

    @cached_property
    def refs(self) -> frozenset[str]:
        return frozenset(each.offender.ref for each in self.histories)

    @cached_property
    def dues(self) -> tuple[Due, ...]:
        """Visits that fell due in the month."""
        return tuple(
            (each.offender.ref, due, done)
            for each in self.histories
            for due, done in each.due_visits(self.month.first, self.day, self.policy, self.table)
        )

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """Every visit of the month, attempts included."""
        return tuple(visit for each in self.histories for visit in each.visits if self.holds(visit.at.date()))

    def holds(self, day: date) -> bool:
        return self.month.first <= day <= self.day

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The cases as they stood on the day, with the clocks that the measures need."""
        needed = ClockTable(tuple(rule for rule in self.table.rules if rule.kind in _LATE_KINDS), self.table.events)
        past = (each.as_at(self.day) for each in self.histories)
        return tuple(full_case(each.offender, each.facts, self.policy, needed, self.day, each.visits) for each in past)

    @cached_property
    def late(self) -> tuple[Item, ...]:
        """Everything overdue on the day, the heaviest first."""
        return outstanding(self.cases, self.policy, self.day)

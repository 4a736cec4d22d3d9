"""What the measures of a month stand on: everybody as he stood then, reckoned once for the force and shared by its parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.histories import History, Policies
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.off_duty import LoggedMatch
from mosovo_planner.domain.outstanding import Item, outstanding
from mosovo_planner.domain.past import Due, First, Made, Past
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.proposals import Round
from mosovo_planner.domain.visits import Visit

Part = TypeVar("Part")


@dataclass(frozen=True)
class Beside:
    """What some measures stand on besides the histories.

    ``rounds`` are those of approved plans, one plan for a day; ``legs`` minutes by car from a manager's base to an
    offender and back, by manager's id and offender's reference; ``read_at`` the local time at which a file of logs was
    read, by its id. ``since`` is the day from which changes of manager, interval and policy are on record.
    """

    rounds: tuple[Round, ...] = ()
    legs: Mapping[tuple[str, str], float] = field(default_factory=dict)
    matches: tuple[LoggedMatch, ...] = ()
    read_at: Mapping[str, datetime] = field(default_factory=dict)
    now: datetime | None = None
    since: date | None = None


@dataclass(frozen=True)
class Ground:
    """What the measures of one month stand on. ``day`` is the month's last, or today in a month not yet over.

    A ``partial`` one is of a team or a manager. Whose a case is goes by who held it: at the month's end for standings,
    on its own day for a visit, a due date or a log. ``past`` is shared by the months of one course.
    """

    month: Month
    day: date
    histories: tuple[History, ...]
    managers: tuple[OffenderManager, ...]
    policy: Policy
    table: ClockTable
    beside: Beside = field(default_factory=Beside)
    partial: bool = False
    past: Past | None = None

    def part(self, managers: Iterable[OffenderManager]) -> Ground:
        """The same month of some managers' people; what was reckoned for all is not reckoned again."""
        chosen = tuple(managers)
        names = [each.id for each in chosen]
        made = replace(self, histories=_of(self._histories_of, names), managers=chosen, partial=True, past=self.known)
        kept = made.__dict__  # where a cached property keeps its value
        kept["cases"] = _of(self._cases_of, names)
        kept["late"] = tuple(sorted(_of(self._late_of, names), key=lambda item: -item.weight))
        kept["dues"], kept["made"] = _of(self._dues_of, names), _of(self._visits_of, names)
        kept["firsts"], kept["matches"] = _of(self._firsts_of, names), _of(self._matches_of, names)
        kept["rounds"], kept["loads"] = self.rounds, self.loads
        kept["unknown"] = sum(each.offender.ref in self._unknown for each in kept["cases"]) if self._unknown else 0
        return made

    @cached_property
    def known(self) -> Past:
        """What is known of everybody through time."""
        return self.past or Past(self.histories, Policies(self.policy), self.table)

    @property
    def then(self) -> Policy:
        """The policy in force on the day; targets and bands are today's."""
        return self.known.policies.on(self.day)

    def holds(self, day: date) -> bool:
        return self.month.first <= day <= self.day

    @cached_property
    def refs(self) -> frozenset[str]:
        return frozenset(each.offender.ref for each in self.histories)

    @cached_property
    def dues(self) -> tuple[Due, ...]:
        """Visits that fell due in the month."""
        return self.known.dues(self.month, self.day)

    @cached_property
    def made(self) -> tuple[Made, ...]:
        """Every visit of the month, attempts included, each with who held the case."""
        return self.known.visits(self.month, self.day)

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """The same, the visits alone."""
        return tuple(each.visit for each in self.made)

    @cached_property
    def firsts(self) -> tuple[First, ...]:
        """First visits after a beginning."""
        return self.known.firsts(self.month, self.day)

    @cached_property
    def rounds(self) -> tuple[Round, ...]:
        """Every approved round of the month, whoever went."""
        return tuple(each for each in self.beside.rounds if self.holds(each.date))

    @cached_property
    def matches(self) -> tuple[LoggedMatch, ...]:
        """Matches with somebody here whose log was read in the month."""
        beside = self.beside
        read = ((each, beside.read_at.get(each.log.file_id)) for each in beside.matches)
        return tuple(each for each, at in read if at and self.holds(at.date()) and each.match.ref in self.refs)

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The cases as they stood on the day, with the clocks that the measures need."""
        return self.known.cases(self.day)

    @cached_property
    def late(self) -> tuple[Item, ...]:
        """Everything overdue on the day, the heaviest first."""
        return outstanding(self.cases, self.policy, self.day)

    @cached_property
    def loads(self) -> Mapping[str, float]:
        """Hours a year that the cases of each manager ask for; a part knows those of the others too."""
        loads: dict[str, float] = {}
        known, then = self.known, self.then
        for case in self.cases:
            if case.offender.manager:
                loads[case.offender.manager] = loads.get(case.offender.manager, 0) + known.case_hours(case.offender, then)
        return loads

    @cached_property
    def unknown(self) -> int:
        """Of how many cases nothing on record reaches back to the day: the first manager and interval known count."""
        return len(self._unknown)

    # Everything by the manager whose it was

    @cached_property
    def _manager_of(self) -> dict[str, str]:
        return {case.offender.ref: case.offender.manager or "" for case in self.cases}

    @cached_property
    def _unknown(self) -> frozenset[str]:
        if self.beside.since is None or self.day >= self.beside.since:
            return frozenset()
        return frozenset(each.offender.ref for each in self.histories if not any(line.on <= self.day for line in each.changes))

    @cached_property
    def _histories_of(self) -> Mapping[str, list[History]]:
        return _by(self.histories, lambda each: self._manager_of[each.offender.ref])

    @cached_property
    def _cases_of(self) -> Mapping[str, list[Case]]:
        return _by(self.cases, lambda each: each.offender.manager or "")

    @cached_property
    def _late_of(self) -> Mapping[str, list[Item]]:
        return _by(self.late, lambda each: each.manager or "")

    @cached_property
    def _dues_of(self) -> Mapping[str, list[Due]]:
        return _by(self.dues, lambda each: each.manager)

    @cached_property
    def _visits_of(self) -> Mapping[str, list[Made]]:
        return _by(self.made, lambda each: each.manager)

    @cached_property
    def _firsts_of(self) -> Mapping[str, list[First]]:
        return _by(self.firsts, lambda each: each.manager)

    @cached_property
    def _matches_of(self) -> Mapping[str, list[LoggedMatch]]:
        return _by(self.matches, lambda each: self._manager_of[each.match.ref])


def _by(every: Iterable[Part], whose: Callable[[Part], str]) -> Mapping[str, list[Part]]:
    found: dict[str, list[Part]] = defaultdict(list)
    for each in every:
        found[whose(each)].append(each)
    return found


def _of(by_manager: Mapping[str, list[Part]], names: Iterable[str]) -> tuple[Part, ...]:
    return tuple(each for name in names for each in by_manager.get(name, ()))

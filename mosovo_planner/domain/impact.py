"""What a change of policy would do, before it is made: "112 visits become overdue"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mosovo_planner.domain.clock_engine import full_case
from mosovo_planner.domain.clock_table import ClockTable
from mosovo_planner.domain.clocks import Clock
from mosovo_planner.domain.facts import Facts
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.workload import case_hours

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class KindImpact:
    """What happens to the clocks of one kind; each field holds references of offenders."""

    kind: str
    label: str
    become_overdue: tuple[str, ...]
    no_longer_overdue: tuple[str, ...]
    earlier: tuple[str, ...]
    later: tuple[str, ...]
    appear: tuple[str, ...]
    vanish: tuple[str, ...]

    @property
    def words(self) -> str:
        """The changes in words, the gravest first."""
        told = (
            (self.become_overdue, "become overdue", "becomes overdue"),
            (self.no_longer_overdue, "are no longer overdue", "is no longer overdue"),
            (self.appear, "appear", "appears"),
            (self.vanish, "vanish", "vanishes"),
            (self.earlier, "fall due earlier", "falls due earlier"),
            (self.later, "fall due later", "falls due later"),
        )
        parts = [f"{len(refs):,} {one if len(refs) == 1 else many}" for refs, many, one in told if refs]
        return f"{self.label}: {', '.join(parts)}." if parts else ""


@dataclass(frozen=True, slots=True)
class PolicyImpact:
    """The keys that change, what happens to the clocks, and the work in hours a year before and after."""

    keys: tuple[str, ...]
    kinds: tuple[KindImpact, ...]
    hours_before: float
    hours_after: float

    @property
    def words(self) -> tuple[str, ...]:
        lines = [kind.words for kind in self.kinds if kind.words]
        if round(self.hours_after) != round(self.hours_before):
            lines.append(f"Work of the caseload: {self.hours_before:,.0f} to {self.hours_after:,.0f} hours a year.")
        return tuple(lines) or ("No due date changes.",)


def policy_impact(
    before: Policy,
    after: Policy,
    offenders: Iterable[Offender],
    facts: Mapping[str, Facts],
    table: ClockTable,
    as_of: date,
    after_table: ClockTable | None = None,
) -> PolicyImpact:
    """Compare the clocks of all offenders under two policies (and two tables of clocks, where the table changes too).

    ``facts`` by offender reference; who has none there has only his own record.
    """
    keys = sorted(key for key in before.values.keys() | after.values.keys() if before.values.get(key) != after.values.get(key))
    people = list(offenders)
    nothing = Facts()
    now: dict[_Key, Clock] = {}
    then: dict[_Key, Clock] = {}
    for who in people:
        known = facts.get(who.ref, nothing)
        now |= _by_key(who.ref, full_case(who, known, before, table, as_of).clocks)
        then |= _by_key(who.ref, full_case(who, known, after, after_table or table, as_of).clocks)
    kinds = dict.fromkeys(kind for _, kind, _ in (*now, *then))
    return PolicyImpact(
        tuple(keys),
        tuple(_kind_impact(kind, now, then, as_of) for kind in kinds),
        sum(case_hours(who, before) for who in people),
        sum(case_hours(who, after) for who in people),
    )


def _by_key(ref: str, clocks: Iterable[Clock]) -> dict[_Key, Clock]:
    found: dict[_Key, Clock] = {}
    for clock in clocks:
        subject = clock.subject or clock.kind
        while (ref, clock.kind, subject) in found:
            subject += "+"
        found[ref, clock.kind, subject] = clock
    return found


def _kind_impact(kind: str, now: Mapping[_Key, Clock], then: Mapping[_Key, Clock], as_of: date) -> KindImpact:
    keys = sorted(key for key in now.keys() | then.keys() if key[1] == kind)
    changes: dict[str, list[str]] = {name: [] for name in KindImpact.__slots__ if name not in ("kind", "label")}
    for key in keys:
        for name in _changes(now.get(key), then.get(key), as_of):
            changes[name].append(key[0])
    some = next(clock for each in (now, then) for key in keys if (clock := each.get(key)))
    return KindImpact(kind, some.label or kind, **{name: tuple(dict.fromkeys(refs)) for name, refs in changes.items()})


def _changes(old: Clock | None, new: Clock | None, as_of: date) -> list[str]:
    late_before, late_after = (clock is not None and clock.days_overdue(as_of) > 0 for clock in (old, new))
    found = []
    if late_after and not late_before:
        found.append("become_overdue")
    if late_before and not late_after:
        found.append("no_longer_overdue")
    if old is None or new is None:
        found.append("appear" if old is None else "vanish")
    elif new.due != old.due:
        found.append("earlier" if new.due < old.due else "later")
    return found

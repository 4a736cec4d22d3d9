"""What is outstanding, as inspectors ask: how many, how risky, how late, and the worst case (rules 21 and 22).

HMICFRS on Cambridgeshire (2024): totals by risk alone did not say how overdue, nor how risky the latest were.
Avon and Somerset's backlog (2023 to 2025) sat in low and medium risk, so no ranking here lets those vanish.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mosovo_planner.domain.clocks import Case, Clock, in_words, overdue_band
from mosovo_planner.domain.people import Risk, risk_label
from mosovo_planner.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Item:
    """One overdue clock of one offender. ``weight`` ranks it: risk times lateness."""

    ref: str
    clock: Clock
    risk: Risk | None
    manager: str | None
    team: str
    days_overdue: int
    band: str
    weight: float

    @property
    def words(self) -> str:
        """``Visit 83 days overdue since 1 Sep 2026, risk high``."""
        plural = "" if self.days_overdue == 1 else "s"
        label = self.clock.label or self.clock.kind.replace("_", " ").capitalize()
        late = f"{self.days_overdue} day{plural} overdue since {in_words(self.clock.due)}"
        return f"{label} {late}, {risk_label(self.risk).lower()} risk" if self.risk else f"{label} {late}, risk not assessed"


class Grouping(StrEnum):
    """By what the figures are split."""

    TEAM = "team"
    MANAGER = "manager"
    RISK = "risk"
    BAND = "band"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Figure:
    """One group's figure: its size, the risk in it, its age, its worst case. ``refs`` are the people behind it."""

    group: str
    size: int
    by_risk: Mapping[Risk | None, int]
    by_band: Mapping[str, int]
    worst: Item
    refs: tuple[str, ...]


def outstanding(
    cases: Iterable[Case],
    policy: Policy,
    as_of: date,
    *,
    kinds: Iterable[str] | None = None,
    teams: Mapping[str, str] | None = None,
) -> tuple[Item, ...]:
    """Every overdue clock of the kinds asked for (all where None), the heaviest first.

    ``teams`` gives the team of a manager's id; suspended clocks and milestones are never overdue.
    """
    wanted, bands, team_of = frozenset(kinds) if kinds is not None else None, policy.numbers("overdue.band_days"), teams or {}
    items = []
    for case in cases:
        for clock in case.clocks:
            days = clock.days_overdue(as_of)
            if days and (wanted is None or clock.kind in wanted):
                who = case.offender
                team = team_of.get(who.manager or "", "")
                weight = ranking_weight(who.risk, days, policy)
                items.append(Item(who.ref, clock, who.risk, who.manager, team, days, overdue_band(days, bands), weight))
    return tuple(sorted(items, key=lambda item: (-item.weight, -item.days_overdue, item.ref, item.clock.kind)))


def ranking_weight(risk: Risk | None, days_overdue: int, policy: Policy) -> float:
    """Worth of the risk level times one plus lateness over a scale; it grows without end at every risk level.

    So a low case passes a fresh very high one once it is late enough (rule 22). Not assessed counts as high.
    """
    worth = policy.number(f"plan.value_{(risk or Risk.HIGH).value}")
    return worth * (1 + days_overdue / max(1.0, policy.number("outstanding.lateness_days")))


def figures(items: Iterable[Item], grouping: Grouping) -> tuple[Figure, ...]:
    """Items counted by group, the group with the heaviest worst case first."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(group_of(item, grouping), []).append(item)
    made = [_figure(name, group) for name, group in groups.items()]
    return tuple(sorted(made, key=lambda figure: (-figure.worst.weight, figure.group)))


def shortlist(items: Sequence[Item], size: int) -> tuple[Item, ...]:
    """The ``size`` heaviest, in which every risk level keeps at least its worst case (rule 22).

    Where ``size`` is below the number of risk levels present, the list is as long as that number.
    """
    ranked = sorted(items, key=lambda item: (-item.weight, -item.days_overdue, item.ref))
    worst_by_risk = {item.risk: item for item in reversed(ranked)}
    kept = list(worst_by_risk.values())
    chosen = {(item.ref, item.clock.kind, item.clock.subject) for item in kept}
    others = [item for item in ranked if (item.ref, item.clock.kind, item.clock.subject) not in chosen]
    kept += others[: max(0, size - len(kept))]
    return tuple(sorted(kept, key=lambda item: (-item.weight, -item.days_overdue, item.ref)))


def _figure(name: str, group: Sequence[Item]) -> Figure:
    worst = max(group, key=lambda item: (item.days_overdue, item.weight))
    refs = tuple(dict.fromkeys(item.ref for item in group))
    return Figure(name, len(group), Counter(item.risk for item in group), Counter(item.band for item in group), worst, refs)


def group_of(item: Item, grouping: Grouping) -> str:
    """The group that an item is counted in."""
    return _GROUP_OF[grouping](item)


_GROUP_OF: Mapping[Grouping, Callable[[Item], str]] = {
    Grouping.TEAM: lambda item: item.team,
    Grouping.MANAGER: lambda item: item.manager or "",
    Grouping.RISK: lambda item: item.risk.value if item.risk else "unassessed",
    Grouping.BAND: lambda item: item.band,
    Grouping.KIND: lambda item: item.clock.kind,
}

"""Which rounds could be driven from now on: those of the plan whose crews go on, and new ones by officers who are free."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from mosovo_planner.domain.people import Position
from mosovo_planner.planning.weeks.areas import Area
from mosovo_planner.planning.weeks.crews import (
    Duty,
    Pair,
    duty,
    duty_id,
    limits,
    on_duty,
    round_duty,
    trained,
    uses,
    week_of,
)
from mosovo_planner.planning.weeks.rules import minutes_of
from mosovo_planner.planning.weeks.surprises import ReplanRequest, Standing

SETTING_OUT = 15
"""Minutes from now until a crew that is told now can leave its base."""
_SHORTEST = 60  # minutes that a new duty must have left to be considered
_PAIRS_A_DAY = 15  # new pairs considered for one day: those with somebody who lost a partner, then the nearest


@dataclass(frozen=True)
class Opening:
    """A round that could be driven: its duty, the standing it goes on from (None: a new round), and what it takes.

    ``fresh`` counts the officers who would not have gone out that day. ``uses`` names the limited things it takes.
    """

    id: str
    duty: Duty
    standing: Standing | None
    uses: tuple[str, ...]
    fresh: int = 0

    @property
    def begins(self) -> Position:
        """Where the crew is when it goes on."""
        if self.standing is not None and self.standing.at is not None:
            return self.standing.at
        return self.duty.base

    @property
    def free_from(self) -> int:
        if self.standing is not None and self.standing.free_from is not None:
            return self.standing.free_from
        return self.duty.start


def openings(asked: ReplanRequest, area: Area, standings: Sequence[Standing]) -> list[Opening]:
    """All rounds that an area's crews could drive from now on; those of the plan first."""
    going_on = [
        Opening(each.round.id, duty_of(asked, each), each, uses(each.round.officers, each.round.date, each.round.evening))
        for each in standings
        if not each.breaks_up
    ]
    return going_on + list(_anew(asked, area, standings))


def duty_of(asked: ReplanRequest, standing: Standing) -> Duty:
    """The duty of a round of the plan; a crew that has not set out and is late starts later."""
    own = round_duty(asked.request, standing.round)
    start = minutes_of(standing.round.start)
    if standing.begun:
        return replace(own, start=start)
    return replace(own, start=start + standing.late) if standing.late else own


def bounds(asked: ReplanRequest, area: Area, standings: Sequence[Standing]) -> dict[str, int]:
    """How many rounds may take each limited thing; the rounds of the plan whose crews go on always may."""
    broken_off = [each.round for each in standings if each.breaks_up and each.begun]
    found = limits(asked.request, area, [*asked.request.behind, *broken_off])
    taken = Counter(
        name for each in standings if not each.breaks_up
        for name in uses(each.round.officers, each.round.date, each.round.evening)
    )  # fmt: skip
    for name, count in taken.items():
        found[name] = max(found.get(name, 1), count)
    return found


class _Free:
    """Who could still go out on which day, and from when."""

    def __init__(self, asked: ReplanRequest, area: Area, standings: Sequence[Standing]) -> None:
        self._asked, self._area = asked, area
        rules, request = asked.request.rules, asked.request
        self.out: dict[date, set[str]] = defaultdict(set)
        self.lost: dict[date, set[str]] = defaultdict(set)
        self.due_out = {(officer, each.round.date) for each in standings for officer in each.round.officers}
        self.back: dict[str, tuple[int, bool]] = {}
        spent: Counter[tuple[str, str]] = Counter()
        for each in standings:
            if not each.breaks_up:
                self.out[each.round.date] |= set(each.round.officers)
            else:
                self.lost[each.round.date] |= set(each.round.officers) - asked.sick.keys()
                if each.begun:
                    self._go_home(each)
            if not each.breaks_up or each.begun:
                spent.update((officer, week_of(each.round.date)) for officer in each.round.officers)
        spent.update((officer, week_of(each.date)) for each in request.behind for officer in each.officers)
        self._left = {
            (officer, week): rules.days_a_week(request.officer[officer]) - spent[officer, week]
            for officer in area.officers for week in {week_of(day) for day in request.days}
        }  # fmt: skip

    def _go_home(self, each: Standing) -> None:
        """The officers of a round that breaks off drive back to where they met and write their notes."""
        request, spot = self._asked.request, each.round.base_position
        home = (each.free_from or 0) + request.legs.minutes(each.at or spot, spot)
        home += request.rules.desk_minutes * len(each.done)
        for officer in each.round.officers:
            self.back[officer] = (home, each.round.evening)

    def able(self, day: date) -> list[str]:
        today = day == self._asked.request.start
        return [
            each for each in self._area.officers
            if on_duty(self._asked.request, each, day) and each not in self.out[day]
            and not (each in self._asked.sick and day <= self._asked.sick[each])
            and (self._left[each, week_of(day)] > 0 or (today and each in self.back))
        ]  # fmt: skip


def _anew(asked: ReplanRequest, area: Area, standings: Sequence[Standing]) -> Iterable[Opening]:
    free = _Free(asked, area, standings)
    taken = {each.id for each in asked.plan.rounds}
    halves = (False, True) if asked.request.rules.evening_share > 0 else (False,)
    for day in asked.request.days:
        for pair in _pairs(asked, free.able(day), free.lost[day]):
            for evening in halves:
                name = duty_id(day, pair, evening)
                name = f"{name} (2)" if name in taken else name
                for host in _hosts(asked, pair):
                    crew = _from_now(asked, duty(asked.request, day, pair, evening, host, name), free)
                    if crew is not None:
                        fresh = sum((each, day) not in free.due_out for each in pair)
                        yield Opening(f"{name} from {host}", crew, None, _uses(asked, crew, free), fresh)


def _pairs(asked: ReplanRequest, able: Sequence[str], lost: set[str]) -> list[Pair]:
    """Pairs with somebody trained; those with an officer who lost his partner first, then the nearest bases."""
    bases = asked.request.bases
    found = [pair for pair in combinations(able, 2) if trained(asked.request, pair)]
    apart = {pair: asked.request.legs.minutes(bases[pair[0]], bases[pair[1]]) for pair in found}
    found.sort(key=lambda pair: (not lost & set(pair), apart[pair], pair))
    return found[:_PAIRS_A_DAY]


def _hosts(asked: ReplanRequest, pair: Pair) -> tuple[str, ...]:
    one, other = (asked.request.bases[each] for each in pair)
    return pair[:1] if (one.lat, one.lon) == (other.lat, other.lon) else pair


def _from_now(asked: ReplanRequest, crew: Duty, free: _Free) -> Duty | None:
    """The duty as far as it lies ahead; None where too little is left or the half of the day is another than begun."""
    if crew.day != asked.request.start or not asked.minute:
        return crew
    start = max(crew.start, asked.minute + SETTING_OUT + crew.base_drive)
    for officer in crew.officers:
        if officer in free.back:
            home, evening = free.back[officer]
            if evening != crew.evening:
                return None
            start = max(start, home + crew.base_drive)
    return replace(crew, start=start) if crew.until - start >= _SHORTEST else None


def _uses(asked: ReplanRequest, crew: Duty, free: _Free) -> tuple[str, ...]:
    """What a new round takes; one who was out already today has had his day of the week."""
    if crew.day != asked.request.start:
        return uses(crew.officers, crew.day, crew.evening)
    others = [each for each in crew.officers if each not in free.back]
    names = uses(others, crew.day, crew.evening)
    return (*names, *(f"{each}@{crew.day.isoformat()}" for each in crew.officers if each in free.back))

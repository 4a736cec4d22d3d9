"""A plan as it stands, and where one more visit could go: in a round, in a new one, or in place of others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from mosovo_planner.domain.proposals import Round
from mosovo_planner.domain.visits import CrewDemands
from mosovo_planner.planning.weeks.areas import Area
from mosovo_planner.planning.weeks.crews import Duty, Pair, duty, objection, on_duty, round_duty, trained, week_of
from mosovo_planner.planning.weeks.making import as_it_was, need_of
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed
from mosovo_planner.planning.weeks.rules import minutes_of
from mosovo_planner.planning.weeks.timetable import fits, insertion, timetable
from mosovo_planner.planning.weeks.values import worth

_NEAREST_ROUNDS = 8  # rounds tried when others would have to give way; the nearest settle it
_MOST_GIVING_WAY = 3


@dataclass(slots=True)
class Draft:
    """A duty with its visits in order.

    ``held`` is the round it came from, whose pins it keeps; ``fixed`` says that nothing may be added, because what
    is pinned does not go together as it stands.
    """

    duty: Duty
    needs: list[VisitNeed]
    held: Round | None = None
    fixed: bool = False

    @property
    def pinned(self) -> dict[str, int]:
        """Arrivals that were promised, minutes since midnight, by reference."""
        return {stop.ref: minutes_of(stop.arrive) for stop in self.held.stops if stop.pinned} if self.held else {}


def draft_of(request: PlanRequest, each: Round) -> Draft:
    """A round as a draft; visits of people who left the caseload fall out."""
    former = {stop.ref: stop for stop in each.stops}
    needs = [as_it_was(need, former) for ref in former if (need := need_of(request, ref))]
    return Draft(round_duty(request, each), needs, each, bool(each.problems))


class Board:
    """One area's drafts, and questions about one more visit."""

    def __init__(self, request: PlanRequest, area: Area, drafts: Iterable[Draft]) -> None:
        self.request, self.drafts = request, list(drafts)
        able = [each for each in area.officers if request.rules.days_a_week(request.officer[each]) > 0]
        self._pairs = [pair for pair in combinations(able, 2) if trained(request, pair)]
        self._allowed: dict[CrewDemands, list[Pair]] = {}
        self._slack: dict[int, tuple[tuple[str, ...], int]] = {}

    def pairs(self, need: VisitNeed | None = None) -> list[Pair]:
        """Pairs of the area with a trained officer whom the offender's markers allow."""
        if need is None:
            return self._pairs
        if need.demands not in self._allowed:
            self._allowed[need.demands] = [pair for pair in self._pairs if objection(self.request, pair, need) is None]
        return self._allowed[need.demands]

    def days(self, pair: Pair, need: VisitNeed) -> list[date]:
        """Days of the plan on which both are on duty and the visit may be made."""
        return [
            day for day in self.request.days if day >= need.earliest and all(on_duty(self.request, each, day) for each in pair)
        ]

    def fits_alone(self, pair: Pair, need: VisitNeed) -> bool:
        """Whether the drive there and back and the visit fit a duty of these two."""
        return any(fits(self.request, each, [need]) for each in self._duties(pair, self.request.start, need))

    def into_round(self, need: VisitNeed) -> tuple[Draft, int, int] | None:
        """Where the visit fits as it is: round, index, minutes of driving more (fewest; the own manager first)."""
        found = []
        for draft in self._open_to(need):
            spare = draft.duty.until - self._end(draft)
            if spare >= self.request.rules.door_minutes[need.kind] + self.request.rules.desk_minutes:
                place = insertion(self.request, draft.duty, draft.needs, need)
                if place:
                    found.append((need.manager not in draft.duty.officers, place[0], draft.duty.id, place[1], draft))
        return (found[0][4], found[0][3], found[0][1]) if found and found.sort(key=lambda each: each[:3]) is None else None

    def into_new(self, need: VisitNeed) -> Duty | None:
        """A day on which an allowed pair is free and the visit fits alone; the own manager first, then the nearest."""
        days_out, weeks_out = self._taken()
        position = need.position
        if position is None:
            return None
        bases = self.request.bases
        officers = sorted({each for pair in self.pairs(need) for each in pair})
        away = dict(zip(officers, self.request.legs.matrix([bases[each] for each in officers], [position])[:, 0], strict=True))
        ranked = sorted(
            self.pairs(need), key=lambda pair: (need.manager not in pair, sum(int(away[each]) for each in pair), pair)
        )
        for pair in ranked:
            for day in self.days(pair, need):
                if any((each, day) in days_out or weeks_out[each, week_of(day)] >= self._limit(each) for each in pair):
                    continue
                able = [each for each in self._duties(pair, day, need) if fits(self.request, each, [need])]
                if able:
                    return able[0]
        return None

    def instead(self, need: VisitNeed) -> tuple[Draft, list[VisitNeed]] | None:
        """The round in which the fewest visits, and of those the least worth, would have to give way."""
        best: tuple[tuple[int, float], Draft, list[VisitNeed]] | None = None
        for draft in self._nearest(need):
            found = self._giving_way(draft, need)
            if found:
                rank = (len(found), sum(worth(self.request, each) for each in found))
                if best is None or rank < best[0]:
                    best = (rank, draft, found)
        return (best[1], best[2]) if best else None

    def _giving_way(self, draft: Draft, need: VisitNeed) -> list[VisitNeed] | None:
        free = sorted((each for each in draft.needs if each.ref not in draft.pinned), key=lambda each: worth(self.request, each))
        for count in range(1, min(len(free), _MOST_GIVING_WAY) + 1):
            for gone in combinations(free, count):
                rest = [each for each in draft.needs if each not in gone]
                if insertion(self.request, draft.duty, rest, need):
                    return list(gone)
        return None

    def _open_to(self, need: VisitNeed) -> Iterator[Draft]:
        allowed = set(self.pairs(need))
        for draft in self.drafts:
            if not draft.fixed and draft.duty.day >= need.earliest and tuple(sorted(draft.duty.officers)) in allowed:
                yield draft

    def _nearest(self, need: VisitNeed) -> list[Draft]:
        able = list(self._open_to(need))
        if not able or need.position is None:
            return []
        places = [[draft.duty.base, *(each.position for each in draft.needs if each.position)] for draft in able]
        away = self.request.legs.matrix([need.position], [place for each in places for place in each])[0]
        ends = np.cumsum([len(each) for each in places])
        nearest = [int(part.min()) for part in np.split(away, ends[:-1])]
        order = sorted(range(len(able)), key=lambda at: (nearest[at], able[at].duty.id))
        return [able[at] for at in order[:_NEAREST_ROUNDS]]

    def _duties(self, pair: Pair, day: date, need: VisitNeed) -> list[Duty]:
        """Early and evening duty of a pair from either base, the nearer base first."""
        hosts = sorted(
            pair, key=lambda each: self.request.legs.minutes(self.request.bases[each], need.position or self.request.bases[each])
        )
        return [duty(self.request, day, pair, evening, host) for evening in (False, True) for host in hosts]

    def _taken(self) -> tuple[set[tuple[str, date]], Counter[tuple[str, str]]]:
        days_out = {(each, draft.duty.day) for draft in self.drafts for each in draft.duty.officers}
        return days_out, Counter((officer, week_of(day)) for officer, day in days_out)

    def _limit(self, officer: str) -> int:
        return self.request.rules.days_a_week(self.request.officer[officer])

    def _end(self, draft: Draft) -> int:
        refs = tuple(each.ref for each in draft.needs)
        known = self._slack.get(id(draft))
        if known is None or known[0] != refs:
            known = (refs, timetable(self.request, draft.duty, draft.needs).end)
            self._slack[id(draft)] = known
        return known[1]


def boards(request: PlanRequest, rounds: Sequence[Round]) -> list[tuple[Area, Board]]:
    """A plan's rounds on one board for each area; a crew across areas stands on both."""
    drafts = [draft_of(request, each) for each in rounds]
    found: dict[int, list[Draft]] = defaultdict(list)
    for at, area in enumerate(request.areas):
        members = set(area.officers)
        found[at] = [draft for draft in drafts if members & set(draft.duty.officers)]
    return [(area, Board(request, area, found[at])) for at, area in enumerate(request.areas)]

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
from mosovo_planner.planning.weeks.crews import (
    Duty,
    Pair,
    duty,
    may_pair,
    most_together,
    objection,
    on_duty,
    round_duty,
    trained,
    week_of,
)
from mosovo_planner.planning.weeks.making import as_it_was, need_of
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed
from mosovo_planner.planning.weeks.timetable import fits, insertion, overrun, timetable
from mosovo_planner.planning.weeks.values import COST_PER_MINUTE, rewards, worth

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
    def key(self) -> tuple[object, ...]:
        """What decides whether a visit fits in: equal keys, equal answers."""
        return (self.duty, tuple((need.ref, need.kind) for need in self.needs), tuple(sorted(self.pinned)))

    @property
    def pinned(self) -> frozenset[str]:
        """References of the visits that are pinned to this round."""
        return frozenset(stop.ref for stop in self.held.stops if stop.pinned) if self.held else frozenset()


def net(request: PlanRequest, crew: Duty, needs: Sequence[VisitNeed]) -> float:
    """What these visits in this order are worth by this crew less the driving between them, in minutes of driving."""
    value = float(rewards(request, needs, [crew]).sum()) / COST_PER_MINUTE if needs else 0.0
    return value - sum(timetable(request, crew, needs).drives)


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
        there = {each: {day for day in request.days if on_duty(request, each, day)} for each in able}
        common = {(a, b): sorted(there[a] & there[b]) for a, b in self._pairs}
        self._days = {pair: [day for day in days if may_pair(request, pair, day)] for pair, days in common.items()}
        self._free: tuple[object, dict[Pair, list[date]]] = (None, {})
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
        return [day for day in self._days[pair] if day >= need.earliest]

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

    def into_new(self, need: VisitNeed, *, one_more: bool = False) -> Duty | None:
        """A day on which an allowed pair is free and the visit fits alone; not two who had their share of days
        together where that can be, the own manager first, then the nearest.

        With ``one_more`` their visiting days of the week may be spent already.
        """
        free = self._in() if one_more else self._free_days()
        pairs = [pair for pair in self.pairs(need) if pair in free]
        position = need.position
        if position is None or not pairs:
            return None
        officers = sorted({each for pair in pairs for each in pair})
        bases = [self.request.bases[each] for each in officers]
        away = dict(zip(officers, map(int, self.request.legs.matrix(bases, [position])[:, 0]), strict=True))
        often = self._often()
        pairs.sort(key=lambda pair: (pair in often, need.manager not in pair, sum(away[each] for each in pair), pair))
        for pair in pairs:
            for day in free[pair]:
                if day < need.earliest:
                    continue
                for crew in self._duties(pair, day, need):
                    if fits(self.request, crew, [need]):
                        return crew
        return None

    def _often(self) -> set[Pair]:
        """Pairs that have had their share of days together."""
        counts = Counter(tuple(sorted(draft.duty.officers)) for draft in self.drafts)
        share, known = self.request.rules.same_partner, self.request.officer
        return {
            (a, b)
            for (a, b), count in counts.items()
            if a in known and b in known and count >= most_together(self.request, (a, b), share)
        }

    def spent(self, officer: str, day: date) -> bool:
        """Whether the officer's visiting days of that week are all taken."""
        out = {day for who, day in self._out() if who == officer}
        return sum(week_of(each) == week_of(day) for each in out) >= self.request.rules.days_a_week(self.request.officer[officer])

    def _out(self) -> frozenset[tuple[str, date]]:
        crews = [(draft.duty.officers, draft.duty.day) for draft in self.drafts]
        crews += [(each.officers, each.date) for each in self.request.behind]
        return frozenset((officer, day) for officers, day in crews for officer in officers)

    def _in(self) -> dict[Pair, list[date]]:
        """Days on which both of a pair are on duty and not out already."""
        out = self._out()
        free = {pair: [day for day in days if not any((each, day) in out for each in pair)] for pair, days in self._days.items()}
        return {pair: days for pair, days in free.items() if days}

    def _free_days(self) -> dict[Pair, list[date]]:
        """Days on which both of a pair are on duty, not out already, and within their visiting days of the week."""
        out = self._out()
        if self._free[0] != out:
            weeks = Counter((officer, week_of(day)) for officer, day in out)
            spent = {each: self.request.rules.days_a_week(self.request.officer[each]) for pair in self._pairs for each in pair}

            def able(each: str, day: date) -> bool:
                return (each, day) not in out and weeks[each, week_of(day)] < spent[each]

            free = {pair: [day for day in self._days[pair] if all(able(each, day) for each in pair)] for pair in self._pairs}
            self._free = (out, {pair: days for pair, days in free.items() if days})
        return self._free[1]

    def instead(self, need: VisitNeed) -> tuple[Draft, list[VisitNeed]] | None:
        """The round in which the fewest visits, and of those the least worth, would have to give way."""
        nearest = self._nearest(need)
        for count in range(1, _MOST_GIVING_WAY + 1):
            found = [(draft, gone) for draft in nearest if (gone := self._giving_way(draft, need, count))]
            if found:
                return min(found, key=lambda each: sum(worth(self.request, one) for one in each[1]))
        return None

    def _giving_way(self, draft: Draft, need: VisitNeed, count: int) -> list[VisitNeed] | None:
        """The least visits of that number without which the visit fits; pinned ones never give way."""
        known = self.request.tried
        key = (draft.key, need.ref, need.kind, count)
        if key not in known:
            known[key] = self._tried(draft, need, count)
        gone = known[key]
        return [each for each in draft.needs if each.ref in gone] if gone else None

    def _tried(self, draft: Draft, need: VisitNeed, count: int) -> frozenset[str]:
        free = sorted((each for each in draft.needs if each.ref not in draft.pinned), key=lambda each: worth(self.request, each))
        for gone in combinations(free, count):
            rest = [each for each in draft.needs if each not in gone]
            if insertion(self.request, draft.duty, rest, need):
                return frozenset(each.ref for each in gone)
        return frozenset()

    def short_of(self, need: VisitNeed) -> tuple[Draft, int, int] | None:
        """The round, of the nearest open ones, in which the visit runs over least: with minutes past the end of the duty and
        minutes past the visiting hours; rounds that are not full by their number first."""
        most = self.request.rules.max_visits
        known, found = self.request.tried_over, []
        for draft in self._nearest(need):
            key = (draft.key, need)
            if key not in known:
                known[key] = overrun(self.request, draft.duty, draft.needs, need)
            if over := known[key]:
                found.append((len(draft.needs) >= most, sum(over), draft.duty.id, draft, *over))
        best = min(found, key=lambda each: each[:3], default=None)
        return best and (best[3], best[4], best[5])

    def short_alone(self, need: VisitNeed) -> tuple[int, int]:
        """Minutes past the end of a duty, and past the visiting hours, of a round with this visit alone, at the least."""
        day = self.request.start
        crews = [crew for pair in self.pairs(need) if self.days(pair, need) for crew in self._duties(pair, day, need)]
        over = [each for crew in crews if (each := overrun(self.request, crew, [], need))]
        return min(over, key=sum)

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

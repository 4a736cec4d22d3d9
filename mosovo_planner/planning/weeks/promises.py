"""What is promised, as a problem for the engine of rounds: each visit is worth most where it is promised.

Times of today count from its midnight, those of all later days from 24 hours on, so that a visit can have other windows
today than on other days.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.proposals import Stop
from mosovo_planner.planning.rounds import CrewSlot, Objective, Route, VisitsProblem, VisitTask
from mosovo_planner.planning.rounds import Stop as RouteStop
from mosovo_planner.planning.weeks.making import breaks
from mosovo_planner.planning.weeks.openings import Opening
from mosovo_planner.planning.weeks.request import VisitNeed
from mosovo_planner.planning.weeks.rules import minutes_of
from mosovo_planner.planning.weeks.search import price_of
from mosovo_planner.planning.weeks.surprises import ReplanRequest, Standing
from mosovo_planner.planning.weeks.timetable import ROUGH
from mosovo_planner.planning.weeks.values import COST_PER_MINUTE, rewards

Whole = NDArray[np.int64]

DAY = 24 * 60
SAME_OFFICER, SAME_DAY, SAME_PLAN = 0.6, 0.4, 0.2
"""Shares of the price that are saved where a promise is kept in part: one of the officers on the day, the day, the plan."""


def promises_problem(
    asked: ReplanRequest,
    needs: Sequence[VisitNeed],
    openings: Sequence[Opening],
    limits: Mapping[str, int],
    before: Mapping[str, Stop],
) -> VisitsProblem:
    """Visits that are promised (``before``), failed or urgent, and the rounds that could be driven from now on."""
    places = _Places(asked, needs, openings)
    worth = _worth(asked, needs, openings)
    slots = tuple(_slot(asked, each, places, needs) for each in openings)
    home = _promised(openings)
    tasks = []
    for row, need in enumerate(needs):
        stop = before.get(need.ref)
        pinned = stop is not None and stop.pinned and need.ref not in asked.failed
        tasks.append(
            VisitTask(
                need.ref, row, asked.request.rules.door_minutes[need.kind] + asked.request.rules.desk_minutes,
                _windows(asked, need, stop if pinned else None, pinned_today=_today(asked, need.ref)),
                required=pinned or need.ref in asked.urgent,
            )
        )  # fmt: skip
        if pinned:
            _keep_promise(asked, worth[row], openings, home.get(need.ref), need.ref)
    names = tuple(map(str, range(len(places.travel))))
    return VisitsProblem(names, places.travel, slots, tuple(tasks), Objective.COST, places.cost, worth, limits)


def begin(openings: Sequence[Opening], standings: Sequence[Standing], refs: Collection[str]) -> list[Route]:
    """The plan as promised, as far as it stands; a round whose crew breaks up goes to the first who could take it over."""
    routes = [
        Route(each.id, tuple(RouteStop(stop.ref, 0) for stop in each.standing.ahead if stop.ref in refs))
        for each in openings if each.standing is not None
    ]  # fmt: skip
    taken: set[str] = set()
    for lost in (each for each in standings if each.breaks_up and each.ahead):
        heirs = [
            each for each in openings
            if each.standing is None and each.duty.day == lost.round.date and each.duty.evening == lost.round.evening
            and not taken & set(each.uses)
        ]  # fmt: skip
        heirs.sort(key=lambda each: not set(each.duty.officers) & set(lost.round.officers))
        if heirs:
            taken |= set(heirs[0].uses)
            routes.append(Route(heirs[0].id, tuple(RouteStop(stop.ref, 0) for stop in lost.ahead if stop.ref in refs)))
    return [route for route in routes if route.stops]


class _Places:
    """Locations: the visits, then where crews begin and end; sending a crew out is priced half out, half home."""

    def __init__(self, asked: ReplanRequest, needs: Sequence[VisitNeed], openings: Sequence[Opening]) -> None:
        positions: list[Position] = [need.position for need in needs if need.position]
        index: dict[tuple[float, float, int], int] = {}
        spots: list[tuple[Position, int]] = []
        self.of: dict[str, tuple[int, int]] = {}
        for each in openings:
            price = 0 if each.standing is not None and each.standing.begun else _sending(asked, each)
            ends = []
            for spot in (each.begins, each.duty.base):
                key = (spot.lat, spot.lon, price)
                if key not in index:
                    index[key] = len(positions) + len(spots)
                    spots.append((spot, price))
                ends.append(index[key])
            self.of[each.id] = (ends[0], ends[1])
        everywhere = [*positions, *(spot for spot, _ in spots)]
        self.travel: Whole = asked.request.legs.matrix(everywhere, everywhere)
        self.cost: Whole = self.travel * COST_PER_MINUTE
        for at, (_, price) in enumerate(spots, start=len(positions)):
            self.cost[at, : len(positions)] += price
            self.cost[: len(positions), at] += price


def _sending(asked: ReplanRequest, each: Opening) -> int:
    """Half of what it costs to send a crew out, in the search's units; officers who would have stayed in cost a change each."""
    minutes = price_of(asked.request, each.duty) + 2 * each.duty.base_drive + each.fresh * asked.price
    return round(COST_PER_MINUTE * minutes / 2)


def _slot(asked: ReplanRequest, each: Opening, places: _Places, needs: Sequence[VisitNeed]) -> CrewSlot:
    rules, standing = asked.request.rules, each.standing
    done = len(standing.done) if standing else 0
    offset = _offset(asked, each)
    rest = 0 if standing is not None and _rested(standing) else rules.break_minutes
    until = each.duty.until - rest - rules.desk_minutes * done
    if standing is not None and not standing.late:
        until = max(until, _end(asked, each, places, needs))
    start, end = places.of[each.id]
    begin_at = each.free_from
    return CrewSlot(
        each.id, start, end, offset + begin_at, offset + max(begin_at, until), uses=each.uses, max_stops=rules.max_visits - done
    )


def _rested(standing: Standing) -> bool:
    """Whether the crew had its break before now."""
    return any(at < len(standing.done) for at, _ in breaks(standing.round)) if standing.done else False


def _end(asked: ReplanRequest, each: Opening, places: _Places, needs: Sequence[VisitNeed]) -> int:
    """When the crew would have finished what is promised, by the engine's way of counting: it may always go on with that."""
    rules, standing = asked.request.rules, each.standing
    rows = {need.ref: row for row, need in enumerate(needs)}
    start, end = places.of[each.id]
    now, at = each.free_from, start
    for stop in standing.ahead if standing else ():
        if stop.ref not in rows:
            continue
        need = needs[rows[stop.ref]]
        now = max(now + int(places.travel[at, rows[stop.ref]]), need.not_before, rules.visit_earliest)
        now, at = now + rules.door_minutes[need.kind] + rules.desk_minutes, rows[stop.ref]
    return now + int(places.travel[at, end])


def _offset(asked: ReplanRequest, each: Opening) -> int:
    return 0 if each.duty.day == asked.request.start else DAY


def _today(asked: ReplanRequest, ref: str) -> bool:
    return any(
        stop.ref == ref for each in asked.standings.values() if each.round.date == asked.request.start for stop in each.ahead
    )


def _windows(
    asked: ReplanRequest, need: VisitNeed, pinned: Stop | None, *, pinned_today: bool
) -> tuple[tuple[int, int], ...]:
    """When the visit may start, today and on later days."""
    rules = asked.request.rules
    door = rules.door_minutes[need.kind]
    if pinned is not None:
        promised = minutes_of(pinned.arrive) + (0 if pinned_today else DAY)
        return ((promised, promised + ROUGH),)
    latest = max(rules.visit_earliest, rules.visit_latest - door - rules.break_minutes)
    latest_as_is = max([latest, *(minutes_of(stop.arrive) for each in asked.standings.values() for stop in each.ahead
                                  if stop.ref == need.ref)])  # fmt: skip
    first = rules.visit_earliest
    if need.ref in asked.failed:
        first = max(first, asked.minute + asked.retry)
    today = ((first, latest_as_is),) if first <= latest_as_is else ()
    return (*today, (DAY + rules.visit_earliest, DAY + latest_as_is))


def _promised(openings: Sequence[Opening]) -> dict[str, int]:
    """By reference, the opening that goes on with the visit as promised."""
    return {
        stop.ref: at for at, each in enumerate(openings) if each.standing is not None for stop in each.standing.ahead
    }


def _worth(asked: ReplanRequest, needs: Sequence[VisitNeed], openings: Sequence[Opening]) -> Whole:
    """Worth of each visit in each round, with what is saved of the price of a change; -1 where it may not be made."""
    value = np.array(rewards(asked.request, needs, [each.duty for each in openings]), dtype=np.int64)
    days = np.array([each.duty.day.toordinal() for each in openings])
    home = _promised(openings)
    at_first = {stop.ref: each.round for each in asked.standings.values() for stop in each.round.stops}
    unit = asked.price * COST_PER_MINUTE
    for row, need in enumerate(needs):
        promised = at_first.get(need.ref)
        if promised is None:
            value[row] = _by_day(asked, need, value[row], days)
            continue
        kin = np.array([bool(set(each.duty.officers) & set(promised.officers)) for each in openings])
        same_day = days == promised.date.toordinal()
        share = np.select([same_day & kin, same_day], [SAME_OFFICER, SAME_DAY], SAME_PLAN)
        value[row] = np.where(value[row] > 0, value[row] + np.rint(unit * share).astype(np.int64), -1)
        value[row] = _by_day(asked, need, value[row], days)
        own = home.get(need.ref)
        if own is not None and need.ref not in asked.failed:
            _prefer_home(value[row], own, unit, late=need.ref in asked.urgent and days[own] > asked.urgent[need.ref].toordinal())
    return value


def _prefer_home(value: Whole, own: int, unit: float, *, late: bool) -> None:
    """A visit whose crew goes on is worth no more elsewhere: it moves only where that makes room for another."""
    at_home = max(1, int(value[own]))
    value[value > at_home] = at_home
    value[own] = -1 if late else at_home + round(unit * (1 - SAME_OFFICER))


def _by_day(asked: ReplanRequest, need: VisitNeed, value: Whole, days: Whole) -> Whole:
    """Only up to the day by which somebody must be seen."""
    if need.ref not in asked.urgent:
        return value
    allowed: Whole = np.where(days <= asked.urgent[need.ref].toordinal(), value, -1)
    return allowed


def _keep_promise(asked: ReplanRequest, value: Whole, openings: Sequence[Opening], own: int | None, ref: str) -> None:
    """A pinned visit stays in its round; where that crew breaks up, on its day."""
    day = next((each.round.date for each in asked.standings.values() if any(stop.ref == ref for stop in each.ahead)), None)
    for at, each in enumerate(openings):
        if (own is not None and at != own) or each.duty.day != day:
            value[at] = -1
    if own is not None:
        value[own] = max(1, int(value[own]))

"""What would have to change for a visit to be placed: obstacles found one after the other, each lifted before the next is sought.

So what is named is true by construction: with all of it lifted the visit has a place, while the plan's rounds stand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.proposals import Obstacle, ObstacleKind
from mosovo_planner.domain.visits import CrewDemands
from mosovo_planner.planning.weeks.areas import Area
from mosovo_planner.planning.weeks.board import Board, Draft
from mosovo_planner.planning.weeks.crews import Pair
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed
from mosovo_planner.planning.weeks.rules import FULL_DAY

WORTH_ASKING = 60
"""Minutes up to which a longer duty or later visits are named before another visiting day."""
_MOST = 6
_FULL_WEEK = 5 * FULL_DAY / 60


@dataclass(frozen=True)
class Asked:
    """One visit before one area's plan, as it stands or with something lifted."""

    request: PlanRequest
    area: Area
    board: Board
    need: VisitNeed

    def placed(self) -> bool:
        return bool(self.board.into_round(self.need) or self.board.into_new(self.need))


def obstacles(asked: Asked) -> tuple[tuple[Obstacle, ...], Asked]:
    """What keeps the visit out, in the order in which it stands in the way; empty where there is room.

    Besides, the question as it is once what would keep the visit out of an empty plan too is lifted.
    """
    found: list[Obstacle] = []
    for _ in range(_MOST):
        standing = _known(asked) if not found else _standing(asked)
        if standing is None:
            return (*found, *_room(asked)), asked
        found.append(standing)
        asked = _lifted(asked, standing)
    return (), asked


def _known(asked: Asked) -> Obstacle | None:
    """The first standing obstacle; it does not change with the rounds, so it is found once."""
    known = asked.request.standing
    if asked.need.ref not in known:
        known[asked.need.ref] = _standing(asked)
    return known[asked.need.ref]


def _standing(asked: Asked) -> Obstacle | None:
    """What would keep the visit out of an empty plan too."""
    board, need = asked.board, asked.need
    if need.position is None:
        return Obstacle(ObstacleKind.POSITION)
    if not board.pairs():
        return _no_pairs(asked)
    if not board.pairs(need):
        return Obstacle(ObstacleKind.MARKER)
    there = [pair for pair in board.pairs(need) if board.days(pair, need)]
    if not there:
        return _nobody_there(asked)
    if not any(board.fits_alone(pair, need) for pair in there):
        past_end, past_hours = board.short_alone(need)
        return Obstacle(ObstacleKind.DUTY, amount=past_end) if past_end else Obstacle(ObstacleKind.WINDOW, amount=past_hours)
    return None


def _no_pairs(asked: Asked) -> Obstacle:
    """Not two officers, or nobody trained; the one to train is the first who could go out."""
    able = _able(asked)
    if len(able) < 2:
        return Obstacle(ObstacleKind.OFFICERS, amount=2 - len(able))
    return Obstacle(ObstacleKind.TRAINED, (able[0],))


def _able(asked: Asked) -> list[str]:
    return [each for each in asked.area.officers if asked.request.rules.days_a_week(asked.request.officer[each]) > 0]


def _nobody_there(asked: Asked) -> Obstacle:
    """The day on which the fewest officers of an allowed crew are away."""
    request, need = asked.request, asked.need
    days = [day for day in request.days if day >= need.earliest]
    if not days:
        return Obstacle(ObstacleKind.WORKING_DAY, day=max(need.earliest, request.start))

    def away(pair: Pair, day: date) -> tuple[str, ...]:
        return tuple(each for each in pair if request.officer[each].away(day))

    choices = [(away(pair, day), day) for pair in asked.board.pairs(need) for day in days]
    least = min(choices, key=lambda each: (len(each[0]), each[1], each[0]))
    return Obstacle(ObstacleKind.AWAY, least[0], least[1]) if least[0] else Obstacle(ObstacleKind.CREWS)


def _room(asked: Asked) -> list[Obstacle]:
    """What a full plan would have to give: some minutes or a place in a round, a visiting day more, other visits."""
    board, need = asked.board, asked.need
    if asked.placed():
        return []
    short = board.short_of(need)
    inside = _inside(asked, *short) if short else []
    if short and short[1] + short[2] <= WORTH_ASKING:
        return inside
    if crew := board.into_new(need, one_more=True):
        tired = tuple(each for each in crew.officers if board.spent(each, crew.day))
        return [Obstacle(ObstacleKind.VISITING_DAY, tired, crew.day)]
    if swap := board.instead(need):
        draft, gone = swap
        return [
            Obstacle(
                ObstacleKind.INSTEAD, draft.duty.officers, draft.duty.day, 0, draft.duty.id, tuple(each.ref for each in gone)
            )
        ]
    return inside or _held(asked)


def _held(asked: Asked) -> list[Obstacle]:
    """The rounds that were kept by hand, where it is they who leave no crew."""
    free = [draft for draft in asked.board.drafts if draft.held is None or not (draft.fixed or draft.pinned)]
    crew = Board(asked.request, asked.area, free).into_new(asked.need)
    return [Obstacle(ObstacleKind.HELD, crew.officers, crew.day)] if crew else []


def _inside(asked: Asked, draft: Draft, past_end: int, past_hours: int) -> list[Obstacle]:
    """What one round lacks to take the visit in."""
    crew, count = draft.duty, len(draft.needs) + 1
    found = []
    if count > asked.request.rules.max_visits:
        found.append(Obstacle(ObstacleKind.STOPS, crew.officers, crew.day, count, crew.id))
    if past_end:
        found.append(Obstacle(ObstacleKind.DUTY, crew.officers, crew.day, past_end, crew.id))
    if past_hours:
        found.append(Obstacle(ObstacleKind.WINDOW, crew.officers, crew.day, past_hours, crew.id))
    return found


def _lifted(asked: Asked, obstacle: Obstacle) -> Asked:
    """The same question with a standing obstacle out of the way, and nothing else changed."""
    request, need, kind = asked.request, asked.need, obstacle.kind
    if kind is ObstacleKind.POSITION:
        base = request.bases.get(need.manager or "") or request.bases[asked.area.officers[0]]
        return replace(asked, need=replace(need, position=base))
    if kind is ObstacleKind.MARKER:
        return replace(asked, need=replace(need, demands=CrewDemands()))
    drafts, area = asked.board.drafts, asked.area
    if kind is ObstacleKind.DUTY:
        drafts = [replace(each, duty=replace(each.duty, until=each.duty.until + obstacle.amount)) for each in drafts]
    changed = _without(request, obstacle, area)
    area = replace(area, officers=(*area.officers, *(each.id for each in changed.officers if each.id not in request.officer)))
    return Asked(changed, area, Board(changed, area, drafts), need)


def _without(request: PlanRequest, obstacle: Obstacle, area: Area) -> PlanRequest:
    rules, kind = request.rules, obstacle.kind
    if kind is ObstacleKind.DUTY:
        return replace(request, rules=replace(rules, overtime=rules.overtime + obstacle.amount))
    if kind is ObstacleKind.WINDOW:
        return replace(request, rules=replace(rules, visit_latest=rules.visit_latest + obstacle.amount))
    if kind is ObstacleKind.WORKING_DAY and obstacle.day:
        return replace(request, rules=replace(rules, working_days=rules.working_days | {obstacle.day.isoweekday()}))
    if kind is ObstacleKind.CREWS:
        return replace(request, crews=None)
    if kind is ObstacleKind.OFFICERS:
        return _with_more(request, obstacle.amount, area)
    return replace(request, officers=tuple(_changed(each, obstacle) for each in request.officers))


def _with_more(request: PlanRequest, count: int, area: Area) -> PlanRequest:
    """So many trained officers more, full-time, at the area's first base."""
    base = request.bases[area.officers[0]]
    more = [
        OffenderManager(id=f"one more ({number})", position=base, weekly_hours=_FULL_WEEK, trained=True)
        for number in range(count)
    ]
    return replace(request, officers=(*request.officers, *more), bases={**request.bases, **{each.id: base for each in more}})


def _changed(officer: OffenderManager, obstacle: Obstacle) -> OffenderManager:
    if officer.id not in obstacle.officers or obstacle.day is None:
        return replace(officer, trained=True) if officer.id in obstacle.officers else officer
    return replace(officer, absences=tuple(each for each in officer.absences if not each.covers(obstacle.day)))

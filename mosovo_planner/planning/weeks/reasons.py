"""Why a due visit is in no round: what stands in its way, found by trying to place it, and what would have to change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.proposals import Obstacle, ObstacleKind, Round, Unplanned
from mosovo_planner.planning.weeks.board import boards
from mosovo_planner.planning.weeks.crews import objection
from mosovo_planner.planning.weeks.obstacles import Asked, obstacles
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed
from mosovo_planner.planning.weeks.values import worth

DROPPED, NO_POSITION, NO_CREW, OFFICERS_AWAY = "dropped", "no_position", "no_crew", "officers_away"
TOO_FAR, HOURS, LESS_URGENT, FITS = "too_far", "hours", "less_urgent", "fits"
_CODES = {
    ObstacleKind.POSITION: NO_POSITION,
    ObstacleKind.OFFICERS: NO_CREW,
    ObstacleKind.TRAINED: NO_CREW,
    ObstacleKind.MARKER: NO_CREW,
    ObstacleKind.CREWS: NO_CREW,
    ObstacleKind.WORKING_DAY: OFFICERS_AWAY,
    ObstacleKind.AWAY: OFFICERS_AWAY,
    ObstacleKind.DUTY: TOO_FAR,
    ObstacleKind.WINDOW: TOO_FAR,
}
_BESIDES = "Even then the rounds have no room as they stand. "


def unplanned_visits(request: PlanRequest, rounds: Sequence[Round], dropped: Iterable[str]) -> tuple[Unplanned, ...]:
    """Every visit due within the plan that no round holds, most worth first, each with code, reason and obstacles."""
    planned = {stop.ref for each in rounds for stop in each.stops}
    left = [need for need in request.needs.values() if request.due(need) and need.ref not in planned]
    if not left:
        return ()
    gone, found = frozenset(dropped), boards(request, rounds)
    places = {ref: (area, board) for area, board in found for ref in area.refs}
    own = {officer: (area, board) for area, board in found for officer in area.officers}
    left.sort(key=lambda need: (-worth(request, need), need.ref))
    result = []
    for need in left:
        place = places.get(need.ref) or own.get(need.manager or "") or (found[0] if found else None)
        asked = place and Asked(request, *place, need)
        result.append(_unplanned(request, need, *_reason(asked, need.ref in gone)))
    return tuple(result)


def _unplanned(request: PlanRequest, need: VisitNeed, code: str, reason: str, found: tuple[Obstacle, ...]) -> Unplanned:
    return Unplanned(need.ref, need.due, max(0, (request.start - need.due).days), need.risk, code, reason, found)


def _reason(asked: Asked | None, dropped: bool) -> tuple[str, str, tuple[Obstacle, ...]]:
    """Code, words and what would have to change."""
    if asked is None:
        return NO_CREW, "Nobody is there to go: no officer with a base is known.", (Obstacle(ObstacleKind.OFFICERS, amount=2),)
    found, lifted = obstacles(asked)
    code, words = _words(asked, lifted, found)
    if dropped:
        return DROPPED, "Taken off the plan by hand." + (f" {words}" if found else ""), (Obstacle(ObstacleKind.DROPPED), *found)
    return code, words, found


def _words(asked: Asked, lifted: Asked, found: Sequence[Obstacle]) -> tuple[str, str]:
    """Code and words: the standing obstacles one by one, then what the rounds as they are would have to give."""
    standing = [each for each in found if each.kind in _CODES and not each.round]
    room = [each for each in found if each not in standing]
    told = " ".join(_standing(asked, each) for each in standing)
    if standing and not room:
        return _CODES[standing[0].kind], told
    code, words = _no_room(lifted, room) if room else _fits(asked)
    return (_CODES[standing[0].kind], f"{told} {_BESIDES}{words}") if standing else (code, words)


def _standing(asked: Asked, each: Obstacle) -> str:
    if each.kind is ObstacleKind.DUTY:
        return f"{_too_far(asked)} A duty {_minutes(each.amount)} longer would do."
    if each.kind is ObstacleKind.WINDOW:
        return f"{_too_far(asked)} Visits would have to last until {_minutes(each.amount)} later in the day."
    pairs, names = asked.board.pairs(), _names(asked.request, each.officers)
    barred = objection(asked.request, pairs[0], asked.need) if pairs and each.kind is ObstacleKind.MARKER else ""
    return {
        ObstacleKind.POSITION: "No position is known: place the offender on the map or correct the postcode.",
        ObstacleKind.OFFICERS: f"There are no two officers who could go out together: {each.amount} more, trained, would do.",
        ObstacleKind.TRAINED: f"No two officers could go out together with one of them trained: train one, for instance {names}.",
        ObstacleKind.MARKER: f"None of the {len(pairs)} possible crews may go: {barred}.",
        ObstacleKind.CREWS: "The crews decided beforehand hold none that may go on a day of the plan.",
        ObstacleKind.WORKING_DAY: "The plan has no working day on which the visit could be made.",
        ObstacleKind.AWAY: "On every day of the plan at least one officer of each crew that may go is away: "
        f"{names} would have to be back on {_on(each.day)}.",
    }[each.kind]


def _too_far(asked: Asked) -> str:
    request, need = asked.request, asked.need
    bases = [request.bases[each] for pair in asked.board.pairs(need) or asked.board.pairs() for each in pair]
    if not bases:
        return "Even alone it does not fit a duty."
    near = min(int(each) for each in request.legs.matrix(bases, [need.position or bases[0]])[:, 0])
    return f"Even alone it does not fit a duty: {near} minutes' drive from the nearest base of a crew that may go."


def _fits(asked: Asked) -> tuple[str, str]:
    request, board, need = asked.request, asked.board, asked.need
    if place := board.into_round(need):
        crew = place[0].duty
        return FITS, f"There is room now: {_who(request, crew.day, crew.officers)}, {_minutes(place[2])} of driving more."
    if crew_new := board.into_new(need):
        return FITS, f"There is room now: a new round, {_who(request, crew_new.day, crew_new.officers)}."
    return HOURS, "No time is left: the visiting days of every crew that may go are taken, and their rounds are full."


def _no_room(asked: Asked, room: Sequence[Obstacle]) -> tuple[str, str]:
    """What would have to give way as the duties are, and what else would do."""
    swap = asked.board.instead(asked.need)
    if swap is None:
        full = "No time is left: the visiting days of every crew that may go are taken, and their rounds are full."
        return HOURS, " ".join([full, *(_change(asked.request, each) for each in room)])
    draft, gone = swap
    others, more = f"{len(gone)} other{'' if len(gone) == 1 else 's'}", "s" if len(gone) == 1 else ""
    if sum(worth(asked.request, each) for each in gone) >= worth(asked.request, asked.need):
        weigh = f"that weigh{more} more"
    else:
        weigh = f"that {'is' if len(gone) == 1 else 'are'} worth more there with the driving, the lead and the day counted"
    first = f"Fits only in place of {others} {weigh}: {_who(asked.request, draft.duty.day, draft.duty.officers)}."
    rest = [_change(asked.request, each) for each in room if each.kind is not ObstacleKind.INSTEAD]
    return LESS_URGENT, " ".join([first, *(f"Or else: {each}" for each in rest[:1]), *rest[1:]])


def _change(request: PlanRequest, each: Obstacle) -> str:
    who = _names(request, each.officers)
    match each.kind:
        case ObstacleKind.DUTY:
            return f"The duty {_who(request, each.day, each.officers)} would have to be {_minutes(each.amount)} longer."
        case ObstacleKind.WINDOW:
            return f"On {_on(each.day)} a visit would have to end {_minutes(each.amount)} after the visiting hours."
        case ObstacleKind.STOPS:
            return f"The round {_who(request, each.day, each.officers)} would have to hold {each.amount} visits."
        case ObstacleKind.VISITING_DAY:
            return f"{who} would have to go out on one day more that week, {_on(each.day)}."
        case ObstacleKind.HELD:
            return f"A round that was kept by hand would have to be let go, for a crew {_who(request, each.day, each.officers)}."
        case _:
            return "Other visits would have to give way."


def _on(day: date | None) -> str:
    return in_words(day) if day else "a working day"


def _names(request: PlanRequest, officers: Iterable[str]) -> str:
    return " and ".join(request.label(each) for each in officers)


def _who(request: PlanRequest, day: date | None, officers: Iterable[str]) -> str:
    return f"{_on(day)} with {_names(request, officers)}"


def _minutes(count: int) -> str:
    return f"{count} minute{'' if count == 1 else 's'}"

"""Why a due visit is in no round: the first thing that stands in its way, found by trying to place it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.proposals import Round, Unplanned
from mosovo_planner.planning.weeks.board import Board, boards
from mosovo_planner.planning.weeks.crews import Duty, Pair, objection
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed
from mosovo_planner.planning.weeks.values import worth

DROPPED, NO_POSITION, NO_CREW, OFFICERS_AWAY = "dropped", "no_position", "no_crew", "officers_away"
TOO_FAR, HOURS, LESS_URGENT, FITS = "too_far", "hours", "less_urgent", "fits"


def unplanned_visits(request: PlanRequest, rounds: Sequence[Round], dropped: Iterable[str]) -> tuple[Unplanned, ...]:
    """Every visit due within the plan that no round holds, most worth first, each with code and reason."""
    planned = {stop.ref for each in rounds for stop in each.stops}
    left = [need for need in request.needs.values() if request.due(need) and need.ref not in planned]
    if not left:
        return ()
    gone, found = frozenset(dropped), boards(request, rounds)
    of_area = {ref: board for area, board in found for ref in area.refs}
    left.sort(key=lambda need: (-worth(request, need), need.ref))
    return tuple(_unplanned(request, need, *_reason(request, need, of_area.get(need.ref), gone)) for need in left)


def _unplanned(request: PlanRequest, need: VisitNeed, code: str, reason: str) -> Unplanned:
    return Unplanned(need.ref, need.due, max(0, (request.start - need.due).days), need.risk, code, reason)


def _reason(request: PlanRequest, need: VisitNeed, board: Board | None, dropped: frozenset[str]) -> tuple[str, str]:
    """Code and words."""
    if need.ref in dropped:
        return DROPPED, "Taken off the plan by hand."
    if need.ref not in request.standing:
        request.standing[need.ref] = _never(request, need, board)
    never = request.standing[need.ref]
    if never or board is None:
        return never or (NO_CREW, "Nobody is there to go.")
    return _no_room(request, need, board)


def _never(request: PlanRequest, need: VisitNeed, board: Board | None) -> tuple[str, str] | None:
    """What would keep the visit out of an empty plan too."""
    if need.position is None:
        return NO_POSITION, "No position is known: place the offender on the map or correct the postcode."
    if board is None or not board.pairs():
        return NO_CREW, "There are no two officers, at least one of them trained, who could go out together."
    pairs = board.pairs(need)
    if not pairs:
        return NO_CREW, f"None of the {len(board.pairs())} possible crews may go: {objection(request, board.pairs()[0], need)}."
    there = [pair for pair in pairs if board.days(pair, need)]
    if not there:
        return OFFICERS_AWAY, _away(request, need)
    if not any(board.fits_alone(pair, need) for pair in there):
        return TOO_FAR, _too_far(request, there, need)
    return None


def _away(request: PlanRequest, need: VisitNeed) -> str:
    if not any(day >= need.earliest for day in request.days):
        return "The plan has no working day on which the visit could be made."
    return "On every day of the plan at least one officer of each crew that may go is away."


def _too_far(request: PlanRequest, pairs: Sequence[Pair], need: VisitNeed) -> str:
    bases = [request.bases[each] for pair in pairs for each in pair]
    near = min(int(each) for each in request.legs.matrix(bases, [need.position or bases[0]])[:, 0])
    return f"Even alone it does not fit a duty: {near} minutes' drive from the nearest base of a crew that may go."


def _no_room(request: PlanRequest, need: VisitNeed, board: Board) -> tuple[str, str]:
    if place := board.into_round(need):
        return FITS, f"There is room now: {_who(request, place[0].duty)}, {_more(place[2])}."
    if crew := board.into_new(need):
        return FITS, f"There is room now: a new round, {_who(request, crew)}."
    swap = board.instead(need)
    if swap is None:
        return HOURS, "No time is left: the visiting days of every crew that may go are taken, and their rounds are full."
    draft, gone = swap
    weight = sum(worth(request, each) for each in gone)
    others = f"{len(gone)} other{'' if len(gone) == 1 else 's'}"
    if weight >= worth(request, need):
        return (
            LESS_URGENT,
            f"Fits only in place of {others} that weigh{'s' if len(gone) == 1 else ''} more: {_who(request, draft.duty)}.",
        )
    return LESS_URGENT, f"Fits only in place of {others} of nearly the same weight: {_who(request, draft.duty)}."


def _who(request: PlanRequest, crew: Duty) -> str:
    names = " and ".join(request.label(each) for each in crew.officers)
    return f"{in_words(crew.day)} with {names}"


def _more(minutes: int) -> str:
    return f"{minutes} minute{'' if minutes == 1 else 's'} of driving more"

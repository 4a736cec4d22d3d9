"""After the search: whatever due visit still fits is placed, so that what is left out has a reason that holds."""

from __future__ import annotations

from mosovo_planner.planning.weeks.areas import Area
from mosovo_planner.planning.weeks.board import Board, Draft, net
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed
from mosovo_planner.planning.weeks.timetable import insertion
from mosovo_planner.planning.weeks.values import worth


def place_what_fits(request: PlanRequest, area: Area, drafts: list[Draft]) -> list[Draft]:
    """Place each due visit that no draft holds: into a round, into a new round, or in place of others where that
    gains, the driving counted."""
    board = Board(request, area, drafts)
    planned = {need.ref for draft in drafts for need in draft.needs}
    dropped = request.keep.dropped if request.keep else frozenset()
    waiting = [
        need
        for ref in area.refs
        if ref not in planned and ref not in dropped and request.due(need := request.needs[ref]) and need.position
    ]
    turns = 3 * len(waiting)
    while waiting and turns > 0:
        turns -= 1
        waiting.sort(key=lambda need: (worth(request, need), need.ref))
        gone = _place(request, board, waiting.pop())
        waiting += [each for each in gone if request.due(each)]
    return sorted(
        (draft for draft in board.drafts if draft.needs or draft.held),
        key=lambda each: (each.duty.day, each.duty.start, each.duty.id),
    )


def _place(request: PlanRequest, board: Board, need: VisitNeed) -> list[VisitNeed]:
    """Place one visit if that can be; the visits that gave way to it."""
    if place := board.into_round(need):
        place[0].needs.insert(place[1], need)
        return []
    if crew := board.into_new(need):
        board.drafts.append(Draft(crew, [need]))
        return []
    swap = board.instead(need)
    if swap is None:
        return []
    draft, gone = swap
    rest = [each for each in draft.needs if each not in gone]
    index = insertion(request, draft.duty, rest, need)
    if index is None:
        return []
    after = [*rest[: index[1]], need, *rest[index[1] :]]
    if net(request, draft.duty, after) <= net(request, draft.duty, draft.needs):
        return []
    draft.needs = after
    return gone

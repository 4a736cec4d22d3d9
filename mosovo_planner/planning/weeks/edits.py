"""Changes by hand: each takes a plan and gives a new one, with times, problems and what is left out brought up to date.

Nothing is refused: what stands against a change is said in ``Round.problems``. Undo is keeping the plan from before.
Every function raises :class:`PlanError` where the round, the visit or the offender is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from mosovo_planner.domain.proposals import Plan, Round, Stop, Unplanned
from mosovo_planner.planning.weeks.board import Draft, draft_of
from mosovo_planner.planning.weeks.checks import with_problems
from mosovo_planner.planning.weeks.crews import Pair, duty, duty_id, round_duty
from mosovo_planner.planning.weeks.making import BY_HAND, better_base, make_round, need_of
from mosovo_planner.planning.weeks.reasons import unplanned_visits
from mosovo_planner.planning.weeks.request import PlanError, PlanRequest, VisitNeed
from mosovo_planner.planning.weeks.rules import minutes_of, time_of
from mosovo_planner.planning.weeks.timetable import best_order, least_harm

_ADDED, _MOVED = BY_HAND


def retime(request: PlanRequest, plan: Plan) -> Plan:
    """The same rounds in the same order with times, leads, reasons and problems by today's facts."""
    return _with(request, plan, [_remade(request, draft_of(request, each), each) for each in plan.rounds])


def move_visit(request: PlanRequest, plan: Plan, ref: str, round_id: str, index: int | None = None) -> Plan:
    """Put a planned visit at ``index`` of a round, the same or another; at its best place where None.

    A pin goes with it, but to the new time.
    """
    source, stop = _stop(plan, ref)
    _ahead(request, ref)
    target = _round(plan, round_id)
    moved = replace(stop, why=_MOVED, arrive=time.min)
    if source.id == target.id:
        rest = _without(request, source, ref)
        return _with(request, plan, [_joined(request, rest, moved, index)])
    return _with(request, plan, [_without(request, source, ref), _joined(request, target, moved, index)])


def add_visit(request: PlanRequest, plan: Plan, ref: str, round_id: str, index: int | None = None) -> Plan:
    """Add a visit of anybody on the caseload, due or not, at ``index`` of a round; at its best place where None."""
    target = _round(plan, round_id)
    need = need_of(request, ref)
    if need is None:
        raise PlanError("The offender is not on the caseload that this plan was made from; make the plan again.")
    if any(stop.ref == ref for each in plan.rounds for stop in each.stops):
        raise PlanError("The offender already has a visit in this plan; move that visit instead.")
    added = Stop(ref, "", need.kind, time.min, time.min, 0, _ADDED)
    return _with(request, replace(plan, dropped=plan.dropped - {ref}), [_joined(request, target, added, index)])


def drop_visit(request: PlanRequest, plan: Plan, ref: str) -> Plan:
    """Take a visit off the plan; it is not proposed again when this plan is made anew."""
    source, _ = _stop(plan, ref)
    _ahead(request, ref)
    return _with(request, replace(plan, dropped=plan.dropped | {ref}), [_without(request, source, ref)])


def pin_visit(request: PlanRequest, plan: Plan, ref: str, pinned: bool = True) -> Plan:
    """Keep a visit with its day, crew and about its time when the plan is made again; or let it go."""
    source, _ = _stop(plan, ref)
    stops = tuple(replace(stop, pinned=pinned) if stop.ref == ref else stop for stop in source.stops)
    return _with(request, plan, [replace(source, stops=stops)])


def pin_round(request: PlanRequest, plan: Plan, round_id: str, pinned: bool = True) -> Plan:
    """Keep a round's crew and day when the plan is made again; or let it go. Its visits are pinned one by one."""
    return _with(request, plan, [replace(_round(plan, round_id), pinned=pinned)])


def add_round(request: PlanRequest, plan: Plan, day: date, officers: Pair, evening: bool = False) -> Plan:
    """A round without visits yet; it is pinned, since somebody wanted it."""
    name, number = duty_id(day, officers, evening), 1
    while any(each.id == name for each in plan.rounds):
        number += 1
        name = f"{duty_id(day, officers, evening)} ({number})"
    crew = duty(request, day, officers, evening, officers[0], name)
    return _with(request, plan, [make_round(request, crew, [], pinned=True)])


def drop_round(request: PlanRequest, plan: Plan, round_id: str) -> Plan:
    """Take a round out; its due visits are left out until they are planned elsewhere."""
    for stop in _round(plan, round_id).stops:
        _ahead(request, stop.ref)
    return _with(request, replace(plan, rounds=tuple(each for each in plan.rounds if each.id != round_id)), [])


def change_crew(request: PlanRequest, plan: Plan, round_id: str, officers: Pair) -> Plan:
    """Send other officers on the same round; it starts from whichever base makes the driving shorter."""
    former = _round(plan, round_id)
    for stop in former.stops:
        _ahead(request, stop.ref)
    crew = duty(request, former.date, officers, former.evening, officers[0], former.id)
    return _with(request, plan, [_remade(request, replace(draft_of(request, former), duty=crew), former, rebase=True)])


def reorder(request: PlanRequest, plan: Plan, round_id: str) -> Plan:
    """The round's visits in their best order; pinned ones stay about where they are."""
    former = _round(plan, round_id)
    draft = draft_of(request, former)
    behind = [need for need in draft.needs if need.ref in request.done]
    rest = best_order(request, draft.duty, [need for need in draft.needs if need.ref not in request.done])
    draft.needs = [*behind, *rest]
    return _with(request, plan, [_remade(request, draft, former)])


def _round(plan: Plan, round_id: str) -> Round:
    found = next((each for each in plan.rounds if each.id == round_id), None)
    if found is None:
        raise PlanError("The round is not in this plan any more.")
    return found


def _stop(plan: Plan, ref: str) -> tuple[Round, Stop]:
    found = next(((each, stop) for each in plan.rounds for stop in each.stops if stop.ref == ref), None)
    if found is None:
        raise PlanError("The visit is not in this plan any more.")
    return found


def _ahead(request: PlanRequest, ref: str) -> None:
    if ref in request.done:
        raise PlanError("That visit is behind already and stays where it was.")


def _without(request: PlanRequest, source: Round, ref: str) -> Round:
    draft = draft_of(request, source)
    draft.needs = [need for need in draft.needs if need.ref != ref]
    return _remade(request, draft, source)


def _joined(request: PlanRequest, target: Round, stop: Stop, index: int | None) -> Round:
    """The round with one more stop, which keeps its kind and pin."""
    need = need_of(request, stop.ref)
    if need is None:
        raise PlanError("The offender is not on the caseload any more; take the visit off the plan.")
    need = replace(need, kind=stop.kind)
    draft = draft_of(request, target)
    behind = sum(each.ref in request.done for each in draft.needs)
    at = least_harm(request, draft.duty, draft.needs, need) if index is None else min(index, len(draft.needs))
    at = max(behind, at)
    return _remade(request, replace(draft, needs=_put(draft.needs, at, need)), target, [stop], rebase=not target.stops)


def _put(needs: Sequence[VisitNeed], at: int, need: VisitNeed) -> list[VisitNeed]:
    return [*needs[:at], need, *needs[at:]]


def _remade(request: PlanRequest, draft: Draft, former: Round, joined: Iterable[Stop] = (), *, rebase: bool = False) -> Round:
    crew = better_base(request, draft.duty, draft.needs) if rebase else draft.duty
    stops = {stop.ref: stop for stop in [*former.stops, *joined]}
    return make_round(request, crew, draft.needs, stops, pinned=former.pinned, depart=minutes_of(former.start))


def _with(request: PlanRequest, plan: Plan, changed: Sequence[Round]) -> Plan:
    """The plan with these rounds in place of those of the same id, or besides them, and all that follows."""
    new = {each.id: each for each in changed}
    rounds = [new.pop(each.id, each) for each in plan.rounds] + list(new.values())
    checked = with_problems(request, sorted(rounds, key=lambda each: (each.date, each.start, each.id)))
    return replace(plan, rounds=checked, unplanned=left_out(request, checked, plan.dropped))


def left_out(request: PlanRequest, rounds: Sequence[Round], dropped: Iterable[str]) -> tuple[Unplanned, ...]:
    """Every visit due within the plan that no round holds, with its reason.

    In the course of a plan, visits that are planned up to today are none of them, and room is sought from tomorrow on: a
    crew that is out already is not at hand.
    """
    if request.since is None:
        return unplanned_visits(request, rounds, dropped)
    tomorrow = max(request.start, request.since.date() + timedelta(days=1))
    ahead = [each for each in rounds if each.date >= tomorrow]
    before = {stop.ref for each in rounds if each.date < tomorrow for stop in each.stops}
    needs = {ref: need for ref, need in request.needs.items() if ref not in before}
    areas = tuple(replace(area, refs=tuple(ref for ref in area.refs if ref in needs)) for area in request.areas)
    keep = replace(request.keep, rounds=tuple(rounds)) if request.keep else None
    return unplanned_visits(replace(request, start=tomorrow, needs=needs, areas=areas, keep=keep), ahead, dropped)


def duty_end(request: PlanRequest, each: Round) -> time:
    """When the crew of a round must have finished, for a screen that shows how much room is left."""
    return time_of(round_duty(request, each).until)

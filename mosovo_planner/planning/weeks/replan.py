"""Making a plan again in its course: somebody is sick, nobody opened, a crew is late, somebody must be seen at once.

The engine of rounds searches on from the plan as it stands: rounds whose crews go on, and rounds that free officers could
drive, share one set packing. Each promised visit is worth more where it is promised (the price of a change), so that the
best answer changes no more than what came up makes worth its while. Visits that the plan had left out come in afterwards,
and only into rounds that change anyway. Rounds whose visits stay the same are not touched at all.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.domain.proposals import Plan, Round, SolverFacts, Stop
from mosovo_planner.planning.rounds import solve_visits
from mosovo_planner.planning.weeks.areas import Area
from mosovo_planner.planning.weeks.changes import Change, differences
from mosovo_planner.planning.weeks.checks import with_problems
from mosovo_planner.planning.weeks.crews import Duty, objection, on_duty, trained
from mosovo_planner.planning.weeks.edits import left_out
from mosovo_planner.planning.weeks.making import as_it_was, make_round, need_of
from mosovo_planner.planning.weeks.openings import Opening, bounds, duty_of, openings
from mosovo_planner.planning.weeks.promises import begin, promises_problem
from mosovo_planner.planning.weeks.request import VisitNeed
from mosovo_planner.planning.weeks.rules import minutes_of, time_of
from mosovo_planner.planning.weeks.surprises import ReplanRequest, Standing
from mosovo_planner.planning.weeks.timetable import ROUGH, best_order, fits, timetable
from mosovo_planner.planning.weeks.values import COST_PER_MINUTE, worth

_STEP = 5  # minutes between the departures tried


@dataclass(frozen=True)
class Replanned:
    """The plan made again, and what is different from the plan as it was."""

    plan: Plan
    changes: tuple[Change, ...]


def replan(asked: ReplanRequest, report: Reporter = silent) -> Replanned:
    """The plan from now on. Rounds that nothing touches keep crew, visits and times; what is done stays.

    ``report`` is called with the share done; what it raises ends the work. With ``iterations`` in the request the same
    facts give the same answer.
    """
    begun = time.monotonic()
    report(Progress("Looking at the rounds as they stand", 0.0))
    touched = [area for area in asked.request.areas if _concerns(asked, area)]
    rounds = {each.id: each for each in asked.plan.rounds}
    net = 0.0
    for area in touched:
        side = _Area(asked, area, [each for each in asked.standings.values() if set(each.round.officers) & set(area.officers)])
        net += side.search(max(0.1, asked.request.seconds / len(touched)), report)
        for name in side.former:
            rounds.pop(name, None)
        rounds |= {each.id: each for each in side.rounds()}
    report(Progress("Saying what changes", 0.95))
    ordered = sorted(rounds.values(), key=lambda each: (each.date, each.start, each.id))
    checked = with_problems(asked.request, ordered)
    plan = replace(
        asked.plan, rounds=checked, unplanned=left_out(asked.request, checked, asked.plan.dropped),
        solver=SolverFacts(round(time.monotonic() - begun, 2), net), travel_basis=asked.request.legs.name,
    )  # fmt: skip
    return Replanned(plan, differences(asked, plan))


def _concerns(asked: ReplanRequest, area: Area) -> bool:
    """Whether anything that came up lies in this area."""
    officers, refs = set(area.officers), set(area.refs)
    if officers & asked.sick.keys() or refs & asked.urgent.keys():
        return True
    struck = [each for each in asked.standings.values() if each.late or each.breaks_up or _failed_in(asked, each)]
    return any(officers & set(each.round.officers) for each in struck)


def _failed_in(asked: ReplanRequest, each: Standing) -> bool:
    return any(stop.ref in asked.failed for stop in each.round.stops)


class _Area:
    """One area: its rounds as they stand, and as they come out."""

    def __init__(self, asked: ReplanRequest, area: Area, standings: Sequence[Standing]) -> None:
        self._asked, self._area = asked, area
        self._standings = [each for each in standings if set(each.round.officers) <= set(area.officers) or each.breaks_up]
        self.former = [each.round.id for each in self._standings]
        self._before: dict[str, Stop] = {stop.ref: stop for each in self._standings for stop in each.round.stops}
        self._openings = openings(asked, area, self._standings)
        self._needs = self._asked_for()
        self._found: dict[str, list[VisitNeed]] = {}

    def _asked_for(self) -> list[VisitNeed]:
        """The visits still to be made: promised ones, those to be tried again, and urgent ones."""
        refs = [stop.ref for each in self._standings for stop in each.ahead]
        refs += [ref for ref in sorted(self._asked.failed) if ref in self._before]
        planned = {stop.ref for each in self._asked.plan.rounds for stop in each.stops}
        refs += [ref for ref in sorted(self._asked.urgent) if ref in self._area.refs and ref not in planned]
        needs = [self._need(ref) for ref in dict.fromkeys(refs)]
        return [need for need in needs if need is not None and not need.suspended and need.position]

    def _need(self, ref: str) -> VisitNeed | None:
        need = need_of(self._asked.request, ref)
        if need is None:
            return None
        if ref in self._asked.urgent:
            return need
        former = self._before if ref not in self._asked.failed else {}
        return as_it_was(need, former)

    def search(self, seconds: float, report: Reporter) -> float:
        """Find the rounds; net worth in minutes of driving."""
        if not self._needs or not self._openings:
            return 0.0
        request = self._asked.request
        problem = promises_problem(
            self._asked, self._needs, self._openings, bounds(self._asked, self._area, self._standings), self._before
        )
        answer = solve_visits(
            problem, seconds=seconds, seed=request.seed, iterations=request.iterations,
            start=begin(self._openings, self._standings, {need.ref for need in self._needs}),
            report=lambda step: report(replace(step, share=0.9 * (step.share or 0.0), best=None)),
        )  # fmt: skip
        by_ref = {need.ref: need for need in self._needs}
        self._found = {route.crew: [by_ref[stop.visit] for stop in route.stops] for route in answer.routes}
        whole = sum(problem.best_reward(visit) for visit in range(len(problem.visits)))
        return (whole - answer.objective) / COST_PER_MINUTE

    # From the answer to rounds

    def rounds(self) -> list[Round]:
        """The area's rounds from now on, what is done of them included."""
        made: list[Round] = [self._broken_off(each) for each in self._standings if each.breaks_up and each.done]
        changed: list[tuple[Opening, list[VisitNeed]]] = []
        for each in self._openings:
            found = self._found.get(each.id, [])
            standing = each.standing
            if standing is not None and self._as_it_was(standing, found):
                made.append(standing.round)
            elif found or (standing is not None and (standing.done or standing.round.pinned)):
                changed.append((each, self._ordered(each, found)))
        self._fill(changed, made)
        return made + [self._round(each, rest) for each, rest in changed]

    def _as_it_was(self, standing: Standing, found: Sequence[VisitNeed]) -> bool:
        same = {need.ref for need in found} == {stop.ref for stop in standing.ahead}
        return same and not standing.late and not _failed_in(self._asked, standing) and len(found) == len(standing.ahead)

    def _broken_off(self, standing: Standing) -> Round:
        duty = duty_of(self._asked, standing)
        needs = self._sequence(duty, standing, [])
        made = make_round(self._asked.request, duty, needs, self._before, pinned=standing.round.pinned)
        return replace(made, stops=_as_done(standing, made.stops))

    def _sequence(self, duty: Duty, standing: Standing | None, rest: Sequence[VisitNeed]) -> list[VisitNeed]:
        """What is done and then the rest: the next visit no earlier than the crew can be there, closed doors not too soon."""
        needs = self._from_where_it_is(standing, list(rest))
        if duty.day != self._asked.now.date() or not any(need.ref in self._asked.failed for need in rest):
            return needs
        soonest = self._asked.minute + self._asked.retry
        for at, need in enumerate(needs):
            if need.ref in self._asked.failed and timetable(self._asked.request, duty, needs).arrive[at] < soonest:
                needs[at] = replace(need, not_before=soonest)
        return needs

    def _from_where_it_is(self, standing: Standing | None, rest: list[VisitNeed]) -> list[VisitNeed]:
        request = self._asked.request
        if standing is None:
            return rest
        done = [as_it_was(need, self._before) for stop in standing.done if (need := request.needs.get(stop.ref))]
        if rest and standing.free_from is not None and standing.at is not None and rest[0].position is not None:
            there = standing.free_from + request.legs.minutes(standing.at, rest[0].position)
            rest[0] = replace(rest[0], not_before=max(rest[0].not_before, there))
        return [*done, *rest]

    def _fits(self, opening: Opening, rest: Sequence[VisitNeed]) -> bool:
        return fits(self._asked.request, opening.duty, self._sequence(opening.duty, opening.standing, rest))

    def _ordered(self, opening: Opening, found: Sequence[VisitNeed]) -> list[VisitNeed]:
        """The visits in the order promised, others put in where they cost least; else in the order found; else what fits."""
        place = {stop.ref: at for at, stop in enumerate(self._likeness(opening, found))}
        kept = sorted((need for need in found if need.ref in place), key=lambda need: place[need.ref])
        order: list[VisitNeed] | None = kept
        for need in (need for need in found if need.ref not in place):
            order = self._put(opening, order, need) if order is not None else None
        if order is not None and self._fits(opening, order):
            return order
        if self._fits(opening, found):
            return list(found)
        return self._made_to_fit(opening, list(found))

    def _likeness(self, opening: Opening, found: Sequence[VisitNeed]) -> Sequence[Stop]:
        """The promised round whose order counts: its own, or the one most of the visits come from."""
        if opening.standing is not None:
            return opening.standing.ahead
        refs = {need.ref for need in found}
        same_day = [each for each in self._standings if each.round.date == opening.duty.day]
        best = max(same_day, key=lambda each: sum(stop.ref in refs for stop in each.ahead), default=None)
        return best.ahead if best else ()

    def _put(self, opening: Opening, rest: Sequence[VisitNeed], need: VisitNeed) -> list[VisitNeed] | None:
        """The visit where it costs least driving and the fewest promised times; None where it fits nowhere."""
        tries = [[*rest[:at], need, *rest[at:]] for at in range(len(rest) + 1)]
        able = [(self._price(opening, each), at) for at, each in enumerate(tries) if self._fits(opening, each)]
        return tries[min(able)[1]] if able else None

    def _price(self, opening: Opening, rest: Sequence[VisitNeed]) -> float:
        """Minutes of driving, and the price of a change for each visit that comes at another time than promised."""
        needs = self._sequence(opening.duty, opening.standing, rest)
        times = timetable(self._asked.request, opening.duty, needs)
        promised = {stop.ref: minutes_of(stop.arrive) for stop in self._likeness(opening, rest)}
        arrive = {need.ref: at for need, at in zip(needs, times.arrive, strict=True)}
        moved = sum(abs(arrive[ref] - at) > ROUGH for ref, at in promised.items() if ref in arrive)
        return sum(times.drives) + self._asked.price * moved

    def _made_to_fit(self, opening: Opening, rest: list[VisitNeed]) -> list[VisitNeed]:
        """The best order; the least worth leave until the duty holds the rest."""
        request = self._asked.request
        if opening.standing is None or not opening.standing.begun:
            rest = best_order(request, opening.duty, rest)
        kept = {ref for ref, stop in self._before.items() if stop.pinned}
        while rest and not self._fits(opening, rest):
            free = [need for need in rest if need.ref not in kept and need.ref not in self._asked.urgent]
            if not free:
                break
            least = min(free, key=lambda need: (worth(request, need), need.ref))
            rest.remove(least)
        return rest

    def _fill(self, changed: Sequence[tuple[Opening, list[VisitNeed]]], made: Sequence[Round]) -> None:
        """Due visits that no round holds, into the rounds that change anyway, where no promised visit comes much later."""
        asked, request = self._asked, self._asked.request
        held = {stop.ref for each in (*made, *asked.plan.rounds) for stop in each.stops if stop.ref not in self._before}
        held |= {stop.ref for each in made for stop in each.stops} | {need.ref for _, rest in changed for need in rest}
        held |= asked.plan.dropped | request.done | asked.failed | asked.urgent.keys()
        waiting = [
            need for ref in self._area.refs
            if ref not in held and request.due(need := request.needs[ref]) and need.position
        ]  # fmt: skip
        for need in sorted(waiting, key=lambda each: (-worth(request, each), each.ref)):
            for opening, rest in changed:
                if self._may(opening, need) and (more := self._put(opening, rest, need)) and self._on_time(opening, more):
                    rest[:] = more
                    break

    def _may(self, opening: Opening, need: VisitNeed) -> bool:
        request, crew = self._asked.request, opening.duty
        if crew.day < need.earliest or objection(request, crew.officers, need) or not trained(request, crew.officers):
            return False
        return all(on_duty(request, each, crew.day) for each in crew.officers)

    def _on_time(self, opening: Opening, rest: Sequence[VisitNeed]) -> bool:
        """Whether each visit promised for this round comes about when promised, or not later than it does already."""
        if opening.standing is None:
            return True
        needs = self._sequence(opening.duty, opening.standing, rest)
        times = timetable(self._asked.request, opening.duty, needs)
        promised = {stop.ref: minutes_of(stop.arrive) + opening.standing.late for stop in opening.standing.ahead}
        arrive = {need.ref: at for need, at in zip(needs, times.arrive, strict=True)}
        return all(arrive[ref] <= at + ROUGH for ref, at in promised.items() if ref in arrive)

    def _round(self, opening: Opening, rest: Sequence[VisitNeed]) -> Round:
        standing, crew = opening.standing, opening.duty
        depart = self._departure(opening, rest)
        needs = self._sequence(crew, standing, rest)
        pinned = standing is not None and standing.round.pinned
        made = make_round(self._asked.request, crew, needs, self._former(opening), pinned=pinned, depart=depart)
        if standing is None:
            return made
        return replace(made, stops=_as_done(standing, _same_leads(standing, made.stops)))

    def _former(self, opening: Opening) -> Mapping[str, Stop]:
        """Stops whose kind and pin carry over; a pin's time only within its day."""
        same_day = {stop.ref for each in self._standings if each.round.date == opening.duty.day for stop in each.round.stops}
        again = self._asked.failed | self._asked.urgent.keys()
        return {
            ref: stop if ref in same_day else replace(stop, arrive=time_of(0))
            for ref, stop in self._before.items() if ref not in again
        }  # fmt: skip

    def _departure(self, opening: Opening, rest: Sequence[VisitNeed]) -> int | None:
        """When the crew leaves: as promised, or as little earlier as the round asks; a round taken over as its former crew
        would have left."""
        if opening.standing is not None:
            if opening.standing.begun:
                return None
            promised = minutes_of(opening.standing.round.start) + opening.standing.late
            needs = self._sequence(opening.duty, opening.standing, rest)
            leaving = range(promised, opening.duty.start, -_STEP)
            return next((at for at in leaving if fits(self._asked.request, replace(opening.duty, start=at), needs)), None)
        refs = {need.ref for need in rest}
        alike = [
            each for each in self._standings
            if each.breaks_up and each.round.date == opening.duty.day and each.round.evening == opening.duty.evening
            and 2 * len(refs & {stop.ref for stop in each.ahead}) > len(refs)
        ]  # fmt: skip
        return minutes_of(alike[0].round.start) if alike and not alike[0].begun else None


def _as_done(standing: Standing, stops: Sequence[Stop]) -> tuple[Stop, ...]:
    """The stops with those that are done as they were, but for the time the crew leaves."""
    done = {stop.ref: stop for stop in standing.done}
    return tuple(replace(done[stop.ref], leave=stop.leave) if stop.ref in done else stop for stop in stops)


def _same_leads(standing: Standing, stops: Sequence[Stop]) -> tuple[Stop, ...]:
    """Whoever was to lead a visit of the round still leads it."""
    leads = {stop.ref: stop.lead for stop in standing.round.stops}
    return tuple(replace(stop, lead=leads.get(stop.ref, stop.lead)) for stop in stops)


__all__ = ["ReplanRequest", "Replanned", "replan"]

"""Large forces by teams: a caseload split where bases lie apart, each team allocated and planned by itself, side by side.

A team is one the force names, or a group of neighbouring bases. Cutting a force in two again and again costs n log n, a
team has a size of its own however large the force is, so the whole grows no faster. Cases go to either side of a cut by
the travel they save there for each hour of work, as far as both sides get their share of the work: the best there is for
two sides (the fractional knapsack of Dantzig 1957).

Teams are limited by steps, so whoever plans them (:mod:`mosovo_planner.planning.pool`) comes to the same answers.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.domain.proposals import AllocationProposal, ManagerLoad, Move, Plan, SolverFacts
from mosovo_planner.domain.travel import TravelTimes
from mosovo_planner.domain.workload import capacity_hours, case_hours, visits_per_year
from mosovo_planner.planning.allocation import allocation_request, propose_allocation
from mosovo_planner.planning.allocation.reasons import LEFT
from mosovo_planner.planning.cutting import Ground, Team, cut
from mosovo_planner.planning.pool import IN_TURN, Job, JobsFailed, Workers
from mosovo_planner.planning.weeks import PlanRequest, propose_plan
from mosovo_planner.planning.weeks.values import worth

LARGEST = 25
"""Officers of one team; a real team has ten to forty."""
STEPS_A_VISIT = 20
"""Steps of the search for each visit that a team could make; a team's plan hardly gains by more."""
_UNHURRIED = 1e9  # seconds: an allocation is limited by its own steps


def split_teams(
    cases: Sequence[Case],
    managers: Sequence[OffenderManager],
    policy: Policy,
    travel: TravelTimes,
    as_of: date,
    *,
    given: Mapping[str, str] | None = None,
    largest: int = LARGEST,
) -> tuple[Team, ...]:
    """Every manager and every offender in one team.

    Args:
        given: the team of each manager by name; offenders then belong to their manager's team, those without to the
            nearest. Managers left out form teams by their bases.
        largest: officers of a team at most, where none are given.
    """
    ground = Ground(cases, managers, policy, travel, as_of)
    named: dict[str, list[int]] = {name: [] for name in sorted(set((given or {}).values()))}
    for at, manager in enumerate(managers):
        if given and manager.id in given:
            named[given[manager.id]].append(at)
    rest = [at for at, manager in enumerate(managers) if not given or manager.id not in given]
    if not named:
        return cut(ground, largest)
    groups = [(name, members) for name, members in named.items() if members]
    groups += [("Without a team", rest)] if rest else []
    return ground.teams_of(groups)


def allocate_teams(
    cases: Sequence[Case],
    managers: Sequence[OffenderManager],
    policy: Policy,
    travel: TravelTimes,
    as_of: date,
    *,
    teams: Sequence[Team] | None = None,
    seed: int = 1,
    workers: Workers = IN_TURN,
    report: Reporter = silent,
    done: Mapping[str, AllocationProposal] | None = None,
) -> AllocationProposal:
    """Propose who holds whom, each team by itself; objective and bound are the sums of the teams'.

    Args:
        teams: those of :func:`split_teams`, which is asked where they are left out.
        done: proposals that teams came to before, by name, as :class:`JobsFailed` gives them.

    Raises:
        Cancelled: ``report`` raised it.
        JobsFailed: some teams failed; the message names them, and ``done`` holds the others' proposals.
    """
    begun = time.monotonic()
    parts = split_teams(cases, managers, policy, travel, as_of) if teams is None else tuple(teams)
    known = {case.offender.ref: case for case in cases}
    staff = {each.id: each for each in managers}

    def asked(team: Team) -> tuple[object, ...]:
        own = [known[ref] for ref in team.refs]
        return (
            allocation_request(
                own, [staff[each] for each in team.managers], policy, travel, as_of, seed=seed, seconds=_UNHURRIED
            ),
        )

    finished = dict(done or {})
    jobs = [
        Job(team.name, propose_allocation, partial(asked, team), float(len(team.refs) + 1))
        for team in parts
        if team.managers and team.name not in finished
    ]
    finished = _finish(workers, jobs, report, finished)
    ordered = {team.name: finished[team.name] for team in parts if team.name in finished}
    moves = _told([move for each in ordered.values() for move in each.moves], cases, managers, policy, travel)
    return _merged(ordered, moves, cases, managers, policy, travel, as_of, time.monotonic() - begun)


def plan_teams(
    request: PlanRequest,
    *,
    workers: Workers = IN_TURN,
    report: Reporter = silent,
    done: Mapping[str, Plan] | None = None,
) -> Plan:
    """The plan of :func:`propose_plan`, each of the request's areas planned by itself.

    Limited by steps: those of the request, else some for each visit. ``done`` and errors are as for allocation.
    """
    begun = time.monotonic()
    parts = _parts(request)
    finished = dict(done or {})
    jobs = [Job(name, propose_plan, (part,), float(len(part.needs) + 1)) for name, part in parts.items() if name not in finished]
    finished = _finish(workers, jobs, report, finished)
    plans = [finished[name] for name in parts]
    rounds = sorted((each for plan in plans for each in plan.rounds), key=lambda each: (each.date, each.start, each.id))
    left = [each for plan in plans for each in plan.unplanned]
    left.sort(key=lambda each: (-worth(request, request.needs[each.ref]), each.ref))
    return Plan(
        start=request.start,
        end=request.end,
        seed=request.seed,
        rounds=tuple(rounds),
        unplanned=tuple(left),
        solver=_facts([plan.solver for plan in plans], time.monotonic() - begun, most=True),
        travel_basis=request.legs.name,
        dropped=request.keep.dropped if request.keep else frozenset(),
    )


def _parts(request: PlanRequest) -> dict[str, PlanRequest]:
    """The request of each area; whoever belongs to none is looked at with the first."""
    areas = request.areas
    if len(areas) < 2:
        return {"The team": _limited(request)}
    placed = {ref for area in areas for ref in area.refs}
    parts = {}
    for at, area in enumerate(areas):
        own = set(area.refs) | (request.needs.keys() - placed if at == 0 else set())
        needs = {ref: need for ref, need in request.needs.items() if ref in own}
        bases = [request.officer[each].base for each in area.officers]
        where = max(sorted(set(bases)), key=bases.count) if any(bases) else ""
        name = f"Team {at + 1}{f' ({where})' if where else ''}"
        parts[name] = _limited(replace(request, areas=(area,), needs=needs))
    return parts


def _limited(part: PlanRequest) -> PlanRequest:
    if part.iterations is not None:
        return part
    visits = sum(part.worth_proposing(need) for need in part.needs.values())
    return replace(part, iterations=max(1000, STEPS_A_VISIT * visits))


def _finish(workers: Workers, jobs: Sequence[Job], report: Reporter, finished: dict[str, Any]) -> dict[str, Any]:
    """The answers of all teams, those known before included; where a team fails, the error holds those too."""
    try:
        return finished | workers.run(jobs, report)
    except JobsFailed as wrong:
        raise JobsFailed(wrong.failures, finished | wrong.done) from wrong


def _told(
    moves: Sequence[Move],
    cases: Sequence[Case],
    managers: Sequence[OffenderManager],
    policy: Policy,
    travel: TravelTimes,
) -> tuple[Move, ...]:
    """The moves, in order of reference; those from another team's manager with travel and reason, which no team alone knows."""
    staff, known = {each.id: each for each in managers}, {case.offender.ref: case for case in cases}
    found = []
    for move in sorted(moves, key=lambda each: each.ref):
        before, after = staff.get(move.from_manager or ""), staff.get(move.to_manager)
        if before is None or after is None or not move.reason.startswith(f"{move.from_manager} {LEFT}"):
            found.append(move)
            continue
        case = known[move.ref]
        home, visits = case.offender.position, visits_per_year(case.offender, policy)
        reason, saved = f"Goes with the area to the team of {after.id}.", 0.0
        if home and before.position and after.position:
            drives = travel.minutes([before.position, after.position], [home])[:, 0]
            saved = 2 * visits * float(drives[0] - drives[1])
            reason += f" {drives[1]:.0f} min from that base, {drives[0]:.0f} from that of {before.id}, {visits:g} visits a year."
        found.append(replace(move, minutes_saved_per_year=saved, reason=reason))
    return tuple(found)


def _merged(
    parts: Mapping[str, AllocationProposal],
    moves: tuple[Move, ...],
    cases: Sequence[Case],
    managers: Sequence[OffenderManager],
    policy: Policy,
    travel: TravelTimes,
    as_of: date,
    seconds: float,
) -> AllocationProposal:
    proposals = list(parts.values())
    after = {load.id: load for each in proposals for load in each.managers}
    before = _present(cases, managers, policy, travel)
    loads = []
    for manager in managers:
        hours, count, minutes = before[manager.id]
        now = after.get(manager.id)
        loads.append(
            ManagerLoad(
                id=manager.id,
                capacity=capacity_hours(manager, policy, as_of),
                workload_before=hours,
                workload_after=now.workload_after if now else 0.0,
                cases_before=count,
                cases_after=now.cases_after if now else 0,
                travel_minutes_before=minutes,
                travel_minutes_after=now.travel_minutes_after if now else 0.0,
            )
        )
    return AllocationProposal(
        as_of=as_of,
        assignment={ref: to for each in proposals for ref, to in each.assignment.items()},
        moves=moves,
        managers=tuple(loads),
        unallocated=tuple(left for each in proposals for left in each.unallocated),
        solver=_facts([each.solver for each in proposals], seconds, most=False),
        pinned=frozenset(ref for each in proposals for ref in each.pinned),
        travel_basis=travel.name,
    )


def _present(
    cases: Sequence[Case], managers: Sequence[OffenderManager], policy: Policy, travel: TravelTimes
) -> dict[str, tuple[float, int, float]]:
    """Hours, cases and minutes of travel a year that each manager has now, over all teams."""
    held: dict[str, list[Case]] = {each.id: [] for each in managers}
    for case in cases:
        if case.offender.manager in held:
            held[case.offender.manager].append(case)
    found = {}
    for manager in managers:
        own = held[manager.id]
        minutes = 0.0
        placed = [each.offender for each in own if each.offender.position]
        if manager.position and placed:
            drives = travel.minutes([manager.position], [each.position for each in placed if each.position])[0]
            minutes = sum(2 * visits_per_year(each, policy) * float(drive) for each, drive in zip(placed, drives, strict=True))
        found[manager.id] = (sum(case_hours(each.offender, policy) for each in own), len(own), minutes)
    return found


def _facts(parts: Sequence[SolverFacts], seconds: float, *, most: bool) -> SolverFacts:
    """The sums of the teams' objectives and bounds; ``most`` says that more is better."""
    objective = sum(each.objective for each in parts)
    bounds = [each.bound for each in parts if each.bound is not None]
    if not parts or len(bounds) < len(parts):
        return SolverFacts(round(seconds, 2), objective)
    bound = sum(bounds)
    apart = (bound - objective) / max(1.0, abs(bound)) if most else (objective - bound) / max(1.0, objective)
    return SolverFacts(round(seconds, 2), objective, bound, max(0.0, apart))

"""Large forces by teams: everybody in one team, the same answers side by side, and nothing lost by one team's error.

All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import pytest

from mosovo_planner.domain.clocks import Case, case_of
from mosovo_planner.domain.people import Offender, OffenderManager, Position, Risk, Status
from mosovo_planner.domain.policy import read_policy
from mosovo_planner.domain.progress import Cancelled, Progress, Reporter, silent
from mosovo_planner.domain.proposals import AllocationProposal, Plan
from mosovo_planner.domain.travel import Minutes
from mosovo_planner.domain.workload import case_hours
from mosovo_planner.planning.cluster import ClusterError, cluster_at
from mosovo_planner.planning.pool import IN_TURN, Job, JobsFailed, Processes, Workers, workers_of
from mosovo_planner.planning.teams import allocate_teams, plan_teams, split_teams
from mosovo_planner.planning.weeks import PlanRequest, plan_request, propose_plan
from mosovo_planner.planning.worker import WorkerDied
from mosovo_planner.resources import resource

POLICY = read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))
DAY = date(2026, 11, 23)


class Straight:
    """Straight roads at a mile a minute, in an invented country."""

    name = "straight roads, invented"

    def minutes(self, origins: list[Position], destinations: list[Position]) -> Minutes:
        a, b = (np.array([(each.lat, each.lon * 0.62) for each in several]) for several in (origins, destinations))
        return (1 + np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2)) * 69).astype(np.float32)


TRAVEL = Straight()


def managers(count: int, bases: int = 4) -> list[OffenderManager]:
    return [
        OffenderManager(
            id=f"OM{at:02}", base=f"Base {at % bases}", position=Position(51.0 + 0.3 * (at % bases), -2.0), trained=True
        )
        for at in range(count)
    ]


def cases(count: int, officers: int, seed: int = 1) -> list[Case]:
    random = Random(seed)
    people = [
        Offender(
            ref=f"INV-{at:03}",
            risk=list(Risk)[at % 3],
            position=Position(50.9 + 1.1 * random.random(), -2.1 + 0.2 * random.random()),
            manager=f"OM{random.randrange(officers):02}",
            last_seen=DAY - timedelta(days=random.randrange(20, 420)),
            status=Status.CUSTODY if at % 11 == 10 else Status.COMMUNITY,
        )
        for at in range(count)
    ]
    return [case_of(each, POLICY, DAY) for each in people]


def test_everybody_is_in_one_team_and_work_is_shared_out_by_hours() -> None:
    staff, held = managers(16), cases(240, 16)
    teams = split_teams(held, staff, POLICY, TRAVEL, DAY, largest=4)
    assert sorted(each for team in teams for each in team.managers) == [each.id for each in staff]
    assert sorted(each for team in teams for each in team.refs) == [case.offender.ref for case in held]
    assert max(len(team.managers) for team in teams) <= 4
    hours = {case.offender.ref: case_hours(case.offender, POLICY) for case in held}
    shares = [sum(hours[ref] for ref in team.refs) / len(team.managers) for team in teams]
    assert max(shares) / min(shares) < 1.15
    holders = {case.offender.ref: case.offender for case in held}
    for team in teams:
        assert all(holders[ref].manager in team.managers for ref in team.refs if holders[ref].status is Status.CUSTODY)


def test_whole_bases_stay_together_and_cases_lie_near_their_team() -> None:
    staff, held = managers(16), cases(240, 16)
    teams = split_teams(held, staff, POLICY, TRAVEL, DAY, largest=8)
    base = {each.id: each.base for each in staff}
    assert sorted(sorted({base[each] for each in team.managers}) for team in teams) == [
        ["Base 0", "Base 1"],
        ["Base 2", "Base 3"],
    ]
    at = {case.offender.ref: case.offender.position for case in held if not case.visit.suspended}
    middle = [np.mean([spot.lat for ref in team.refs if (spot := at.get(ref))]) for team in teams]
    assert abs(middle[0] - middle[1]) > 0.4


def test_a_base_larger_than_a_team_is_cut_along_the_land() -> None:
    staff, held = managers(12, bases=1), cases(120, 12)
    teams = split_teams(held, staff, POLICY, TRAVEL, DAY, largest=6)
    assert [len(team.managers) for team in teams] == [6, 6]
    assert min(len(team.refs) for team in teams) > 40


def test_given_teams_keep_their_managers_cases() -> None:
    staff, held = managers(6), [*cases(60, 6), case_of(Offender(ref="NEW", position=Position(51.0, -2.0)), POLICY, DAY)]
    given = {each.id: "North" if each.base in ("Base 2", "Base 3") else "South" for each in staff}
    teams = {team.name: team for team in split_teams(held, staff, POLICY, TRAVEL, DAY, given=given)}
    assert set(teams) == {"North", "South"}
    for case in held[:-1]:
        assert case.offender.ref in teams[given[case.offender.manager or ""]].refs
    assert "NEW" in teams["South"].refs


def allocation(workers: Workers, **options: Any) -> AllocationProposal:
    staff, held = managers(8), cases(90, 8)
    teams = split_teams(held, staff, POLICY, TRAVEL, DAY, largest=4)
    return allocate_teams(held, staff, POLICY, TRAVEL, DAY, teams=teams, workers=workers, **options)


def timeless(proposal: Any) -> Any:
    return replace(proposal, solver=replace(proposal.solver, seconds=0.0))


@pytest.fixture(scope="module")
def in_turn() -> AllocationProposal:
    return allocation(IN_TURN)


def test_an_allocation_by_teams_covers_the_force(in_turn: AllocationProposal) -> None:
    held = cases(90, 8)
    placed = set(in_turn.assignment) | {each.ref for each in in_turn.unallocated}
    assert placed == {case.offender.ref for case in held}
    assert sum(load.cases_before for load in in_turn.managers) == len(held)
    assert sum(load.cases_after for load in in_turn.managers) == len(in_turn.assignment)
    assert in_turn.travel_after < in_turn.travel_before
    now = {case.offender.ref: case.offender.manager for case in held}
    assert {(move.ref, move.to_manager) for move in in_turn.moves} == {
        (ref, to) for ref, to in in_turn.assignment.items() if to != now[ref]
    }


@pytest.fixture(scope="module")
def request_for_two_areas() -> PlanRequest:
    made = plan_request(cases(70, 44), managers(44), POLICY, TRAVEL, DAY, 1, seed=3, seconds=0.0, iterations=90)
    assert len(made.areas) == 2
    return made


def test_processes_come_to_the_same_answers(in_turn: AllocationProposal, request_for_two_areas: PlanRequest) -> None:
    side_by_side = Processes(2)
    assert timeless(allocation(side_by_side)) == timeless(in_turn)
    planned = plan_teams(request_for_two_areas, workers=side_by_side)
    assert timeless(planned) == timeless(plan_teams(request_for_two_areas))


def test_a_plan_by_teams_is_the_plan_of_the_whole(request_for_two_areas: PlanRequest) -> None:
    whole, parts = propose_plan(request_for_two_areas), plan_teams(request_for_two_areas)
    assert parts.rounds == whole.rounds
    assert parts.unplanned == whole.unplanned
    assert parts.solver.objective == pytest.approx(whole.solver.objective)


def test_a_pinned_round_stays_once_where_a_plan_is_made_by_teams(request_for_two_areas: PlanRequest) -> None:
    first = plan_teams(request_for_two_areas)
    held = first.rounds[-1]
    stays = replace(held, pinned=True, stops=tuple(replace(stop, pinned=True) for stop in held.stops))
    kept = replace(first, rounds=(*first.rounds[:-1], stays))
    again = plan_request(cases(70, 44), managers(44), POLICY, TRAVEL, DAY, 1, keep=kept, seed=4, seconds=0.0, iterations=90)
    assert len(again.areas) == 2
    planned = plan_teams(again)
    assert [each.officers for each in planned.rounds if each.pinned] == [held.officers]
    assert {stop.ref for stop in held.stops} <= {stop.ref for each in planned.rounds if each.pinned for stop in each.stops}
    visited = [stop.ref for each in planned.rounds for stop in each.stops]
    assert len(visited) == len(set(visited))


def test_a_cluster_comes_to_the_same_answers(in_turn: AllocationProposal) -> None:
    distributed = pytest.importorskip("distributed", reason="the optional extra `cluster` is not installed")
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, host="127.0.0.1", protocol="tcp"
        ) as local,
    ):
        assert timeless(allocation(workers_of(cluster=local.scheduler_address))) == timeless(in_turn)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("scheduler.force.example", "must read like"),
        ("tls://scheduler.force.example", "must read like"),
        ("tcp://host:port", "must read like"),
        ("http://127.0.0.1:8786", "must read like"),
        ("tcp://scheduler.force.example:8786", "encrypted"),
        ("tcp://10.0.0.4:8786", "encrypted"),
    ],
)
def test_no_cluster_is_asked_by_a_wrong_or_open_address(address: str, said: str) -> None:
    with pytest.raises(ClusterError, match=said):
        cluster_at(address)


def test_without_a_cluster_s_address_nothing_but_processes_works() -> None:
    assert workers_of() == Processes(0)
    assert workers_of(2) == Processes(2)


def double(number: int, *, report: Reporter = silent) -> int:
    report(Progress("doubling", 0.5))
    return 2 * number


def refuse(number: int, *, report: Reporter = silent) -> int:
    raise ValueError(f"something about {number} that nobody may read")


def die(number: int, *, report: Reporter = silent) -> int:
    import os

    os._exit(number)


@pytest.fixture(params=["in turn", "processes"])
def workers(request: pytest.FixtureRequest) -> Workers:
    return IN_TURN if request.param == "in turn" else Processes(2)


def test_one_team_s_error_is_named_and_loses_nothing(workers: Workers) -> None:
    jobs = [Job("Team 1", double, (21,)), Job("Team 2", refuse, (7,)), Job("Team 3", double, lambda: (4,))]
    with pytest.raises(JobsFailed, match="Team 2") as caught:
        workers.run(jobs, silent)
    assert caught.value.done == {"Team 1": 42, "Team 3": 8}
    assert "nobody may read" not in str(caught.value)
    assert isinstance(caught.value.failures["Team 2"], ValueError)


def test_a_process_that_dies_is_named_and_the_others_go_on() -> None:
    jobs = [Job("Team 1", die, (9,), 3.0), Job("Team 2", double, (2,)), Job("Team 3", double, (3,))]
    with pytest.raises(JobsFailed, match="Team 1") as caught:
        Processes(1).run(jobs, silent)
    assert caught.value.done == {"Team 2": 4, "Team 3": 6}
    assert isinstance(caught.value.failures["Team 1"], WorkerDied)


def test_progress_names_the_team_and_rises_to_the_whole(workers: Workers) -> None:
    told: list[Progress] = []
    workers.run([Job("Team 1", double, (1,)), Job("Team 2", double, (2,), 3.0)], told.append)
    assert any(step.text == "Team 1: doubling" for step in told)
    shares = [step.share or 0.0 for step in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_cancel_ends_the_work(workers: Workers) -> None:
    def stop(step: Progress) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        workers.run([Job("Team 1", double, (1,))], stop)


def test_what_was_done_before_is_not_done_again(
    in_turn: AllocationProposal, request_for_two_areas: PlanRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Once:
        """Fails at the second job, as a machine might that runs out of memory."""

        def run(self, jobs: list[Job], report: Reporter) -> dict[str, Any]:
            done = IN_TURN.run(jobs[:1], report)
            if len(jobs) > 1:
                raise JobsFailed({job.name: WorkerDied("it stopped") for job in jobs[1:]}, done)
            return done

    with pytest.raises(JobsFailed) as caught:
        plan_teams(request_for_two_areas, workers=Once())
    assert len(caught.value.done) == 1
    again: Plan = plan_teams(request_for_two_areas, workers=Once(), done=caught.value.done)
    assert timeless(again) == timeless(plan_teams(request_for_two_areas))


def test_a_case_that_changes_team_says_so_with_the_travel_it_saves(in_turn: AllocationProposal) -> None:
    teams = split_teams(cases(90, 8), managers(8), POLICY, TRAVEL, DAY, largest=4)
    team_of = {each: team.name for team in teams for each in team.managers}
    across = [move for move in in_turn.moves if move.from_manager and team_of[move.from_manager] != team_of[move.to_manager]]
    assert across
    assert all("Goes with the area to the team of" in move.reason for move in across)
    assert not any("not in the team any more" in move.reason for move in in_turn.moves)
    assert sum(move.minutes_saved_per_year for move in across) > 0

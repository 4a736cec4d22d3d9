"""Bounds by column generation: never better than the best answer there is, whatever the problem holds and whenever they stop."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from mosovo_planner.planning.rounds import CrewSlot, Objective, VisitsProblem, VisitTask, solve_visits
from mosovo_planner.planning.rounds.bounding import Generation, network, pricing
from mosovo_planner.planning.rounds.bounds import tighter
from mosovo_planner.planning.rounds.model import build_model
from tests.planning.rounds import checking
from tests.planning.rounds.test_engine import pairs, shortest, town

AN_HOUR = 3600.0  # nothing here ends by the clock


def bound_of(problem: VisitsProblem, until: float = AN_HOUR) -> float | None:
    model, _ = build_model(problem)
    return tighter(problem, None, Generation(model, ()).run(time.monotonic() + until))


def random_problem(seed: int) -> VisitsProblem:
    """Five visits and three crews with everything in them: two windows, loads, crews' own rewards, resources, most stops."""
    draw = np.random.default_rng(seed)
    places, crews, visits = 4, 3, 5
    travel = shortest(draw.integers(0, 10, (places, places)))
    slots = tuple(
        CrewSlot(
            f"c{k}",
            int(draw.integers(places)),
            int(draw.integers(places)),
            int(draw.integers(5)),
            int(draw.integers(15, 40)),
            None if draw.random() < 0.5 else int(draw.integers(2, 7)),
            tuple(name for name in "AB" if draw.random() < 0.4),
            None if draw.random() < 0.5 else int(draw.integers(1, 3)),
        )
        for k in range(crews)
    )
    tasks = []
    for k in range(visits):
        opens = [int(draw.integers(25)) for _ in range(1 + int(draw.random() < 0.3))]
        windows = tuple((first, first + int(draw.integers(12))) for first in opens)
        allowed = None if draw.random() < 0.7 else ("c0", "c2")
        tasks.append(
            VisitTask(
                f"v{k}",
                int(draw.integers(places)),
                int(draw.integers(1, 7)),
                windows,
                int(draw.integers(20)),
                bool(draw.random() < 0.15),
                int(draw.integers(4)),
                allowed,
            )
        )
    rewards = None if seed % 2 else draw.integers(-1, 20, (visits, crews))
    cost = None if seed % 3 else draw.integers(0, 15, (places, places))
    objective = Objective.COST if seed % 4 < 2 else Objective.REWARD_THEN_TRAVEL
    return VisitsProblem(tuple("abcd"), travel, slots, tuple(tasks), objective, cost, rewards, {"A": int(draw.integers(3))})


@pytest.mark.parametrize("block", range(4))
def test_a_bound_is_never_passed_by_the_best_answer_and_mostly_meets_it(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pricing, "ROOM", 20_000)
    met = told = 0
    for seed in range(25 * block, 25 * block + 25):
        problem = random_problem(seed)
        required, *best = checking.best_of_all(problem)
        if required < sum(task.required for task in problem.visits):
            continue  # then nothing is claimed
        bound = bound_of(problem)
        assert bound is not None
        if problem.objective is Objective.REWARD_THEN_TRAVEL:
            value = best[0]
            assert bound >= value, seed
        else:
            value = sum(problem.best_reward(visit) for visit in range(len(problem.visits))) - best[0]
            assert bound <= value, seed
        told, met = told + 1, met + (bound == value)
    assert told >= 10
    assert met >= 0.8 * told


@pytest.mark.parametrize("objective", Objective)
@pytest.mark.parametrize("make", [lambda: town(36, 3), lambda: pairs(4, 1, 16)], ids=["town", "pairs"])
def test_a_bound_holds_whenever_it_is_asked_for(make: object, objective: Objective, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = replace(make(), objective=objective)  # type: ignore[operator]
    if objective is Objective.COST and problem.rewards is None:
        problem = replace(problem, visits=tuple(replace(task, reward=3 * task.reward) for task in problem.visits))
    monkeypatch.setattr(pricing, "ROOM", 300_000)
    found = solve_visits(problem, seconds=0.0, seed=1, iterations=8000)
    model, _ = build_model(problem)
    sign = 1 if objective is Objective.REWARD_THEN_TRAVEL else -1
    generation = Generation(model, ())
    seen: list[float] = []
    exact = generation._exact

    def noted(prices: np.ndarray, estimate: float) -> tuple[int, float]:
        answer = exact(prices, estimate)
        bound = tighter(problem, None, generation.bound)
        assert bound is not None
        assert sign * bound >= sign * found.objective
        seen.append(sign * bound)
        return answer

    monkeypatch.setattr(generation, "_exact", noted)
    generation.run(time.monotonic() + AN_HOUR)
    assert seen == sorted(seen, reverse=True)  # it only ever gets better
    assert abs(seen[-1] - sign * found.objective) <= 0.12 * abs(found.objective)


def test_too_little_room_gives_a_weaker_bound_or_none_and_never_a_wrong_one(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(30, 2)
    found = solve_visits(problem, seconds=0.0, seed=1, iterations=6000)
    for room in (40, 400, 4000):
        monkeypatch.setattr(pricing, "ROOM", room)
        bound = bound_of(problem, 1.0)
        assert bound is None or bound >= found.reward


def test_rounds_it_offers_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pricing, "ROOM", 100_000)
    problem = town(30, 2)
    model, layout = build_model(problem)
    generation = Generation(model, ())
    generation.run(time.monotonic() + AN_HOUR)
    assert generation.offered
    for own in generation.offered:
        assert len(set(own.visits)) == len(own.visits)
        crew = layout.members[own.crew][0]
        times = checking.earliest(problem, crew, list(own.visits))
        assert times is not None
        assert checking.holds(problem, crew, list(own.visits), times)


def test_visits_that_take_no_time_at_one_place_are_left_to_the_simple_bound() -> None:
    tasks = tuple(VisitTask(f"v{k}", 1, 0, ((0, 9),), 1) for k in range(3))
    problem = VisitsProblem(("a", "b"), np.array([[0, 1], [1, 0]]), (CrewSlot("c", 0, 0, 0, 9),), tasks)
    assert bound_of(problem) is None
    assert network.network(build_model(problem)[0], 0, 8) is None

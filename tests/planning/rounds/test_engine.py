"""The engine of rounds: right on every tiny problem, repeatable, stoppable, honest about what it cannot place."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.planning.rounds import CrewSlot, Objective, Route, Stop, VisitsProblem, VisitTask, solve_visits
from tests.planning.rounds import checking


def shortest(travel: np.ndarray) -> np.ndarray:
    """The same with no leg longer than a way round: what times by road are like."""
    for via in range(len(travel)):
        travel = np.minimum(travel, travel[:, [via]] + travel[[via]])
    np.fill_diagonal(travel, 0)
    return travel


@st.composite
def problems(draw: st.DrawFn) -> VisitsProblem:
    """Tiny problems with everything in them: windows, loads, required visits, crews' own rewards, resources."""
    places, crews, visits = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 4))
    legs = st.lists(st.lists(st.integers(0, 9), min_size=places, max_size=places), min_size=places, max_size=places)
    place = st.integers(0, places - 1)
    window = st.tuples(st.integers(0, 30), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))
    slots = tuple(
        CrewSlot(f"c{k}", draw(place), draw(place), draw(st.integers(0, 5)), draw(st.integers(10, 45)),
                 draw(st.none() | st.integers(0, 6)), tuple(sorted(draw(st.sets(st.sampled_from("AB"))))),
                 draw(st.none() | st.integers(1, 3)))
        for k in range(crews)
    )
    some = st.none() | st.lists(st.sampled_from([slot.id for slot in slots]), min_size=1).map(tuple)
    tasks = tuple(
        VisitTask(f"v{k}", draw(place), draw(st.integers(0, 6)), tuple(draw(st.lists(window, min_size=1, max_size=2))),
                  draw(st.integers(0, 20)), draw(st.integers(0, 3)) == 0, draw(st.integers(0, 3)), draw(some))
        for k in range(visits)
    )
    own = st.lists(st.lists(st.integers(-1, 20), min_size=crews, max_size=crews), min_size=visits, max_size=visits)
    return VisitsProblem(
        tuple(f"p{k}" for k in range(places)), shortest(np.array(draw(legs))), slots, tasks,
        objective=draw(st.sampled_from(Objective)),
        cost=draw(st.none() | legs.map(np.array)), rewards=draw(st.none() | own.map(np.array)),
        resources=draw(st.dictionaries(st.sampled_from("AB"), st.integers(0, 2))),
    )


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems(), st.integers(0, 3))
def test_tiny_problems_are_solved_to_the_best_answer_there_is(problem: VisitsProblem, seed: int) -> None:
    solution = solve_visits(problem, seconds=1.0, seed=seed, iterations=1500, threads=1)
    worth = checking.recount(problem, solution)
    assert worth == checking.best_of_all(problem)
    if solution.bound is not None and not solution.unmet_required:
        better = 1 if problem.objective is Objective.REWARD_THEN_TRAVEL else -1
        assert better * solution.objective <= better * solution.bound


def town(visits: int = 60, crews: int = 4, seed: int = 5, **changes: object) -> VisitsProblem:
    """A made-up town: visits with a window each, crews of one base."""
    source = np.random.default_rng(seed)
    spots = source.uniform(0, 60, (visits + 1, 2))
    travel = np.ceil(np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))).astype(np.int64)
    slots = tuple(CrewSlot(f"c{k}", visits, visits, 0, 480) for k in range(crews))
    opens = source.integers(0, 400, visits)
    rewards = source.integers(1, 50, visits)
    tasks = tuple(VisitTask(f"v{k}", k, 30, ((int(opens[k]), int(opens[k]) + 90),), int(rewards[k])) for k in range(visits))
    return replace(VisitsProblem(tuple(map(str, range(visits + 1))), travel, slots, tasks), **changes)  # type: ignore[arg-type]


def pairs(officers: int = 6, days: int = 3, visits: int = 40) -> VisitsProblem:
    """Any two officers may go out together; each once a day and twice in all; a visit is worth more to its own manager."""
    plain = town(visits, 1)
    source = np.random.default_rng(1)
    managers = source.integers(0, officers, visits)
    chosen = [(day, a, b) for day in range(days) for a in range(officers) for b in range(a)]
    slots = tuple(
        CrewSlot(f"{d}:{a}+{b}", visits, visits, d * 1440, d * 1440 + 420, None, (f"{a}@{d}", f"{b}@{d}", f"{a}", f"{b}"), 5)
        for d, a, b in chosen
    )
    tasks = tuple(replace(task, windows=tuple((day * 1440, day * 1440 + 400) for day in range(days))) for task in plain.visits)
    own = np.array([[1 + (managers[k] in (a, b)) for _, a, b in chosen] for k in range(visits)])
    rewards = own * np.array([[task.reward] for task in tasks])
    return replace(plain, crews=slots, visits=tasks, rewards=rewards, resources={str(a): 2 for a in range(officers)})


def test_the_engine_chooses_crews_within_what_each_officer_can_give() -> None:
    problem = pairs()
    solution = solve_visits(problem, seconds=1.0, seed=1, iterations=12000)
    checking.recount(problem, solution)
    assert len(solution.routes) == 6  # six officers, two days each, two to a crew
    made = [(problem.visit_index[stop.visit], route.crew) for route in solution.routes for stop in route.stops]
    own = [problem.reward(visit, problem.crew_index[crew]) == 2 * problem.visits[visit].reward for visit, crew in made]
    assert sum(own) > 0.6 * len(own)  # by chance it would be a third


@pytest.mark.parametrize("threads", [1, 2])
def test_with_counted_iterations_the_same_seed_gives_the_same_answer(threads: int) -> None:
    first, second = (solve_visits(town(), seconds=0.0, seed=7, iterations=4000, threads=threads) for _ in range(2))
    assert first.routes == second.routes
    assert first.iterations == second.iterations > 0


def test_an_answer_to_begin_from_is_never_made_worse_and_what_no_longer_fits_is_left_out() -> None:
    problem = town()
    before = solve_visits(problem, seconds=0.0, seed=1, iterations=6000)
    after = solve_visits(problem, seconds=0.0, seed=2, iterations=30, start=before.routes)
    assert (after.reward, -after.travel) >= (before.reward, -before.travel)
    gone = replace(problem, visits=problem.visits[:40], crews=problem.crews[1:])
    strange = (*before.routes, Route("nobody", (Stop("v1", 0),)), Route(problem.crews[1].id, (Stop("no such visit", 0),)))
    checking.recount(gone, solve_visits(gone, seconds=0.0, seed=2, iterations=30, start=strange))


def test_a_visit_that_must_stay_with_one_crew_stays_there() -> None:
    problem = town()
    free = solve_visits(problem, seconds=0.0, seed=1, iterations=6000)
    wanted = free.missed[0]
    kept = tuple(replace(task, required=True, crews=("c2",)) if task.id == wanted else task for task in problem.visits)
    pinned = replace(problem, visits=kept)
    solution = solve_visits(pinned, seconds=0.0, seed=1, iterations=6000)
    checking.recount(pinned, solution)
    assert wanted in [stop.visit for route in solution.routes if route.crew == "c2" for stop in route.stops]


def test_required_visits_that_cannot_be_made_are_named_and_the_rest_is_still_planned() -> None:
    problem = town(20, 2)
    never = VisitTask("never", 0, 30, ((470, 480),), 5, required=True)
    solution = solve_visits(replace(problem, visits=(*problem.visits, never)), seconds=0.0, seed=1, iterations=3000)
    assert solution.unmet_required == ("never",)
    assert "never" in solution.missed
    assert solution.routes


def test_nothing_to_do_is_an_answer_too() -> None:
    for problem in (town(0, 2), replace(town(5, 1), crews=())):
        solution = solve_visits(problem, seconds=1.0, seed=1)
        assert solution.routes == ()
        assert len(solution.missed) == len(problem.visits)


def test_the_user_stops_a_solve_at_once_and_no_thread_is_left() -> None:
    problem, begun = town(200, 8), time.monotonic()
    told: list[float] = []
    solve_visits(problem, seconds=0.0, seed=1, iterations=1)  # what is compiled on first use is no part of this
    begun = time.monotonic()

    def report(progress: Progress) -> None:
        if time.monotonic() - begun > 0.4:
            told.append(time.monotonic())
            raise Cancelled

    before = threading.active_count()
    with pytest.raises(Cancelled):
        solve_visits(problem, seconds=60.0, seed=1, report=report)
    assert time.monotonic() - told[0] < 20  # of the 60 s that it was given
    assert threading.active_count() == before


def test_progress_tells_the_share_done_and_the_best_so_far() -> None:
    steps: list[Progress] = []
    solve_visits(town(), seconds=0.5, seed=1, report=steps.append)
    shares = [step.share for step in steps if step.share is not None]
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert {step.text for step in steps} >= {"Searching for rounds"}


def test_the_search_ends_by_itself_and_says_how_long_it_took() -> None:
    problem = town(100, 4)
    solution = solve_visits(problem, seconds=1.0, seed=1)
    assert 0.9 < solution.seconds < 30

"""The times of one round, for edits by hand."""

from __future__ import annotations

import numpy as np

from mosovo_planner.planning.rounds import CrewSlot, VisitsProblem, VisitTask
from mosovo_planner.planning.rounds.timing import Breach, best_insertion, time_route

TRAVEL = np.abs(np.subtract.outer([0, 10, 20, 30], [0, 10, 20, 30]))
PROBLEM = VisitsProblem(
    ("base", "a", "b", "c"), TRAVEL, (CrewSlot("k", 0, 0, 0, 120, max_load=2, max_stops=3),),
    (
        VisitTask("a", 1, 10, ((0, 15), (50, 60)), 1, load=1),
        VisitTask("b", 2, 10, ((0, 100),), 1, load=1),
        VisitTask("c", 3, 10, ((0, 25), (45, 100)), 1, load=1, crews=("other",)),
    ),
)


def test_a_round_starts_each_visit_as_early_as_its_windows_allow() -> None:
    timing = time_route(PROBLEM, 0, [1, 0])
    assert timing.feasible
    assert (timing.starts, timing.waits, timing.end, timing.travel) == ((20, 50), (0, 10), 70, 40)


def test_every_breach_is_told_with_its_place_and_size() -> None:
    timing = time_route(PROBLEM, 0, [1, 2, 1, 0])
    found = {(violation.breach, violation.position, violation.amount) for violation in timing.violations}
    assert found == {(Breach.NOT_ALLOWED, 1, 0), (Breach.TWICE, 2, 0), (Breach.TOO_MANY, None, 1),
                     (Breach.OVERLOADED, None, 2), (Breach.LATE, 3, 25)}
    assert timing.starts == (20, 45, 65, 85)


def test_coming_home_late_is_a_breach() -> None:
    timing = time_route(PROBLEM, 0, [0, 0])
    assert not timing.feasible
    late = VisitTask("late", 3, 10, ((95, 99),), 1)
    problem = VisitsProblem(PROBLEM.locations, TRAVEL, PROBLEM.crews, (late,))
    (violation,) = time_route(problem, 0, [0]).violations
    assert (violation.breach, violation.amount) == (Breach.LATE_HOME, 15)


def test_the_best_place_for_a_visit_breaks_no_rule_where_one_such_exists() -> None:
    insertion = best_insertion(PROBLEM, 0, [1], 0)
    assert (insertion.position, insertion.added_cost, insertion.timing.feasible) == (0, 0, True)
    assert not best_insertion(PROBLEM, 0, [1], 2).timing.feasible


def test_an_empty_round_takes_no_time() -> None:
    timing = time_route(PROBLEM, 0, [])
    assert (timing.feasible, timing.end, timing.travel, timing.starts) == (True, 0, 0, ())

"""How good the engine of rounds is on published instances; prints, judges nothing.

Run it alone: ``python -m pytest tests/benchmarks/test_rounds_engine.py -s --timeout 600``.
"""

from __future__ import annotations

import os
from math import dist, floor
from pathlib import Path

import numpy as np
import pytest

from mosovo_planner.planning.rounds import CrewSlot, Objective, VisitsProblem, VisitsSolution, VisitTask, solve_visits
from tests.planning.rounds import checking

SHARED = Path(os.environ.get("MOSOVO_SHARED", Path(__file__).parents[2] / "../shared"))
SECONDS = float(os.environ.get("MOSOVO_BENCH_SECONDS", "30"))
MOST_REWARD = {("c103", 4): 1210, ("r103", 3): 747, ("rc104", 4): 1065, ("pr03", 2): 742, ("pr05", 3): 1499, ("pr10", 4): 1957}
LEAST_COST = {"R103": 12087, "RC104": 11323, "C205": 5864, "R208": 7010}


def rows_of(name: str) -> list[list[str]]:
    path = SHARED / "bench" / name
    if not path.is_file():
        pytest.skip("shared data absent")
    return [line.split() for line in path.read_text().splitlines() if line.strip()]


def between(spots: list[tuple[float, float]], scale: int) -> np.ndarray:
    """Distances cut to whole units after scaling, as the literature does."""
    return np.array([[floor(dist(a, b) * scale + 1e-9) for b in spots] for a in spots])


def orienteering(name: str, crews: int) -> VisitsProblem:
    points = [[float(row[k]) for k in (1, 2, 3, 4, -2, -1)] for row in rows_of(f"toptw/{name}.txt")[2:]]
    scale = 100 if name.startswith("pr") else 10
    opens = [(round(point[4] * scale), round(point[5] * scale)) for point in points]
    return VisitsProblem(
        tuple(map(str, range(len(points)))), between([(point[0], point[1]) for point in points], scale),
        tuple(CrewSlot(f"k{k}", 0, 0, *opens[0]) for k in range(crews)),
        tuple(VisitTask(f"v{k}", k, round(p[2] * scale), (opens[k],), round(p[3])) for k, p in enumerate(points) if k),
    )


def least_distance(name: str) -> VisitsProblem:
    rows = rows_of(f"solomon/{name}.txt")
    crews, capacity = map(int, rows[next(k for k, row in enumerate(rows) if row[0] == "NUMBER") + 1][:2])
    data = [[int(float(cell)) for cell in row] for row in rows[next(k for k, row in enumerate(rows) if row[0] == "CUST") + 1 :]]
    return VisitsProblem(
        tuple(map(str, range(len(data)))), between([(row[1], row[2]) for row in data], 10),
        tuple(CrewSlot(f"k{k}", 0, 0, data[0][4] * 10, data[0][5] * 10, capacity) for k in range(crews)),
        tuple(VisitTask(f"v{row[0]}", row[0], row[6] * 10, ((row[4] * 10, row[5] * 10),), 0, True, row[3]) for row in data[1:]),
        Objective.COST,
    )


def tell(name: str, problem: VisitsProblem, solution: VisitsSolution, known: int) -> None:
    checking.recount(problem, solution)
    assert not solution.unmet_required
    off = 100 * (solution.objective / known - 1)
    print(f"\n{name}: {solution.objective} ({off:+.2f} % against best known {known}), bound {solution.bound}, "
          f"{solution.seconds:.1f} s, {solution.iterations:,} iterations")


@pytest.mark.parametrize(("name", "crews"), MOST_REWARD)
def test_most_reward(name: str, crews: int) -> None:
    problem = orienteering(name, crews)
    tell(f"{name}, {crews} crews", problem, solve_visits(problem, seconds=SECONDS, seed=1), MOST_REWARD[name, crews])


@pytest.mark.parametrize("name", LEAST_COST)
def test_least_cost(name: str) -> None:
    problem = least_distance(name)
    tell(name, problem, solve_visits(problem, seconds=SECONDS, seed=1), LEAST_COST[name])

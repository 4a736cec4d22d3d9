"""The allocation engine's table: instance, seconds, cost, % over best known, lower bound, gap, whether proved.

``python -m tests.benchmarks.allocation_table [seconds small] [seconds large]``; it prints and judges nothing. The
published instances are read from the shared folder (``MOSOVO_SHARED``) where there is one; the large ones are made
here, by the recipe of Lorena & Senne's p3038: points of a drilled board, loads 1 to 100, capacities filled to 80 %.
"""

from __future__ import annotations

import sys

import numpy as np

from mosovo_planner.planning.allocation.median.engine import solve_allocation, warm_up
from mosovo_planner.planning.allocation.median.problem import AllocationProblem
from tests.benchmarks.test_allocation_engine import BEST_KNOWN, SHARED, problem_of, published

_BOARD = (2900, 3900)
_POINTS = 3038
_FILLED = 0.8


def board(managers: int) -> AllocationProblem:
    """Rows of pads about 39 apart, some missing, as on a drilled board; invented from a fixed seed."""
    rng = np.random.default_rng(managers)
    places: dict[tuple[int, int], None] = {}
    while len(places) < _POINTS:
        x, y = rng.integers(0, _BOARD[0]), rng.integers(0, _BOARD[1])
        for row in range(int(rng.integers(2, 15))):
            places[int(x + rng.integers(-2, 3)), int(y + 39 * row + rng.integers(-2, 3))] = None
    at = np.array(list(places)[:_POINTS], dtype=float)
    work = rng.integers(1, 101, _POINTS)
    return problem_of(at, work, float(np.ceil(work.sum() / managers / _FILLED)), managers)


def scattered() -> AllocationProblem:
    """3,000 points and 600 managers at random, capacities filled to 88 %."""
    rng = np.random.default_rng(1)
    at, work = rng.random((3000, 2)) * 1000, rng.integers(1, 100, 3000)
    return problem_of(at, work, int(work.sum() / 600 / 0.88), 600)


def line(name: str, problem: AllocationProblem, seconds: float, known: float | None) -> str:
    """One row of the table."""
    found = solve_allocation(problem, seconds=seconds)
    over = f"{100 * (found.cost / known - 1):+.3f}" if known else "-"
    proved = "yes" if found.cost - found.bound <= 1e-7 * max(1.0, found.cost) else "no"
    return (
        f"{name:<14}{found.seconds:8.1f}{found.cost:13.2f}{over:>9}{found.bound:13.2f}{100 * found.gap:9.3f}{proved:>8}"
    )


def main(small: float = 29.0, large: float = 57.0) -> None:
    """Print the whole table."""
    warm_up()
    print(f"{'instance':<14}{'seconds':>8}{'cost':>13}{'% over':>9}{'bound':>13}{'gap %':>9}{'proved':>8}")
    for name, known in BEST_KNOWN.items():
        path = SHARED / "bench/cpmp" / f"{name}.dat"
        if path.is_file():
            print(line(name, published(path), small, known), flush=True)
    for managers in (600, 700, 800, 900, 1000):
        print(line(f"board/{managers}", board(managers), large, None), flush=True)
    print(line("scattered/600", scattered(), large, None), flush=True)


if __name__ == "__main__":
    main(*(float(each) for each in sys.argv[1:3]))

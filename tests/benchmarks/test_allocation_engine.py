"""How good and how fast the allocation engine is on published instances and on a large one; prints, judges nothing.

Run it alone: ``python -m pytest tests/benchmarks/test_allocation_engine.py -s --timeout 600``.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from mosovo_planner.planning.allocation.median.engine import solve_allocation, warm_up
from mosovo_planner.planning.allocation.median.problem import AllocationProblem, PlacedOffender, TerritoryManager

BEST_KNOWN = {"SJC1": 17288.99, "SJC2": 33270.94, "SJC3a": 45335.16, "SJC4a": 61925.51}
SHARED = Path(os.environ.get("MOSOVO_SHARED", Path(__file__).parents[2] / "../shared"))


def problem_of(at: np.ndarray, work: np.ndarray, capacity: float, managers: int) -> AllocationProblem:
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    offenders = tuple(PlacedOffender(f"o{i}", i, float(w)) for i, w in enumerate(work))
    return AllocationProblem(apart, offenders, tuple(TerritoryManager(f"m{k}", capacity) for k in range(managers)))


def published(path: Path) -> AllocationProblem:
    """Lorena's format: ``n p``, then ``x y capacity demand`` a line."""
    head, *rows = [[float(word) for word in line.split()] for line in path.read_text().splitlines() if line.strip()]
    table = np.array([row[:4] for row in rows[: int(head[0])]])
    return problem_of(table[:, :2], table[:, 3], table[0, 2], int(head[1]))


@pytest.mark.parametrize("name", BEST_KNOWN)
def test_published_instance(name: str):
    path = SHARED / "bench/cpmp" / f"{name}.dat"
    if not path.is_file():
        pytest.skip("shared data absent")
    warm_up()
    found = solve_allocation(published(path), seconds=30)
    over = 100 * (found.cost / BEST_KNOWN[name] - 1)
    print(f"\n{name}: {found.cost:.2f}, {over:+.3f} % over best known, gap {100 * found.gap:.3f} %, {found.seconds:.1f} s")


def test_large_instance():
    rng = np.random.default_rng(1)
    at, work = rng.random((3000, 2)) * 1000, rng.integers(1, 100, 3000)
    warm_up()
    found = solve_allocation(problem_of(at, work, int(work.sum() / 600 / 0.88), 600), seconds=60)
    print(f"\n3,000 points, 600 centres: {found.cost:.2f}, gap {100 * found.gap:.2f} %, {found.seconds:.1f} s")

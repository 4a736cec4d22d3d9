"""How good the engine of rounds is on published instances; prints, judges nothing.

Run it alone: ``python -m pytest tests/benchmarks/test_rounds_engine.py -s --timeout 600``; beside its peers it runs in
``python -m tests.benchmarks.peers``.
"""

from __future__ import annotations

import os

import pytest

from mosovo_planner.planning.rounds import solve_visits
from tests.benchmarks.peers import FAMILIES, shortfall
from tests.benchmarks.published import instance
from tests.planning.rounds import checking

SECONDS = float(os.environ.get("MOSOVO_BENCH_SECONDS", "30"))


@pytest.mark.parametrize("name", [name for family in FAMILIES.values() for name in family])
def test_a_published_instance(name: str) -> None:
    try:
        own = instance(name)
    except FileNotFoundError:
        pytest.skip("shared data absent")
    solution = solve_visits(own.problem, seconds=SECONDS, seed=1)
    checking.recount(own.problem, solution)
    assert not solution.unmet_required
    known = own.known or solution.objective
    off = shortfall(own.problem, solution.objective, known)
    print(
        f"\n{own.name}: {solution.objective} ({off:+.2f} % short of {own.known}), "
        f"bound {solution.bound}, {solution.seconds:.1f} s, {solution.iterations:,} iterations"
    )

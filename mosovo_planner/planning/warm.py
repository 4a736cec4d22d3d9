"""Compiling the searches ahead of their first use: ``python -m mosovo_planner.planning.warm``.

numba compiles at the first call, which takes a fraction of a minute. The set-up does it once, so that
the first proposal does not wait; what is compiled is kept in the user's cache folder.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.planning.allocation import (
    AllocationCase,
    AllocationManager,
    AllocationRequest,
    propose_allocation,
)
from mosovo_planner.planning.problems import read_problem, solve_problem
from mosovo_planner.planning.rounds import VisitsProblem
from mosovo_planner.planning.rounds.bounding import compile_pricing
from mosovo_planner.planning.rounds.model import build_model

_SECONDS = 0.2


def warm_up(report: Reporter = silent) -> None:
    """Call every compiled search once, on problems of a handful of points."""
    report(Progress("Preparing the search (first use)"))
    for own in (_allocation(), _visits()):
        problem = read_problem(json.dumps(own))
        solve_problem(problem, seconds=_SECONDS, seed=1)
        if isinstance(problem, VisitsProblem):
            compile_pricing(build_model(problem)[0])  # the bound is searched where there are some seconds for it
    propose_allocation(_team())


def _allocation() -> dict[str, Any]:
    return {
        "format": "mosovo-allocation-problem/1",
        "metric": "euclidean",
        "points": [[7 * at % 11, 5 * at % 13] for at in range(12)],
        "offenders": [{"id": f"o{at}", "at": at, "workload": 1 + at % 3} for at in range(12)],
        "managers": [{"id": f"m{at}", "capacity": 9, "base": None} for at in range(3)],
    }


def _visits() -> dict[str, Any]:
    spots = range(9)
    visit = {"duration": 3, "windows": [[0, 40]], "required": False, "load": 0, "crews": None}
    return {
        "format": "mosovo-visits-problem/1",
        "locations": [str(at) for at in spots],
        "travel": [[abs(one - other) for other in spots] for one in spots],
        "crews": [{"id": f"k{at}", "start": "0", "end": "0", "from": 0, "until": 40, "max_load": None} for at in range(2)],
        "visits": [{"id": f"v{at}", "at": str(at), "reward": at} | visit for at in spots[1:]],
        "objective": "reward_then_travel",
    }


def _team() -> AllocationRequest:
    managers = tuple(AllocationManager(f"OM{at}", Position(51.0 + at, -2.0), 100.0, 160.0) for at in range(2))
    cases = tuple(AllocationCase(str(at), Position(51.0 + at / 8, -2.0), 9.0, 2.0, "OM0") for at in range(9))
    minutes = np.abs(np.linspace(51.0, 52.0, 2)[:, None] - np.linspace(51.0, 52.0, 9)[None, :]).astype(np.float32) * 60
    return AllocationRequest(date(2026, 1, 1), cases, managers, minutes, seconds=1.0)


if __name__ == "__main__":
    warm_up()

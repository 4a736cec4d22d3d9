"""Problem files for ``mosovo-planner solve``: reading them with care, whichever kind they are, and answering.

A file is JSON with a ``format`` name. Whatever is wrong in it is refused with its place and the cure; nothing is
guessed or corrected.
"""

from __future__ import annotations

import time
from pathlib import Path

from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.planning.allocation.median.engine import solve_allocation
from mosovo_planner.planning.allocation.median.files import allocation_answer, read_allocation
from mosovo_planner.planning.allocation.median.problem import AllocationProblem
from mosovo_planner.planning.problem_items import parsed
from mosovo_planner.planning.rounds.engine import solve_visits
from mosovo_planner.planning.rounds.files import read_visits, visits_answer
from mosovo_planner.planning.rounds.problem import VisitsProblem

ALLOCATION = "mosovo-allocation-problem/1"
VISITS = "mosovo-visits-problem/1"


def read_problem(source: Path | str) -> AllocationProblem | VisitsProblem:
    """Read a problem from a file (a path) or from its JSON text.

    Raises:
        ProblemError: it cannot be read, is no JSON, or holds something wrong.
    """
    item = parsed(source)
    if item.get("format").one_of(ALLOCATION, VISITS) == ALLOCATION:
        return read_allocation(item)
    return read_visits(item)


_LEAST_SECONDS = 0.1


def solve_problem(
    problem: AllocationProblem | VisitsProblem, *, seconds: float, seed: int = 1, report: Reporter = silent
) -> dict[str, object]:
    """Solve a problem of either kind; the answer as its file holds it, ready for JSON.

    Raises:
        InfeasibleProblem: the problem has no answer; the message says what fails.
        Cancelled: ``report`` raised it.
    """
    if isinstance(problem, AllocationProblem):
        return allocation_answer(solve_allocation(problem, seconds=seconds, seed=seed, report=report))
    return visits_answer(solve_visits(problem, seconds=seconds, seed=seed, report=report))


def solve_until(
    problem: AllocationProblem | VisitsProblem, *, until: float, seed: int = 1, report: Reporter = silent
) -> dict[str, object]:
    """The same, ending at ``until`` (as ``time.time()``): what reading and the worker's start took is off the search."""
    return solve_problem(problem, seconds=max(_LEAST_SECONDS, until - time.time()), seed=seed, report=report)

"""Solving one problem file without a workspace: the same engine that makes the proposals."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.planning.problems import read_problem, solve_until
from mosovo_planner.planning.worker import run_in_worker


def solve_file(path: Path, seconds: float, seed: int, report: Reporter = silent) -> dict[str, Any]:
    """Solve a ``mosovo-allocation-problem/1`` or ``mosovo-visits-problem/1`` file; returns the solution as JSON values.

    ``seconds`` are all that it may take, reading and start included.

    Raises:
        ProblemError: the file is not such a problem; the message names the place.
        InfeasibleProblem: no answer keeps the problem's own limits.
    """
    until = time.time() + seconds
    problem = read_problem(path)
    return run_in_worker(solve_until, problem, until=until, seed=seed, report=report)


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Write JSON whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        part.replace(path)
    except OSError as wrong:
        raise OSError(wrong.errno, wrong.strerror, str(path)) from None  # the user named this file, not the part
    finally:
        part.unlink(missing_ok=True)

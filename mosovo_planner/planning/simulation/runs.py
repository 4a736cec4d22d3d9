"""Years side by side: every way of working under several seeds, each year a piece of work of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.planning.pool import IN_TURN, Job, Workers
from mosovo_planner.planning.simulation.play import play
from mosovo_planner.planning.simulation.request import Force, allocate
from mosovo_planner.planning.simulation.ways import WAYS

_HEAVY = {"planner": 50.0}
"""How much longer a year of planned weeks takes to play than one without a search."""


def simulate(force: Force, seeds: Sequence[int], report: Reporter = silent, workers: Workers = IN_TURN) -> list[dict[str, Any]]:
    """The scenarios of ``mosovo-simulation/1``: weeks and summary of the first seed; ``runs`` and ``spread`` of several.

    Raises:
        Cancelled: ``report`` raised it.
        JobsFailed: a year could not be played; the message names it.
    """
    by_location = workers.run([Job("Allocation by location", allocate, (force,))], report)["Allocation by location"]
    requests = {seed: force.request(seed, by_location) for seed in seeds}
    jobs = [
        Job(_name(way, seed), play, (request, way), _HEAVY.get(way, 1.0)) for seed, request in requests.items() for way in WAYS
    ]
    played = workers.run(jobs, report)
    scenarios = []
    for way in WAYS:
        years = [played[_name(way, seed)] for seed in seeds]
        several = {"runs": _runs(seeds, years), "spread": spread([year["summary"] for year in years])} if len(seeds) > 1 else {}
        scenarios.append(years[0] | several)
    return scenarios


def spread(summaries: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Mean, least and most of every number of the summaries that all of them have."""
    found = {}
    for key in summaries[0]:
        values = [each[key] for each in summaries]
        if all(isinstance(value, (int, float)) for value in values):
            found[key] = {"mean": round(sum(values) / len(values), 4), "least": min(values), "most": max(values)}
    return found


def _runs(seeds: Sequence[int], years: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"seed": seed, "summary": year["summary"]} for seed, year in zip(seeds, years, strict=True)]


def _name(way: str, seed: int) -> str:
    return f"{way.replace('_', ' ').capitalize()}, seed {seed}"

"""Published instances of rounds as problems, with the best values known; the files lie in the shared bench folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import dist, floor
from pathlib import Path

import numpy as np

from mosovo_planner.planning.rounds import CrewSlot, Objective, VisitsProblem, VisitTask

BENCH = Path(os.environ.get("MOSOVO_SHARED", Path(__file__).parents[2] / "../shared")) / "bench"
MOST_REWARD = {("c103", 4): 1210, ("r103", 3): 747, ("rc104", 4): 1065, ("pr03", 2): 742, ("pr05", 3): 1499, ("pr10", 4): 1957}
LEAST_COST = {"R103": 12087, "RC104": 11323, "C205": 5864, "R208": 7010}
"""In tenths, as the distances are."""


@dataclass(frozen=True)
class Instance:
    """One instance: its name as printed, the problem, and the best value known for it (None: not known here)."""

    name: str
    problem: VisitsProblem
    known: int | None


def instance(text: str) -> Instance:
    """The instance that ``text`` names: ``pr05:3`` (team orienteering, three crews) or ``R103`` (least distance).

    Raises:
        FileNotFoundError: there is no such file in the bench folder.
    """
    name, _, crews = text.partition(":")
    if not crews and (BENCH / f"solomon/{name}.txt").is_file():
        return Instance(name, least_distance(name), LEAST_COST.get(name))
    count = int(crews or 4)
    return Instance(f"{name}, {count}", orienteering(name, count), MOST_REWARD.get((name, count)))


def orienteering(name: str, crews: int) -> VisitsProblem:
    """A team orienteering problem with time windows: most reward with ``crews`` crews of one base."""
    points = [[float(row[k]) for k in (1, 2, 3, 4, -2, -1)] for row in _rows(f"toptw/{name}.txt")[2:]]
    scale = 100 if name.startswith("pr") else 10
    opens = [(round(point[4] * scale), round(point[5] * scale)) for point in points]
    return VisitsProblem(
        tuple(map(str, range(len(points)))),
        between([(point[0], point[1]) for point in points], scale),
        tuple(CrewSlot(f"k{k}", 0, 0, *opens[0]) for k in range(crews)),
        tuple(VisitTask(f"v{k}", k, round(p[2] * scale), (opens[k],), round(p[3])) for k, p in enumerate(points) if k),
    )


def least_distance(name: str) -> VisitsProblem:
    """Vehicle routing with time windows: all visits, least distance."""
    rows = _rows(f"solomon/{name}.txt")
    crews, capacity = map(int, rows[next(k for k, row in enumerate(rows) if row[0] == "NUMBER") + 1][:2])
    data = [[int(float(cell)) for cell in row] for row in rows[next(k for k, row in enumerate(rows) if row[0] == "CUST") + 1 :]]
    return VisitsProblem(
        tuple(map(str, range(len(data)))),
        between([(row[1], row[2]) for row in data], 10),
        tuple(CrewSlot(f"k{k}", 0, 0, data[0][4] * 10, data[0][5] * 10, capacity) for k in range(crews)),
        tuple(VisitTask(f"v{row[0]}", row[0], row[6] * 10, ((row[4] * 10, row[5] * 10),), 0, True, row[3]) for row in data[1:]),
        Objective.COST,
    )


def between(spots: list[tuple[float, float]], scale: int) -> np.ndarray:
    """Distances cut to whole units after scaling, as the literature does."""
    return np.array([[floor(dist(a, b) * scale + 1e-9) for b in spots] for a in spots])


def _rows(name: str) -> list[list[str]]:
    path = BENCH / name
    if not path.is_file():
        raise FileNotFoundError(f"{path} is not there; set MOSOVO_SHARED to the folder that holds bench/.")
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]

"""The engine of rounds beside its peers, in one run, at the same seconds and cores.

``python -m tests.benchmarks.peers --seconds 30`` prints the table; ``--instances pr05:3 R103`` chooses (file and number
of crews; without a number, least distance) among the files of the bench folder, ``--family toptw`` or ``solomon`` takes
the default ones of a family. Peers that are not installed are left out, and that is said (``pip install .[peers]``).
Each solver runs in a process of its own; answers are counted anew by ``tests/planning/rounds/checking.py``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from mosovo_planner.planning.rounds import Objective, VisitsProblem
from tests.benchmarks.published import LEAST_COST, MOST_REWARD, Instance, instance
from tests.benchmarks.rivals import RIVALS, Orders, Rival, Told
from tests.planning.rounds import checking

FAMILIES = {"toptw": [*(f"{name}:{crews}" for name, crews in MOST_REWARD), "c204:2", "r112:3"], "solomon": list(LEAST_COST)}
WIDTH = 21
BESIDE = ("OR-Tools GLS", "OR-Tools ILS")  # one core each, so that they can run at the same time


@dataclass(frozen=True)
class Score:
    """What an answer is worth by the checker's count (None: it is no answer), and the bound given with it."""

    value: int | None
    bound: float | None
    wrong: str = ""


def counted(problem: VisitsProblem, told: Told) -> Score:
    """The answer counted from the problem alone."""
    try:
        value = _value(problem, told.orders)
    except AssertionError as wrong:
        return Score(None, told.bound, str(wrong))
    return Score(value, told.bound)


def _value(problem: VisitsProblem, orders: Orders) -> int:
    """The reward, or the cost with the reward of what is missed; crews are alike, so routes go to them in order."""
    routes = dict(enumerate(filter(None, orders)))
    made = [visit for order in routes.values() for visit in order]
    assert len(routes) <= len(problem.crews), "more routes than crews"
    assert len(made) == len(set(made)), "a visit is made twice"
    assert all(visit in made for visit, task in enumerate(problem.visits) if task.required), "required visits are missed"
    for crew, order in routes.items():
        times = checking.earliest(problem, crew, order)
        assert times is not None, "a visit is late"
        assert checking.holds(problem, crew, order, times), "a route does not hold"
    _, reward, travel = checking.worth_of(problem, routes)
    if problem.objective is Objective.REWARD_THEN_TRAVEL:
        return reward
    return sum(task.reward for task in problem.visits) - reward - travel


def scores(problem: VisitsProblem, seconds: float, rivals: Sequence[Rival]) -> dict[str, Score]:
    """Every rival's score on one problem; each on two cores at most, in processes of their own."""
    found = {}
    beside = [rival for rival in rivals if rival.name in BESIDE]
    for group in filter(None, [beside, *([rival] for rival in rivals if rival not in beside)]):
        tasks = [(rival, seed) for rival in group for seed in rival.seeds]
        with ProcessPoolExecutor(len(tasks), multiprocessing.get_context("spawn")) as pool:
            answers = [(rival, pool.submit(rival.solve, problem, seconds, seed)) for rival, seed in tasks]
            for rival, answer in answers:
                found[rival.name] = _better(problem, found.get(rival.name), counted(problem, answer.result()))
    return found


def _better(problem: VisitsProblem, one: Score | None, other: Score) -> Score:
    if one is None or one.value is None or other.value is None:
        return other if one is None or one.value is None else one
    sign = 1 if problem.objective is Objective.REWARD_THEN_TRAVEL else -1
    return max(one, other, key=lambda score: sign * (score.value or 0))


def shortfall(problem: VisitsProblem, value: int, known: int) -> float:
    """Per cent below the best known reward, or above the best known cost."""
    sign = 1 if problem.objective is Objective.REWARD_THEN_TRAVEL else -1
    return 100 * sign * (known - value) / known


def row(name: str, problem: VisitsProblem, known: int | None, found: dict[str, Score]) -> tuple[str, dict[str, float]]:
    """One printed line, and the shortfalls in it. Where no best value is known, the best of the line stands for it."""
    values = [score.value for score in found.values() if score.value is not None]
    best = max(values, default=1) if problem.objective is Objective.REWARD_THEN_TRAVEL else min(values, default=1)
    off = {who: shortfall(problem, own.value, known or best) for who, own in found.items() if own.value is not None}
    cells = [f"{own.value} ({off[who]:+.2f} %)" if who in off else f"none: {own.wrong}" for who, own in found.items()]
    mine = found.get("ours")
    bound = (
        ""
        if mine is None or mine.bound is None or mine.value is None
        else (f"{mine.bound:.0f} (gap {100 * abs(mine.bound - mine.value) / max(1.0, abs(mine.bound)):.1f} %)")
    )
    return "".join(f"{cell:<{WIDTH}}" for cell in [name, str(known or f"({best})"), *cells, bound]).rstrip(), off


def table(instances: Iterable[Instance], seconds: float, rivals: Sequence[Rival]) -> None:
    """Prints the table as it grows, and the mean and worst shortfall of each."""
    heads = ["instance, crews", "best known", *(rival.name for rival in rivals), "our bound"]
    print("".join(f"{head:<{WIDTH}}" for head in heads).rstrip(), flush=True)
    all_off: dict[str, list[float]] = {rival.name: [] for rival in rivals}
    for own in instances:
        line, off = row(own.name, own.problem, own.known, scores(own.problem, seconds, rivals))
        print(line, flush=True)
        for who, share in off.items():
            all_off[who].append(share)
    for title, of in (("mean shortfall", lambda own: sum(own) / len(own)), ("worst", max)):
        cells = [title, "", *(f"{of(own):+.2f} %" if own else "" for own in all_off.values())]
        print("".join(f"{cell:<{WIDTH}}" for cell in cells).rstrip())


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.peers", description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--family", choices=[*FAMILIES, "all"], default="all")
    parser.add_argument("--instances", nargs="+", help="as pr05:3 (team orienteering, three crews) or R103 (least distance)")
    parser.add_argument("--only", nargs="+", choices=[rival.name for rival in RIVALS], help="these solvers only")
    chosen = parser.parse_args(arguments)
    names = chosen.instances or [name for family, own in FAMILIES.items() if chosen.family in (family, "all") for name in own]
    rivals = [rival for rival in RIVALS if not chosen.only or rival.name in chosen.only]
    for rival in rivals:
        if not rival.installed:
            print(f"{rival.name} is left out: the package {rival.package} is not installed.")
    print(
        f"{chosen.seconds:g} s each, at most 2 of this machine's {os.cpu_count()} cores; OR-Tools' routing is single-threaded "
        "(GLS and ILS side by side, one core each), PyVRP too (two seeds side by side, the better counts); "
        "VROOM ends by itself when it has explored all it knows."
    )
    try:
        instances = [instance(name) for name in names]
    except FileNotFoundError as absent:
        parser.exit(2, f"{absent}\n")
    table(instances, chosen.seconds, [rival for rival in rivals if rival.installed])


if __name__ == "__main__":
    main()

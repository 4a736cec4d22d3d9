"""Reading ``mosovo-allocation-problem/1`` and writing ``mosovo-allocation-solution/1``."""

from __future__ import annotations

import numpy as np

from mosovo_planner.planning.allocation.median.problem import (
    AllocationProblem,
    AllocationSolution,
    Floats,
    PlacedOffender,
    TerritoryManager,
)
from mosovo_planner.planning.problem_items import Item, ProblemError

_KEYS = ("format", "points", "metric", "distance", "offenders", "managers", "current", "move_cost", "forbidden")


def read_allocation(item: Item) -> AllocationProblem:
    """The problem in a file's JSON.

    Raises:
        ProblemError: with the place and the cure.
    """
    item.only(*_KEYS)
    distance = _distance(item)
    offenders = tuple(_offender(each, len(distance)) for each in item.get("offenders").each())
    managers = tuple(_manager(each, len(distance)) for each in item.get("managers").each())
    _unlike([each.id for each in offenders], "offenders")
    _unlike([each.id for each in managers], "managers")
    known, staff = {each.id for each in offenders}, {each.id for each in managers}
    return AllocationProblem(
        distance=distance,
        offenders=offenders,
        managers=managers,
        current=_current(item, known, staff),
        move_cost=item.get("move_cost").number(least=0) if item.has("move_cost") else 0.0,
        forbidden=_forbidden(item, known, staff),
    )


def allocation_answer(solution: AllocationSolution) -> dict[str, object]:
    """The answer as its file holds it."""
    return {
        "format": "mosovo-allocation-solution/1",
        "assignment": dict(solution.assignment),
        "centres": dict(solution.centres),
        "cost": solution.cost,
        "bound": solution.bound,
        "seconds": round(solution.seconds, 3),
    }


def _distance(item: Item) -> Floats:
    if item.has("distance") == item.has("points"):
        raise ProblemError("Give either points (with metric euclidean) or distance, not both or neither.")
    if item.has("distance"):
        return _matrix(item.get("distance"))
    item.get("metric").one_of("euclidean")
    points = [_point(each) for each in item.get("points").each()]
    at = np.array(points, dtype=float).reshape(-1, 2)
    distance: Floats = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1])
    return distance


def _point(item: Item) -> tuple[float, float]:
    numbers = [each.number() for each in item.each()]
    if len(numbers) != 2:
        raise item.wrong("a pair of numbers [x, y]")
    return numbers[0], numbers[1]


def _matrix(item: Item) -> Floats:
    rows = [[cell.number(least=0) for cell in row.each()] for row in item.each()]
    for index, row in enumerate(rows):
        if len(row) != len(rows):
            raise ProblemError(f"distance[{index}] has {len(row)} numbers and must have {len(rows)}, one for each point.")
    return np.array(rows, dtype=float).reshape(len(rows), len(rows))


def _offender(item: Item, points: int) -> PlacedOffender:
    item.only("id", "at", "workload")
    at = item.get("at").whole(least=0, most=points - 1)
    return PlacedOffender(item.get("id").text(), at, item.get("workload").number(least=0))


def _manager(item: Item, points: int) -> TerritoryManager:
    item.only("id", "capacity", "base")
    base = item.get("base").whole(least=0, most=points - 1) if item.has("base") else None
    return TerritoryManager(item.get("id").text(), item.get("capacity").number(least=0), base)


def _unlike(ids: list[str], place: str) -> None:
    seen: dict[str, int] = {}
    for index, each in enumerate(ids):
        if each in seen:
            raise ProblemError(f"{place}[{index}].id is the same as {place}[{seen[each]}].id; give each its own.")
        seen[each] = index


def _current(item: Item, offenders: set[str], managers: set[str]) -> dict[str, str]:
    if not item.has("current"):
        return {}
    current = {offender: each.text() for offender, each in item.get("current").named()}
    for offender, manager in current.items():
        if offender not in offenders:
            raise ProblemError(f"current.{offender} is no offender of this problem; take it out or add the offender.")
        if manager not in managers:
            raise ProblemError(f"current.{offender} names a manager who is not in managers; take it out or add the manager.")
    return current


def _forbidden(item: Item, offenders: set[str], managers: set[str]) -> frozenset[tuple[str, str]]:
    if not item.has("forbidden"):
        return frozenset()
    pairs = set()
    for each in item.get("forbidden").each():
        pair = [part.text() for part in each.each()]
        if len(pair) != 2 or pair[0] not in offenders or pair[1] not in managers:
            raise each.wrong("a pair [offender id, manager id] of this problem")
        pairs.add((pair[0], pair[1]))
    return frozenset(pairs)

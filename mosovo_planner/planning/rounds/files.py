"""Visits problems as files hold them (``mosovo-visits-problem/1``), read with care, and their answers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mosovo_planner.planning.problem_items import InfeasibleProblem, Item, ProblemError
from mosovo_planner.planning.rounds.problem import CrewSlot, Objective, VisitsProblem, VisitsSolution, VisitTask, Whole

LARGEST = 10**12  # no time, cost, reward or load is larger, so that sums stay exact
ANSWER = "mosovo-visits-solution/1"


def read_visits(item: Item) -> VisitsProblem:
    """The problem in a parsed file.

    Raises:
        ProblemError: something is missing, unknown, double or out of its limits.
    """
    item.only("format", "locations", "travel", "cost", "objective", "crews", "visits")
    places = _index(item.get("locations").each())
    travel = _matrix(item.get("travel"), len(places))
    crews = tuple(_crew(entry, places) for entry in item.get("crews").each())
    crew_ids = _index(entry.get("id") for entry in item.get("crews").each())
    _index(entry.get("id") for entry in item.get("visits").each())
    return VisitsProblem(
        locations=tuple(places),
        travel=travel,
        crews=crews,
        visits=tuple(_visit(entry, places, crew_ids) for entry in item.get("visits").each()),
        objective=Objective(item.get("objective").one_of(*Objective)),
        cost=_matrix(item.get("cost"), len(places)) if item.has("cost") else None,
    )


def visits_answer(solution: VisitsSolution) -> dict[str, object]:
    """The answer as its file holds it.

    Raises:
        InfeasibleProblem: a required visit found no place in any round.
    """
    if solution.unmet_required:
        names = ", ".join(solution.unmet_required[:20]) + (" …" if len(solution.unmet_required) > 20 else "")
        raise InfeasibleProblem(
            f"No answer was found that makes every required visit: {names} would be missed. "
            "Give more crews, wider windows or longer days, or mark fewer visits as required."
        )
    return {
        "format": ANSWER,
        "routes": [
            {"crew": route.crew, "stops": [{"visit": stop.visit, "start": stop.start} for stop in route.stops]}
            for route in solution.routes
        ],
        "missed": list(solution.missed),
        "reward": solution.reward,
        "travel": solution.travel,
        "objective": solution.objective,
        "bound": solution.bound,
        "seconds": round(solution.seconds, 3),
    }


def _index(ids: Iterator[Item]) -> dict[str, int]:
    """Where each id stands; each must be a text that stands once."""
    found: dict[str, int] = {}
    for item in ids:
        if (name := item.text()) in found:
            raise ProblemError(f'{item.place}: "{name}" stands there already; give each its own.')
        found[name] = len(found)
    return found


def _matrix(item: Item, size: int) -> Whole:
    """A square table of whole numbers, one row and one column for each location."""
    rows = [_row(row, size) for row in item.each()]
    if len(rows) != size:
        raise ProblemError(f"{item.place} has {len(rows)} rows for {size} locations; give one row for each location.")
    return np.array(rows, dtype=np.int64).reshape(size, size)


def _row(item: Item, size: int) -> list[int]:
    values = item.value
    if not isinstance(values, list) or len(values) != size:
        raise ProblemError(f"{item.place} must be a list of {size} whole numbers, one for each location.")
    if all(type(value) is int and 0 <= value <= LARGEST for value in values):
        return values
    return [cell.whole(least=0, most=LARGEST) for cell in item.each()]


def _place(item: Item, places: dict[str, int]) -> int:
    name = item.text()
    if name not in places:
        raise ProblemError(f'{item.place}: "{name}" is not among locations; add it there or correct it.')
    return places[name]


def _amount(item: Item, key: str, default: int | None) -> int | None:
    return item.get(key).whole(least=0, most=LARGEST) if item.has(key) else default


def _crew(item: Item, places: dict[str, int]) -> CrewSlot:
    item.only("id", "start", "end", "from", "until", "max_load")
    begin = item.get("from").whole(least=-LARGEST, most=LARGEST)
    return CrewSlot(
        id=item.get("id").text(),
        start=_place(item.get("start"), places),
        end=_place(item.get("end"), places),
        begin=begin,
        until=item.get("until").whole(least=begin, most=LARGEST),
        max_load=_amount(item, "max_load", None),
    )


def _visit(item: Item, places: dict[str, int], crews: dict[str, int]) -> VisitTask:
    item.only("id", "at", "duration", "windows", "reward", "required", "load", "crews")
    return VisitTask(
        id=item.get("id").text(),
        at=_place(item.get("at"), places),
        duration=item.get("duration").whole(least=0, most=LARGEST),
        windows=_windows(item.get("windows")),
        reward=_amount(item, "reward", 0) or 0,
        required=item.get("required").flag() if item.has("required") else False,
        load=_amount(item, "load", 0) or 0,
        crews=_allowed(item.get("crews"), crews) if item.has("crews") else None,
    )


def _windows(item: Item) -> tuple[tuple[int, int], ...]:
    windows = []
    for window in item.each():
        ends = list(window.each())
        if len(ends) != 2:
            raise window.wrong("a window [first, last]")
        first = ends[0].whole(least=-LARGEST, most=LARGEST)
        windows.append((first, ends[1].whole(least=first, most=LARGEST)))
    if not windows:
        raise ProblemError(f"{item.place} is empty; give at least one window [first, last].")
    return tuple(windows)


def _allowed(item: Item, crews: dict[str, int]) -> tuple[str, ...]:
    names = []
    for entry in item.each():
        if (name := entry.text()) not in crews:
            raise ProblemError(f'{entry.place}: "{name}" is not among crews; add it there or correct it.')
        names.append(name)
    if not names:
        raise ProblemError(f"{item.place} is empty; name the crews that may make the visit, or write null for all.")
    return tuple(names)

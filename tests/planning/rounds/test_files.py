"""Problem files of visits: read as they are meant, refused with the place and the cure, answered as the schema says."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest

from mosovo_planner.planning.problem_items import InfeasibleProblem, Item, ProblemError
from mosovo_planner.planning.rounds import solve_visits
from mosovo_planner.planning.rounds.files import read_visits, visits_answer
from mosovo_planner.resources import resource
from tests.planning.rounds import checking

GOOD: dict[str, Any] = {
    "format": "mosovo-visits-problem/1",
    "locations": ["base", "north", "south"],
    "travel": [[0, 10, 20], [10, 0, 25], [20, 25, 0]],
    "objective": "reward_then_travel",
    "crews": [{"id": "k1", "start": "base", "end": "base", "from": 0, "until": 200, "max_load": 3}],
    "visits": [
        {"id": "v1", "at": "north", "duration": 30, "windows": [[0, 5], [60, 90]], "reward": 7, "load": 1, "crews": None},
        {"id": "v2", "at": "south", "duration": 30, "windows": [[0, 100]], "reward": 3, "required": True, "crews": ["k1"]},
    ],
}


def schema(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(resource(f"schemas/mosovo-visits-{name}-1.json").read_text(encoding="utf-8"))
    return loaded


def changed(path: tuple[str | int, ...], value: object) -> Item:
    """The good problem with one thing in it changed (or taken out: Ellipsis)."""
    problem: Any = copy.deepcopy(GOOD)
    part = problem
    for step in path[:-1]:
        part = part[step]
    if value is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return Item(problem)


def test_a_problem_is_solved_and_answered_as_its_schema_says() -> None:
    jsonschema.validate(GOOD, schema("problem"))
    problem = read_visits(Item(GOOD))
    solution = solve_visits(problem, seconds=0.0, seed=1, iterations=500)
    checking.recount(problem, solution)
    answer = visits_answer(solution)
    jsonschema.validate(answer, schema("solution"))
    assert answer["missed"] == []
    assert (answer["reward"], answer["objective"], answer["travel"]) == (10, 10, 55)
    assert answer["routes"] == [{"crew": "k1", "stops": [{"visit": "v2", "start": 20}, {"visit": "v1", "start": 75}]}]


def test_costs_apart_from_times_are_what_is_counted() -> None:
    problem = read_visits(changed(("cost",), [[0, 1, 2], [1, 0, 4], [2, 4, 0]]))
    assert solve_visits(problem, seconds=0.0, seed=1, iterations=500).travel == 7


@pytest.mark.parametrize(("path", "value", "says"), [
    (("visits", 1, "at"), "x", r'visits\[1\]\.at: "x" is not among locations'),
    (("crews", 0, "start"), "x", r'crews\[0\]\.start: "x" is not among locations'),
    (("visits", 1, "crews"), ["k9"], r'visits\[1\]\.crews\[0\]: "k9" is not among crews'),
    (("visits", 1, "crews"), [], r"visits\[1\]\.crews is empty"),
    (("visits", 0, "windows"), [], r"visits\[0\]\.windows is empty"),
    (("visits", 0, "windows"), [[9, 3]], r"visits\[0\]\.windows\[0\]\[1\] must be a whole number from 9"),
    (("visits", 0, "windows"), [[9]], r"visits\[0\]\.windows\[0\] must be a window"),
    (("visits", 0, "duration"), -1, r"visits\[0\]\.duration must be a whole number from 0"),
    (("visits", 0, "duration"), 1.5, r"visits\[0\]\.duration"),
    (("visits", 0, "id"), "v2", r'visits\[1\]\.id: "v2" stands there already'),
    (("visits", 0, "rewrad"), 5, r"visits\[0\]\.rewrad is not known"),
    (("visits", 0, "required"), "yes", r"visits\[0\]\.required must be true or false"),
    (("crews", 0, "until"), -5, r"crews\[0\]\.until must be a whole number from 0"),
    (("crews", 0, "from"), ..., r"crews\[0\]\.from is missing"),
    (("locations",), ["base", "north"], r"travel\[0\] must be a list of 2 whole numbers"),
    (("travel",), [[0, 1, 2], [1, 0, 2]], r"travel has 2 rows for 3 locations"),
    (("travel", 1), [1, "far", 3], r"travel\[1\]\[1\] must be a whole number"),
    (("travel", 1), [1, -2, 3], r"travel\[1\]\[1\] must be a whole number"),
    (("objective",), "fastest", r"objective must be reward_then_travel or cost"),
    (("visits",), {}, r"visits must be a list"),
])
def test_what_is_wrong_is_named_with_its_place(path: tuple[str | int, ...], value: object, says: str) -> None:
    with pytest.raises(ProblemError, match=says):
        read_visits(changed(path, value))


def test_required_visits_that_cannot_be_made_are_named() -> None:
    problem = read_visits(changed(("visits", 1, "windows"), [[0, 3]]))
    with pytest.raises(InfeasibleProblem, match="v2"):
        visits_answer(solve_visits(problem, seconds=0.0, seed=1, iterations=300))

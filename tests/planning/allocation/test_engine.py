"""The engine of allocation problems, judged by a checker of its own and by counting all answers of small problems."""

from __future__ import annotations

import contextlib
import itertools
import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mosovo_planner.domain.progress import Cancelled, Progress
from mosovo_planner.planning.allocation.median.engine import solve_allocation
from mosovo_planner.planning.problem_items import InfeasibleProblem, ProblemError
from mosovo_planner.planning.problems import read_problem, solve_problem

Problem = dict[str, object]


def distance(problem: Problem, a: int, b: int) -> float:
    if "distance" in problem:
        return float(problem["distance"][a][b])
    return math.dist(problem["points"][a], problem["points"][b])


def cost_of(problem: Problem, assignment: dict[str, str], centres: dict[str, str]) -> float:
    """Recompute an answer from the problem alone; fails where it breaks a rule."""
    at = {o["id"]: o["at"] for o in problem["offenders"]}
    assert assignment.keys() == at.keys()
    managers = {m["id"]: m for m in problem["managers"]}
    for name, manager in managers.items():
        held = sum(o["workload"] for o in problem["offenders"] if assignment[o["id"]] == name)
        assert held <= manager["capacity"] * (1 + 1e-8)
    assert set(centres) == set(assignment.values())
    assert all(assignment[centre] == name for name, centre in centres.items())
    assert not any(assignment[o] == m for o, m in problem.get("forbidden", []))
    total = sum(distance(problem, at[o], at[centres[m]]) for o, m in assignment.items())
    total += sum(
        distance(problem, managers[m]["base"], at[c]) for m, c in centres.items() if managers[m].get("base") is not None
    )
    moves = sum(assignment[o] != m for o, m in problem.get("current", {}).items())
    return total + problem.get("move_cost", 0) * moves


def least_cost(problem: Problem) -> float:
    """The optimum by trying every assignment; inf where there is none."""
    offenders, managers = problem["offenders"], problem["managers"]
    best = math.inf
    for chosen in itertools.product(managers, repeat=len(offenders)):
        assignment = {o["id"]: m["id"] for o, m in zip(offenders, chosen, strict=True)}
        loads = {m["id"]: sum(o["workload"] for o in offenders if assignment[o["id"]] == m["id"]) for m in managers}
        if any(loads[m["id"]] > m["capacity"] for m in managers):
            continue
        if any(assignment[o] == m for o, m in problem.get("forbidden", [])):
            continue
        total = problem.get("move_cost", 0) * sum(assignment[o] != m for o, m in problem.get("current", {}).items())
        for manager in managers:
            own = [o["at"] for o in offenders if assignment[o["id"]] == manager["id"]]
            base = manager.get("base")
            if own:
                start = [base] if base is not None else []
                total += min(sum(distance(problem, a, c) for a in own) + sum(distance(problem, b, c) for b in start) for c in own)
        best = min(best, total)
    return best


def solve(problem: Problem, seconds: float = 1.0) -> dict[str, object]:
    return solve_problem(read_problem(json.dumps(problem)), seconds=seconds)


def problem_of(points: list[tuple[float, float]], work: list[float], managers: list[dict], **more: object) -> Problem:
    return {
        "format": "mosovo-allocation-problem/1",
        "metric": "euclidean",
        "points": [list(point) for point in points],
        "offenders": [{"id": f"o{i}", "at": i, "workload": w} for i, w in enumerate(work)],
        "managers": [{"id": f"m{k}", **manager} for k, manager in enumerate(managers)],
        **more,
    }


@st.composite
def small_problems(draw: st.DrawFn) -> Problem:
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    coordinate = st.integers(0, 9)
    points = draw(st.lists(st.tuples(coordinate, coordinate), min_size=n, max_size=n))
    work = draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
    base = st.one_of(st.none(), st.integers(0, n - 1))
    managers = [{"capacity": draw(st.integers(0, 12)), "base": draw(base)} for _ in range(m)]
    pairs = st.tuples(st.sampled_from([f"o{i}" for i in range(n)]), st.sampled_from([f"m{k}" for k in range(m)]))
    return problem_of(
        points,
        work,
        managers,
        current=dict(draw(st.lists(pairs, max_size=n))),
        move_cost=draw(st.integers(0, 5)),
        forbidden=[list(pair) for pair in draw(st.lists(pairs, max_size=3))],
    )


@settings(max_examples=40, deadline=None)
@given(small_problems())
def test_small_problems_are_solved_to_the_optimum_and_bounded_truly(problem: Problem):
    best = least_cost(problem)
    if math.isinf(best):
        with pytest.raises(InfeasibleProblem):
            solve(problem, 0.3)
        return
    answer = solve(problem, 0.3)
    cost = cost_of(problem, answer["assignment"], answer["centres"])
    assert cost == pytest.approx(answer["cost"])
    assert cost == pytest.approx(best)
    assert answer["bound"] <= best + 1e-6


def test_a_town_of_forty_is_proved_optimal():
    points = [((i * 37) % 101, (i * 53) % 97) for i in range(40)]
    problem = problem_of(points, [1 + i % 4 for i in range(40)], [{"capacity": 26}] * 5)
    answer = solve(problem, 20)
    assert cost_of(problem, answer["assignment"], answer["centres"]) == pytest.approx(answer["cost"])
    assert answer["bound"] == pytest.approx(answer["cost"], rel=1e-6)
    assert answer["seconds"] < 20


def test_more_managers_than_offenders_leaves_some_without_a_territory():
    problem = problem_of([(0, 0), (5, 5)], [1, 1], [{"capacity": 2}] * 4)
    answer = solve(problem)
    assert answer["cost"] == 0
    assert len(answer["centres"]) == 2


def test_offenders_at_one_point_and_without_workload():
    problem = problem_of([(3, 3)] * 6, [0] * 6, [{"capacity": 0}] * 2)
    answer = solve(problem)
    assert answer["cost"] == 0
    assert cost_of(problem, answer["assignment"], answer["centres"]) == 0


def test_no_offenders_is_an_empty_answer():
    answer = solve(problem_of([], [], [{"capacity": 1}]))
    assert answer["assignment"] == {}
    assert answer["cost"] == 0


def test_a_price_on_moves_keeps_cases_where_they_are():
    points = [(0, 0), (1, 0), (10, 0), (11, 0)]
    swapped = {"o0": "m0", "o1": "m1", "o2": "m0", "o3": "m1"}
    managers = [{"capacity": 2}, {"capacity": 2}]
    assert solve(problem_of(points, [1] * 4, managers, current=swapped, move_cost=100))["assignment"] == swapped
    free = solve(problem_of(points, [1] * 4, managers, current=swapped, move_cost=0.1))
    assert free["cost"] == pytest.approx(2 + 2 * 0.1)


def test_distances_may_differ_by_direction():
    problem = {
        "format": "mosovo-allocation-problem/1",
        "distance": [[0, 9, 9], [1, 0, 9], [1, 9, 0]],
        "offenders": [{"id": f"o{i}", "at": i, "workload": 1} for i in range(3)],
        "managers": [{"id": "m", "capacity": 3, "base": None}],
    }
    answer = solve(problem)
    assert answer["centres"] == {"m": "o0"}
    assert answer["cost"] == 2


@pytest.mark.parametrize(
    ("managers", "more", "says"),
    [
        ([{"capacity": 2}, {"capacity": 0.5}], {}, "add up to 3 and the capacities to 2.5, 0.5 too little"),
        ([{"capacity": 9}], {"forbidden": [["o1", "m0"]]}, "Offender o1 may go to no manager"),
        ([], {}, "add a manager"),
        ([{"capacity": 0.9}] * 4, {}, "asks 1, more than the capacity of any manager"),
        ([{"capacity": 1.5}] * 2, {}, "cannot be shared out so that nobody passes capacity"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(managers, more, says):
    with pytest.raises(InfeasibleProblem, match=says):
        solve(problem_of([(0, 0), (1, 1), (2, 2)], [1, 1, 1], managers, **more), 0.5)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": "something/1"}, "format must be mosovo-allocation-problem/1 or"),
        ({"points": [[0, 0], [1]]}, r"points\[1\] must be a pair"),
        ({"points": [[0, 0], [1, "x"]]}, r"points\[1\]\[1\] must be a number"),
        ({"metric": "manhattan"}, "metric must be euclidean"),
        ({"offenders": [{"id": "a", "at": 7, "workload": 1}]}, r"offenders\[0\]\.at must be a whole number from 0 to 1, not 7"),
        ({"offenders": [{"id": "a", "at": 0}]}, r"offenders\[0\]\.workload is missing; add it"),
        ({"offenders": [{"id": "a", "at": 0, "workload": -1}]}, "at least 0, not -1"),
        ({"offenders": [{"id": "a", "at": 0, "workload": 1}] * 2}, r"offenders\[1\]\.id is the same as offenders\[0\]\.id"),
        ({"managers": [{"id": "m", "capcity": 3}]}, r"managers\[0\]\.capcity is not known here"),
        ({"managers": {}}, "managers must be a list"),
        ({"current": {"o9": "m0"}}, "current.o9 is no offender"),
        ({"current": {"o0": "m9"}}, "current.o0 names a manager"),
        ({"forbidden": [["o0"]]}, r"forbidden\[0\] must be a pair"),
        ({"move_cost": True}, "move_cost must be a number"),
        ({"distance": [[0]]}, "not both or neither"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_place(change: dict[str, object], says: str):
    problem = problem_of([(0, 0), (1, 1)], [1, 1], [{"capacity": 2}])
    with pytest.raises(ProblemError, match=says):
        read_problem(json.dumps(problem | change))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "Line 1, column 2 is not JSON"),
        ("[]", "The file must be an object"),
        ('{"format": 1, "format": 2}', "format stands twice"),
        ('{"format": NaN}', "NaN is no number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_file_that_is_no_problem_at_all(text: str, says: str):
    with pytest.raises(ProblemError, match=says):
        read_problem(text)


def test_a_file_is_read_from_its_path(tmp_path: Path):
    path = tmp_path / "problem.json"
    path.write_text(json.dumps(problem_of([(0, 0)], [1], [{"capacity": 1}])), encoding="utf-8-sig")
    assert len(read_problem(path).offenders) == 1
    with pytest.raises(ProblemError, match=r"missing\.json cannot be read"):
        read_problem(tmp_path / "missing.json")


ODDITIES = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda x: st.lists(x, max_size=3))


@given(ODDITIES)
@settings(max_examples=60, deadline=None)
def test_any_value_anywhere_is_refused_or_read_but_never_crashes(value: object):
    base = problem_of([(0, 0), (1, 1)], [1, 1], [{"capacity": 2}])
    for key in ("points", "offenders", "managers", "current", "move_cost", "forbidden", "metric"):
        with contextlib.suppress(ProblemError):
            read_problem(json.dumps(base | {key: value}))


def test_stopping_ends_the_search():
    problem = read_problem(json.dumps(problem_of([(i, i * i % 7) for i in range(30)], [1] * 30, [{"capacity": 11}] * 3)))

    def stop(step: Progress) -> None:
        if step.text == "Searching":
            raise Cancelled

    with pytest.raises(Cancelled):
        solve_allocation(problem, seconds=60, report=stop)

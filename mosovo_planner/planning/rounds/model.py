"""The problem as arrays, for the compiled search: visits, classes of like crews, resources, neighbours."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.planning.rounds.problem import CrewSlot, Objective, VisitsProblem, Whole

UNLIMITED = np.int64(1) << 60
VALUE_IN_STEPS = 20.0  # what the search pays for an average reward, where reward goes before cost
NEIGHBOURS = 300  # how far a string removal looks around its seed

# columns of Model.visit
V_DURATION, V_LOAD, V_WINDOW, V_WINDOW_END, V_LAST, V_REQUIRED, V_CANDIDATE, V_CANDIDATE_END = range(8)
V_VALUE, V_WIDTH, V_FIRST, V_IN, V_OUT, V_COLUMNS = range(8, 14)
# columns of Model.crew
C_START, C_END, C_BEGIN, C_UNTIL, C_LOAD, C_STOPS, C_COUNT, C_USE, C_USE_END, C_COLUMNS = range(10)
# columns of Model.resource
R_LIMIT, R_USER, R_USER_END, R_COLUMNS = range(4)


class Model(NamedTuple):
    """Arrays over nodes (visits first, then the crews' places), visits V, classes of like crews K, resources."""

    travel: Whole  # (nodes, nodes)
    cost: Whole  # (nodes, nodes)
    visit: Whole  # (V, V_COLUMNS)
    windows: Whole  # (windows, 2), each visit's in order
    reward: Whole  # (V, K), -1 where the class may not make the visit
    near: Whole  # (V, at most NEIGHBOURS) other visits, nearest first
    crew: Whole  # (K, C_COLUMNS)
    links: Whole  # lists of indices: what each class uses, who uses each resource, each visit's classes, best first
    resource: Whole  # (resources, R_COLUMNS)
    weight: NDArray[np.float64]  # (3,): price in cost of one reward, of one required visit; 1 where reward goes before cost


class Layout(NamedTuple):
    """What turns the model's answer back into the problem's: the members of each class of crews, and the sizes."""

    members: tuple[tuple[int, ...], ...]
    rows: int
    stops: int


def build_model(problem: VisitsProblem) -> tuple[Model, Layout]:
    """Arrays of ``problem``; crews that nothing tells apart share one class."""
    members = _classes(problem)
    firsts = [group[0] for group in members]
    places = sorted({place for crew in problem.crews for place in (crew.start, crew.end)})
    at = np.array([task.at for task in problem.visits] + places, dtype=np.int64)
    node = {place: len(problem.visits) + index for index, place in enumerate(places)}
    travel = np.ascontiguousarray(np.asarray(problem.travel, dtype=np.int64)[np.ix_(at, at)])
    cost = travel if problem.cost is None else np.ascontiguousarray(np.asarray(problem.cost, dtype=np.int64)[np.ix_(at, at)])
    reward = _rewards(problem, firsts)
    visit, windows = _visits(problem, travel)
    names = sorted({name for crew in problem.crews for name in crew.uses})
    crew, links = _crews(problem, members, node, {name: index for index, name in enumerate(names)})
    resource, users = _resources(problem, names, firsts, len(links))
    links += users
    _candidates(visit, windows, crew, reward, travel, cost, links)
    weight = np.array(_weights(problem, visit, cost), dtype=np.float64)
    model = Model(travel, cost, visit, windows, reward, _near(cost, len(visit)), crew,
                  np.array([*links, 0], dtype=np.int64), resource, weight)
    return model, Layout(members, *_sizes(problem, model))


def _classes(problem: VisitsProblem) -> tuple[tuple[int, ...], ...]:
    named = {crew for task in problem.visits if task.crews is not None for crew in task.crews}
    groups: dict[object, list[int]] = defaultdict(list)
    for index, crew in enumerate(problem.crews):
        like: list[object] = [crew.start, crew.end, crew.begin, crew.until, crew.max_load, crew.max_stops]
        like += [tuple(sorted(crew.uses)), crew.id if crew.id in named else None]
        if problem.rewards is not None:
            like.append(np.ascontiguousarray(problem.rewards[:, index]).tobytes())
        groups[tuple(like)].append(index)
    return tuple(tuple(group) for group in groups.values())


def _rewards(problem: VisitsProblem, firsts: list[int]) -> Whole:
    if problem.rewards is None:
        own = np.array([task.reward for task in problem.visits], dtype=np.int64)
        reward = np.repeat(own[:, None], len(firsts), axis=1)
    else:
        reward = np.ascontiguousarray(np.asarray(problem.rewards, dtype=np.int64)[:, firsts])
    place = {problem.crews[first].id: column for column, first in enumerate(firsts)}
    for index, task in enumerate(problem.visits):
        if task.crews is not None:
            allowed = [place[crew] for crew in task.crews if crew in place]
            kept = reward[index, allowed].copy()
            reward[index] = -1
            reward[index, allowed] = kept
    return np.maximum(reward, -1)


def _visits(problem: VisitsProblem, travel: Whole) -> tuple[Whole, Whole]:
    visit = np.zeros((len(problem.visits), V_COLUMNS), dtype=np.int64)
    windows: list[tuple[int, int]] = []
    for index, task in enumerate(problem.visits):
        own = merged(task.windows)
        visit[index, V_DURATION], visit[index, V_LOAD], visit[index, V_REQUIRED] = task.duration, task.load, task.required
        visit[index, V_WINDOW], visit[index, V_WINDOW_END] = len(windows), len(windows) + len(own)
        visit[index, V_LAST] = own[-1][1] if own else -UNLIMITED
        visit[index, V_VALUE] = problem.best_reward(index)
        visit[index, V_WIDTH] = sum(b - a for a, b in own)
        visit[index, V_FIRST] = own[0][0] if own else UNLIMITED
        visit[index, V_IN] = np.delete(travel[:, index], index).min()
        visit[index, V_OUT] = np.delete(travel[index], index).min()
        windows += own
    return visit, np.array(windows or [(0, 0)], dtype=np.int64)


def merged(windows: tuple[tuple[int, int], ...]) -> list[tuple[int, int]]:
    """The windows in order, overlapping ones made one; empty ones left out."""
    result: list[tuple[int, int]] = []
    for begin, end in sorted(window for window in windows if window[0] <= window[1]):
        if result and begin <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((begin, end))
    return result


def _crews(
    problem: VisitsProblem, members: tuple[tuple[int, ...], ...], node: dict[int, int], names: dict[str, int]
) -> tuple[Whole, list[int]]:
    table = np.zeros((len(members), C_COLUMNS), dtype=np.int64)
    links: list[int] = []
    for row, group in zip(table, members, strict=True):
        crew: CrewSlot = problem.crews[group[0]]
        uses = sorted({names[name] for name in crew.uses})
        load = UNLIMITED if crew.max_load is None else crew.max_load
        stops = UNLIMITED if crew.max_stops is None else crew.max_stops
        row[:C_LOAD] = node[crew.start], node[crew.end], crew.begin, crew.until
        row[C_LOAD:] = load, stops, len(group), len(links), len(links) + len(uses)
        links += uses
    return table, links


def _resources(problem: VisitsProblem, names: list[str], firsts: list[int], offset: int) -> tuple[Whole, list[int]]:
    table = np.zeros((len(names), R_COLUMNS), dtype=np.int64)
    users: dict[str, list[int]] = {name: [] for name in names}
    for index, first in enumerate(firsts):
        for name in sorted(set(problem.crews[first].uses)):
            users[name].append(index)
    links: list[int] = []
    for row, name in zip(table, names, strict=True):
        row[:] = (max(0, problem.resources.get(name, 1)), offset + len(links), offset + len(links) + len(users[name]))
        links += users[name]
    return table, links


def earliest_starts(windows: Whole, arrivals: Whole) -> Whole:
    """The first moment in one of ``windows`` (in order, apart) from each arrival on; UNLIMITED where there is none."""
    starts = np.full(arrivals.shape, UNLIMITED)
    for begin, end in windows[::-1]:
        starts = np.where(arrivals <= end, np.maximum(arrivals, begin), starts)
    return starts


def _candidates(visit: Whole, windows: Whole, crew: Whole, reward: Whole, travel: Whole, cost: Whole, links: list[int]) -> None:
    """Writes each visit's classes that could make it alone: best reward first, then nearest."""
    starts, ends = crew[:, C_START], crew[:, C_END]
    for index, row in enumerate(visit):
        begin = earliest_starts(windows[row[V_WINDOW]:row[V_WINDOW_END]], crew[:, C_BEGIN] + travel[starts, index])
        able = (begin < UNLIMITED) & (begin + row[V_DURATION] + travel[index, ends] <= crew[:, C_UNTIL])
        reward[index, (row[V_LOAD] > crew[:, C_LOAD]) | (crew[:, C_STOPS] < 1)] = -1
        able &= reward[index] >= 0  # one that is too far to be made alone may still be on the way
        order = np.lexsort((cost[starts, index] + cost[index, ends], -reward[index]))
        chosen = [int(k) for k in order if able[k]]
        row[V_CANDIDATE], row[V_CANDIDATE_END] = len(links), len(links) + len(chosen)
        links += chosen


def _near(cost: Whole, count: int) -> Whole:
    """Each visit's nearest others, by cost there and back."""
    apart = (cost[:count, :count] + cost[:count, :count].T).astype(np.float64)
    np.fill_diagonal(apart, np.inf)
    kept = max(1, min(NEIGHBOURS, count - 1))
    return np.ascontiguousarray(np.argsort(apart, axis=1, kind="stable")[:, :kept].astype(np.int64))


def step(cost: Whole, count: int) -> float:
    """The unit of temperatures: what it costs to go to one of the nearest visits, on average."""
    return max(1.0, float(np.sort(cost[:count, :count], axis=1)[:, :8].mean()))


def _weights(problem: VisitsProblem, visit: Whole, cost: Whole) -> tuple[float, float, float]:
    """The search's prices: of one reward, and of one required visit (more than all else together)."""
    count = len(visit)
    if problem.objective is Objective.COST:
        price = 1.0
    else:
        price = VALUE_IN_STEPS * step(cost, count) / max(float(visit[:, V_VALUE].mean()), 1e-9)
    must = 1.0 + price * float(visit[:, V_VALUE].sum()) + 2.0 * float(cost.max(initial=0)) * (count + 1)
    return price, must, float(problem.objective is Objective.REWARD_THEN_TRAVEL)


def _sizes(problem: VisitsProblem, model: Model) -> tuple[int, int]:
    """How many routes can be open at once at most, and how many stops one can hold at most."""
    count = len(model.visit)
    rows = min(count, len(problem.crews))
    if len(model.resource):
        rows = min(rows, _open_at_once(model))
    span = int((model.crew[:, C_UNTIL] - model.crew[:, C_BEGIN]).max(initial=0))
    stops = min(count, int(model.crew[:, C_STOPS].max(initial=0)))
    least = np.sort(model.visit[:, V_DURATION] + model.visit[:, V_OUT])
    stops = min(stops, int(np.searchsorted(np.cumsum(least), span, side="right")))
    return max(1, rows), max(1, stops)


def _open_at_once(model: Model) -> int:
    """Rounds that the resources allow together at most (a linear programme)."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    pairs = [(int(name), crew) for crew, own in enumerate(model.crew) for name in model.links[own[C_USE]:own[C_USE_END]]]
    if not pairs:
        return int(model.crew[:, C_COUNT].sum())
    names, crews = np.array(pairs).T
    taken = csr_array((np.ones(len(names)), (names, crews)), shape=(len(model.resource), len(model.crew)))
    bounds = np.stack([np.zeros(len(model.crew)), model.crew[:, C_COUNT]], axis=1)
    answer = linprog(-np.ones(len(model.crew)), A_ub=taken, b_ub=model.resource[:, R_LIMIT], bounds=bounds, method="highs")
    return int(np.floor(-answer.fun + 1e-6)) if answer.success else int(model.crew[:, C_COUNT].sum())

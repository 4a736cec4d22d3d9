"""Solve a ``mosovo-allocation-problem/1``: annealed ruin and recreate, a Lagrangian bound, and HiGHS for proof.

Two searches run on two cores; on problems small enough the bound's reduced costs leave HiGHS a model it can
prove optimal in seconds, and the search ends there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

import numpy as np

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.planning.allocation.median import search
from mosovo_planner.planning.allocation.median.bound import Bound, kinds_of, least_with, lower_bound
from mosovo_planner.planning.allocation.median.exact import solve_exactly
from mosovo_planner.planning.allocation.median.model import Model, allowed, model_of, refuse_impossible
from mosovo_planner.planning.allocation.median.packing import first_answer, pack
from mosovo_planner.planning.allocation.median.polish import Polish
from mosovo_planner.planning.allocation.median.pool import Pool
from mosovo_planner.planning.allocation.median.problem import AllocationProblem, AllocationSolution, Floats, Ints

_BATCH_SECONDS = 0.1
_HOT, _COLD, _REHEATED = 3.0, 0.1, 0.4
_LARGE_HOT, _LARGE_COLD = 1.0, 0.03
_SMALL = 1200
_PROOF_TRIPLES = 2e7
_PROOF_OPEN = 25_000
_PROOF_AGAIN = 0.7
_PROVED = 1e-7
_TURN_STEPS, _TURN_GROWTH, _TURN_SHARE = 60, 1.1, 0.15
_POOLED_FROM = 0.6
_POLISH_SHARE = 0.4
_BOUND_TURNS = {0: 0.04, 1: 0.12}


class _Annealing:
    """One search on one thread: its state, its temperature by the share of its time, its price of overload."""

    def __init__(self, model: Model, holder: Ints, seed: int, pool: Pool | None = None) -> None:
        self.model = model
        self.pool = pool or Pool(model, np.arange(len(model.capacity)))
        self.usual_over = model.over
        self.seed = seed
        self.state = search.new_state(model, holder)
        self.hot = _HOT
        self.steps = 50
        self.nowhere = np.zeros(len(model.capacity), dtype=np.int64)

    def run(self, seconds: float, stop: Callable[[], bool], steps: float = np.inf) -> None:
        """Anneal once from hot to cold, by the time or by the steps, whichever are over first."""
        began = time.perf_counter()
        unit = self._unit()
        seed, first = self.seed, self.state.totals[search.STEPS]
        while not stop():
            done = (self.state.totals[search.STEPS] - first) / steps
            share = max((time.perf_counter() - began) / seconds, done)
            if share >= 1:
                break
            heat = unit * self.hot * (_COLD / self.hot) ** share
            start = time.perf_counter()
            search.anneal(self.model, self.state, self.nowhere, -1, self.steps, heat, seed)
            took = time.perf_counter() - start
            self.steps = int(np.clip(self.steps * _BATCH_SECONDS / 4 / max(took, 1e-4), 10, 2000))
            seed = -1
            self._reprice()
            if share > _POOLED_FROM:
                self.pool.add(self.state)
        self.seed += 7919
        self.hot = _HOT if len(self.state.holder) <= _SMALL else _REHEATED

    def _unit(self) -> float:
        """A usual distance to the centre, once a quick descent has put the territories in shape."""
        if not self.state.totals[search.STEPS]:
            search.anneal(self.model, self.state, self.nowhere, -1, 2 * len(self.state.holder), 0.0, self.seed)
        return max(float(self.state.totals[search.COST]) / len(self.state.holder), 1e-9)

    def run_in_zones(self, seconds: float, stop: Callable[[], bool]) -> None:
        """Anneal once with two threads on one answer, each on its own half of the map, which is cut anew all the time."""
        began, rng = time.perf_counter(), np.random.default_rng(self.seed)
        unit = self._unit()
        with ThreadPoolExecutor(2) as pool:
            while (share := (time.perf_counter() - began) / seconds) < 1 and not stop():
                heat = unit * _LARGE_HOT * (_LARGE_COLD / _LARGE_HOT) ** share
                zone = search.split(self.model, self.state, rng)
                start = time.perf_counter()
                for half in [pool.submit(self._zone, zone, each, heat, int(rng.integers(2**31))) for each in range(2)]:
                    half.result()
                took = time.perf_counter() - start
                search.settle(self.model, self.state, 2.0 * self.steps)
                self.steps = int(np.clip(self.steps * _BATCH_SECONDS / max(took, 1e-4), 10, 20_000))
                self._reprice()
        self.hot = _REHEATED

    def _zone(self, zone: Ints, mine: int, heat: float, seed: int) -> None:
        own = self.state._replace(totals=np.zeros_like(self.state.totals))
        search.anneal(self.model, own, zone, mine, self.steps, heat, seed)

    def _reprice(self) -> None:
        """Dearer overload while capacities are passed, cheaper while they are kept."""
        factor = 1.05 if self.state.totals[search.EXCESS] > search.FITS else 0.97
        over = float(np.clip(self.model.over * factor, self.usual_over / 8, self.usual_over * 1000))
        self.model = self.model._replace(over=over)

    @property
    def best(self) -> float:
        return float(self.state.totals[search.BEST])


class _Solver:
    """One call of :func:`solve_allocation`."""

    def __init__(self, problem: AllocationProblem, model: Model, seconds: float, seed: int, report: Reporter) -> None:
        self.problem, self.model, self.report = problem, model, report
        self.began = time.perf_counter()
        self.seconds = seconds
        self.seed = seed
        self.bound: Bound | None = None
        self.least = 0.0
        self.stopped = False
        start = first_answer(model, allowed(model), seed)
        kind_of = kinds_of(model)[1] if len(model.load) <= _SMALL else np.arange(len(model.capacity))
        self.searches = [_Annealing(model, start, seed * 2 + each, Pool(model, kind_of)) for each in range(2)]
        self.seen: set[bytes] = set()
        self.fewest_open = np.inf

    @property
    def left(self) -> float:
        return self.seconds - (time.perf_counter() - self.began)

    @property
    def _margin(self) -> float:
        """HiGHS may take this many seconds more than it is given."""
        return min(1.0, 0.1 * self.seconds)

    @property
    def cost(self) -> float:
        return min(each.best for each in self.searches)

    @property
    def proved(self) -> bool:
        return bool(np.isfinite(self.cost)) and self.cost - self.least <= _PROVED * max(1.0, self.cost)

    def run(self) -> None:
        """Search, bound and prove, in turns that grow, until proved or out of time."""
        with ThreadPoolExecutor(2) as pool:
            if len(self.model.load) > _SMALL:
                self._run_large(pool)
            steps, turns = float(_TURN_STEPS * len(self.model.load)), 0
            while self.left > 0.02 * self.seconds and not self.proved:
                began = time.perf_counter()
                most = max(0.05, min(self.left * 0.9, self.seconds * _TURN_SHARE))
                self._together(pool, [self._annealing(each, most, steps) for each in self.searches], "Searching")
                if not np.isfinite(self.cost):
                    self._pack()
                turn = time.perf_counter() - began
                if turns in _BOUND_TURNS:
                    self._raise_bound(pool, _BOUND_TURNS[turns])
                if not self.proved and self.left > self._margin:
                    self._polish(pool, max(0.1, _POLISH_SHARE * turn))
                if not self.proved and self.left > self._margin:
                    self._join(pool)
                self._share_best()
                if turns >= 1 and not self.proved and self.left > self._margin:
                    self._prove(pool)
                steps, turns = steps * _TURN_GROWTH, turns + 1

    def _polish(self, pool: ThreadPoolExecutor, seconds: float) -> None:
        """Polish what each search ended with, each on its thread."""
        if self.bound is None:
            return
        until = time.perf_counter() + min(seconds, self.left - self._margin)
        self._together(pool, [self._polishing(each, self.bound, until) for each in self.searches], "Polishing")

    def _join(self, pool: ThreadPoolExecutor) -> None:
        """Put the best answer together from what both searches met."""
        first, second = (each.pool for each in self.searches)
        for each in self.searches:
            first.add_answer(each.state.best_holder)
        first.costs |= second.costs
        second.costs = dict(first.costs)
        seconds = min(self.left - self._margin, 0.07 * self.seconds)

        def join() -> None:
            holder = first.best(seconds)
            if holder is not None:
                self._take(holder)

        self._together(pool, [join], "Joining")

    def _polishing(self, each: _Annealing, bound: Bound, until: float) -> Callable[[], None]:
        fits = each.state.totals[search.EXCESS] < search.FITS
        holder = each.state.holder if fits else each.state.best_holder
        polish = Polish(
            self.model, bound, holder, lambda found: search.restart(self.model, each.state, found), each.seed, own_bounds=True
        )
        polish.seen = self.seen
        return lambda: polish.run(until, lambda: self.stopped)

    def _run_large(self, pool: ThreadPoolExecutor) -> None:
        """Both threads on one answer; then its bound; and with the bound's prices the polish, to the end."""
        first = self.searches[0]
        self._together(pool, [lambda: first.run_in_zones(0.3 * self.seconds, lambda: self.stopped)], "Searching")
        if not np.isfinite(self.cost):
            return
        self._share_best()
        self._raise_bound(pool, 0.25)
        if self.bound is None or self.bound.merged:
            return
        until = self.began + 0.98 * self.seconds
        polish = Polish(self.model, self.bound, first.state.best_holder, self._take, self.seed)
        self._together(pool, [lambda: polish.run(until, lambda: self.stopped)] * 2, "Polishing")
        self._share_best()

    def _take(self, holder: Ints) -> None:
        search.restart(self.model, self.searches[0].state, holder)

    def _annealing(self, each: _Annealing, seconds: float, steps: float) -> Callable[[], None]:
        return lambda: each.run(seconds, lambda: self.stopped, steps)

    def _raise_bound(self, pool: ThreadPoolExecutor, share: float = 0.15) -> None:
        """Improve the bound, for at most a share of the time."""
        upper, until = self.cost, time.perf_counter() + max(0.05, min(self.left, share * self.seconds))
        prices = self.bound.prices if self.bound else self._first_prices()

        def climb() -> None:
            found = lower_bound(
                self.model, upper, prices, keep_on=lambda _: time.perf_counter() < until and not self.stopped
            )
            if self.bound is None or found.value > self.bound.value:
                self.bound = found
                self.least = max(self.least, found.value)

        self._together(pool, [climb], "Bounding")

    def _prove(self, pool: ThreadPoolExecutor) -> None:
        """Let HiGHS look through everything the bound does not rule out, if that is little enough."""
        bound = self.bound
        if bound is None or bound.merged or len(bound.kinds.many) * len(self.model.load) ** 2 > _PROOF_TRIPLES:
            return
        may = least_with(self.model, bound) <= self.cost * (1 + 1e-9)
        if may.sum() > min(_PROOF_OPEN, _PROOF_AGAIN * self.fewest_open):
            return
        self.fewest_open = float(may.sum())
        seconds = min(self.left, max(2.0, 0.5 * self.seconds))
        done = threading.Event()

        def exact() -> None:
            try:
                prove()
            finally:
                done.set()

        def search_on() -> None:
            second = self.searches[1]
            while not done.is_set() and not self.stopped:
                second.run(seconds, lambda: self.stopped or done.is_set(), _TURN_STEPS * len(self.model.load))

        def prove() -> None:
            found = solve_exactly(self.model.apart, self.model.load, bound.kinds, may, seconds)
            self.least = max(self.least, min(found.bound, self.cost))
            if found.kind is not None and found.centre is not None:
                search.restart(self.model, self.searches[0].state, self._holder(found.kind, found.centre, bound.kind_of))

        self._together(pool, [exact, search_on], "Proving")

    def _holder(self, kind: Ints, centre: Ints, kind_of: Ints) -> Ints:
        """Managers for territories of kinds."""
        spare = {each: list(np.flatnonzero(kind_of == each)) for each in set(kind_of.tolist())}
        taken: dict[tuple[int, int], int] = {}
        for pair in zip(kind.tolist(), centre.tolist(), strict=True):
            if pair not in taken:
                taken[pair] = int(spare[pair[0]].pop(0))
        pairs = zip(kind.tolist(), centre.tolist(), strict=True)
        return np.array([taken[pair] for pair in pairs], dtype=np.int64)

    def _first_prices(self) -> Floats:
        """The same for everybody: a little more than an offender costs in the best answer."""
        n = len(self.model.load)
        return np.full(n, 1.3 * max(self.cost / n, 1e-9))

    def _share_best(self) -> None:
        """Both searches go on from the better of their two answers."""
        best = min(self.searches, key=lambda each: each.best)
        for each in self.searches:
            if np.isfinite(best.best):
                search.restart(self.model, each.state, best.state.best_holder.copy())

    def _pack(self) -> None:
        """No search has kept the capacities: let HiGHS look for any answer, or show that there is none."""
        self.report(Progress("Looking for any answer that keeps the capacities"))
        holder = pack(self.problem, self.model, max(5.0, self.left))
        for each in self.searches:
            search.restart(self.model, each.state, holder)

    def _together(self, pool: ThreadPoolExecutor, jobs: list[Callable[[], None]], text: str) -> None:
        """Run jobs on threads; meanwhile tell progress and listen for a stop."""
        running: list[Future[None]] = [pool.submit(job) for job in jobs]
        try:
            while not all(each.done() for each in running):
                cost = self.cost
                share = min(1.0, 1 - self.left / self.seconds)
                self.report(Progress(text, share, cost if np.isfinite(cost) else None))
                wait(running, timeout=0.05)
        except BaseException:
            self.stopped = True
            raise
        for each in running:
            each.result()

    def solution(self) -> AllocationSolution:
        best = min(self.searches, key=lambda each: each.best)
        holder, centre = best.state.best_holder, best.state.best_centre
        offenders, managers = self.problem.offenders, self.problem.managers
        cost = exact_cost(self.model, holder, centre)
        return AllocationSolution(
            assignment={each.id: managers[k].id for each, k in zip(offenders, holder, strict=True)},
            centres={managers[k].id: offenders[j].id for k, j in enumerate(centre) if j >= 0},
            cost=cost,
            bound=min(cost, cost if self.proved else self.least),
            seconds=time.perf_counter() - self.began,
            iterations=int(sum(each.state.totals[search.STEPS] for each in self.searches)),
        )


def exact_cost(model: Model, holder: Ints, centre: Ints) -> float:
    """The cost of an answer, added up anew."""
    each = np.arange(len(holder))
    cost = float(model.apart[each, centre[holder]].sum())
    if not model.plain:
        cost += float(model.extra[each, holder].sum())
    if model.based:
        opened = np.flatnonzero(centre >= 0)
        cost += float(model.opening[opened, centre[opened]].sum())
    return cost


def warm_up(report: Reporter = silent) -> None:
    """Compile what is not compiled yet; some seconds at the first use on a machine, nothing later."""
    from mosovo_planner.planning.allocation.median.problem import PlacedOffender, TerritoryManager

    report(Progress("Preparing the calculation (some seconds at the first use)"))
    apart = np.array([[0.0, 1.0, 5.0], [1.0, 0.0, 5.0], [5.0, 5.0, 0.0]])
    offenders = tuple(PlacedOffender(str(i), i, 1.0) for i in range(3))
    tiny = AllocationProblem(apart, offenders, tuple(TerritoryManager(str(k), 2.0) for k in range(2)))
    model = model_of(tiny)
    state = search.new_state(model, np.array([0, 0, 1]))
    report(Progress("Preparing the calculation: search"))
    search.anneal(model, state, np.zeros(2, dtype=np.int64), -1, 1, 1.0, 1)
    report(Progress("Preparing the calculation: bound"))
    once = iter((True, False))
    bound = lower_bound(model, float(state.totals[search.BEST]), np.ones(3), keep_on=lambda _: next(once))
    least_with(model, bound)
    report(Progress("Preparing the calculation: polish"))
    Polish(model, bound, np.array([0, 0, 1]), lambda _: None, 1).solve_once()


def solve_allocation(
    problem: AllocationProblem, *, seconds: float = 30.0, seed: int = 1, report: Reporter = silent
) -> AllocationSolution:
    """Share offenders out into territories at the least cost found in the time, with a bound on the least possible.

    ``seconds`` do not count the compiling at the first use on a machine. Ends early where the answer is proved.

    Raises:
        InfeasibleProblem: no answer keeps the rules, or none was found; the message says which.
        Cancelled: ``report`` raised it.
    """
    if not problem.offenders:
        return AllocationSolution({}, {}, 0.0, 0.0, 0.0)
    model = model_of(problem)
    refuse_impossible(problem, model)
    warm_up(report)
    solver = _Solver(problem, model, max(0.2, seconds), seed, report)
    solver.run()
    return solver.solution()


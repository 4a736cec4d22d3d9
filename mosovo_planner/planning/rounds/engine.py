"""Solving a visits problem: searches side by side on their own threads, whose rounds are packed together now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Event
from typing import TypeVar

import numpy as np

from mosovo_planner.domain.progress import Progress, Reporter, silent
from mosovo_planner.planning.rounds.anneal import alternatives, load, search
from mosovo_planner.planning.rounds.answer import best_columns, solution, start_columns
from mosovo_planner.planning.rounds.bounding import Generation, compile_pricing
from mosovo_planner.planning.rounds.bounds import best_possible, tighter
from mosovo_planner.planning.rounds.model import V_REQUIRED, Layout, Model, build_model, step
from mosovo_planner.planning.rounds.packing import Column, Packing, gather
from mosovo_planner.planning.rounds.problem import Route, VisitsProblem, VisitsSolution
from mosovo_planner.planning.rounds.state import S_CLASS, S_COLUMNS, S_LENGTH, State, new_state

Result = TypeVar("Result")

POLL = 0.05  # seconds between two reports, so between two moments at which the user can stop the work
CHUNK = 0.05  # seconds of search between two looks at the clock
CHUNK_ITERATIONS = 500  # the same where iterations are counted
LEAST = 0.05  # seconds of search at least, however late it is
PHASE = 7.0  # seconds of search between two packings, about
PACK_SHARE, PACK_SECONDS = 0.06, 2.5  # of all the time, at most, for one packing
GENERATION_SECONDS, GENERATION_VISITS = 8.0, 320  # no column generation with less time, or with more visits,
GENERATION_PAIRS = 40_000  # or with more pairs of a visit and a class of crews
GENERATION_SHARE = 0.7  # of all the time, after which it ends


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to search: by the clock, or an exact number of iterations (which makes the answer repeatable)."""

    seconds: float
    iterations: int | None

    @property
    def phases(self) -> int:
        """How often the searches' rounds are packed."""
        return 3 if self.iterations is not None else max(1, min(8, round(self.seconds / PHASE)))

    @property
    def columns(self) -> int:
        """How many rounds are packed at most; few where there is little time."""
        return 1000 if self.iterations is not None else max(200, min(3000, int(150 * self.seconds)))

    def generates(self, model: Model) -> bool:
        """Whether a bound by column generation is worth its time."""
        visits, crews = model.reward.shape
        small = visits <= GENERATION_VISITS and visits * crews <= GENERATION_PAIRS
        return self.iterations is None and self.seconds >= GENERATION_SECONDS and small

    @property
    def packing_seconds(self) -> float | None:
        """Time for one packing; None: a fixed amount of work."""
        return None if self.iterations is not None else min(PACK_SECONDS, PACK_SHARE * self.seconds)


def solve_visits(
    problem: VisitsProblem,
    *,
    seconds: float,
    seed: int,
    report: Reporter = silent,
    start: Iterable[Route] | None = None,
    threads: int = 2,
    iterations: int | None = None,
) -> VisitsSolution:
    """The best rounds found within ``seconds``.

    With ``iterations`` (of all searches together) the clock is not looked at, and the same problem, seed, start and
    number of threads give the same answer on any machine. ``start`` holds routes to begin from; what of them no longer
    fits is left out. Visits marked as required go before everything else; those that no place was found for are in the
    answer's ``unmet_required``. ``report`` is called some twenty times a second; what it raises ends the work.

    Method: slack induction by string removals (Christiaens & Vanden Berghe 2020) with annealing, several searches at
    once, and a set packing over all good rounds they met, from which they go on.
    """
    if not problem.visits or not problem.crews:
        return solution(problem, Layout((), 1, 1), (), bound=0.0, seconds=0.0, iterations=0)
    model, layout = build_model(problem)
    states = [new_state(model, layout, seed * 1009 + k) for k in range(max(1, threads))]
    run = _Run(model, states, Effort(seconds, iterations), seed, report)
    with ThreadPoolExecutor(len(run.states) + 1) as run.workers:
        run.prepare()
        simple = run.workers.submit(best_possible, problem, model, layout)
        run.begin(start_columns(problem, model, layout, start or ()))
        try:
            for phase in range(run.effort.phases):
                run.search(phase)
                run.pack()
                run.generate()
        finally:
            run.stop_generating()
        bound = run.bound(problem, simple)
    return solution(problem, layout, run.best, bound=bound, seconds=time.monotonic() - run.begun, iterations=run.done)


@dataclass
class _Run:
    """One solve: its searches, the best rounds so far, and the clock."""

    model: Model
    states: Sequence[State]
    effort: Effort
    seed: int
    report: Reporter
    begun: float = field(default_factory=time.monotonic)
    best: list[Column] = field(default_factory=list)
    done: int = 0
    packed: float = 0.1  # seconds that the longest packing took
    stop: Event = field(default_factory=Event)
    generation: Generation | None = None
    generating: Future[float | None] | None = None
    workers: ThreadPoolExecutor = field(init=False)

    def worth(self, columns: Sequence[Column]) -> tuple[float, ...]:
        """What decides between two answers: required visits, then what the problem seeks; more is better."""
        required = sum(own.required for own in columns)
        reward, cost = sum(own.reward for own in columns), sum(own.cost for own in columns)
        return (required, reward, -cost) if self.model.weight[2] else (required, reward - cost)

    def share(self) -> float:
        """The share of the work done."""
        if self.effort.iterations is not None:
            return min(1.0, self.done / max(1, self.effort.iterations))
        return min(1.0, (time.monotonic() - self.begun) / max(self.effort.seconds, 1e-9))

    def prepare(self) -> None:
        """Compiles the search where this machine has not done so yet, before the clock starts."""
        self.report(Progress("Preparing the search (first use)", 0.0))
        self.aside(lambda: compile_search(self.model, self.states[0]))
        if self.effort.generates(self.model):
            self.aside(lambda: compile_pricing(self.model))
        self.begun = time.monotonic()

    def begin(self, columns: Sequence[Column]) -> None:
        """All searches start from these rounds."""
        self.best = list(columns)
        for state in self.states:
            _load(self.model, state, columns)

    def search(self, phase: int) -> None:
        """All searches once, side by side; the best of what they found is kept."""
        hot, cold = _heat(self.model, phase)
        if self.effort.iterations is not None:
            size = self.effort.iterations // (self.effort.phases * len(self.states))
            steps = [self.workers.submit(_count, self.model, state, size, hot, cold, self.stop) for state in self.states]
        else:
            until = self._phase_end(phase)
            steps = [self.workers.submit(_clock, self.model, state, until, hot, cold, self.stop) for state in self.states]
        self._watch(steps, "Searching for rounds", self._stop_search)
        self.done += sum(step.result() for step in steps)
        self.best = max(self.best, *(best_columns(self.model, state) for state in self.states), key=self.worth)

    def _phase_end(self, phase: int) -> float:
        left = self.begun + self.effort.seconds - time.monotonic() - self.packed
        return time.monotonic() + max(0.0, left / (self.effort.phases - phase))

    def pack(self) -> None:
        """The best choice among all rounds met; searches that are worse go on from it."""
        begun = time.monotonic()
        offered = self.generation.offered if self.generation else []
        columns = gather(self.model, self.states, [*offered, *self.best], self.effort.columns)
        packing = Packing(self.model, columns, self.best)
        seconds = self.effort.packing_seconds
        if seconds is not None:
            seconds = max(0.02, min(seconds, self.begun + self.effort.seconds - time.monotonic()))
        step = self.workers.submit(packing.solve, seconds, len(self.states), self.seed)
        self._watch([step], "Choosing among the rounds found", packing.stop)
        self.best = max(self.best, step.result() or [], key=self.worth)
        for state in self.states:
            if self.worth(best_columns(self.model, state)) < self.worth(self.best):
                _load(self.model, state, self.best)
        self.packed = max(self.packed, time.monotonic() - begun)

    def generate(self) -> None:
        """Begins to search for a bound, once, beside the searches: where there is time, and no more visits than it can do."""
        if self.generation is None and self.effort.generates(self.model):
            self.generation = Generation(self.model, gather(self.model, self.states, self.best, self.effort.columns))
            until = self.begun + GENERATION_SHARE * self.effort.seconds
            self.generating = self.workers.submit(self.generation.run, until)

    def stop_generating(self) -> None:
        """Ends that search, wherever it is."""
        if self.generation is not None:
            self.generation.stop()

    def bound(self, problem: VisitsProblem, simple: Future[float | None]) -> float | None:
        """The best bound found; where a required visit has no place, only what does not count on it."""
        generated = None
        steps = [simple] if self.generating is None else [simple, self.generating]
        self._watch(steps, "Working out what no plan can better", self.stop_generating)
        must = int(self.model.visit[:, V_REQUIRED].sum())
        if self.generating is not None and sum(own.required for own in self.best) == must:
            generated = self.generating.result()
        return tighter(problem, simple.result(), generated)

    def aside(self, work: Callable[[], Result]) -> Result:
        """Work on a thread of the solve, while reports go on."""
        step = self.workers.submit(work)
        self._watch([step], "Preparing the search (first use)", lambda: None)
        return step.result()

    def _stop_search(self) -> None:
        self.stop.set()

    def _watch(self, steps: Sequence[Future[Result]], text: str, stop: Callable[[], None]) -> None:
        """Reports until the steps are done; stops them where a report raises."""
        try:
            while wait(steps, POLL).not_done:
                self.report(Progress(text, self.share(), self._shown()))
        except BaseException:
            stop()
            wait(steps)
            raise

    def _shown(self) -> float | None:
        if not self.best:
            return None
        return float(self.worth(self.best)[1])


def _heat(model: Model, phase: int) -> tuple[float, float]:
    """The temperatures a phase begins and ends with, in units of cost: hot at first, then warm around what was found."""
    unit = step(model.cost, len(model.visit))
    if model.weight[2]:
        return (20.0 * unit, 0.15 * unit) if phase == 0 else (6.0 * unit, 0.15 * unit)
    return (unit, 0.01 * unit) if phase == 0 else (0.3 * unit, 0.01 * unit)


def compile_search(model: Model, state: State) -> None:
    """Calls what is compiled once, to no effect."""
    search(model, state, 0, 1.0, 1.0)
    load(model, state, state.best[:0], state.best_stops[:0])
    alternatives(model, state.order[:0], state.order[:1], state.key[:1])


def _load(model: Model, state: State, columns: Sequence[Column]) -> None:
    rounds = np.zeros((len(columns), S_COLUMNS), dtype=np.int64)
    stops = np.zeros((len(columns), state.best_stops.shape[1]), dtype=np.int64)
    for index, own in enumerate(columns):
        rounds[index, S_CLASS], rounds[index, S_LENGTH] = own.crew, len(own.visits)
        stops[index, : len(own.visits)] = own.visits
    load(model, state, rounds, stops)


def _count(model: Model, state: State, size: int, hot: float, cold: float, stop: Event) -> int:
    """That many iterations exactly, unless stopped."""
    for done in range(0, size, CHUNK_ITERATIONS):
        if stop.is_set():
            return done
        chunk = min(CHUNK_ITERATIONS, size - done)
        search(model, state, chunk, hot * (cold / hot) ** (done / size), hot * (cold / hot) ** ((done + chunk) / size))
    return size


def _clock(model: Model, state: State, until: float, hot: float, cold: float, stop: Event) -> int:
    """As many iterations as there is time for, unless stopped."""
    begun = time.monotonic()
    until = max(until, begun + LEAST)
    done, size = 0, 32
    while not stop.is_set() and (now := time.monotonic()) < until:
        share, end = (now - begun) / (until - begun), min(1.0, (now + CHUNK - begun) / (until - begun))
        search(model, state, size, hot * (cold / hot) ** share, hot * (cold / hot) ** end)
        done += size
        size = max(8, int(size * min(4.0, CHUNK / max(1e-4, time.monotonic() - now))))
    return done

"""Rounds: which visits, by which crew, in which order (team orienteering with time windows and chosen crews).

**Model.** A crew slot is one possible round: a base, a day with begin and end, most stops, most load, and the resources
of which an open round takes one each. Who goes out with whom is part of the answer: every pair of officers on every
day is a slot, "officer A on Tuesday" and "officer A this week" are resources with limits, so pairs and their visits
are chosen together. A visit has a place, a duration, windows, a reward that may differ by crew, and may be required.

**Objective.** Required visits first; then most reward and, at equal reward, least travel (``reward_then_travel``), or
least travel plus the reward of what is missed (``cost``).

**Search.** Ruin and recreate, compiled (numba): slack induction by string removals (Christiaens & Vanden Berghe 2020)
with whole rounds and crews changing hands, greedy insertion with blinks, annealing. Some ten thousand steps a second
and core; one search on each core, with seeds of its own. Every round of a good answer goes into a pool. Several times
in a run CP-SAT picks the best set of disjoint rounds from the pools (set packing, with crews and resources), and the
searches go on from it: searches alone stall where two rounds must change at once, while the packing joins
halves that were never seen together. With counted iterations instead of seconds the answer can be repeated exactly.

**Bound.** Two, and the better counts. A simple one for any size: each visit has one before and one after it
(assignment), with a price on time. A strong one where there are some seconds and at most some hundred visits: column
generation over all rounds that a crew could make. A linear programme (GLOP) chooses among known rounds; under its
prices, labels find better ones for each class of like crews (ng-routes, Baldacci, Mingozzi & Roberti 2011; pruned by
completion bounds from a backward search). For any prices, their sum and what the best rounds under them bring is a
valid bound, so it holds whenever time ends; where no round pays any more, it is the optimum of the linear programme,
mostly within a few per cent of the answer. The rounds it finds go into the set packing. It takes required visits as
met: where one has no place, only the simple bound is told. Beyond, the gap says how far the answer may at most be
from the best there is; it may be much nearer.

**Why these.** Measured beside OR-Tools' routing, VROOM and PyVRP at the same seconds and cores
(``python -m tests.benchmarks.peers``); none of those gives a bound or chooses crews. A full CP-SAT model falls far
short at this size; CP-SAT is right for the packing, where the side constraints are.
"""

from mosovo_planner.planning.rounds.engine import solve_visits
from mosovo_planner.planning.rounds.problem import CrewSlot, Objective, Route, Stop, VisitsProblem, VisitsSolution, VisitTask

__all__ = ["CrewSlot", "Objective", "Route", "Stop", "VisitTask", "VisitsProblem", "VisitsSolution", "solve_visits"]

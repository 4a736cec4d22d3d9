"""The linear programme over the rounds known so far: each visit once at most (required ones exactly), crews, resources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mosovo_planner.planning.rounds.bounding.labels import Values
from mosovo_planner.planning.rounds.model import C_COUNT, C_USE, C_USE_END, R_LIMIT, V_REQUIRED, Model
from mosovo_planner.planning.rounds.packing import Column


@dataclass(frozen=True, slots=True)
class Relaxed:
    """An optimum of the programme: its value, the prices of the visits, and what each column would bring beyond its price."""

    value: float
    prices: Values
    gains: Values


def worth(model: Model, own: Column) -> float:
    """What a round adds to what is sought, more being better."""
    return float(own.reward if model.weight[2] else own.reward - own.cost)


class Master:
    """The programme in GLOP, which goes on from its last basis when columns are added."""

    def __init__(self, model: Model) -> None:
        from ortools.math_opt.python import mathopt

        self._mathopt, self._model = mathopt, model
        self._program = mathopt.Model()
        required = model.visit[:, V_REQUIRED] > 0
        self._visits = [self._program.add_linear_constraint(lb=1.0 if must else -np.inf, ub=1.0) for must in required]
        self._crews = [self._program.add_linear_constraint(ub=float(own[C_COUNT])) for own in model.crew]
        self._resources = [self._program.add_linear_constraint(ub=float(own[R_LIMIT])) for own in model.resource]
        self._required = required
        unmet = 10.0 * (float(model.cost.max(initial=1)) * 4 + float(model.reward.max(initial=1)))
        terms = []
        for visit in np.flatnonzero(required):
            slack = self._program.add_variable(lb=0.0)
            self._visits[visit].set_coefficient(slack, 1.0)
            terms.append(-unmet * slack)
        self._program.maximize_linear_objective(sum(terms))
        self._picks: list[object] = []
        self._solver = mathopt.IncrementalSolver(self._program, mathopt.SolverType.GLOP)

    def add(self, own: Column) -> None:
        """One more round, which may hold a visit more than once."""
        pick = self._program.add_variable(lb=0.0)
        self._program.objective.set_linear_coefficient(pick, worth(self._model, own))
        for visit, times in Counter(own.visits).items():
            self._visits[visit].set_coefficient(pick, float(times))
        self._crews[own.crew].set_coefficient(pick, 1.0)
        uses = self._model.crew[own.crew, C_USE], self._model.crew[own.crew, C_USE_END]
        for name in self._model.links[uses[0]:uses[1]].tolist():
            self._resources[name].set_coefficient(pick, 1.0)
        self._picks.append(pick)

    def solve(self) -> Relaxed | None:
        """The optimum; None where it was not found."""
        answer = self._solver.solve()
        if answer.termination.reason != self._mathopt.TerminationReason.OPTIMAL:
            return None
        prices = np.array(answer.dual_values(self._visits))
        prices[~self._required] = np.maximum(prices[~self._required], 0.0)
        return Relaxed(answer.objective_value(), prices, np.array(answer.reduced_costs(self._picks)))


def best_choice(model: Model, values: Mapping[int, float]) -> float:
    """The most that rounds of these values (by class of crews) can come to, as far as crews and resources go round."""
    paying = {crew: value for crew, value in values.items() if value > 0.0}
    if not paying:
        return 0.0
    crews = sorted(paying)
    counts = np.minimum(model.crew[crews, C_COUNT], len(model.visit)).astype(np.float64)
    if not len(model.resource):
        return _filled([paying[crew] for crew in crews], counts, len(model.visit))
    from scipy.optimize import linprog

    uses = np.zeros((len(model.resource) + 1, len(crews)))
    for place, crew in enumerate(crews):
        uses[model.links[model.crew[crew, C_USE]:model.crew[crew, C_USE_END]], place] = 1.0
    uses[-1] = 1.0
    limits = np.append(model.resource[:, R_LIMIT], len(model.visit))
    bounds = [(0.0, most) for most in counts]
    answer = linprog([-paying[crew] for crew in crews], A_ub=uses, b_ub=limits, bounds=bounds, method="highs")
    return -float(answer.fun) if answer.success else float(counts @ [paying[crew] for crew in crews])


def _filled(values: Sequence[float], counts: Values, rounds: int) -> float:
    """The dearest first, as many rounds as there are visits at most."""
    total, left = 0.0, float(rounds)
    for place in np.argsort(values)[::-1]:
        taken = min(left, counts[place])
        total, left = total + taken * values[place], left - taken
    return total

"""What no choice of rounds can better: column generation over the rounds that a crew could make (see ``generation``)."""

from mosovo_planner.planning.rounds.bounding.generation import Generation
from mosovo_planner.planning.rounds.bounding.pricing import compile_pricing

__all__ = ["Generation", "compile_pricing"]

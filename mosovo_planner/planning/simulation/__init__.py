"""A year played week by week, to compare ways of working on one force with the same surprises."""

from mosovo_planner.planning.simulation.force import Assumptions, MatrixTravel, SimulationRequest, arrivals
from mosovo_planner.planning.simulation.play import simulate

__all__ = ["Assumptions", "MatrixTravel", "SimulationRequest", "arrivals", "simulate"]

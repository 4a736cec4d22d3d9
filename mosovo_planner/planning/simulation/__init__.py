"""A year played week by week, to compare ways of working on one force with the same surprises, and to find its strength."""

from mosovo_planner.planning.simulation.assumptions import Assumptions, assumption_table, assumptions_of
from mosovo_planner.planning.simulation.force import MatrixTravel, SimulationRequest, arrivals
from mosovo_planner.planning.simulation.play import play
from mosovo_planner.planning.simulation.request import QUICK_ITERATIONS, Force, force_of
from mosovo_planner.planning.simulation.runs import simulate
from mosovo_planner.planning.simulation.strength import officers_needed, staffed

__all__ = [
    "QUICK_ITERATIONS",
    "Assumptions",
    "Force",
    "MatrixTravel",
    "SimulationRequest",
    "arrivals",
    "assumption_table",
    "assumptions_of",
    "force_of",
    "officers_needed",
    "play",
    "simulate",
    "staffed",
]

"""Rounds: which visits, by which crew, in which order (team orienteering with time windows and chosen crews)."""

from mosovo_planner.planning.rounds.engine import solve_visits
from mosovo_planner.planning.rounds.problem import CrewSlot, Objective, Route, Stop, VisitsProblem, VisitsSolution, VisitTask

__all__ = ["CrewSlot", "Objective", "Route", "Stop", "VisitTask", "VisitsProblem", "VisitsSolution", "solve_visits"]

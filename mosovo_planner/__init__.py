"""MOSOVO Planner: caseload, allocation by location, and weeks of paired visits for police MOSOVO teams."""

__version__ = "0.1.0"

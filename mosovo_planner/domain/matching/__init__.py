"""Matching of people: incident logs to the caseload, a frontline officer's search, and lists compared.

Pure: texts in, explained matches out. No match is ever merged by itself.
"""

from mosovo_planner.domain.matching.evidence import Evidence, Sureness
from mosovo_planner.domain.matching.index import CaseloadIndex
from mosovo_planner.domain.matching.lists import (
    Difference,
    ListComparison,
    ListedPerson,
    MissingHere,
    MissingThere,
    UnenteredVisit,
    compare_list,
)
from mosovo_planner.domain.matching.matcher import MOST_ALIKE, IncidentMatch, MatchResult, SetAside, match_incidents
from mosovo_planner.domain.matching.search import CaseloadSearch, Hit
from mosovo_planner.domain.matching.subjects import Address, IncidentLog, LogPerson, Subject, subject_of

__all__ = [
    "MOST_ALIKE",
    "Address",
    "CaseloadIndex",
    "CaseloadSearch",
    "Difference",
    "Evidence",
    "Hit",
    "IncidentLog",
    "IncidentMatch",
    "ListComparison",
    "ListedPerson",
    "LogPerson",
    "MatchResult",
    "MissingHere",
    "MissingThere",
    "SetAside",
    "Subject",
    "Sureness",
    "UnenteredVisit",
    "compare_list",
    "match_incidents",
    "subject_of",
]

"""Which tool assesses whom: ARMS is for adult male offenders (rule 11; ATSA 2015, What Works project 696)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mosovo_planner.domain.dates import age_on
from mosovo_planner.domain.people import Offender, Risk, Sex


class Tool(StrEnum):
    """What a risk was assessed with. OTHER is whatever the force uses for those whom ARMS does not fit."""

    ARMS = "arms"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {"arms": "ARMS", "other": "Other tool"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An assessment done on a day; ``priority`` is the management priority it gives. No answers, no narrative."""

    id: str
    ref: str
    tool: Tool
    done_on: date
    by: str
    priority: Risk | None = None


def arms_objection(offender: Offender, on: date) -> str:
    """Why ARMS does not fit this offender, in words; empty where it does, or where sex or age are not held."""
    if offender.sex is not None and offender.sex is not Sex.MALE:
        return "ARMS is for adult men; use the other tool."
    if offender.date_of_birth is not None and age_on(offender.date_of_birth, on) < 18:
        return "ARMS is for adults; he is under 18, so use the other tool."
    return ""


def tool_for(offender: Offender, on: date) -> Tool:
    """The tool to use. Where sex or date of birth are missing ARMS is assumed, as for most of a caseload."""
    return Tool.OTHER if arms_objection(offender, on) else Tool.ARMS


def assessment_problems(assessment: Assessment, offender: Offender, today: date) -> tuple[str, ...]:
    """What keeps an assessment from being recorded, in words."""
    found = []
    if assessment.tool is Tool.ARMS and (objection := arms_objection(offender, assessment.done_on)):
        found.append(objection)
    if assessment.done_on > today:
        found.append("The day lies ahead; record the assessment once it has been made.")
    if not assessment.by:
        found.append("Say who made the assessment.")
    return tuple(found)

"""Why a visit is made on that day and by that crew, as far as facts decide it; nothing is said that the facts do not bear out."""

from __future__ import annotations

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.people import Sex
from mosovo_planner.planning.weeks.crews import Duty, may_pair
from mosovo_planner.planning.weeks.request import PlanRequest, VisitNeed
from mosovo_planner.planning.weeks.values import comes_first


def that_crew(request: PlanRequest, crew: Duty, need: VisitNeed) -> str:
    """Why his own manager is not there, where one is named; which officer a marker asks for."""
    return "; ".join(part for part in (_without_manager(request, crew, need), _asked_for(request, crew, need)) if part)


def _without_manager(request: PlanRequest, crew: Duty, need: VisitNeed) -> str:
    if need.manager is None or need.manager in crew.officers:
        return ""
    manager = request.officer.get(need.manager)
    if manager is None:
        return "the manager on record is not among the officers"
    if absence := manager.away(crew.day):
        return f"{manager.label} is away until {in_words(absence.end)}"
    if manager.id in need.demands.excluded:
        return f"a marker bars {manager.label}"
    if request.rules.days_a_week(manager) == 0:
        return f"{manager.label} has no hours for visits"
    if need.position is None or manager.id not in request.bases:
        return ""
    if not any(manager.id in area.officers and set(crew.officers) & set(area.officers) for area in request.areas):
        return f"{manager.label} goes out in another area"
    own, here = (request.legs.minutes(base, need.position) for base in (request.bases[manager.id], crew.base))
    return f"{manager.label}'s base is {own - here} minutes farther than this crew's" if own > here else ""


def _asked_for(request: PlanRequest, crew: Duty, need: VisitNeed) -> str:
    wanted = {Sex.MALE} if need.demands.needs_man else set()
    wanted |= {Sex.FEMALE} if need.demands.needs_woman else set()
    there = [request.officer[each] for each in crew.officers if each in request.officer and request.officer[each].sex in wanted]
    return f"{there[0].label} goes, as a marker asks for a {'man' if there[0].sex is Sex.MALE else 'woman'}" if there else ""


def that_day(request: PlanRequest, crew: Duty, need: VisitNeed) -> str:
    """The deadline that decides the day, the only day on which the crew could go, or the evening that was asked for."""
    said = []
    if need.deadline and comes_first(request, need):
        side = "by" if crew.day <= need.deadline else "after"
        what = f" ({need.deadline_of.lower()})" if need.deadline_of else ""
        said.append(f"{side} the deadline of {in_words(need.deadline)}{what}")
    able = [day for day in request.days if day >= need.earliest and may_pair(request, crew.officers, day)]
    if able == [crew.day] and len(request.days) > 1:
        said.append("the only day of the plan on which these two could go")
    if crew.evening and need.before and all(part != "evening" for _, part in need.before):
        said.append("a late duty, as no evening visit is on record")
    return "; ".join(said)

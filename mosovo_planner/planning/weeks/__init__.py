"""The planner's weeks: who goes out with whom on which day, whom they see, in which order and when."""

from mosovo_planner.planning.weeks.changes import PROMISES, Change, ChangeKind, differences, promises_changed
from mosovo_planner.planning.weeks.edits import (
    add_round,
    add_visit,
    change_crew,
    drop_round,
    drop_visit,
    duty_end,
    move_visit,
    pin_round,
    pin_visit,
    reorder,
    retime,
)
from mosovo_planner.planning.weeks.making import breaks, legs_home
from mosovo_planner.planning.weeks.propose import propose_plan
from mosovo_planner.planning.weeks.replan import Replanned, replan
from mosovo_planner.planning.weeks.request import PlanError, PlanRequest, VisitNeed, plan_request
from mosovo_planner.planning.weeks.surprises import (
    Delayed,
    NoReply,
    OfficerSick,
    ReplanRequest,
    Surprise,
    Urgent,
    absence_of,
    replan_request,
)

__all__ = [
    "PROMISES",
    "Change",
    "ChangeKind",
    "Delayed",
    "NoReply",
    "OfficerSick",
    "PlanError",
    "PlanRequest",
    "ReplanRequest",
    "Replanned",
    "Surprise",
    "Urgent",
    "VisitNeed",
    "absence_of",
    "add_round",
    "add_visit",
    "breaks",
    "change_crew",
    "differences",
    "drop_round",
    "drop_visit",
    "duty_end",
    "legs_home",
    "move_visit",
    "pin_round",
    "pin_visit",
    "plan_request",
    "promises_changed",
    "propose_plan",
    "reorder",
    "replan",
    "replan_request",
    "retime",
]

"""Why a case moves, or stays without a manager, in words and figures that are true of the proposal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from mosovo_planner.planning.allocation.figures import MARGIN, NOBODY, Figures, Floats, Ints
from mosovo_planner.planning.allocation.request import AllocationRequest

LEFT = "is not in the team any more."


def in_hours(minutes: float) -> str:
    """``3 h 20 min``; ``45 min`` below an hour."""
    whole = round(minutes)
    hours, rest = divmod(whole, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


@dataclass(frozen=True, eq=False)
class Reasons:
    """Answers why, for one assignment. ``holder`` are manager indices, ``loads`` hours a year by manager."""

    request: AllocationRequest
    figures: Figures
    holder: Ints
    loads: Floats
    centres: Floats
    by_hand: Collection[str] = ()

    def of_move(self, case: int) -> str:
        """Why this case goes to its new manager."""
        words = [self._cause(case), self._warning(case)]
        return " ".join(word for word in words if word)

    def of_nobody(self, case: int) -> str:
        """Why this case is left without a manager."""
        each = self.request.cases[case]
        managers = self.request.managers
        if not managers:
            return "There is no manager in the team."
        present = f" Now with {each.manager}." if each.manager else ""
        open_to = [m.id for m in managers if m.id not in each.forbidden]
        if not open_to:
            return "Markers bar every manager of the team." + present
        at_work = [j for j in range(len(managers)) if self.figures.allowed[case, j]]
        if not at_work:
            return f"No manager whom the markers allow ({', '.join(open_to)}) has hours in the coming year." + present
        room = max(float(self.figures.capacity[j] - self.loads[j]) for j in at_work)
        if each.workload <= room:
            return "No manager was chosen for this case." + present
        spare = f"the most room is {room:.1f} h" if room > 0 else "no manager has room"
        return f"It asks {each.workload:.1f} h a year and {spare} within capacity." + present

    def saved(self, case: int) -> float:
        """Minutes of travel a year the move saves; 0 where either drive is unknown or nobody held the case."""
        before, after = self.figures.current[case], self.holder[case]
        if NOBODY in (before, after):
            return 0.0
        saved = self.figures.travel[case, before] - self.figures.travel[case, after]
        return float(saved) if np.isfinite(saved) else 0.0

    def needed(self, case: int) -> str | None:
        """What forbids giving the case back to its former manager, in words; None where nothing does."""
        before, after = int(self.figures.current[case]), int(self.holder[case])
        if before == NOBODY:
            return None
        data, load = self.figures, self.figures.load[case]
        former = self.request.managers[before].label
        back, left = self.loads[before] + load, self.loads[after] - load
        if back > data.capacity[before] + 1e-6:
            return f"{former} would be over capacity with it ({back:.0f} of {data.capacity[before]:.0f} h a year)"
        if back > data.high[before] + 1e-6:
            return f"with it {former} would have {self._share(back, before)} the team's mean workload per hour worked"
        if left < data.low[after] - 1e-6:
            return f"without it {self.request.managers[after].label} would have {self._share(left, after)} the team's mean"
        return None

    def _share(self, load: float, manager: int) -> str:
        mean = self.figures.mean * self.figures.hours[manager]
        return f"{100 * load / mean:.1f}%" + " of" if mean > 0 else "more than"

    def _cause(self, case: int) -> str:
        each = self.request.cases[case]
        after = self.request.managers[int(self.holder[case])]
        if each.ref in self.by_hand or each.pinned_to == after.id:
            return f"Given to {after.label} by hand. {self._travel(case)}"
        if lost := self._lost(case):
            return f"{lost} {self._arrival(case)}"
        if self.saved(case) >= self.request.weights.move_price_minutes:
            return self._travel(case)
        return self._balance(case)

    def _lost(self, case: int) -> str | None:
        """Why the case cannot stay with its former manager whatever the loads; None where it could."""
        each, before = self.request.cases[case], int(self.figures.current[case])
        if each.manager is None:
            return "Had no manager."
        if before == NOBODY:
            return f"{each.manager} {LEFT}"
        if each.manager in each.forbidden:
            return f"A marker bars {each.manager}."
        if not self.figures.allowed[case, before]:
            return f"{each.manager} has no hours for the caseload in the coming year (absence)."
        return None

    def _balance(self, case: int) -> str:
        needed = self.needed(case)
        if needed:
            return f"For even workloads: {needed} ({self._band()}). {self._travel(case)}"
        nearer = self._nearer(case)
        return f"{self._travel(case)} {nearer}".strip()

    def _band(self) -> str:
        limit = 100 * self.request.weights.balance
        aim = limit * (1 - MARGIN)
        return f"aim {100 - aim:g} to {100 + aim:g}%, limit {100 - limit:g} to {100 + limit:g}%"

    def _travel(self, case: int) -> str:
        """What the move means for travel: ``Saves 3 h 20 min of travel a year: 12 min from OM05's base …``."""
        before, after = int(self.figures.current[case]), int(self.holder[case])
        if before == NOBODY:
            return self._arrival(case)
        drives = self.request.base_minutes[[before, after], case]
        names = self.request.managers[before].label, self.request.managers[after].label
        visits = self.figures.visits[case]
        if not np.isfinite(drives).all():
            return "Travel is unknown for one of the two, as base or home has no position."
        if visits == 0:
            return "Visits are suspended, so travel does not change."
        saved = self.saved(case)
        often = f"{visits:g} visit{'' if visits == 1 else 's'} a year"
        each = f"{drives[1]:.0f} min from the base of {names[1]}, {drives[0]:.0f} from that of {names[0]}, {often}"
        if abs(saved) < 0.5:
            return f"Travel stays the same ({each})."
        verb = "Saves" if saved > 0 else "Costs"
        return f"{verb} {in_hours(abs(saved))} of travel a year ({each})."

    def _arrival(self, case: int) -> str:
        """How the case sits with its new manager, where there is no former drive to compare with."""
        after = int(self.holder[case])
        name, drive = self.request.managers[after].label, self.request.base_minutes[after, case]
        if self.figures.leftover[case] or not np.isfinite(drive):
            share = self.loads[after] / max(self.figures.hours[after], 1e-9) / max(self.figures.mean, 1e-9)
            return f"{name} has the most room ({100 * share:.0f}% of the team's mean with it); travel is unknown."
        drives = np.where(self.figures.allowed[case], self.request.base_minutes[:, case], np.nan)
        if drive <= np.nanmin(drives, initial=np.inf) + 0.5:
            return f"The base of {name} is the nearest ({drive:.0f} min)."
        return f"The base of {name} is {drive:.0f} min away; nearer managers have their share of work."

    def _nearer(self, case: int) -> str:
        before, after = int(self.figures.current[case]), int(self.holder[case])
        km = np.hypot(*(self.centres[[before, after]] - self.figures.at[case]).T)
        if np.isfinite(km).all() and km[1] < km[0]:
            return f"It lies {km[1]:.1f} km from the middle of the new territory, {km[0]:.1f} from that of the old."
        return "It is less than the price of a move." if self.saved(case) < self.request.weights.move_price_minutes else ""

    def _warning(self, case: int) -> str:
        """What speaks against the new manager."""
        after = int(self.holder[case])
        name, load, capacity = self.request.managers[after].label, self.loads[after], self.figures.capacity[after]
        barred = f"Against a marker that bars {name}. " if name in self.request.cases[case].forbidden else ""
        over = f"{name} is over capacity with it ({load:.0f} of {capacity:.0f} h a year)." if load > capacity + 1e-6 else ""
        return (barred + over).strip()

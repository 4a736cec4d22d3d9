"""What a year is judged by, counted as it goes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mosovo_planner.domain.people import Risk
from mosovo_planner.planning.simulation.ways import Attempt, WeekWork
from mosovo_planner.planning.weeks.request import part_of_day

Slot = tuple[int, str]
LEVELS = (*(risk.value for risk in Risk), "unassessed")
_OFFICERS = 2


@dataclass
class Duties:
    """Visits that had to be made by a day of the year: how many, how many in time, by risk and by week."""

    fell_due: Counter[tuple[int, str]] = field(default_factory=Counter)
    in_time: Counter[tuple[int, str]] = field(default_factory=Counter)
    door_shut: int = 0

    def add(self, week: int, risk: str, *, in_time: bool, tried: bool = False) -> None:
        """One visit that had to be made; ``tried`` says that a late one had been attempted since he was last seen."""
        self.fell_due[week, risk] += 1
        self.in_time[week, risk] += in_time
        self.door_shut += tried and not in_time

    def share(self, since: int = 0, risk: str | None = None) -> float | None:
        """The share made in time of what fell due from week ``since`` on."""

        def total(counts: Counter[tuple[int, str]]) -> int:
            return sum(count for (week, level), count in counts.items() if week >= since and risk in (None, level))

        return share(total(self.in_time), total(self.fell_due))

    @property
    def late(self) -> int:
        return self.fell_due.total() - self.in_time.total()


@dataclass
class Guesser:
    """Someone who knows all his own past visits and bets on weekday and part of the day of the next.

    ``habit`` bets on the slot he met most often (the newest where several were); ``other`` knows that the program avoids
    repeats, and bets on the force's commonest slot he has not met. Blind chance bets as the force's visits are spread.
    """

    known: dict[str, list[Slot]] = field(default_factory=lambda: defaultdict(list))
    slots: Counter[Slot] = field(default_factory=Counter)
    bets: int = 0
    habit: int = 0
    other: int = 0

    def see(self, attempt: Attempt) -> None:
        slot = (attempt.day.isoweekday(), part_of_day(attempt.minute))
        past = self.known[attempt.ref]
        if past:
            counts = Counter(past)
            newest = {each: at for at, each in enumerate(past)}
            self.bets += 1
            self.habit += max(counts, key=lambda each: (counts[each], newest[each])) == slot
            unmet = [(count, each) for each, count in self.slots.items() if each not in counts]
            self.other += bool(unmet) and max(unmet)[1] == slot
        past.append(slot)
        self.slots[slot] += 1

    @property
    def blind(self) -> float | None:
        total = self.slots.total()
        return round(sum((count / total) ** 2 for count in self.slots.values()), 4) if total else None


@dataclass
class Score:
    """A year's tally."""

    duties: Duties = field(default_factory=Duties)
    guesser: Guesser = field(default_factory=Guesser)
    late_days: list[int] = field(default_factory=list)
    worst: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))
    attempts: int = 0
    done: int = 0
    rounds: int = 0
    officer_days: int = 0
    drive: float = 0.0
    officer_minutes: float = 0.0

    def count(self, work: WeekWork, done: int, late: Mapping[str, Sequence[int]]) -> None:
        """A week's work, and by risk how many days late each overdue visit is at its end."""
        self.attempts += len(work.attempts)
        self.done += done
        self.rounds += work.rounds
        self.officer_days += len({(officer, each.day) for each in work.attempts for officer in each.officers})
        self.drive += work.drive_minutes
        self.officer_minutes += work.officer_minutes
        for risk, days in late.items():
            self.late_days += days
            self.worst[risk] = max([self.worst[risk], *days])

    def summary(self, settled: int, at_end: Mapping[str, Sequence[int]]) -> dict[str, Any]:
        """``summary`` of ``mosovo-simulation/1``; ``settled`` is the first week of the settled share."""
        duties = self.duties
        return {
            "done_in_time_share": duties.share(),
            "settled_in_time_share": duties.share(settled),
            "in_time_by_risk": {risk: duties.share(risk=risk) for risk in LEVELS},
            "late_though_tried_share": share(duties.door_shut, duties.late),
            "mean_days_overdue": round(sum(self.late_days) / max(1, len(self.late_days)), 2),
            "worst_days_overdue": max(self.worst.values()),
            "worst_by_risk": dict(self.worst),
            "overdue_at_end_by_risk": {risk: len(at_end.get(risk, ())) for risk in LEVELS},
            "visits_tried": self.attempts,
            "visits_done": self.done,
            "drive_minutes_per_visit": share(self.drive, self.attempts),
            "visits_per_round": share(self.attempts, self.rounds),
            "visits_per_crew_day": share(self.attempts * _OFFICERS, self.officer_days),
            "officer_hours": round(self.officer_minutes / 60, 1),
            "slot_guess_rate": share(self.guesser.habit, self.guesser.bets),
            "other_slot_guess_rate": share(self.guesser.other, self.guesser.bets),
            "blind_guess_rate": self.guesser.blind,
        }


def share(part: float, whole: float) -> float | None:
    """A fraction to four places, None of nothing."""
    return round(part / whole, 4) if whole else None


def days_late(due: date, day: date) -> int:
    return max(0, (day - due).days)

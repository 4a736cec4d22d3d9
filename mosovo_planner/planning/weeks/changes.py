"""What is different between a plan as it was and the plan made again, in words for the crews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.proposals import Plan, Round, Stop
from mosovo_planner.planning.weeks.request import PlanRequest
from mosovo_planner.planning.weeks.rules import minutes_of
from mosovo_planner.planning.weeks.surprises import ReplanRequest
from mosovo_planner.planning.weeks.timetable import ROUGH


class ChangeKind(StrEnum):
    """What became of a promised visit or of a round."""

    MOVED = "moved"
    CREW = "crew"
    RETIMED = "retimed"
    SHIFTED = "shifted"
    LEFT_OUT = "left_out"
    ADDED = "added"
    ROUND_GONE = "round_gone"
    ROUND_NEW = "round_new"

    @property
    def label(self) -> str:
        return {
            "moved": "Other day or round", "crew": "Other crew", "retimed": "Other time", "shifted": "About as promised",
            "left_out": "Left out", "added": "Added", "round_gone": "Round ends", "round_new": "New round",
        }[self.value]  # fmt: skip


PROMISES = frozenset({ChangeKind.MOVED, ChangeKind.CREW, ChangeKind.RETIMED, ChangeKind.LEFT_OUT})
"""Changes of something that was promised to crews before."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``ref`` is empty where it concerns a whole round; ``round`` is the id of the round that holds the
    visit now (the one before where none does). ``before`` and ``after`` say when and with whom, empty where there is none."""

    kind: ChangeKind
    ref: str
    round: str
    before: str
    after: str
    why: str

    @property
    def words(self) -> str:
        """The change as one sentence: ``Visit W-0123 moves from Tue 24 Nov 10:20 (OM03, OM07) to …: OM07 is sick``."""
        told = {
            ChangeKind.MOVED: f"Visit {self.ref} moves from {self.before} to {self.after}",
            ChangeKind.CREW: f"Visit {self.ref} of {self.before} is made by {self.after}",
            ChangeKind.RETIMED: f"Visit {self.ref} comes at {self.after} instead of {self.before}",
            ChangeKind.SHIFTED: f"Visit {self.ref} comes at {self.after}, about as promised ({self.before})",
            ChangeKind.LEFT_OUT: f"Visit {self.ref} of {self.before} is left out",
            ChangeKind.ADDED: f"Visit {self.ref} is added on {self.after}",
            ChangeKind.ROUND_GONE: f"The round of {self.before} {self.after}",
            ChangeKind.ROUND_NEW: f"A round goes out on {self.after}",
        }[self.kind]
        return f"{told}: {self.why}" if self.why else told


def differences(asked: ReplanRequest, plan: Plan) -> tuple[Change, ...]:
    """Every difference between the plan as it was and ``plan``, each with why; rounds first, then visits by day and time."""
    return _Comparison(asked, plan).changes()


def promises_changed(changes: Iterable[Change]) -> int:
    """How many promised visits come out otherwise."""
    return sum(change.kind in PROMISES for change in changes)


class _Comparison:
    def __init__(self, asked: ReplanRequest, plan: Plan) -> None:
        self._asked, self._plan, self._request = asked, plan, asked.request
        self._before = _by_ref(asked.plan.rounds)
        self._after = _by_ref(plan.rounds)
        self._reasons = {each.ref: each.reason for each in plan.unplanned}
        self._now = {each.id: each for each in plan.rounds}
        self._causes = self._known_causes()

    def changes(self) -> tuple[Change, ...]:
        found = [*self._rounds(), *self._visits()]
        return tuple(found)

    def _known_causes(self) -> dict[str, str]:
        """By reference, why a visit cannot stay as promised."""
        causes: dict[str, str] = {}
        for each in self._asked.standings.values():
            away = [
                f"{self._request.label(officer)} is sick until {in_words(until)}"
                for officer, until in self._asked.sick.items() if officer in each.round.officers and each.breaks_up
            ]  # fmt: skip
            why = "; ".join(away) or (f"the crew is {each.late} minutes late" if each.late else "")
            if why:
                causes |= {stop.ref: why for stop in each.ahead}
        causes |= dict.fromkeys(self._asked.failed, f"nobody answered at {self._asked.now:%H:%M}")
        causes |= {ref: f"must be seen by {in_words(by)}" for ref, by in self._asked.urgent.items()}
        return causes

    # Rounds

    def _rounds(self) -> Iterable[Change]:
        former = {each.id: each for each in self._asked.plan.rounds}
        for standing in self._asked.standings.values():
            each = standing.round
            if each.id not in self._now and each.stops:
                yield Change(ChangeKind.ROUND_GONE, "", each.id, self._where(each), "does not go out", self._why_gone(each))
            elif standing.breaks_up and standing.done:
                made = len(standing.done)
                ends = f"ends after {made} visit{'' if made == 1 else 's'}"
                yield Change(ChangeKind.ROUND_GONE, "", each.id, self._where(each), ends, self._why_gone(each))
        for each in self._plan.rounds:
            if each.id not in former:
                yield Change(ChangeKind.ROUND_NEW, "", each.id, "", self._where(each), self._why_new(each))

    def _why_gone(self, each: Round) -> str:
        why = next((self._causes[stop.ref] for stop in each.stops if stop.ref in self._causes), "")
        return why or "its visits are made on other rounds"

    def _why_new(self, each: Round) -> str:
        from_refs = [stop.ref for stop in each.stops if stop.ref in self._before]
        whys = list(dict.fromkeys(self._causes[ref] for ref in from_refs if ref in self._causes))
        return "; ".join(whys[:2])

    # Visits

    def _visits(self) -> Iterable[Change]:
        for ref, (was, stop) in self._before.items():
            if was.id not in self._asked.standings or ref in self._request.done:
                continue
            if ref not in self._after:
                yield Change(ChangeKind.LEFT_OUT, ref, was.id, self._spot(was, stop), "", self._why_left_out(ref))
                continue
            change = self._moved(ref, was, stop, *self._after[ref])
            if change is not None:
                yield change
        for ref, (now, stop) in self._after.items():
            if ref not in self._before:
                why = self._causes.get(ref) or "there is room in a round that changes anyway"
                yield Change(ChangeKind.ADDED, ref, now.id, "", self._spot(now, stop), why)

    def _moved(self, ref: str, was: Round, stop: Stop, now: Round, later: Stop) -> Change | None:
        before, after = self._spot(was, stop), self._spot(now, later)
        same_crew = set(was.officers) == set(now.officers)
        if was.date == now.date and same_crew:
            if stop.arrive == later.arrive:
                return None
            why = self._causes.get(ref) or self._why_later(now, stop, later)
            rough = abs(minutes_of(later.arrive) - minutes_of(stop.arrive)) <= ROUGH
            return Change(ChangeKind.SHIFTED if rough else ChangeKind.RETIMED, ref, now.id, before, f"{later.arrive:%H:%M}", why)
        why = self._causes.get(ref) or self._why_moved(was)
        if was.date == now.date and stop.arrive == later.arrive:
            return Change(ChangeKind.CREW, ref, now.id, before, self._crew(now), why)
        return Change(ChangeKind.MOVED, ref, now.id, before, after, why)

    def _why_left_out(self, ref: str) -> str:
        cause = self._causes.get(ref) or self._why_moved(self._before[ref][0])
        reason = self._reasons.get(ref) or "It is not due within the plan."
        return f"{cause}. {reason}"

    def _why_later(self, now: Round, stop: Stop, later: Stop) -> str:
        refs = {other.ref for other in now.stops}
        came = sorted(refs - {ref for ref, (was, _) in self._before.items() if was.id == now.id})
        if came and later.arrive > stop.arrive:
            return f"the visit to {came[0]} comes in"
        return "another visit of the round moved away" if later.arrive < stop.arrive else "the round changed"

    def _why_moved(self, was: Round) -> str:
        """A visit that gave way names the one that came into its round."""
        now = self._now.get(was.id)
        came = [stop.ref for stop in now.stops if self._before.get(stop.ref, (None,))[0] is not was] if now else []
        return f"it makes room for {came[0]}" if came else "it goes better with another round now"

    # Words

    def _spot(self, each: Round, stop: Stop) -> str:
        return f"{_day(each)} {stop.arrive:%H:%M} ({self._crew(each)})"

    def _where(self, each: Round) -> str:
        return f"{_day(each)}{' evening' if each.evening else ''} ({self._crew(each)})"

    def _crew(self, each: Round) -> str:
        return crew_words(self._request, each)


def crew_words(request: PlanRequest, each: Round) -> str:
    return ", ".join(request.label(officer) for officer in each.officers)


def _day(each: Round) -> str:
    """``Tue 24 Nov``; a plan is too short for the year to be in doubt."""
    return f"{each.date:%a} {each.date.day} {each.date:%b}"


def _by_ref(rounds: Sequence[Round]) -> Mapping[str, tuple[Round, Stop]]:
    ordered = sorted(rounds, key=lambda each: (each.date, minutes_of(each.start), each.id))
    return {stop.ref: (each, stop) for each in ordered for stop in each.stops}


__all__ = ["PROMISES", "Change", "ChangeKind", "differences", "promises_changed"]

"""Changes by hand to a plan: each asks what it must, names itself for undo, and goes through the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QDialog, QWidget

from mosovo_planner.domain.proposals import Round
from mosovo_planner.office import plans as office
from mosovo_planner.office.plans import PlanWork
from mosovo_planner.ui.plan.crew import CrewDialog, select_day
from mosovo_planner.ui.plan.figures import day_words
from mosovo_planner.ui.plan.focus import Focus, round_by_id, round_of
from mosovo_planner.ui.plan.rows import PEOPLE, ROUNDS, People, RoundChoice, round_choices
from mosovo_planner.ui.proposals.choosing import ChoiceDialog
from mosovo_planner.ui.proposals.history import History


class PlanEdits:
    """The changes that menus, keys and dragging share. ``point`` is told what to look at afterwards."""

    def __init__(self, history: History[PlanWork], point: Callable[[Focus], None], parent: QWidget) -> None:
        self._history, self._point, self._parent = history, point, parent
        self.focus = Focus()
        self.dialog: QDialog | None = None

    @property
    def _round(self) -> Round | None:
        work = self._history.work
        return round_by_id(work.plan, self.focus.round_id) if work else None

    def _ids(self) -> set[str]:
        return {each.id for each in self._history.work.plan.rounds} if self._history.work else set()

    # Visits

    def move(self, ref: str, round_id: str, index: int | None = None) -> None:
        """Put a visit into a round: at a place, or at its best place."""
        work = self._history.work
        target = round_by_id(work.plan, round_id) if work else None
        if work is None or target is None:
            return
        if round_of(work.plan, ref) is None:
            text = f"add visit to {ref} on {day_words(target.date)}"
            done = self._history.change(text, lambda before: office.add_visit(before, ref, round_id, index))
        else:
            text = f"move visit to {ref} to {day_words(target.date)}"
            done = self._history.change(text, lambda before: office.move_visit(before, ref, round_id, index))
        if done:
            self._point(Focus(target.date, round_id, ref))

    def shift(self, by: int) -> None:
        """Put the visit looked at earlier (-1) or later (+1) in its round."""
        ref, each = self.focus.ref, self._round
        refs = [stop.ref for stop in each.stops] if each else []
        if each is None or ref not in refs or not 0 <= refs.index(ref) + by < len(refs):
            return
        index = refs.index(ref) + by
        word = "earlier" if by < 0 else "later"
        if self._history.change(f"visit {ref} {word}", lambda before: office.move_visit(before, ref, each.id, index)):
            self._point(self.focus)

    def drop(self) -> None:
        """Take the visit looked at off the plan."""
        ref, each = self.focus.ref, self._round
        if ref is None or each is None:
            return
        if self._history.change(f"drop visit to {ref}", lambda before: office.drop_visit(before, ref)):
            self._point(Focus(each.date, each.id))

    def pin(self) -> None:
        """Pin the visit looked at, or let it go where it is pinned."""
        ref, each = self.focus.ref, self._round
        stop = next((stop for stop in each.stops if stop.ref == ref), None) if each else None
        if stop is None:
            return
        word = "unpin" if stop.pinned else "pin"
        self._history.change(f"{word} visit to {stop.ref}", lambda before: office.pin_visit(before, stop.ref, not stop.pinned))

    def choose_round(self) -> None:
        """Ask into which round the visit looked at goes, whether it is planned or not."""
        work, ref = self._history.work, self.focus.ref
        if work is None or ref is None:
            return
        choices = round_choices(work.plan, People(work), ref)
        self._open(
            ChoiceDialog(
                "Choose a round", f"Which round should visit {ref}? It gets its best place there; times follow at once.",
                ROUNDS, choices, _round_key, lambda choice: self.move(ref, choice.round.id), parent=self._parent,
            )
        )  # fmt: skip

    def choose_visit(self) -> None:
        """Ask whom the round looked at should visit besides."""
        work, each = self._history.work, self._round
        if work is None or each is None:
            return
        planned = {stop.ref for other in work.plan.rounds for stop in other.stops}
        cases = [case for case in work.view.cases if case.offender.ref not in planned and not case.visit.suspended]
        cases.sort(key=lambda case: case.visit.due)
        self._open(
            ChoiceDialog(
                "Add a visit", f"Whom should the round of {day_words(each.date)} visit besides? The most overdue are on top.",
                PEOPLE, cases, lambda case: case.offender.ref, lambda case: self.move(case.offender.ref, each.id),
                verb="&Add", parent=self._parent,
            )
        )  # fmt: skip

    # Crews

    def add_crew(self) -> None:
        """Ask for a day and two officers, and give them a round without visits."""
        work = self._history.work
        if work is None:
            return
        dialog = CrewDialog("Add a crew", work.plan, work.view.managers, work.request.days, parent=self._parent)
        select_day(dialog.day, self.focus.day)
        dialog.chosen.connect(self.add_round)
        self._open(dialog)

    def add_round(self, day: date, officers: tuple[str, str], evening: bool) -> None:
        text, before = f"add crew on {day_words(day)}", self._ids()
        if self._history.change(text, lambda work: office.add_round(work, day, officers, evening)):
            made = self._ids() - before
            self._point(Focus(day, made.pop() if made else None))

    def change_crew(self) -> None:
        """Ask for the two officers who take over the round looked at."""
        work, each = self._history.work, self._round
        if work is None or each is None:
            return
        dialog = CrewDialog(
            "Change the crew", work.plan, work.view.managers, [each.date], crew=each.officers, fixed=True, parent=self._parent
        )
        dialog.chosen.connect(lambda _day, officers, _evening: self.give_round(each.id, officers))
        self._open(dialog)

    def give_round(self, round_id: str, officers: tuple[str, str]) -> None:
        work = self._history.work
        each = round_by_id(work.plan, round_id) if work else None
        if each and self._history.change(
            f"change crew on {day_words(each.date)}", lambda before: office.change_crew(before, round_id, officers)
        ):
            self._point(Focus(each.date, round_id))

    def reorder(self) -> None:
        """Drive the round looked at in its best order."""
        each = self._round
        if each is None:
            return
        if self._history.change(f"best order on {day_words(each.date)}", lambda before: office.reorder(before, each.id)):
            self._point(self.focus)

    def retime(self) -> None:
        """Times and reasons of the whole plan by the facts that it holds."""
        if self._history.change("work out all times anew", office.retime):
            self._point(self.focus)

    def drop_crew(self) -> None:
        """Take the round looked at out of the plan; its visits are left over."""
        each = self._round
        if each is None:
            return
        if self._history.change(f"drop crew on {day_words(each.date)}", lambda before: office.drop_round(before, each.id)):
            self._point(Focus(each.date))

    def pin_crew(self) -> None:
        """Pin the round looked at, or let it go where it is pinned."""
        each = self._round
        if each is None:
            return
        word = "unpin" if each.pinned else "pin"
        text = f"{word} crew on {day_words(each.date)}"
        self._history.change(text, lambda before: office.pin_round(before, each.id, not each.pinned))

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.open()


def _round_key(choice: RoundChoice) -> str:
    return choice.round.id

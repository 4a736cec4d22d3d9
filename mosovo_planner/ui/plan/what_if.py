"""What if: alternatives to the plan, tried one by one and set beside it in a small table. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QSizePolicy, QWidget

from mosovo_planner.domain.people import OffenderManager, Risk
from mosovo_planner.office import surprise as office
from mosovo_planner.office.plans import PlanWork
from mosovo_planner.office.session import Session
from mosovo_planner.office.surprise import (
    Alternative,
    AnotherOfficer,
    MoreHours,
    OtherBase,
    OtherDays,
    Outlook,
    Prospect,
)
from mosovo_planner.ui.errors import show_error, words_for
from mosovo_planner.ui.proposals.running import RunBar
from mosovo_planner.ui.table import Column, Table
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.widgets import button, choice, column, label, row

OFFICER, HOURS, TEAM_HOURS, BASE, NO_WEEKENDS, NO_EVENINGS, WEEKENDS = (
    "officer", "hours", "team_hours", "base", "no_weekends", "no_evenings", "weekends",
)  # fmt: skip
KINDS = (
    ("Another officer", OFFICER),
    ("Ten more hours a week for one officer", HOURS),
    ("Ten more hours a week for every officer", TEAM_HOURS),
    ("Another base for an officer", BASE),
    ("Leave out evenings", NO_EVENINGS),
    ("Leave out weekends", NO_WEEKENDS),
    ("Go out at weekends too", WEEKENDS),
)
_WHAT = {
    OFFICER: "A trained full-time officer more, who starts from the base chosen.",
    HOURS: "Used for visits: one more day out, the rest to make the days out longer. Partners must be free as well.",
    TEAM_HOURS: "Used for visits: one more day out for everybody, the rest to make the days out longer.",
    BASE: "The officer starts and ends the days out at the base chosen.",
    NO_WEEKENDS: "No round goes out on Saturday or Sunday.",
    NO_EVENINGS: "No round goes out in the evening.",
    WEEKENDS: "Rounds may go out on Saturday and Sunday, within the same number of days out for each officer.",
}


@dataclass(frozen=True)
class Line:
    """One row of the comparison; ``base`` is the plan as it is, None for that row itself."""

    name: str
    then: Outlook
    base: Outlook | None = None


def _count(now: int, was: int | None) -> str:
    """A figure, and what is different from the plan as it is."""
    return f"{now:,}" if was is None else f"{now:,} ({now - was:+,})" if now != was else f"{now:,}"


def _column(name: str, title: str, figure: str, tip: str, width: int = 10) -> Column[Line]:
    def value(line: Line) -> int:
        return int(getattr(line.then, figure))

    def text(line: Line) -> str:
        return _count(value(line), int(getattr(line.base, figure)) if line.base else None)

    return Column(name, title, value, text=text, width=width, right=True, tip=tip)


def _risk_column(risk: Risk) -> Column[Line]:
    def value(line: Line) -> int:
        return line.then.visits.get(risk, 0)

    def text(line: Line) -> str:
        return _count(value(line), line.base.visits.get(risk, 0) if line.base else None)

    return Column(risk.value, risk.label, value, text=text, width=9, right=True, tip=f"Visits to {risk.label.lower()} risk")


LINES: tuple[Column[Line], ...] = (
    Column("name", "Alternative", lambda line: line.name, width=32),
    _column("visits", "Visits", "visits_made", "Visits in the plan"),
    *(_risk_column(risk) for risk in reversed(Risk)),
    _column("overdue", "Overdue left", "overdue_left", "Overdue and in no round", 11),
    _column("worst", "Worst, days", "worst", "Most days overdue of those left", 11),
    _column("rounds", "Rounds", "rounds", "Rounds that go out", 8),
    _column("drive", "Drive, min", "drive_minutes", "Minutes of driving of all rounds", 13),
)


class WhatIfDialog(QDialog):
    """The plan as it is and the alternatives tried, until the window is closed or the plan changes."""

    def __init__(self, session: Session, tasks: Tasks, work: PlanWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What if…")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1200, 480)
        self._session, self._tasks, self._work = session, tasks, work
        self._base: Outlook | None = None
        self._lines: list[Line] = []
        self._make_fields(work.view.managers)
        self.run = RunBar("&Try it", "Search for a plan under this alternative", self.ask)
        self.table: Table[Line] = Table("what-if", "Alternatives", LINES, lambda line: line.name)
        self.table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.error = label("", role="error", wrap=True)
        self.summary = label("", wrap=True, selectable=True)
        note = label(
            "The plan as it is and each alternative are searched on from the present plan, for the same time and with the same "
            "seed; differences of a visit or two may be the search's own. Nothing is stored.", role="muted", wrap=True,
        )  # fmt: skip
        close = button("&Close", self.reject)
        body = column(
            self.form, self.words, self.run, self.error, self.table, self.summary, note, row(None, close), margin=16
        )
        body.setStretch(4, 1)
        self.setLayout(body)
        self._follow()

    def _make_fields(self, officers: Sequence[OffenderManager]) -> None:
        self.kind = choice("Alternative", KINDS)
        self.officer = choice("Officer", [(each.label, each.id) for each in officers])
        bases: dict[tuple[float, float], OffenderManager] = {}
        for each in officers:
            if each.position is not None:
                bases.setdefault((each.position.lat, each.position.lon), each)
        self.base = choice("Base", [(each.base or f"Base of {each.label}", each.id) for each in bases.values()])
        neediest = office.neediest_base(self._work)
        if neediest is not None and neediest.position is not None:
            like = bases.get((neediest.position.lat, neediest.position.lon), neediest)
            self.base.setCurrentIndex(max(0, self.base.findData(like.id)))
        self.words = label("", role="muted", wrap=True)
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.addRow("&What if", self.kind)
        self.form.addRow("&Officer", self.officer)
        self.form.addRow("&Base", self.base)
        for box in (self.kind, self.officer, self.base):
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.kind.currentIndexChanged.connect(lambda _: self._follow())

    def _follow(self) -> None:
        kind = self.kind.currentData()
        self.form.setRowVisible(self.officer, kind in (HOURS, BASE))
        self.form.setRowVisible(self.base, kind in (OFFICER, BASE))
        self.words.setText(_WHAT[kind])
        self.error.setText("")
        self.error.setVisible(False)

    @property
    def alternative(self) -> Alternative:
        officer, base = self.officer.currentData(), self.base.currentData()
        made: dict[str, Alternative] = {
            OFFICER: AnotherOfficer(base or ""), HOURS: MoreHours(officer), TEAM_HOURS: MoreHours(),
            BASE: OtherBase(officer or "", base or ""), NO_WEEKENDS: OtherDays(weekends=False),
            NO_EVENINGS: OtherDays(evenings=False), WEEKENDS: OtherDays(weekends=True),
        }  # fmt: skip
        return made[self.kind.currentData()]

    @property
    def name(self) -> str:
        """The alternative in a few words."""
        kind, officer, base = self.kind.currentData(), self.officer.currentText(), self.base.currentText()
        return {
            OFFICER: f"Another officer at {base}", HOURS: f"Ten more hours: {officer}", BASE: f"{officer} from {base}",
        }.get(kind, self.kind.currentText())  # fmt: skip

    def ask(self) -> None:
        """Have the alternative searched; the plan as it is once for all."""
        session, work, base, name, alternative = self._session, self._work, self._base, self.name, self.alternative
        self.error.setVisible(False)
        task = self._tasks.run(
            f"What if: {name}", lambda report: office.what_if(session, work, alternative, report, as_it_is=base),
            done=lambda found: self._take(name, found), failed=self._failed,
            cancelled=lambda: self._say("Stopped; nothing was changed."), owner=self,
        )  # fmt: skip
        self.run.watch(task)

    def _take(self, name: str, found: Prospect) -> None:
        self._base = found.as_it_is
        if not self._lines:
            self._lines = [Line("As it is", found.as_it_is)]
        line = Line(name, found.then, found.as_it_is)
        self._lines = [*(each for each in self._lines if each.name != name), line]
        self.table.set_rows(self._lines)
        self.table.select(name)
        self._say(in_short(line))

    def _failed(self, error: BaseException) -> None:
        words = words_for(error)
        if words is None:
            show_error(self, error, "The alternative was not tried")
            return
        self.error.setText(words)
        self.error.setVisible(True)

    def _say(self, words: str) -> None:
        self.summary.setText(words)

    def reject(self) -> None:
        """Closing stops what is still being searched, and is done when that has ended."""
        self.run.close_after(super().reject)


def in_short(line: Line) -> str:
    """What an alternative brings, in a sentence."""
    base, then = line.base, line.then
    if base is None:
        return ""
    visits, overdue, drive = (
        then.visits_made - base.visits_made, then.overdue_left - base.overdue_left, then.drive_minutes - base.drive_minutes,
    )  # fmt: skip
    risks = [
        f"{then.visits.get(risk, 0) - base.visits.get(risk, 0):+d} {risk.label.lower()}"
        for risk in reversed(Risk) if then.visits.get(risk, 0) != base.visits.get(risk, 0)
    ]  # fmt: skip
    by_risk = f" ({', '.join(risks)})" if risks else ""
    return (
        f"{line.name}: {visits:+d} visits{by_risk}, {overdue:+d} overdue, {drive:+d} minutes of driving; "
        f"worst case {then.worst} days overdue instead of {base.worst}."
    )

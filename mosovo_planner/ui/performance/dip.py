"""The dip sample: records drawn at random, opened and graded one by one, and how the grades go over the months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mosovo_planner.domain.dip_sample import Grade, GradedRecord, grade_trend
from mosovo_planner.domain.months import Month
from mosovo_planner.domain.people import risk_label
from mosovo_planner.domain.performance import MONTHS, month_name, months_to
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.dip_sample import DipView, Sampled, draw_dip_sample, view_dip_sample
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.performance.grading import GradeDialog
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import button, column, label, row

_MOST, _HALF = 0.75, 0.5
"""Shares of good records from which a month is shown as good, or as doubtful; the words say the share itself."""
TONES = {Grade.GOOD: "good", Grade.REQUIRES_IMPROVEMENT: "warn", Grade.INADEQUATE: "bad"}


@dataclass(frozen=True)
class Graded:
    """How a month's records were graded."""

    month: Month
    counts: Mapping[Grade, int]

    @property
    def whole(self) -> int:
        return sum(self.counts.values())

    @property
    def good(self) -> float:
        return self.counts.get(Grade.GOOD, 0) / self.whole if self.whole else 0.0


class DipTab(QWidget):
    """``offender_wanted`` asks to see a drawn record's offender on the caseload."""

    offender_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.view: DipView | None = None
        self._month: Month | None = None
        self._scope = ("", "")
        self._may = desk.session.may(Permission.APPROVE)
        self.words = label("", wrap=True)
        self.error = label("", role="error", wrap=True)
        self.draw_button = button("Dra&w the sample", self.draw, primary=True)
        self.open_button = button("&Open the record…", self.open_record)
        self.grade_button = button("&Grade…", lambda: self.grade(self.table.current))
        self.table: Table[Sampled] = Table("dip", "Dip sample", self._columns(), _key, settings=desk.settings)
        self.table.opened.connect(lambda _: self.open_record())
        self.table.chosen.connect(lambda _: self._enable())
        self.trend: Table[Graded] = Table(
            "dip-trend", "Grades by month", _TREND, lambda each: str(each.month), settings=desk.settings
        )
        self.error.hide()
        self.panel = TablePanel(
            self.table, hint="Search the sample  (Ctrl+F)", empty="No record was drawn for this month yet.",
            extras=(self.open_button, self.grade_button),
        )  # fmt: skip
        self.trend.setMinimumHeight(140)
        self.trend_words = label("", role="section")
        top = row(self.words, self.draw_button)
        top.setStretch(0, 1)
        body = column(top, self.error, self.panel, self.trend_words, self.trend, margin=8)
        body.setStretch(2, 3)
        body.setStretch(4, 2)
        self.setLayout(body)
        self._enable()

    def _columns(self) -> tuple[Column[Sampled], ...]:
        return (
            Column("manager", "Manager", lambda each: self._desk.manager_label(each.drawn.manager), width=20),
            Column("ref", "Reference", lambda each: each.drawn.ref, width=13),
            Column("name", "Name", lambda each: each.offender.name if each.offender else "erased since", width=20),
            Column("risk", "Risk", lambda each: risk_label(each.offender.risk) if each.offender else "", width=12,
                   tone=lambda each: each.offender.risk.value if each.offender and each.offender.risk else "none"),
            Column("grade", "Grade", lambda each: each.grade.grade.label if each.grade else "Not graded yet", width=22,
                   tone=lambda each: TONES[each.grade.grade] if each.grade else "none"),
            Column("by", "Graded by", lambda each: each.grade.by if each.grade else "", width=16),
            Column("on", "On", lambda each: each.grade.on if each.grade else None, width=12),
            Column("comment", "Comment", lambda each: each.grade.comment if each.grade else "", width=50),
            Column("drawn", "Drawn by", lambda each: each.drawn.by, width=14, visible=False),
            Column("seed", "Seed", lambda each: str(each.drawn.seed), width=22, visible=False,
                   tip="With it the same draw can be made again"),
        )  # fmt: skip

    # Reading

    def choose_month(self, month: Month, scope: tuple[str, str]) -> None:
        """The month to show, and the team or manager the trend is of."""
        changed = month != self._month
        self._month, self._scope = month, scope
        if changed and self.isVisible():
            self.load()
        self._show_scope()

    def load(self) -> None:
        """Read the sample, off the GUI thread."""
        session, month = self._desk.session, self._month
        if not self._may:
            self.words.setText("Your role sees no single record here; the grades are in the monthly paper.")
        elif month is not None:
            self._run("Reading the dip sample", lambda: view_dip_sample(session, month))

    def draw(self) -> None:
        """Draw for every manager who has none yet; chance chooses, and the seed is kept."""
        session, month, day = self._desk.session, self._month, self._desk.as_of
        if month is not None and self._may:
            self._run("Drawing the dip sample", lambda: draw_dip_sample(session, month, day))

    def _run(self, title: str, work: object) -> None:
        assert callable(work)
        self._desk.tasks.run(
            title, lambda _report: work(), done=self._show, failed=self._refused, owner=self, key=f"dip-{id(self)}", quiet=True
        )

    def _refused(self, error: BaseException) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self.error.setText(words)
        self.error.show()

    def _show(self, view: DipView) -> None:
        self.view = view
        self.error.hide()
        self._show_scope()

    def _in_scope(self, manager: str) -> bool:
        team, chosen = self._scope
        teams = {each.id: each.team for each in self.view.managers} if self.view else {}
        return (not chosen or manager == chosen) and (not team or teams.get(manager) == team)

    def _show_scope(self) -> None:
        view = self.view
        if view is None or view.month != self._month:
            return
        records = [each for each in view.records if self._in_scope(each.drawn.manager)]
        self.table.set_rows(records)
        graded = sum(each.grade is not None for each in records)
        words = f"{month_name(view.month)}: {len(records):,} records drawn, {graded:,} graded."
        if view.waiting:
            words += f" {len(view.waiting):,} managers' records are not drawn yet; {view.per_manager} of each are drawn."
        self.words.setText(words)
        self.trend.set_rows(_trend([each for each in view.graded if self._in_scope(each.manager)], view.month))
        months = bool(self.trend.visible_rows)
        self.trend_words.setText("How the grades go, month by month" if months else "No record has been graded in this year yet.")
        self._enable()

    def _enable(self) -> None:
        chosen = self.table.current
        self.draw_button.setEnabled(self._may and self.view is not None and bool(self.view.waiting))
        there = self._may and chosen is not None and chosen.offender is not None
        self.open_button.setEnabled(there)
        self.grade_button.setEnabled(there)

    # Acts

    def open_record(self) -> None:
        """Open the whole file in a window of its own; a consultation like any other."""
        from mosovo_planner.ui.offender.file import FileWindow

        chosen = self.table.current
        if chosen is not None and chosen.offender is not None:
            FileWindow(self._desk, chosen.drawn.ref, self).show()

    def grade(self, chosen: Sampled | None) -> None:
        if chosen is None or chosen.offender is None or not self._may:
            return
        dialog = GradeDialog(self._desk, chosen, self)
        dialog.graded.connect(self.load)
        dialog.open()


def _key(each: Sampled) -> str:
    return f"{each.drawn.manager} {each.drawn.ref}"


def _trend(graded: Sequence[GradedRecord], month: Month) -> list[Graded]:
    """The year's months that have grades, the latest first."""
    year = months_to(month, MONTHS)
    return [Graded(each, counts) for each, counts in reversed(grade_trend(graded).items()) if each in year]


_TREND: tuple[Column[Graded], ...] = (
    Column("month", "Month", lambda each: each.month, text=lambda each: month_name(each.month), width=18),
    *(
        Column(grade.value, grade.label, lambda each, grade=grade: each.counts.get(grade, 0), width=20, right=True)  # type: ignore[misc]
        for grade in Grade
    ),
    Column("whole", "Graded", lambda each: each.whole, width=10, right=True),
    Column("good_share", "Share good", lambda each: round(100 * each.good), text=lambda each: f"{each.good:.0%}", width=26,
           tone=lambda each: "good" if each.good >= _MOST else "warn" if each.good >= _HALF else "bad"),
)  # fmt: skip

"""The status bar: work in progress with Cancel at the left; who, which day, and what lacks a position at the right."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QStatusBar, QWidget

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import CaseloadView
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.tasks import Task, Tasks
from mosovo_planner.ui.widgets import button, date_field, holder, label, row

_SHOWN_AFTER_MS = 250


class WorkBar(QWidget):
    """The oldest piece of work that is no mere read: text, bar and Cancel; hidden while there is none."""

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self.text = label("")
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setFixedWidth(160)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the work")
        self.stop = button("&Cancel", self._cancel, tip="Stop this work; nothing is changed")
        line = row(self.bar, self.stop, self.text)
        line.setStretch(2, 1)
        self.setLayout(line)
        # Short work comes and goes without the bar flashing up.
        self._pause = QTimer(self, singleShot=True, interval=_SHOWN_AFTER_MS)
        self._pause.timeout.connect(self._show_work)
        tasks.changed.connect(self._follow)
        self.hide()

    def _work(self) -> list[Task]:
        return [task for task in self._tasks.running if not task.quiet]

    def _follow(self) -> None:
        if not self._work():
            self._pause.stop()
            self.hide()
        elif self.isHidden():
            if not self._pause.isActive():
                self._pause.start()
        else:
            self._show_work()

    def _show_work(self) -> None:
        work = self._work()
        if not work:
            return
        task, others = work[0], len(work) - 1
        step = task.progress
        words = "Stopping…" if task.cancelling else step.text
        self.text.setText(words + (f"   (and {others} more)" if others else ""))
        self.bar.setRange(0, 0 if step.share is None else 1000)
        self.bar.setValue(0 if step.share is None else round(step.share * 1000))
        self.stop.setEnabled(not task.cancelling)
        self.show()

    def _cancel(self) -> None:
        work = self._work()
        if work:
            work[0].cancel()
            self._show_work()


class StatusBar(QStatusBar):
    """``missing_clicked`` asks to see the offenders without a position."""

    missing_clicked = Signal()

    def __init__(self, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk: Desk | None = None
        self.setSizeGripEnabled(False)
        self.work = WorkBar(tasks)
        self.addWidget(self.work, 1)
        self.missing = button("", self.missing_clicked.emit, role="link")
        self.user = label("")
        self.day = date_field("As of", QDate.currentDate())
        self.day.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._day_pause = QTimer(self, singleShot=True, interval=400)  # typing a date passes through others
        self._day_pause.timeout.connect(self._set_day)
        self.day.dateChanged.connect(lambda _: self._day_pause.start())
        self._as_of = label("As of", buddy=self.day)
        self._facts = holder(row(self.missing, self.user, self._as_of, self.day, space=12))
        self.addPermanentWidget(self._facts)
        self.show_desk(None)

    def show_desk(self, desk: Desk | None) -> None:
        self._desk = desk
        self._facts.setVisible(desk is not None)
        sees = desk is not None and desk.session.may(Permission.VIEW)
        for part in (self.missing, self._as_of, self.day):
            part.setVisible(sees)
        if desk is not None:
            self.user.setText(f"{desk.session.user} ({desk.session.role.value.replace('_', ' ')})")
            self._show_day(desk.as_of)
            desk.as_of_changed.connect(self._show_day)
            desk.loaded.connect(self._load)

    def _show_day(self, day: date) -> None:
        self.day.blockSignals(True)
        self.day.setDate(QDate(day.year, day.month, day.day))
        self.day.blockSignals(False)

    def _load(self, view: CaseloadView) -> None:
        missing = sum(case.offender.position is None for case in view.cases)
        everybody = "All have a position" if view.cases else ""
        self.missing.setText(f"{missing:,} without a position" if missing else everybody)
        self.missing.setEnabled(bool(missing))

    def _set_day(self) -> None:
        if self._desk is not None:
            day = self.day.date()
            self._desk.as_of = date(day.year(), day.month(), day.day())

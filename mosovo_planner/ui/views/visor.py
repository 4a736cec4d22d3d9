"""The points of a ViSOR list, to be worked off: ticked as entered, ours kept, theirs taken; each with its undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QDate, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from PySide6.QtWidgets import QLineEdit, QWidget

from mosovo_planner.domain.matching import MissingHere
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session
from mosovo_planner.office.visor import (
    Accepted,
    ListPoint,
    PointKind,
    VisorList,
    VisorWork,
    accept_theirs,
    compare,
    keep_ours,
    put_back,
    take_back,
    tick_entered,
)
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.visor import summary
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import button, choice, column, date_field, label, refill, row

PointColumn = Column[ListPoint]
_ANY = ""
_TONES = {
    PointKind.VISIT: "warn", PointKind.DIFFERENT: "info", PointKind.MISSING_HERE: "bad", PointKind.MISSING_THERE: "bad"
}  # fmt: skip
_NEVER = (
    "The program reads the list and never writes to ViSOR. A tick says that you entered the visit there yourself. Everything "
    "done here is in the record of use."
)


class VisorPage(QWidget):
    """``list_wanted`` asks to compare with a list; ``offender_wanted`` to see somebody on the caseload."""

    title = "ViSOR list"
    list_wanted = Signal()
    offender_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.work: VisorWork | None = None
        self._changed_here = False
        self._waiting: list[Callable[[], object]] = []
        self.undo_stack = QUndoStack(self)
        self.heading = label("No list was compared yet.", role="heading", wrap=True)
        self.never = label(_NEVER, role="muted", wrap=True)
        self.kind = choice("What is shown", [("All points", _ANY)])
        self.state = choice("State", [("Open", "open"), ("Settled", "settled"), ("Open and settled", _ANY)])
        self.compare_button = button("&Compare with a list…", self.list_wanted.emit)
        self.table: Table[ListPoint] = Table("visor", "ViSOR list", _COLUMNS, lambda each: each.id, settings=desk.settings)
        self.panel = TablePanel(
            self.table, hint="Search the list  (Ctrl+F)", empty="Compare with a list exported from ViSOR: .xlsx or .csv.",
            extras=(self.kind, self.state),
        )  # fmt: skip
        self.day = date_field("Entered in ViSOR on", QDate.currentDate())
        self.day.setMaximumDate(QDate.currentDate())
        self.comment = QLineEdit()
        self.comment.setAccessibleName("Comment")
        self.comment.setPlaceholderText("Comment, if ours is kept")
        self.error = label("", role="error", wrap=True)
        self.error.hide()
        self._make_buttons()
        self._lay_out()
        for combo in (self.kind, self.state):
            combo.currentIndexChanged.connect(lambda _: self._narrow())
        self.table.opened.connect(self._open)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._judge())
        self.table.table_model.modelReset.connect(self._judge)
        desk.changed.connect(self._records_changed)
        self._narrow()

    def _make_buttons(self) -> None:
        self.tick = button("&Tick as entered", self._tick, primary=True, tip="You entered the chosen visits in ViSOR on this day")
        self.ours = button("&Keep ours", self._keep_ours, tip="Ours is right; asked again if either side changes")
        self.theirs = button("Take ViSOR's", self._take_theirs, tip="Our record is changed to what the list says")
        self.reopen = button("&Open again", self._reopen, tip="Take a tick or a decision back")
        self.go = button("&Go to offender", self._open_current, tip="On the caseload (Enter)")

    def _lay_out(self) -> None:
        top = row(column(self.heading, self.never, space=2), self.compare_button)
        top.setStretch(0, 1)
        deeds = row(
            label("Entered &on", buddy=self.day), self.day, self.tick, self.comment, self.ours, self.theirs, self.reopen, self.go
        )
        deeds.setStretch(3, 1)
        body = column(top, self.panel, self.error, deeds, margin=12)
        body.setStretch(1, 1)
        self.setLayout(body)

    def start_search(self) -> None:
        self.panel.start_search()

    # The list

    def show_work(self, work: VisorWork) -> None:
        """Show a comparison; what was done to an earlier one can no longer be undone from here."""
        self.undo_stack.clear()
        self._show(work)

    def _show(self, work: VisorWork) -> None:
        self.work = work
        self.heading.setText(f"{work.listed.name}: {summary(work)}")
        counts = {kind: sum(each.kind is kind for each in work.points) for kind in PointKind}
        refill(self.kind, [("All points", _ANY), *((f"{kind.label} ({counts[kind]:,})", kind.value) for kind in PointKind)])
        self.table.set_rows(work.points)
        self._narrow()

    def _narrow(self) -> None:
        kind, state = self.kind.currentData(), self.state.currentData()
        self.table.table_model.keep(
            lambda each: kind in (_ANY, each.kind.value) and (state == _ANY or (state == "settled") is bool(each.settled))
        )

    def compare_again(self) -> None:
        """The caseload changed: what is open may have changed with it."""
        if self.work is None:
            return
        session, listed = self._desk.session, self.work.listed
        self._desk.tasks.run(
            "Comparing again", lambda _report: compare(session, listed), done=self._show, failed=self._refused, owner=self,
            key="visor", quiet=True,
        )  # fmt: skip

    def _records_changed(self) -> None:
        if not self._changed_here and self.isVisible():
            self.compare_again()

    # What can be done

    def _judge(self) -> None:
        chosen = self.table.selected_rows
        may = self._desk.session.may(Permission.RECORD) and bool(chosen)
        settled = [bool(each.settled) for each in chosen]
        kinds = {each.kind for each in chosen}
        self.tick.setEnabled(may and kinds == {PointKind.VISIT} and not any(settled))
        self.ours.setEnabled(may and kinds <= {PointKind.DIFFERENT, PointKind.MISSING_THERE} and not any(settled))
        self.theirs.setEnabled(may and kinds == {PointKind.DIFFERENT} and not any(settled))
        self.reopen.setEnabled(may and all(settled))
        self.go.setEnabled(len(chosen) == 1 and bool(_offender(chosen[0])))

    def _open(self, point: ListPoint) -> None:
        if ref := _offender(point):
            self.offender_wanted.emit(ref)

    def _open_current(self) -> None:
        if self.table.current is not None:
            self._open(self.table.current)

    def _tick(self) -> None:
        points, session, day = self.table.selected_rows, self._desk.session, self.day.date()
        on = date(day.year(), day.month(), day.day())
        self._settle(f"tick {_counted(points)}", points, partial(tick_entered, session, points, on))

    def _keep_ours(self) -> None:
        points, session, comment = self.table.selected_rows, self._desk.session, self.comment.text()
        self._settle(f"keep ours of {_counted(points)}", points, partial(keep_ours, session, points, comment))

    def _settle(self, words: str, points: Sequence[ListPoint], do: Callable[[], object]) -> None:
        if self.work is not None:
            self._do(words, do, partial(_open_again, self._desk.session, self.work.listed, points))

    def _take_theirs(self) -> None:
        points, session = self.table.selected_rows, self._desk.session
        if self.work is None:
            return
        listed = self.work.listed
        accepted: list[Accepted] = []
        self._do(
            f"take ViSOR's of {_counted(points)}",
            lambda: accepted.append(accept_theirs(session, points, listed)),
            lambda: put_back(session, accepted.pop()),
        )

    def _reopen(self) -> None:
        points, session = self.table.selected_rows, self._desk.session
        self._save(partial(take_back, session, points))

    def _do(self, words: str, do: Callable[[], object], undo: Callable[[], object]) -> None:
        """Do something that Ctrl+Z takes back."""
        self.undo_stack.push(_Step(words, partial(self._save, do), partial(self._save, undo)))
        self.comment.clear()

    def _save(self, work: Callable[[], object]) -> None:
        """One after another, so that an undo never overtakes what it undoes."""
        self._waiting.append(work)
        if len(self._waiting) == 1:
            self._save_next()

    def _save_next(self) -> None:
        work = self._waiting[0]
        self._say("")
        self._desk.tasks.run(
            "Saving", lambda _report: work(), done=lambda _: self._saved(), failed=self._refused, owner=self, quiet=True
        )

    def _saved(self) -> None:
        self._waiting.pop(0)
        if self._waiting:
            self._save_next()
            return
        self._changed_here = True  # this page compares again by itself, below
        self._desk.records_changed()
        self._changed_here = False
        self.compare_again()

    def _refused(self, error: BaseException) -> None:
        self._waiting.clear()
        words = words_for(error)
        if words is None:
            raise error
        self.undo_stack.clear()  # what was not done is not undone
        self.compare_again()
        self._say(words)

    def _say(self, words: str) -> None:
        self.error.setText(words)
        self.error.setVisible(bool(words))


def _open_again(session: Session, listed: VisorList, points: Sequence[ListPoint]) -> None:
    """Take back what was done to these points: they are found as they are now, with their decisions."""
    wanted = {each.id for each in points}
    take_back(session, [each for each in compare(session, listed).points if each.id in wanted])


class _Step(QUndoCommand):
    """One step of working off."""

    def __init__(self, words: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
        super().__init__(words)
        self._do, self._undo = do, undo

    def redo(self) -> None:
        self._do()

    def undo(self) -> None:
        self._undo()


def _offender(point: ListPoint) -> str:
    """Whom to look at for a point: him, or who may be the same."""
    if point.ref:
        return point.ref
    return point.point.maybe[0] if isinstance(point.point, MissingHere) and point.point.maybe else ""


def _counted(points: Sequence[ListPoint]) -> str:
    return f"{len(points):,} point{'' if len(points) == 1 else 's'}"


_COLUMNS = (
    PointColumn("kind", "Point", lambda each: each.kind.label, width=16, tone=lambda each: _TONES[each.kind],
                sort=lambda each: list(PointKind).index(each.kind)),
    PointColumn("name", "Name", lambda each: each.name, width=19),
    PointColumn("ref", "Reference", lambda each: each.ref, width=13),
    PointColumn("what", "What", lambda each: each.what, width=16),
    PointColumn("here", "Here", lambda each: each.here, width=28),
    PointColumn("there", "On the list", lambda each: each.there, width=15),
    PointColumn("state", "Settled", lambda each: each.settled, width=30, tone=lambda each: "good" if each.settled else None),
    PointColumn("row", "Row", lambda each: each.row or None, width=6, right=True, search=False, visible=False),
)  # fmt: skip

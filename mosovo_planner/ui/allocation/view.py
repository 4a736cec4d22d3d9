"""The allocation view: before and after on the map, workloads, and moves that a supervisor changes and approves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce
from typing import Any

from PySide6.QtCore import QDate, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QWidget

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import allocation as office
from mosovo_planner.office.allocation import AllocationWork
from mosovo_planner.office.caseload import CaseloadView, place_offender, view_caseload
from mosovo_planner.office.session import Session
from mosovo_planner.ui.allocation.bars import WorkloadBars
from mosovo_planner.ui.allocation.figures import basis, effect, manager_lines, totals
from mosovo_planner.ui.allocation.giving import giving_dialog
from mosovo_planner.ui.allocation.lists import AllocationLists
from mosovo_planner.ui.allocation.picture import AFTER, BEFORE, BOTH, draw
from mosovo_planner.ui.allocation.refusing import RefusalDialog
from mosovo_planner.ui.allocation.rows import CaseRow, case_rows
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.map.loading import load_base_map
from mosovo_planner.ui.map.marks import base_marks
from mosovo_planner.ui.map.palette import looks
from mosovo_planner.ui.map.panel import MapPanel
from mosovo_planner.ui.proposals.page import ProposalPage
from mosovo_planner.ui.proposals.running import RunBar
from mosovo_planner.ui.proposals.tools import tool, two_lines, view_action
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.table import Table
from mosovo_planner.ui.table.columns import natural
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.widgets import button, choice, column, date_field, holder, label, row

_MODES = (
    (BEFORE, "Before", "Who holds whom now"),
    (AFTER, "After", "Who would hold whom"),
    (BOTH, "Both", "Only cases that move: dashed from the present base, solid from the proposed one"),
)
_BUDGETS = (5.0, 15.0, 30.0, 60.0, 120.0)
_START = (
    "This is the caseload as it is. Press Propose to have an allocation by location worked out: less driving, fair "
    "workloads, few moves. It stays a proposal until a supervisor approves it with a reason."
)
_PLACING = (
    "Click on the map where {ref} lives; or move the map under the cross with the arrow keys and press Enter. Escape stops."
)


class AllocationView(ProposalPage[AllocationWork]):
    """Propose, look, change by hand, approve."""

    def __init__(
        self, session: Session, tasks: Tasks, parent: QWidget | None = None, *, settings: Settings | None = None
    ) -> None:
        super().__init__(session, tasks, start=_START, show_work=self._show, effect=_effect, standing=_standing, parent=parent)
        self._caseload: CaseloadView | None = None
        self._rows: dict[str, CaseRow] = {}
        self._placing = ""
        self._drawing = QTimer(self, singleShot=True, interval=0)  # with 10,000 the map has a turn of its own
        self._drawing.timeout.connect(self._draw)
        self.panel = MapPanel(_MODES)
        self.map = self.panel.map
        self.bars = WorkloadBars()
        self.lists = AllocationLists(settings)
        self.detail = two_lines("The reason for the move under the cursor")
        self._make_toolbar()
        self._make_actions()
        self._lay_out()
        self._connect()
        self.guard_copies(self.lists.tables)
        self._show(None)

    # Building

    def _make_toolbar(self) -> None:
        today = date.today()
        self.day = date_field("As of", QDate(today.year, today.month, today.day))
        self.seconds = choice("How long to search", [(_seconds(each), each) for each in _BUDGETS])
        self.seconds.setCurrentIndex(self.seconds.findData(office.DEFAULT_SECONDS))
        self.run = RunBar("&Propose", "Work out an allocation by location", self.propose)
        self.approve_button: QPushButton = button("&Approve…", self.approve)

    def _make_actions(self) -> None:
        self.pin_action = view_action(self, "&Pin here", "Ctrl+Shift+P", self.pin, "Keep the case with the manager proposed")
        self.give_action = view_action(self, "&Give to…", "Ctrl+Shift+G", self.give, "Give the case to another manager")
        self.refuse_action = view_action(self, "&Refuse move", "Ctrl+Shift+R", self.refuse, "Leave the case where it is")
        self.place_action = view_action(
            self, "P&lace on map", "Ctrl+Shift+L", self.place, "Give the offender a position by a click on the map"
        )
        self.unpin_action = view_action(self, "&Unpin", "Ctrl+Shift+U", self.unpin, "Let the next proposal decide on the case")
        self.edits = (self.pin_action, self.unpin_action, self.give_action, self.refuse_action, self.place_action)
        self.lists.offer(self.edits)

    def _lay_out(self) -> None:
        as_of, budget = label("As &of", buddy=self.day), label("&Search for", buddy=self.seconds)
        top = row(as_of, self.day, budget, self.seconds, self.run, *self.history.buttons(), self.approve_button)
        top.setStretch(4, 1)
        upper = QSplitter(Qt.Orientation.Horizontal)
        upper.addWidget(self.panel)
        caption = label("Workload a year: now (grey), proposed (blue), capacity (line)", role="section", wrap=True)
        bars = QWidget()
        bars.setLayout(column(caption, self.bars, space=4))
        upper.addWidget(bars)
        self.lists.setCornerWidget(holder(row(*map(tool, self.edits), space=4)), Qt.Corner.TopRightCorner)
        body = QSplitter(Qt.Orientation.Vertical)
        body.addWidget(upper)
        lower = QWidget()
        below = column(self.lists, self.detail, space=4)
        below.setStretch(0, 1)
        lower.setLayout(below)
        body.addWidget(lower)
        body.setSizes([330, 270])
        upper.setSizes([660, 440])
        layout = column(top, self.summary, self.note, body, margin=12, space=6)
        layout.setStretch(3, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.panel.mode_chosen.connect(lambda _mode: self._draw())
        self.bars.manager_chosen.connect(self._keep_manager)
        self.lists.ref_chosen.connect(self._point_at)
        self.lists.currentChanged.connect(lambda _page: self._judge())
        self.lists.copied.connect(self.record_copy)
        self.map.marker_chosen.connect(self.lists.choose)
        self.map.place_chosen.connect(self._place_at)
        self.run.ended.connect(self._judge)
        for table in (self.lists.moves, self.lists.everybody, self.lists.notes):
            table.selectionModel().selectionChanged.connect(lambda *_: self._judge())

    @property
    def table(self) -> Table[Any]:
        """The list on top, for the window's Copy, Export and Find."""
        return self.lists.table

    # The caseload and the proposal

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._caseload is None:
            self.refresh()

    def refresh(self) -> None:
        """Read the caseload as of the day chosen."""
        session, day = self.session, self._as_of()
        self.tasks.run(
            "Reading the caseload", lambda _report: view_caseload(session, day, "allocation"), done=self.show_caseload,
            owner=self, key=f"allocation-{id(self)}", quiet=True,
        )  # fmt: skip

    def show_caseload(self, caseload: CaseloadView) -> None:
        """Show a caseload that was read; a proposal on the desk stays until it is replaced."""
        first = self._caseload is None
        QTimer.singleShot(0, self, [self._caseload, self._rows].clear)  # what was there is let go in a turn of its own
        self._caseload = caseload
        if first:
            load_base_map(self.map, self.tasks)
        if self.history.work is None:
            self._show(None)
        elif (caseload.cases, caseload.managers) != (self.history.work.view.cases, self.history.work.view.managers):
            self.say("The caseload has changed since this was proposed; propose again to take that in.")

    def propose(self) -> None:
        """Have a proposal worked out; what is there stays until it comes."""
        session, day, seconds = self.session, self._as_of(), float(self.seconds.currentData())
        self.make(
            self.run, "Proposing an allocation",
            lambda report: office.propose_allocation(session, day, report, seconds), self._take, "No allocation was proposed",
        )  # fmt: skip
        self._judge()

    def _take(self, work: AllocationWork) -> None:
        self._caseload = work.view
        self.panel.set_mode(AFTER)
        self.history.replace("new proposal", work)
        self.say("This is a proposal. Pin, change or refuse moves, then approve it with a reason.")

    def _show(self, work: AllocationWork | None) -> None:
        view = work.view if work else self._caseload
        for mode in (AFTER, BOTH):
            self.panel.enable_mode(mode, work is not None)
        if work is None or not self.panel.mode:
            self.panel.set_mode(AFTER if work else BEFORE)
        self.summary.setText(totals(work.view, work.proposal) if work else "")
        self.summary.setVisible(work is not None)
        self.say_again()
        rows = case_rows(view, work.proposal if work else None) if view else []
        self._rows = {each.ref: each for each in rows}
        self.lists.set_rows(rows)
        if view:
            lines = manager_lines(view, work.proposal if work else None)
            self.bars.set_lines(sorted(lines, key=lambda line: natural(line.id)), self._looks(view))
        self._drawing.start()
        self._judge()

    def _looks(self, view: CaseloadView) -> dict:  # type: ignore[type-arg]
        return looks(manager.id for manager in view.managers)

    def _draw(self) -> None:
        view = self._view()
        if view is None:
            return
        mode = self.panel.mode or BEFORE
        picture = draw(list(self._rows.values()), view.managers, self._looks(view), mode, self.bars.manager or None)
        self.map.set_bases(base_marks(view.managers))
        self.map.set_links(picture.links)
        self.map.set_markers(picture.markers)
        self.map.set_faint(picture.faint)

    def _view(self) -> CaseloadView | None:
        return self.history.work.view if self.history.work else self._caseload

    def _as_of(self) -> date:
        day = self.day.date()
        return date(day.year(), day.month(), day.day())

    # In step

    def choose(self, ref: str) -> None:
        """Put the cursor on an offender in lists and map."""
        self.lists.choose(ref)

    def _point_at(self, ref: str) -> None:
        self.map.choose([ref] if ref else [], show=True)
        chosen = self._rows.get(ref)
        self.detail.setText(f"{ref}: {chosen.reason}" if chosen and chosen.reason else "")
        self._judge()

    def _keep_manager(self, manager: str) -> None:
        self.lists.keep_manager(manager)
        self._draw()

    def _judge(self) -> None:
        """Enable what can be done now, and say why not where it is not obvious."""
        work, chosen = self.history.work, [self._rows[ref] for ref in self.lists.chosen_refs if ref in self._rows]
        may_plan, idle = self.session.may(Permission.PLAN), not self.run.running
        self.run.start.setEnabled(idle and may_plan)
        editable = work is not None and bool(chosen) and idle
        self.pin_action.setEnabled(editable and any(not each.pinned and each.manager_after for each in chosen))
        self.unpin_action.setEnabled(editable and any(each.pinned for each in chosen))
        self.give_action.setEnabled(editable)
        self.refuse_action.setEnabled(editable and any(each.moves and each.manager_before for each in chosen))
        self.place_action.setEnabled(len(chosen) == 1 and self.session.may(Permission.RECORD))
        not_approve = self.why_not(Permission.APPROVE, "approve")
        self.approve_button.setEnabled(work is not None and idle and not not_approve)
        self.approve_button.setToolTip(not_approve)
        self.run.start.setToolTip(self.why_not(Permission.PLAN, "propose") or "Work out an allocation by location")

    # Changes by hand

    def pin(self) -> None:
        """Keep the chosen cases with the manager proposed."""
        refs = [ref for ref in self.lists.chosen_refs if not self._rows[ref].pinned and self._rows[ref].manager_after]
        self._change("pin", refs, office.pin)

    def unpin(self) -> None:
        """Let the next proposal decide on the chosen cases again."""
        refs = [ref for ref in self.lists.chosen_refs if self._rows[ref].pinned]
        self._change("unpin", refs, office.unpin)

    def refuse(self) -> None:
        """Let the chosen cases stay with their present manager; asks why."""
        refs = [ref for ref in self.lists.chosen_refs if self._rows[ref].moves and self._rows[ref].manager_before]
        if refs:
            dialog = RefusalDialog(len(refs), self)
            dialog.refused.connect(lambda why: self.refuse_for(refs, why))
            dialog.open()

    def refuse_for(self, refs: list[str], why: str) -> None:
        """Refuse moves for a reason, which may be empty."""
        self._change("refuse move of", refs, lambda work, ref: office.refuse_move(work, ref, why))

    def give(self) -> None:
        """Ask who should hold the chosen cases."""
        work, refs = self.history.work, self.lists.chosen_refs
        if work is not None and refs:
            giving_dialog(work, refs, lambda taker: self.give_to(refs, taker.id), self).open()

    def give_to(self, refs: list[str], manager: str) -> None:
        """Give cases to a manager by hand."""
        self._change("give", refs, lambda work, ref: office.change_manager(work, ref, manager))

    def _change(self, verb: str, refs: list[str], edit: Callable[[AllocationWork, str], AllocationWork]) -> None:
        if refs:
            text = f"{verb} {refs[0]}" if len(refs) == 1 else f"{verb} {len(refs)} cases"
            self.history.change(text, lambda work: reduce(edit, refs, work))

    # Placing by hand

    def place(self) -> None:
        """Let the next click on the map give the chosen offender's position; again takes that back."""
        refs = self.lists.chosen_refs
        self._placing = "" if self._placing or len(refs) != 1 else refs[0]
        self.map.set_placing(bool(self._placing))
        if self._placing:
            self.map.setFocus()
        self.say(_PLACING.format(ref=self._placing) if self._placing else "Nothing was placed.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape stops placing."""
        if self._placing and event.key() == Qt.Key.Key_Escape:
            self.place()
        else:
            super().keyPressEvent(event)

    def _place_at(self, lat: float, lon: float) -> None:
        ref, self._placing, session = self._placing, "", self.session
        self.map.set_placing(False)
        self.tasks.run(
            "Saving the position", lambda _report: place_offender(session, ref, lat, lon),
            done=lambda _none: self._placed(ref),
            failed=lambda error: show_error(self, error, "The position was not saved"), owner=self, quiet=True,
        )  # fmt: skip

    def _placed(self, ref: str) -> None:
        self.say(f"The position of {ref} is saved. Propose again to take it in.")
        self.refresh()
        self.workspace_changed.emit()

    # Approving

    def approve(self) -> None:
        """Ask for the reason, then make the proposal the allocation."""
        work = self.history.work
        if work is None:
            return
        facts = [
            "This is a proposal of the planner. Approving it makes it the team's allocation:",
            totals(work.view, work.proposal) + ".",
        ]
        self.ask_approval("Approve the allocation", facts, lambda reason: self._approve(work, reason))

    def _approve(self, work: AllocationWork, reason: str) -> None:
        session = self.session
        self.save(
            self.run, "Saving the allocation", lambda: office.approve_allocation(session, work, reason),
            lambda _decision: self._approved(len(work.proposal.moves)), "The allocation was not approved",
        )  # fmt: skip

    def _approved(self, moves: int) -> None:
        self.history.begin(None)
        self.say(f"Approved and saved: {moves:,} cases have a new manager.")
        self.refresh()
        self.workspace_changed.emit()


def _effect(before: AllocationWork, after: AllocationWork) -> str:
    return effect(before.proposal, after.proposal)


def _standing(work: AllocationWork) -> str:
    return basis(work.proposal)


def _seconds(budget: float) -> str:
    return f"{budget:.0f} seconds" if budget < 60 else f"{budget / 60:.0f} minute{'s' if budget > 60 else ''}"

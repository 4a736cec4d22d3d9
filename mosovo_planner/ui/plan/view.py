"""The week plan: proposed, looked at on map, timetable and day sheet, changed by hand, approved, printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QDate, QRectF, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QScrollArea, QSplitter, QTabWidget, QWidget

from mosovo_planner.domain.people import OffenderManager
from mosovo_planner.domain.progress import Reporter
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office import plans as office
from mosovo_planner.office.plans import PlanWork
from mosovo_planner.office.session import Session
from mosovo_planner.ui.map.loading import load_base_map
from mosovo_planner.ui.map.marks import BaseMark, base_marks
from mosovo_planner.ui.map.panel import MapPanel
from mosovo_planner.ui.plan.course import PlanCourse
from mosovo_planner.ui.plan.edits import PlanEdits
from mosovo_planner.ui.plan.figures import basis, counted, effect, totals
from mosovo_planner.ui.plan.focus import Focus, round_of, rounds_on, settled
from mosovo_planner.ui.plan.picture import RoundLooks, draw
from mosovo_planner.ui.plan.rows import People
from mosovo_planner.ui.plan.sheet import PlanLists
from mosovo_planner.ui.plan.timeline import DayTimeline
from mosovo_planner.ui.plan.tools import PlanTools
from mosovo_planner.ui.plan.weeks import WeeksTable
from mosovo_planner.ui.proposals.page import ProposalPage
from mosovo_planner.ui.proposals.running import RunBar
from mosovo_planner.ui.proposals.tools import offer_menu, two_lines
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.table import Table
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.widgets import button, choice, column, date_field, label, row, scrolled

_START = (
    "No plan yet. Choose the first day and the number of weeks, then press Propose: crews of two, rounds near their "
    "bases, the most overdue first. It stays a proposal until it is approved."
)
_MODES = (
    ("day", "Day", "All rounds of the day"),
    ("rest", "Day and not planned", "All rounds of the day, and in grey what is due and not planned"),
)


class PlanView(ProposalPage[PlanWork]):
    """Map, timetable and day sheet of a plan, in step.

    :attr:`print_requested` brings the kind of paper and the id of the round looked at, :attr:`visit_wanted` the
    visit under the cursor as it was planned, to be recorded.
    """

    print_requested = Signal(str, str)
    visit_wanted = Signal(object)

    def __init__(
        self, session: Session, tasks: Tasks, parent: QWidget | None = None, *, settings: Settings | None = None
    ) -> None:
        super().__init__(session, tasks, start=_START, show_work=self._show, effect=_effect, standing=_standing, parent=parent)
        self._people: People | None = None
        self._loaded = False
        self._bases: list[BaseMark] = []
        self.focus = Focus()
        self.edits = PlanEdits(self.history, self.look_at, self)
        self.panel = MapPanel(_MODES)
        self.panel.set_mode("day")
        self.map = self.panel.map
        self.weeks = WeeksTable()
        self.timeline = DayTimeline()
        self.lists = PlanLists(settings)
        self.detail = two_lines("Why the visit under the cursor is planned so, or is not planned")
        self.looks = RoundLooks()
        self.course = PlanCourse(self)
        self.tools = PlanTools(self)
        self._make_toolbar()
        self._lay_out()
        self._connect()
        self.guard_copies(self.lists.tables)
        self._show(None)

    def record_visit(self) -> None:
        """Ask for the visit under the cursor to be recorded, with the time and the crew of its round."""
        work = self.history.work
        each = round_of(work.plan, self.focus.ref) if work else None
        stop = next((one for one in each.stops if one.ref == self.focus.ref), None) if each else None
        if each is not None and stop is not None:
            crew = (stop.lead, *(officer for officer in each.officers if officer != stop.lead))
            at = datetime.combine(each.date, stop.arrive)
            self.visit_wanted.emit(Visit(id="", ref=stop.ref, at=at, kind=stop.kind, officers=crew))

    # Building

    def _make_toolbar(self) -> None:
        monday = _next_monday(date.today())
        self.start = date_field("First day", QDate(monday.year, monday.month, monday.day))
        weeks = [(counted(number, "week"), number) for number in range(1, office.MAX_WEEKS + 1)]
        self.weeks_wanted = choice("How many weeks", weeks)
        self.keep = QCheckBox("&Keep pinned")
        self.keep.setChecked(True)
        self.keep.setToolTip("Pinned visits and crews stay when the plan is made again; dropped visits stay out")
        self.run = RunBar("&Propose", "Work out rounds for these weeks", self.propose)
        self.approve_button: QPushButton = button("&Approve…", self.approve)
        self.print_button = button("P&rint day sheet…", self._print, tip=_PRINT_TIP)

    def _lay_out(self) -> None:
        top = row(
            label("&From", buddy=self.start), self.start, label("f&or", buddy=self.weeks_wanted), self.weeks_wanted,
            self.keep, self.run, *self.history.buttons(), self.print_button, self.approve_button,
        )  # fmt: skip
        top.setStretch(5, 1)
        self.timetable = QTabWidget()
        self.day_page = _day_page(self.timeline)
        self.timetable.addTab(self.day_page, "Day timetable")
        self.timetable.addTab(self.weeks, "Weeks")
        lower = QWidget()
        below = column(self.lists, self.detail, self.tools.bar(), space=4)
        below.setStretch(0, 1)
        lower.setLayout(below)
        left = QSplitter(Qt.Orientation.Vertical)
        upper = QWidget()
        above = column(self.tools.day_bar(), self.timetable, space=4)
        above.setStretch(1, 1)
        upper.setLayout(above)
        left.addWidget(upper)
        left.addWidget(lower)
        body = QSplitter(Qt.Orientation.Horizontal)
        body.addWidget(left)
        body.addWidget(self.panel)
        body.setSizes([660, 540])
        left.setSizes([300, 330])
        layout = column(top, self.summary, self.note, self.course.banner, body, margin=12, space=6)
        layout.setStretch(4, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.weeks.pointed.connect(self._look_from_picture)
        self.timeline.pointed.connect(self._look_from_picture)
        self.timeline.dropped.connect(self.edits.move)
        self.lists.pointed.connect(self.look_at)
        self.lists.copied.connect(self.record_copy)
        self.lists.currentChanged.connect(lambda _page: self.judge())
        self.map.marker_chosen.connect(lambda ref: self._look_from_picture(Focus(self.focus.day, None, ref)))
        self.map.round_chosen.connect(lambda round_id: self._look_from_picture(Focus(self.focus.day, round_id)))
        self.panel.mode_chosen.connect(lambda _mode: self._draw())
        self.run.ended.connect(self.judge)
        offer_menu(self.lists.sheet, (self.tools.record, *self.tools.visit_actions, *self.tools.crew_actions, self.tools.came_up))
        offer_menu(self.timeline, (self.tools.record, *self.tools.visit_actions, *self.tools.crew_actions, self.tools.came_up))
        offer_menu(self.weeks, self.tools.crew_actions)
        offer_menu(self.lists.out, (self.tools.move,))

    @property
    def table(self) -> Table[Any]:
        """The list on top, for the window's Copy, Export and Find."""
        return self.lists.table

    # The plan

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._loaded:
            load_base_map(self.map, self.tasks)
            self.refresh()

    def refresh(self) -> None:
        """Open the plan last approved where nothing is on the desk; what is on the desk is never taken away."""
        if self.history.work is not None:
            self.say("Records may have changed since this plan was made; re-plan to take that in.")
            return
        session, self._loaded = self.session, True

        def read(_report: Reporter) -> PlanWork | None:
            return office.latest_plan(session)

        self.tasks.run("Reading the plan", read, done=self._opened, owner=self, key=f"plan-{id(self)}", quiet=True)

    def _opened(self, work: PlanWork | None) -> None:
        if work is not None and self.history.work is None and not self.run.running:
            self.say("The plan last approved is open.")
            self.history.begin(work)

    def propose(self) -> None:
        """Have a plan worked out; what is on the desk stays until it comes."""
        session, start, weeks = self.session, self._first_day(), int(self.weeks_wanted.currentData())
        keep = self.history.work.plan if self.history.work and self.keep.isChecked() else None
        self.make(
            self.run, "Planning the rounds",
            lambda report: office.propose_plan(session, start, weeks, report, keep=keep), self._take, "No plan was made",
        )  # fmt: skip
        self.judge()

    def _take(self, work: PlanWork) -> None:
        self.history.replace("new plan", work)
        self.say("This is a proposal: change what you must, pin what must stay, then approve it.")
        self.map.fit()

    def _show(self, work: PlanWork | None) -> None:
        self._people = People(work) if work else None
        self.summary.setText(totals(work.plan) if work else "")
        self.summary.setVisible(work is not None)
        self.course.show(work)
        self.say_again()
        self.run.start.setText("Re-&plan" if work else "&Propose")
        self.keep.setVisible(work is not None)
        self.weeks.show_plan(work.plan if work else None, work.view.managers if work else (), self.days(), self._people)
        self.look_at(self.focus)

    def show_bases(self, managers: Iterable[OffenderManager]) -> None:
        """The bases of the force, where the map looks until there is a plan."""
        self._bases = base_marks(managers)
        if self.history.work is None:
            self._draw()
            self.map.fit()

    def days(self) -> tuple[date, ...]:
        """The days of the plan on which visits are planned or held."""
        work = self.history.work
        if work is None:
            return ()
        return tuple(sorted({*work.request.days, *(each.date for each in work.plan.rounds)}))

    def _first_day(self) -> date:
        day = self.start.date()
        return date(day.year(), day.month(), day.day())

    # In step

    def look_at(self, focus: Focus) -> None:
        """Show the day, round or visit in map, timetable and lists alike."""
        work = self.history.work
        if work is not None:
            elsewhere = focus.ref is not None and round_of(work.plan, focus.ref) is None
            day = focus.day or self.focus.day
            focus = Focus(settled(work.plan, Focus(day)).day, None, focus.ref) if elsewhere else settled(
                work.plan, Focus(day, focus.round_id, focus.ref)
            )  # fmt: skip
        else:
            focus = Focus()
        new_day = focus.day != self.focus.day
        self.focus = self.edits.focus = focus
        rounds = rounds_on(work.plan, focus.day) if work else []
        self.timeline.show_day(rounds, self.looks.of(rounds), self._people, focus)
        self.lists.show_plan(work.plan if work else None, rounds, self._people, focus)
        self.weeks.point_at(focus)
        self.tools.show_day(self.days(), focus.day)
        self.detail.setText(self._why(focus))
        self._draw()
        if new_day and self.map.shows_whole:
            self.map.fit()
        self.judge()

    def _look_from_picture(self, focus: Focus) -> None:
        """What was pointed at on map or timetable; the list that holds it comes on top."""
        self.look_at(focus)
        self.lists.turn_to(self.focus)

    def _why(self, focus: Focus) -> str:
        """Why the visit looked at is planned so, or is not planned."""
        work = self.history.work
        if work is None:
            return ""
        change = self.lists.change
        if change is not None and change.ref == (focus.ref or ""):
            return f"{change.words}."
        if focus.ref is None:
            return ""
        planned = [stop.why for each in work.plan.rounds for stop in each.stops if stop.ref == focus.ref]
        left_out = [visit.reason for visit in work.plan.unplanned if visit.ref == focus.ref]
        return " ".join([f"{focus.ref}:", *planned, *left_out]) if planned or left_out else ""

    def _draw(self) -> None:
        work, focus = self.history.work, self.focus
        if work is None or self._people is None:
            self.map.set_markers([])
            self.map.set_rounds([])
            self.map.set_bases(self._bases)
            return
        others = work.plan.unplanned if self.panel.mode == "rest" else ()
        wanted = next((visit for visit in work.plan.unplanned if visit.ref == focus.ref), None)
        rounds = rounds_on(work.plan, focus.day)
        picture = draw(rounds, self.looks.of(rounds), self._people, focus.round_id, others or ((wanted,) if wanted else ()))
        self.map.set_bases(picture.bases)
        self.map.set_rounds(picture.rounds)
        self.map.set_markers(picture.markers)
        self.map.set_faint(picture.faint)
        self.map.choose([focus.ref] if focus.ref else [], [focus.round_id] if focus.round_id else [], show=True)

    def judge(self) -> None:
        """Enable what can be done now, and say why not where it is not obvious."""
        work, idle = self.history.work, not self.run.running
        may_plan, reason = self.session.may(Permission.PLAN), self.why_not(Permission.APPROVE, "approve")
        may_approve = not reason
        self.run.start.setEnabled(idle and may_plan)
        self.tools.judge(work.plan if work else None, self.focus, idle and may_plan)
        self.timeline.may_drag = idle and may_plan
        broken = sum(bool(each.problems) for each in work.plan.rounds) if work else 0
        ready = work is not None and bool(work.plan.rounds) and not broken and not work.approved_by
        self.approve_button.setEnabled(ready and idle and may_approve)
        if may_approve and broken:
            reason = "Rounds in red cannot be driven as they stand; mend or drop them first."
        elif may_approve and work and work.approved_by:
            reason = "This plan is approved already."
        self.approve_button.setToolTip(reason)
        self.course.judge(may_approve=self.approve_button.isEnabled(), idle=idle)
        self.run.start.setToolTip(self.why_not(Permission.PLAN, "plan") or "Work out rounds for these weeks")
        self.print_button.setEnabled(self.focus.round_id is not None and self.session.may(Permission.PRINT))

    # Approving, printing, copying

    def approve(self) -> None:
        """Ask for the reason, then make the plan the team's."""
        work = self.history.work
        if work is None:
            return
        facts = ["This is a proposal of the planner. Approving it makes it the team's plan:", totals(work.plan) + "."]
        self.ask_approval("Approve the plan", facts, lambda reason: self._approve(work, reason))

    def _approve(self, work: PlanWork, reason: str) -> None:
        session = self.session
        self.save(
            self.run, "Saving the plan", lambda: office.approve_plan(session, work, reason), self._approved,
            "The plan was not approved",
        )  # fmt: skip

    def _approved(self, work: PlanWork) -> None:
        self.history.begin(work)
        self.say("Approved and saved. Print the day sheets, or change the plan and approve it again.")
        self.workspace_changed.emit()

    def _print(self) -> None:
        if self.focus.round_id is not None:
            self.print_requested.emit("day_sheet", self.focus.round_id)


_PRINT_TIP = "Print the day sheet of the round looked at, or the summaries for its visits"


def _day_page(timeline: DayTimeline) -> QScrollArea:
    area = scrolled(timeline, "Timetable of the day")
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def bring(box: QRectF) -> None:
        middle = box.center().toPoint()
        area.ensureVisible(middle.x(), middle.y(), 0, round(box.height() / 2))

    timeline.reached.connect(bring)
    return area


def _effect(before: PlanWork, after: PlanWork) -> str:
    return effect(before.plan, after.plan)


def _standing(work: PlanWork) -> str:
    approved = f"Approved by {work.approved_by}." if work.approved_by else "Not approved."
    return f"{approved} {basis(work.plan)}"


def _next_monday(day: date) -> date:
    return day + timedelta(days=(7 - day.weekday()) % 7)

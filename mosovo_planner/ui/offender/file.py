"""One offender's file in a window of its own: clocks, facts, decisions, visits."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTabWidget, QWidget

from mosovo_planner.domain import handovers
from mosovo_planner.domain.clocks import Clock, in_words
from mosovo_planner.domain.fact_words import FactLine, fact_line
from mosovo_planner.domain.facts import Event
from mosovo_planner.domain.kept import Fact, Kept
from mosovo_planner.domain.people import risk_label
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.caseload import OffenderFile, view_offender
from mosovo_planner.office.facts import take_out_fact
from mosovo_planner.office.retention import Erasure
from mosovo_planner.ui.chip import Chip
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.offender.children import ChildrenPage
from mosovo_planner.ui.offender.decisions import Decisions
from mosovo_planner.ui.offender.fact_dialog import FactDialog
from mosovo_planner.ui.offender.plans import PlansPage
from mosovo_planner.ui.retention.page import RetentionPage
from mosovo_planner.ui.retention.second import erased_words
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.views.case_columns import overdue_words, risk_tone, status_tone
from mosovo_planner.ui.views.detail import clock_title
from mosovo_planner.ui.widgets import ask, button, button_box, column, label, row, tell

_SOON = 14


class FileWindow(QDialog):
    """Opened beside the caseload; every change made in it is seen everywhere at once. ``shown`` is the file on show."""

    def __init__(self, desk: Desk, ref: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.ref = ref
        self.file: OffenderFile | None = None
        self.question: QDialog | None = None
        self.setWindowTitle("Offender's file")  # no name in a title (security)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.resize(1200, 700)
        self.heading = label("Opening…", role="heading", wrap=True, selectable=True)
        self.under = label("", role="muted", selectable=True)
        self.chips = row(None)
        self.clocks: Table[Clock] = Table("file-clocks", "Clocks", self._clock_columns(), _clock_id, settings=desk.settings)
        self.facts: Table[Kept[Fact]] = Table(
            "file-facts", "Facts", self._fact_columns(), lambda kept: kept.id, settings=desk.settings
        )
        self.visits: Table[Visit] = Table(
            "file-visits", "Visits", self._visit_columns(), lambda visit: visit.id, settings=desk.settings
        )
        self.decisions = Decisions(desk)
        self.plans = PlansPage(desk)
        self.children_page = ChildrenPage(desk)
        self.retention = RetentionPage(desk)
        self.retention.erased.connect(self._erased)
        self.why = label("", wrap=True, selectable=True)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Parts of the file")
        self._lay_out()
        self.clocks.chosen.connect(lambda clock: self.why.setText(reason_words(clock) if clock else ""))
        self.facts.chosen.connect(lambda _: self._enable())
        self.facts.opened.connect(self._put_right)
        self.clocks.sort_by("due")
        self.facts.sort_by("on", descending=True)
        self.visits.sort_by("at", descending=True)
        desk.changed.connect(self.load)
        self._enable()
        self.load()

    def _lay_out(self) -> None:
        self.enter = button("&Enter a fact…", self.enter_fact, primary=True)
        self.right = button("&Put right…", lambda: self._put_right(self.facts.current))
        self.out = button("&Take out…", self._ask_out)
        facts = TablePanel(
            self.facts,
            hint="Search facts  (Ctrl+F)",
            empty="Nothing is entered yet: relevant date, notifications, orders, stays, travel, MAPPA meetings …",
            extras=(self.enter, self.right, self.out),
        )
        clocks = TablePanel(self.clocks, hint="Search clocks", empty="No clock runs.")
        below = column(clocks, self.why)
        below.setStretch(0, 1)
        first = QWidget()
        first.setLayout(below)
        visits = TablePanel(self.visits, hint="Search visits", empty="None recorded here; the last one comes from the tracker.")
        for page in (first, facts, visits):
            page.setContentsMargins(12, 12, 12, 12)
        for page, title in (
            (first, "&Clocks"), (facts, "&Facts"), (self.plans, "&Risk plan"), (self.decisions, "&Decisions"),
            (visits, "&Visits"), (self.children_page, "C&hildren"), (self.retention, "Retentio&n"),
        ):  # fmt: skip
            self.tabs.addTab(page, title)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.print_button = button("P&rint…", self.print_papers, tip="The summary for a visit, or the plan's front sheet")
        self.print_button.setEnabled(self.desk.session.may(Permission.PRINT))
        head = row(column(self.heading, self.under, space=2), None, self.print_button)
        body = column(head, self.chips, self.tabs, buttons, margin=16)
        body.setStretch(2, 1)
        self.setLayout(body)

    # Columns

    def _clock_columns(self) -> tuple[Column[Clock], ...]:
        def day() -> date:
            return self.file.case.as_of if self.file else date.today()

        return (
            Column("clock", "Clock", clock_title, width=30),
            Column("due", "Due", lambda clock: clock.due, width=12),
            Column("state", "State", lambda clock: state_words(clock, day()), width=18, tone=lambda clock: _tone(clock, day()),
                   sort=lambda clock: (clock.due - day()).days),
            Column("fact", "From", lambda clock: clock.fact or clock.why, width=34),
            Column("rule", "Rule", lambda clock: clock.rule, width=28),
            Column("basis", "Basis", basis_words, width=20),
            Column("source", "Source", lambda clock: clock.source, width=40, visible=False),
        )  # fmt: skip

    def _fact_columns(self) -> tuple[Column[Kept[Fact]], ...]:
        def line(kept: Kept[Fact]) -> FactLine:
            assert self.file is not None
            return fact_line(kept.fact, self.file.table)

        return (
            Column("on", "Day", lambda kept: line(kept).on, width=12),
            Column("kind", "What", lambda kept: line(kept).kind, width=36),
            Column("words", "More", lambda kept: line(kept).words, width=44),
            Column("by", "Entered by", lambda kept: "with the record" if kept.automatic else kept.by, width=16),
            Column("at", "Entered", lambda kept: kept.at.date(), width=12),
        )

    def _visit_columns(self) -> tuple[Column[Visit], ...]:
        def crew(visit: Visit) -> str:
            return " and ".join(self.desk.manager_label(each) for each in visit.officers)

        return (
            Column("at", "When", lambda visit: visit.at, width=18),
            Column("outcome", "Outcome", lambda visit: visit.outcome.label, width=12,
                   tone=lambda visit: "good" if visit.outcome.successful else "warn"),
            Column("kind", "Kind", lambda visit: visit.kind.label, width=10),
            Column("crew", "Officers", crew, width=26),
            Column("lone", "Lone", lone_words, width=20),
            Column("announced", "Announced", lambda visit: visit.announced_reason or "yes" * visit.announced, width=20),
            Column("devices", "Devices", lambda visit: visit.devices_checked, width=9, right=True),
            Column("household", "Household", lambda visit: visit.household, width=20),
            Column("child", "Child", lambda visit: {True: "yes", False: "no"}.get(visit.child_in_household, ""), width=7),
            Column("risk", "Risk noticed", lambda visit: visit.risk_noticed, width=24),
            Column("asked", "Asked to choose", lambda visit: "yes" if visit.asked_to_choose else "", width=14),
            Column("visor", "In ViSOR", lambda visit: visit.visor_entered_on, width=12),
            Column("note", "Note", lambda visit: visit.note, width=40),
        )  # fmt: skip

    # Reading

    def load(self) -> None:
        """Read the file again, off the GUI thread."""
        session, ref, day = self.desk.session, self.ref, self.desk.as_of
        self.desk.tasks.run(
            "Opening an offender", lambda _report: view_offender(session, ref, day), done=self.show_file,
            failed=self._gone, owner=self, key=f"file-{id(self)}", quiet=True,
        )  # fmt: skip

    def show_file(self, file: OffenderFile) -> None:
        self.file = file
        case, offender = file.case, file.case.offender
        self.heading.setText(offender.name)
        born = f", born {in_words(offender.date_of_birth)}" if offender.date_of_birth else ""
        self.under.setText(f"{offender.ref}{born}, {self.desk.manager_label(offender.manager)}")
        while (item := self.chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.chips.addWidget(Chip(risk_label(offender.risk), risk_tone(case), "Risk"))
        self.chips.addWidget(Chip(offender.status.label, status_tone(case) or "none", "Status"))
        if case.days_overdue:
            self.chips.addWidget(Chip(f"{overdue_words(case)} overdue", "bad", "Visit"))
        if file.facts.retention.hold is not None:
            self.chips.addWidget(Chip("Legal hold", "info", "Retention"))
        if file.plan is not None and not file.plan.complete:
            self.chips.addWidget(Chip("Plan incomplete", "warn", "Risk management plan"))
        self.chips.addStretch(1)
        self.clocks.set_rows(case.clocks)
        self.facts.set_rows(file.kept)
        self.visits.set_rows(file.visits)
        self.decisions.show_file(file)
        self.plans.show_offender(self.ref)
        self.children_page.offender_name = offender.name
        self.children_page.show_offender(self.ref)
        self.retention.offender_name = offender.name
        self.retention.show_offender(self.ref)
        self._enable()

    def review_plan(self) -> None:
        """Go to the plan, and open its review once it is read: whoever reviews comes from the list of what waits."""
        self.tabs.setCurrentWidget(self.plans)
        self.plans.review_when_read()

    def settle_retention(self) -> None:
        """Go to the retention review that waits, and open its form once it is read."""
        self.retention.settle_when_read()
        self.tabs.setCurrentWidget(self.retention)

    def _erased(self, done: Erasure) -> None:
        """Nothing is left to show: the file closes, everybody reads anew."""
        self.desk.changed.disconnect(self.load)
        self.reject()
        tell(self.parentWidget(), "Erased", "The record is erased.", erased_words(done))
        self.desk.records_changed()

    def print_papers(self) -> None:
        """The papers about him, the summary for a visit first."""
        from mosovo_planner.ui.dialogs.print_dialog import PrintDialog

        PrintDialog(self.desk, self, kind="visit_summary", about=(self.ref, None)).open()

    def _gone(self, error: BaseException) -> None:
        show_error(self.parentWidget(), error, "The file was not opened")
        self.reject()

    # Facts

    def _enable(self) -> None:
        may = self.desk.session.may(Permission.RECORD) and self.file is not None
        self.enter.setEnabled(may)
        self.out.setEnabled(may and self.facts.current is not None)
        self.right.setEnabled(may and self.facts.current is not None and not _follows(self.facts.current.fact))

    def enter_fact(self) -> None:
        if self.file is not None:
            FactDialog(self.desk, self.file, None, self).open()

    def _put_right(self, kept: Kept[Fact] | None) -> None:
        if kept is None or self.file is None or not self.right.isEnabled():
            return
        if type(kept.fact).__name__ in ("ConfirmedEnd", "ReactiveApproval"):
            self.tabs.setCurrentWidget(self.decisions)
        else:
            FactDialog(self.desk, self.file, kept, self).open()

    def _ask_out(self) -> None:
        kept, file = self.facts.current, self.file
        if kept is None or file is None:
            return
        line = fact_line(kept.fact, file.table)
        self.question = ask(
            self, "Take out a fact", f"Take out “{line.kind}”?",
            more="Clocks that run from it are reckoned without it. The record of use keeps that it was there.",
            yes="Take out", do=lambda: self._take_out(kept),
        )  # fmt: skip

    def _take_out(self, kept: Kept[Fact]) -> None:
        session = self.desk.session
        self.desk.tasks.run(
            "Taking out a fact", lambda _report: take_out_fact(session, kept, "entered wrongly"),
            done=lambda _: self.desk.records_changed(),
            failed=lambda error: show_error(self, error, "The fact was not taken out"), owner=self, quiet=True,
        )  # fmt: skip


def _follows(fact: Fact) -> bool:
    """Whether the line says only what the record was changed to, so that there is no form for it."""
    return isinstance(fact, Event) and fact.kind in handovers.KINDS


def state_words(clock: Clock, as_of: date) -> str:
    """``12 days overdue``, ``in 30 days``, ``Suspended``; a milestone is never overdue."""
    late, ahead = clock.days_overdue(as_of), (clock.due - as_of).days
    if clock.suspended:
        return "Suspended"
    if late:
        return f"{late:,} day{'s' if late > 1 else ''} overdue"
    if ahead < 0:
        return "Past"
    return f"in {ahead:,} day{'s' if ahead > 1 else ''}" if ahead else "Due today"


def _tone(clock: Clock, as_of: date) -> str | None:
    if clock.suspended:
        return "info"
    if clock.days_overdue(as_of):
        return "bad"
    return "warn" if 0 <= (clock.due - as_of).days <= _SOON else None


def basis_words(clock: Clock) -> str:
    """Whether it is law, the force's policy, or policy that nobody has confirmed."""
    return "Law" if clock.law else "Policy" if clock.confirmed else "Policy, to be confirmed"


def reason_words(clock: Clock) -> str:
    """Fact, rule, what paused it, and the source, in a line or two."""
    paused = f" Paused: {clock.paused_days:,} days." if clock.paused_days else ""
    source = f" Source: {clock.source}." if clock.source else ""
    return f"{clock_title(clock)}, due {in_words(clock.due)}. {clock.why}{paused}{source}"


def lone_words(visit: Visit) -> str:
    if not visit.lone:
        return ""
    state = "awaits approval" if visit.awaits_approval else f"approved by {visit.approved_by}"
    return f"{visit.lone_reason} ({state})" if visit.lone_reason else state


def _clock_id(clock: Clock) -> str:
    return f"{clock.kind}/{clock.subject}/{clock.due}"

"""What is outstanding: how many, how risky, how late, and the worst case; nobody falls off the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from mosovo_planner.domain.clocks import in_sentence, in_words, overdue_bands
from mosovo_planner.domain.outstanding import Figure, Grouping, Item, figures, group_of
from mosovo_planner.domain.people import Offender, Risk, risk_label
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.caseload import CaseloadView
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.views.matrix import ALL, LEVELS, Matrix
from mosovo_planner.ui.views.waiting import WaitingPage
from mosovo_planner.ui.widgets import button, choice, column, label, refill, row

_EVERYTHING = "*"
_VISIT = "visit"


@dataclass(frozen=True)
class Late:
    """One overdue clock with the person it is about."""

    item: Item
    offender: Offender

    @property
    def key(self) -> str:
        clock = self.item.clock
        return f"{self.item.ref}/{clock.kind}/{clock.subject}/{clock.due}"


class OutstandingPage(QWidget):
    """``offender_wanted`` asks to open an offender on the caseload."""

    title = "Outstanding"
    offender_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._shown: CaseloadView | None = None
        self._items: tuple[Item, ...] = ()
        self._people: dict[str, Offender] = {}
        self.heading = label("", role="heading", wrap=True)
        self.worst = label("", wrap=True, selectable=True)
        self.kind = choice("What is outstanding", [("Visit", _VISIT), ("Everything", _EVERYTHING)])
        self.team = choice("Team", [("All teams", _EVERYTHING)])
        self.manager = choice("Offender manager", [("All managers", _EVERYTHING)])
        self.by = choice("Figures by", [("By risk and lateness", None), *((f"By {_GROUPS[each]}", each) for each in _GROUPS)])
        for combo in (self.kind, self.team, self.manager):
            combo.currentIndexChanged.connect(lambda _: self._count())
        self.by.currentIndexChanged.connect(lambda _: self._show_figures())
        self.matrix = Matrix()
        self.matrix.chosen.connect(self._narrow)
        self.figures: Table[Figure] = Table("outstanding-figures", "Figures", self._figure_columns(), lambda each: each.group)
        self.figures.chosen.connect(self._narrow_to)
        self.table: Table[Late] = Table(
            "outstanding-all", "Outstanding", self._columns(), lambda late: late.key, settings=desk.settings
        )
        self.table.opened.connect(lambda late: self.offender_wanted.emit(late.offender.ref))
        self.table.chosen.connect(lambda late: self._enable(late is not None))
        self.waiting = WaitingPage(desk)
        self.waiting.offender_wanted.connect(self.offender_wanted)
        self.waiting.plan_wanted.connect(self.review_plan)
        self.waiting.retention_wanted.connect(self.settle_retention)
        self._lay_out()
        desk.loaded.connect(self._load)
        self.table.sort_by("urgency", descending=True)
        self._enable(False)

    def _lay_out(self) -> None:
        self.chosen_words = label("", role="muted")
        self.all_button = button("Show a&ll", self._show_all, role="link")
        self.assign_button = button("Ass&ign…", self.assign, tip="Give the case to another manager, with a reason")
        self.ask_button = button("As&k…", self.ask, tip="Ask the case's manager about it")
        self.panel = TablePanel(
            self.table,
            hint="Search  (Ctrl+F)",
            empty="Nothing is overdue.",
            extras=(self.chosen_words, self.all_button, self.assign_button, self.ask_button),
        )
        self._figures = QStackedWidget()
        self._figures.addWidget(self.matrix)
        self._figures.addWidget(self.figures)
        self.figures.setMaximumHeight(230)
        self._figures.setMaximumHeight(230)
        top = row(column(self.heading, self.worst, space=2), self.kind, self.team, self.manager, self.by)
        top.setStretch(0, 1)
        body = column(top, self._figures, self.panel, margin=12)
        body.setStretch(2, 1)
        overdue = QWidget()
        overdue.setLayout(body)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Outstanding and waiting")
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(overdue, "O&verdue")
        self.tabs.addTab(self.waiting, "&Waiting")
        self.waiting.counted.connect(lambda count: self.tabs.setTabText(1, f"&Waiting ({count})" if count else "&Waiting"))
        self.setLayout(column(self.tabs))

    def _columns(self) -> tuple[Column[Late], ...]:
        manager = self._desk.manager_label
        return (
            Column("urgency", "Urgency", lambda late: round(late.item.weight, 1), text=lambda late: f"{late.item.weight:,.0f}",
                   width=9, right=True, search=False, tip="Risk and lateness together, by policy; low risk rises with lateness"),
            Column("what", "What", lambda late: late.item.clock.label, width=22),
            Column("overdue", "Overdue", lambda late: late.item.days_overdue, text=lambda late: days(late.item.days_overdue),
                   width=11, search=False, tone=lambda _: "bad"),
            Column("risk", "Risk", lambda late: risk_label(late.item.risk), width=12,
                   tone=lambda late: late.item.risk.value if late.item.risk else "none",
                   sort=lambda late: late.item.risk.rank if late.item.risk else -1),
            Column("name", "Name", lambda late: late.offender.name, width=18),
            Column("ref", "Reference", lambda late: late.offender.ref, width=13),
            Column("manager", "Manager", lambda late: manager(late.offender.manager), width=16),
            Column("team", "Team", lambda late: late.item.team, width=12, visible=False),
            Column("due", "Due", lambda late: late.item.clock.due, width=12),
            Column("why", "Why", lambda late: late.item.clock.why, width=44, search=False),
            Column("seen", "Last seen", lambda late: late.offender.last_seen, width=12, visible=False, search=False),
            Column("postcode", "Postcode", lambda late: late.offender.postcode, width=9, visible=False),
            Column("basis", "Basis", lambda late: "Law" if late.item.clock.law else "Policy", width=9, visible=False),
        )  # fmt: skip

    def _figure_columns(self) -> tuple[Column[Figure], ...]:
        def held(risk: Risk | None) -> Column[Figure]:
            return Column(
                risk.value if risk else "none", risk_label(risk), lambda each: each.by_risk.get(risk, 0), width=11, right=True
            )

        return (
            Column("group", "Group", self._group_words, width=26),
            Column("size", "Overdue", lambda each: each.size, width=9, right=True),
            *(held(risk) for risk in LEVELS),
            Column("worst", "Worst, days", lambda each: each.worst.days_overdue, width=11, right=True),
            Column("case", "Worst case", lambda each: f"{each.worst.ref}: {each.worst.words}", width=50),
        )

    def _group_words(self, figure: Figure) -> str:
        grouping = self.by.currentData()
        if grouping == Grouping.MANAGER:
            return self._desk.manager_label(figure.group or None)
        if grouping == Grouping.KIND:
            return figure.worst.clock.label or figure.group
        if grouping == Grouping.RISK:
            return risk_label(figure.worst.risk)
        return figure.group or "No team"

    def start_search(self) -> None:
        self.panel.start_search()

    # Reading

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._desk.view is not None and self._desk.view is not self._shown:
            self._load(self._desk.view)

    def _load(self, view: CaseloadView) -> None:
        """Show what is overdue; while nobody sees the page nothing is counted."""
        if not self.isVisible():
            return
        self._shown = view
        self._items = view.late
        self._people = {ref: case.offender for ref, case in view.by_ref.items()}
        names = Counter((item.clock.label, item.clock.kind) for item in self._items)
        kinds: dict[str, tuple[str, int]] = {_VISIT: ("Visit", 0)}
        for (name, kind), count in sorted(names.items()):
            kinds[kind] = (name, kinds.get(kind, (name, 0))[1] + count)
        refill(
            self.kind,
            [
                *((f"{name} ({count:,})", kind) for kind, (name, count) in kinds.items()),
                (f"Everything ({len(self._items):,})", _EVERYTHING),
            ],
        )
        held = {item.manager for item in self._items}
        managers = sorted((self._desk.manager_label(each), each) for each in held if each)
        unheld = (("Not allocated", None),) if None in held else ()
        refill(self.manager, [("All managers", _EVERYTHING), *unheld, *managers])
        named = sorted({manager.team for manager in view.managers if manager.team})
        refill(self.team, [("All teams", _EVERYTHING), *((team, team) for team in named)])
        self.team.setVisible(bool(named))
        self._count()

    def _chosen(self) -> list[Item]:
        kind, team, manager = (combo.currentData() for combo in (self.kind, self.team, self.manager))
        return [
            item
            for item in self._items
            if kind in (_EVERYTHING, item.clock.kind)
            and team in (_EVERYTHING, item.team)
            and manager in (_EVERYTHING, item.manager)
        ]

    def _count(self) -> None:
        view = self._desk.view
        if view is None:
            return
        items = self._chosen()
        self.heading.setText(self._summary(view, items))
        self.worst.setText(self._worst_words(items))
        self.table.set_rows(tuple(Late(item, self._people[item.ref]) for item in items))
        self.matrix.set_items([(item.risk, item.band) for item in items], overdue_bands(view.policy.numbers("overdue.band_days")))
        self._show_figures()

    def _summary(self, view: CaseloadView, items: Sequence[Item]) -> str:
        kind, manager = self.kind.currentData(), self.manager.currentData()
        risky = sum(item.risk in (Risk.HIGH, Risk.VERY_HIGH) for item in items)
        if kind == _VISIT:
            cases = [case for case in view.cases if manager in (_EVERYTHING, case.offender.manager)]
            running = sum(not case.visit.suspended for case in cases)
            if not items:
                return f"No visit is overdue; {running:,} offenders are visited."
            share = len(items) / max(1, running)
            return f"{len(items):,} of {running:,} visits are overdue ({share:.0%}), {risky:,} of them at high or very high risk."
        people = len({item.ref for item in items})
        if not items:
            return "Nothing of this kind is overdue."
        return f"{len(items):,} overdue, of {people:,} people; {risky:,} at high or very high risk."

    def _worst_words(self, items: Sequence[Item]) -> str:
        if not items:
            return ""
        item = max(items, key=lambda each: each.days_overdue)
        offender = self._people[item.ref]
        seen = f"last seen {in_words(offender.last_seen)}" if offender.last_seen else "no successful visit on record"
        return (
            f"Worst case: {offender.name} ({offender.ref}), {in_sentence(item.clock.label)} {item.days_overdue:,} days overdue, "
            f"{risk_label(offender.risk).lower()} risk, {seen}, {self._desk.manager_label(offender.manager)}."
        )

    # Figures and what is behind them

    def _show_figures(self) -> None:
        grouping = self.by.currentData()
        self._figures.setCurrentIndex(0 if grouping is None else 1)
        if grouping is not None:
            self.figures.set_rows(figures(self._chosen(), Grouping(grouping)))
        self._show_all()

    def _show_all(self) -> None:
        self.figures.clearSelection()
        self.matrix.choose(ALL, ALL)
        self._narrow(ALL, ALL)

    def _narrow(self, risk: Risk | str | None, band: str) -> None:
        words = ["all risks" if risk == ALL else risk_label(risk)]  # type: ignore[arg-type]
        words.append("any lateness" if band == ALL else band.lower())
        self._say_shown("" if risk == ALL and band == ALL else ", ".join(words))
        self.table.table_model.keep(lambda late: risk in (ALL, late.item.risk) and band in (ALL, late.item.band))

    def _narrow_to(self, figure: Figure | None) -> None:
        if figure is None or self.by.currentData() is None:
            return
        grouping = Grouping(self.by.currentData())
        self._say_shown(self._group_words(figure))
        self.table.table_model.keep(lambda late: group_of(late.item, grouping) == figure.group)

    def _say_shown(self, words: str) -> None:
        self.chosen_words.setText(f"Shown: {words}" if words else "")
        self.all_button.setVisible(bool(words))

    # Acts

    def _enable(self, chosen: bool) -> None:
        may = self._desk.session.may(Permission.APPROVE)
        for each in (self.assign_button, self.ask_button):
            each.setEnabled(chosen and may)

    def assign(self) -> None:
        from mosovo_planner.ui.dialogs.supervision import AssignDialog

        if self.table.current is not None:
            AssignDialog(self._desk, self.table.current.offender, self).open()

    def ask(self) -> None:
        from mosovo_planner.ui.dialogs.supervision import AskDialog

        if self.table.current is not None:
            AskDialog(self._desk, self.table.current.offender, self.table.current.item.clock, self).open()

    def review_plan(self, ref: str) -> None:
        """Open the file of an offender whose plan waits, at its review."""
        from mosovo_planner.ui.offender.file import FileWindow

        window = FileWindow(self._desk, ref, self)
        window.show()
        window.review_plan()

    def settle_retention(self, ref: str) -> None:
        """Open the file of an offender whose retention review waits, at its form."""
        from mosovo_planner.ui.offender.file import FileWindow

        window = FileWindow(self._desk, ref, self)
        window.show()
        window.settle_retention()


_GROUPS = {
    Grouping.KIND: "what is due",
    Grouping.TEAM: "team",
    Grouping.MANAGER: "manager",
    Grouping.RISK: "risk",
    Grouping.BAND: "lateness",
}


def days(count: int) -> str:
    return f"{count:,} day{'s' if count != 1 else ''}"

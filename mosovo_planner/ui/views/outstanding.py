"""Outstanding visits: how many, how risky, how late, and the worst case; nobody falls off the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mosovo_planner.domain.clocks import Case, in_words, overdue_band, overdue_bands, visit_interval
from mosovo_planner.domain.people import Risk, risk_label
from mosovo_planner.domain.policy import Policy
from mosovo_planner.office.caseload import CaseloadView
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.table import Table, TablePanel
from mosovo_planner.ui.views.case_columns import CaseColumn, case_columns, case_id
from mosovo_planner.ui.views.matrix import ALL, Matrix
from mosovo_planner.ui.widgets import button, choice, column, label, refill, row

_FIRST = ("overdue", "risk", "name", "ref", "manager", "postcode", "seen", "due")
_EVERYBODY = "*"


def urgency(case: Case, policy: Policy) -> float:
    """Risk times lateness: the policy's worth of a visit, growing with the square of the intervals missed.

    The planner weighs lateness in the same way. Low and medium risk grow too, so they do not wait for ever (rule 22).
    """
    months, _ = visit_interval(case.offender, policy)
    worth = policy.number(f"plan.value_{(case.offender.risk or Risk.HIGH).value}")
    return float(worth * (1 + case.days_overdue / (months * 30.44)) ** 2)


class OutstandingPage(QWidget):
    """``offender_wanted`` asks to open an offender on the caseload."""

    title = "Outstanding"
    offender_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._urgency: dict[str, float] = {}
        self.heading = label("", role="heading", wrap=True)
        self.worst = label("", wrap=True, selectable=True)
        self.manager = choice("Offender manager", [("All managers", _EVERYBODY)])
        self.manager.currentIndexChanged.connect(lambda _: self._count())
        self.matrix = Matrix()
        self.matrix.chosen.connect(self._narrow)
        self.table: Table[Case] = Table("outstanding", "Overdue visits", self._columns(), case_id, settings=desk.settings)
        self.table.opened.connect(lambda case: self.offender_wanted.emit(case.offender.ref))
        self.chosen_words = label("", role="muted")
        self.all_button = button("Show &all", lambda: self.matrix.choose(ALL, ALL), role="link")
        self.panel = TablePanel(
            self.table,
            hint="Search the overdue  (Ctrl+F)",
            empty="No visit is overdue.",
            extras=(self.chosen_words, self.all_button),
        )
        top = row(column(self.heading, self.worst, space=2), self.manager)
        top.setStretch(0, 1)
        body = column(top, self.matrix, self.panel, margin=12)
        body.setStretch(2, 1)
        self.setLayout(body)
        desk.loaded.connect(self._load)
        self.table.sort_by("urgency", descending=True)

    def _columns(self) -> tuple[CaseColumn, ...]:
        known = {each.key: each for each in case_columns(self._desk.manager_label)}
        first = tuple(known.pop(key) for key in _FIRST)
        weight = CaseColumn(
            "urgency", "Urgency", lambda case: round(self._urgency.get(case.offender.ref, 0), 1), width=13, right=True,
            search=False,
            text=lambda case: f"{self._urgency.get(case.offender.ref, 0):,.0f}",
            tip="Risk and lateness together: the policy's worth of a visit, growing with the intervals missed",
        )  # fmt: skip
        return (weight, *first, *(replace(each, visible=False) for each in known.values()))

    def start_search(self) -> None:
        self.panel.start_search()

    def _load(self, view: CaseloadView) -> None:
        late = [case for case in view.cases if case.days_overdue]
        self._urgency = {case.offender.ref: urgency(case, view.policy) for case in late}
        held = {case.offender.manager for case in late}
        names = sorted((self._desk.manager_label(each), each) for each in held if each)
        refill(self.manager, [("All managers", _EVERYBODY), *((("Not allocated", None),) if None in held else ()), *names])
        self._count()

    def _count(self) -> None:
        view = self._desk.view
        if view is None:
            return
        chosen = self.manager.currentData()
        cases = [case for case in view.cases if chosen in (_EVERYBODY, case.offender.manager)]
        late = [case for case in cases if case.days_overdue]
        ends = view.policy.numbers("overdue.band_days")
        self.heading.setText(summary(cases, late))
        self.worst.setText(self._worst_words(late))
        self.table.set_rows(late)
        self.matrix.set_cases(late, ends, overdue_bands(ends))

    def _worst_words(self, late: Sequence[Case]) -> str:
        if not late:
            return ""
        case = max(late, key=lambda each: each.days_overdue)
        offender = case.offender
        seen = f"last seen {in_words(offender.last_seen)}" if offender.last_seen else "no successful visit on record"
        return (
            f"The latest: {offender.name} ({offender.ref}), {risk_label(offender.risk).lower()} risk, "
            f"{case.days_overdue:,} days overdue, {seen}, {self._desk.manager_label(offender.manager)}."
        )

    def _narrow(self, risk: Risk | str | None, band: str) -> None:
        view = self._desk.view
        if view is None:
            return
        ends = view.policy.numbers("overdue.band_days")
        everything = risk == ALL and band == ALL
        words = ["all risks" if risk == ALL else risk_label(risk)]  # type: ignore[arg-type]
        words.append("any lateness" if band == ALL else band.lower())
        self.chosen_words.setText("" if everything else f"Shown: {', '.join(words)}")
        self.all_button.setVisible(not everything)
        self.table.table_model.keep(
            lambda case: risk in (ALL, case.offender.risk) and band in (ALL, overdue_band(case.days_overdue, ends))
        )


def summary(cases: Sequence[Case], late: Sequence[Case]) -> str:
    """Backlog in words: how many of how many, and how many of them at high or very high risk."""
    running = sum(not case.visit.suspended for case in cases)
    if not late:
        return f"No visit is overdue; {running:,} offenders are visited."
    risky = sum(case.offender.risk in (Risk.HIGH, Risk.VERY_HIGH) for case in late)
    share = len(late) / max(1, running)
    return f"{len(late):,} of {running:,} visits are overdue ({share:.0%}), {risky:,} of them at high or very high risk."

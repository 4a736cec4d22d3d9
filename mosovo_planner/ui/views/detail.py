"""One offender beside the list: clocks with their reasons, where he is, what a crew must know, visits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLayout, QVBoxLayout, QWidget

from mosovo_planner.domain.clocks import Case, Clock, in_words
from mosovo_planner.domain.people import risk_label
from mosovo_planner.domain.risk_plans import PlanState
from mosovo_planner.domain.roles import Permission
from mosovo_planner.domain.visits import CrewDemands, Visit
from mosovo_planner.office.caseload import OffenderFile
from mosovo_planner.ui.chip import Chip
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.views.case_columns import overdue_words, plan_words, position_words, risk_tone, status_tone
from mosovo_planner.ui.widgets import SPACE, button, clear_layout, column, facts, label, line, row, scrolled

_VISITS_SHOWN = 12
_SOON = 14


class DetailPanel(QWidget):
    """Shows an OffenderFile; asks for a visit to be recorded or a place to be given by its signals."""

    visit_wanted = Signal(object)
    place_wanted = Signal(object)
    change_wanted = Signal(object)
    file_wanted = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._file: OffenderFile | None = None
        self._body = QVBoxLayout()
        self._body.setContentsMargins(12, 4, 12, 12)
        self._body.setSpacing(SPACE)
        inside = QWidget()
        inside.setLayout(self._body)
        self._area = scrolled(inside, "Details of the offender")
        self.setLayout(column(self._area))
        self.show_nothing()

    @property
    def file(self) -> OffenderFile | None:
        return self._file

    def words(self) -> list[str]:
        """Everything the panel says, line by line."""
        return [each.text() for each in self.findChildren(QLabel)]

    def show_nothing(self, words: str = "Choose an offender to see clocks, markers and visits.") -> None:
        self._file = None
        clear_layout(self._body)
        hint = label(words, role="muted", wrap=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body.addWidget(hint, 1)

    def show_file(self, file: OffenderFile) -> None:
        self._file = file
        clear_layout(self._body)
        for part in (
            self._head(file.case),
            line(),
            *_prompts(file),
            *_section("Clocks", _clocks(file.case)),
            *_section("Going there", self._going(file)),
            *_section(f"Visits ({len(file.visits)})", self._visits(file.visits)),
            *_section("Facts", self._facts(file)),
        ):
            if isinstance(part, QWidget):
                self._body.addWidget(part)
            else:
                self._body.addLayout(part)
        self._body.addStretch(1)
        self._area.verticalScrollBar().setValue(0)

    def _head(self, case: Case) -> QLayout:
        offender = case.offender
        name = label(offender.name, role="heading", wrap=True, selectable=True)
        chips: list[QWidget | QLayout | None] = [Chip(risk_label(offender.risk), risk_tone(case), "Risk")]
        chips.append(Chip(offender.status.label, status_tone(case) or "none", "Status"))
        late: list[QWidget] = []  # on a line of its own: beside the others it is cut in a narrow window
        if case.days_overdue:
            late.append(Chip(f"{overdue_words(case)} overdue", "bad", "Visit"))
        record = button("&Record visit…", lambda: self.visit_wanted.emit(case), primary=True)
        change = button("Chan&ge the record…", lambda: self.change_wanted.emit(case), role="link", tip="F2")
        opened = button("&Open file…", lambda: self.file_wanted.emit(case), tip="Clocks, facts, decisions and visits (Enter)")
        record.setEnabled(self._desk.session.may(Permission.RECORD))
        change.setEnabled(self._desk.session.may(Permission.RECORD))
        reference = label(offender.ref, role="muted", selectable=True)
        parts: list[QWidget | QLayout | None] = [name, reference, row(*chips, None), *(row(each, None) for each in late)]
        plan = self._desk.view.plans.get(offender.ref) if self._desk.view else None
        if plan is not None and plan is not PlanState.SIGNED:
            parts.append(row(Chip(f"Plan {plan_words(plan).lower()}", "warn", "Risk management plan"), None))
        return column(*parts, row(record, opened, None), row(change, None))

    def _going(self, file: OffenderFile) -> QLayout:
        offender, demands = file.case.offender, file.demands
        address = ", ".join(part for part in (offender.address, offender.postcode) if part)
        lines: list[QWidget | QLayout | None] = [label(address or "No address held", wrap=True, selectable=True)]
        position = offender.position
        if position is None:
            lines.append(row(Chip("No position", "bad", "Position"), label("not planned by location", role="muted"), None))
        elif position.precision.needs_checking:
            lines.append(row(Chip(position.precision.label, "warn", "Position"), label("check it", role="muted"), None))
        place = "&Place on map…" if position is None else "&Place elsewhere on map…"
        lines.append(row(button(place, lambda: self.place_wanted.emit(file.case), role="link"), None))
        lines += [label(text, wrap=True) for text in demand_words(demands, self._desk.manager_label)]
        return column(*lines, space=5)

    def _visits(self, visits: Sequence[Visit]) -> QLayout:
        newest = sorted(visits, key=lambda visit: visit.at, reverse=True)
        if not newest:
            return column(label("None recorded here. The last successful visit comes from the tracker.", role="muted", wrap=True))
        parts: list[QWidget | QLayout | None] = [self._visit(visit) for visit in newest[:_VISITS_SHOWN]]
        if len(newest) > _VISITS_SHOWN:
            parts.append(label(f"and {len(newest) - _VISITS_SHOWN} earlier", role="muted"))
        return column(*parts, space=6)

    def _visit(self, visit: Visit) -> QLayout:
        officers = " and ".join(self._desk.manager_label(each) for each in visit.officers) or "officers not recorded"
        how = "announced" if visit.announced else "unannounced"
        when = label(f"{in_words(visit.at.date())} {visit.at:%H:%M}")
        chip = Chip(visit.outcome.label, "good" if visit.outcome.successful else "warn", "Outcome")
        words = f"{visit.kind.label}, {how}, {officers}" + (" (lone visit)" if visit.lone else "")
        parts: list[QWidget | QLayout | None] = [row(when, chip, None), label(words, role="muted", wrap=True)]
        if visit.note:
            parts.append(label(visit.note, wrap=True, selectable=True))
        return column(*parts, space=2)

    def _facts(self, file: OffenderFile) -> QLayout:
        offender = file.case.offender
        manager = self._desk.manager_label(offender.manager) + (" (pinned by a supervisor)" if offender.pinned_manager else "")
        return facts(
            (
                ("Offender manager", manager),
                ("Supervisor", offender.supervisor),
                ("ViSOR reference", offender.visor_ref),
                ("Date of birth", _day(offender.date_of_birth)),
                ("Last seen", _day(offender.last_seen)),
                ("Position", position_words(offender.position)),
                ("ARMS done", _day(offender.arms_done)),
                ("RMP", file.plan.standing if file.plan else ""),
                ("RMP review due", _day(offender.rmp_review_due)),
                ("MAPPA level", str(offender.mappa_level or "")),
                ("Orders", offender.orders),
                ("Markers", ", ".join(offender.markers)),
                ("Notes", offender.notes),
            )
        )


def demand_words(demands: CrewDemands, manager_label: Callable[[str | None], str]) -> list[str]:
    """What the two officers who go must know, a line each."""
    lines = [f"Marker: {warning}" for warning in demands.warnings]
    if demands.needs_man:
        lines.append("At least one male officer")
    if demands.needs_woman:
        lines.append("At least one female officer")
    if demands.excluded:
        lines.append("Must not go: " + ", ".join(sorted(manager_label(each) for each in demands.excluded)))
    return lines


def _section(title: str, inside: QLayout) -> tuple[QLabel, QLayout]:
    heading = label(title, role="section")
    heading.setContentsMargins(0, 8, 0, 0)
    return heading, inside


def _prompts(file: OffenderFile) -> tuple[QLabel | QLayout, ...]:
    """What the visits on record ask for: a warrant to be considered, somebody to be told."""
    words = file.door.words()
    return _section("Asks for", column(*(label(each, wrap=True, selectable=True) for each in words), space=5)) if words else ()


def _clocks(case: Case) -> QLayout:
    """The name with its state, below it the day and the reason: a panel is narrow."""
    parts: list[QWidget | QLayout | None] = []
    for clock in case.clocks:
        name = label(clock_title(clock), wrap=True)
        top = row(name, _clock_state(clock, case))
        top.setStretch(0, 1)
        words = label(f"{in_words(clock.due)}: {clock.why}", role="muted", wrap=True, selectable=True)
        parts.append(column(top, words, space=2))
    return column(*parts, space=6)


def clock_title(clock: Clock) -> str:
    """``Order ends: SHPO``."""
    name = clock.label or clock.kind.replace("_", " ").capitalize()
    return f"{name}: {clock.subject}" if clock.subject else name


def _clock_state(clock: Clock, case: Case) -> QWidget:
    late = clock.days_overdue(case.as_of)
    if clock.suspended:
        return Chip("Suspended", "info", "Clock")
    if late:
        return Chip(f"{late:,} day{'s' if late > 1 else ''} overdue", "bad", "Clock")
    ahead = (clock.due - case.as_of).days
    if ahead < 0:
        return Chip("Past", "none", "Clock")  # a milestone, which is never overdue
    words = f"in {ahead:,} day{'s' if ahead > 1 else ''}" if ahead else "Due today"
    return Chip(words, "none" if ahead > _SOON else "warn", "Clock")


def _day(day: date | None) -> str:
    return in_words(day) if day else ""

"""One match beside the list: the log, why he may be meant, and what the manager says to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.off_duty import KeptLog, Verdict
from mosovo_planner.domain.people import risk_label
from mosovo_planner.office.off_duty import DutyRow, DutyView
from mosovo_planner.ui.chip import Chip
from mosovo_planner.ui.offduty.rows import TONES, state_words
from mosovo_planner.ui.widgets import SPACE, button, choice, clear_layout, column, facts, holder, label, line, row, scrolled

_NOTHING = "Nothing: it changes nothing"


class DutyDetail(QWidget):
    """``judged`` brings row, verdict, kind of event and comment; ``seen`` and ``taken_back`` row and comment."""

    judged = Signal(object, object, str, str)
    seen = Signal(object, str)
    taken_back = Signal(object, str)
    offender_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: DutyRow | None = None
        self._view: DutyView | None = None
        self._body = QVBoxLayout()
        self._body.setContentsMargins(12, 4, 12, 8)
        self._body.setSpacing(SPACE)
        self._area = scrolled(holder(self._body), "The match and its log")
        self.kind = choice("Enter as", [])
        self.kind.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.effect = label("", role="muted", wrap=True)
        self.comment = QLineEdit()
        self.comment.setAccessibleName("Comment or reason")
        self.comment.setPlaceholderText("Comment; a reason to take a judgement back")
        self.error = label("", role="error", wrap=True)
        self.him = button("It &is him", lambda: self._judge(Verdict.HIM), primary=True)
        self.not_him = button("It is &not him", lambda: self._judge(Verdict.NOT_HIM))
        self.seen_button = button("&Seen, stays open", self._seen, tip="You have seen it and are still looking into it")
        self.back = button("&Take back", self._take_back, tip="Undo the judgement; what it entered is taken out again")
        self.kind.currentIndexChanged.connect(lambda _: self._show_effect())
        self.answer = holder(self._answer())
        body = column(self._area, self.answer, space=4)
        body.setStretch(0, 1)
        self.setLayout(body)
        self.show_nothing()

    def _answer(self) -> QLayout:
        enter = row(label("&Enter as", buddy=self.kind), self.kind)
        enter.setStretch(1, 1)
        self.entering = holder(column(enter, self.effect))
        made = column(
            line(), self.entering, self.comment, self.error, row(self.him, self.not_him, None),
            row(self.seen_button, self.back, None),
        )  # fmt: skip
        made.setContentsMargins(12, 0, 4, 0)
        return made

    def words(self) -> list[str]:
        """Everything the panel says, line by line."""
        return [each.text() for each in self._area.findChildren(QLabel)]

    @property
    def row(self) -> DutyRow | None:
        return self._row

    def show_nothing(self, words: str = "Choose a match to read its log.") -> None:
        self._row = None
        clear_layout(self._body)
        hint = label(words, role="muted", wrap=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body.addWidget(hint, 1)
        self.answer.hide()

    def show_row(self, row_: DutyRow, view: DutyView, *, may_say: bool) -> None:
        """Show a match; what was typed for another one is let go."""
        if self._row is None or self._row.match.id != row_.match.id:
            self.comment.clear()
        self._row, self._view = row_, view
        self.error.setText("")
        clear_layout(self._body)
        for part in self._parts(row_):
            if isinstance(part, QWidget):
                self._body.addWidget(part)
            else:
                self._body.addLayout(part)
        self._body.addStretch(1)
        self._area.verticalScrollBar().setValue(0)
        self._offer(row_, view)
        self.answer.setVisible(may_say)

    def _offer(self, row_: DutyRow, view: DutyView) -> None:
        self.kind.blockSignals(True)
        chosen = self.kind.currentData()
        self.kind.clear()
        for each in view.kinds:
            self.kind.addItem(each.label, each.kind)
        self.kind.addItem(_NOTHING, "")
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen)))
        self.kind.blockSignals(False)
        self._show_effect()
        open_ = row_.match.verdict is Verdict.OPEN
        self.him.setVisible(open_)
        self.not_him.setVisible(open_)
        self.seen_button.setVisible(row_.waiting)
        self.back.setVisible(not open_)
        self.entering.setVisible(open_)

    def _show_effect(self) -> None:
        if self._view is not None:
            kind = self.kind.currentData()
            self.effect.setText(self._view.effects.get(kind, "") if kind else "His history stays as it is.")

    def _parts(self, row_: DutyRow) -> list[QWidget | QLayout]:
        match, offender, log = row_.match, row_.offender, row_.logged.log
        name = label(offender.name, role="heading", wrap=True, selectable=True)
        risk = offender.risk.value if offender.risk else "none"
        sureness = Chip(match.sureness.label, TONES[match.sureness], "Match")
        chips = row(sureness, Chip(risk_label(offender.risk), risk, "Risk"), None)
        born = f"born {in_words(offender.date_of_birth)}" if offender.date_of_birth else "date of birth not held"
        home = ", ".join(filter(None, (offender.address, offender.postcode)))
        known = label(f"{offender.ref}, {born}. {home}", role="muted", wrap=True, selectable=True)
        go = row(button("Open on the caseload", lambda: self.offender_wanted.emit(offender.ref), role="link"), None)
        why = label(match.explanation, wrap=True)
        parts: list[QWidget | QLayout] = [name, chips, known, go, _heading("Why he may be meant"), why]
        if match.person:
            parts.append(label(f"In the log: {match.person}", wrap=True, selectable=True))
        parts += [_heading("The log"), facts(_log_facts(log))]
        if log.text:
            parts.append(label(log.text, wrap=True, selectable=True))
        if not row_.waiting:
            parts += [_heading("What was said"), label(_said(row_), wrap=True)]
        if match.triggered:
            parts += [_heading("What followed"), label("\n".join(match.triggered), wrap=True)]
        return parts

    # What the manager says

    def _judge(self, verdict: Verdict) -> None:
        if self._row is not None:
            self.judged.emit(self._row, verdict, self.kind.currentData() or "", self.comment.text())

    def _seen(self) -> None:
        if self._row is not None:
            self.seen.emit(self._row, self.comment.text())

    def _take_back(self) -> None:
        if self._row is None:
            return
        if self.comment.text().strip():
            self.taken_back.emit(self._row, self.comment.text())
        else:
            self.error.setText("Give the reason for taking the judgement back.")
            self.comment.setFocus()


def _heading(words: str) -> QLabel:
    made = label(words, role="section")
    made.setContentsMargins(0, 8, 0, 0)
    return made


def _log_facts(log: KeptLog) -> list[tuple[str, str]]:
    at = f"{in_words(log.at.date())} {log.at:%H:%M}" if log.at else "Time not given"
    where = ", ".join(filter(None, (log.place, log.address, log.postcode)))
    pairs = [("Log number", log.number), ("When", at), ("What", log.kind), ("Where", where)]
    if log.persons:
        pairs.append(("People", "\n".join(log.persons)))
    if log.vehicles:
        pairs.append(("Vehicles", ", ".join(log.vehicles)))
    return pairs


def _said(row_: DutyRow) -> str:
    match = row_.match
    when = f", {in_words(match.acknowledged_at.date())} {match.acknowledged_at:%H:%M}" if match.acknowledged_at else ""
    return f"{state_words(row_)}{when}. {match.comment}".strip()

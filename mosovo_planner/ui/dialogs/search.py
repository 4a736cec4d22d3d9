"""Who manages him? One question, one answer on one screen, from anywhere in the window (Ctrl+K)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QSplitter, QVBoxLayout, QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.frontline import NOBODY, FrontlineAnswer
from mosovo_planner.domain.progress import Reporter
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.search import MOST, Finder, Found, answer, find, make_finder
from mosovo_planner.ui.chip import Chip
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.table import Column, Table
from mosovo_planner.ui.widgets import SPACE, button, button_box, clear_layout, column, facts, holder, label, row, scrolled

FoundColumn = Column[Found]

_START = (
    "Name, address, postcode, number plate, date of birth or reference, in any order: jon smyth melksham, 12 sample street, "
    "AB12 CDE, 03/05/1971. Spelling need not be exact."
)
_RECORDED = "Every question and every answer shown goes into the record of use."


class FinderKeeper(QObject):
    """The searchable caseload of a desk, made when first asked for and again after the caseload was read again."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.finder: Finder | None = None
        desk.loaded.connect(lambda _view: self._forget())

    def _forget(self) -> None:
        self.finder = None


def keeper_of(desk: Desk) -> FinderKeeper:
    """The desk's one keeper."""
    return desk.findChild(FinderKeeper) or FinderKeeper(desk)


class WhoPanel(QWidget):
    """Question, hits and answer. ``offender_wanted`` asks to see somebody on the caseload."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._keeper = keeper_of(desk)
        self._wanted = ""
        self.shown: FrontlineAnswer | None = None
        self.question = QLineEdit()
        self.question.setAccessibleName("Who is asked about")
        self.question.setPlaceholderText("Name, address, postcode, vehicle, date of birth")
        self.question.setClearButtonEnabled(True)
        self.question.returnPressed.connect(self.ask)
        self.asker = QLineEdit()
        self.asker.setAccessibleName("Asked by")
        self.asker.setPlaceholderText("Name and number, if somebody asks by telephone")
        self.find_button = button("&Find", self.ask, primary=True)
        self.words = label(_START, role="muted", wrap=True)
        self.table: Table[Found] = Table("who", "People found", _COLUMNS, lambda each: each.ref, settings=desk.settings)
        self.table.may_copy = False
        self.table.chosen.connect(self._choose)
        self._body = QVBoxLayout()
        self._body.setContentsMargins(14, 6, 14, 12)
        self._body.setSpacing(SPACE)
        self._answer = scrolled(holder(self._body), "Answer")
        self._lay_out()
        self._show_nothing("")

    def _lay_out(self) -> None:
        first = row(self.question, self.find_button)
        first.setStretch(0, 1)
        second = row(label("As&ked by", buddy=self.asker), self.asker, label(_RECORDED, role="muted"))
        second.setStretch(1, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(self._answer)
        split.setHandleWidth(8)
        split.setChildrenCollapsible(False)
        split.setSizes([590, 440])
        body = column(first, second, self.words, split)
        body.setStretch(3, 1)
        self.setLayout(body)

    def said(self) -> list[str]:
        """Everything the answer says, line by line."""
        return [each.text() for each in self._answer.findChildren(QLabel)]

    # Asking

    def ask(self) -> None:
        """Search for what stands in the line; the caseload is made searchable first where it is not."""
        session, keeper, question = self._desk.session, self._keeper, self.question.text().strip()
        asked_by = self.asker.text().strip()
        self._wanted = ""
        self.table.set_rows([])
        self._show_nothing("")
        known = keeper.finder

        def work(report: Reporter) -> tuple[Finder, tuple[Found, ...]]:
            finder = known or make_finder(session, report)
            return finder, find(session, finder, question, asked_by)

        self.words.setText("Searching…")
        self._desk.tasks.run("Searching", work, done=self._found, failed=self._refused, owner=self, key="who", quiet=True)

    def _found(self, result: tuple[Finder, tuple[Found, ...]]) -> None:
        self._keeper.finder, found = result
        self.words.setText(_found_words(found))
        self.table.set_rows(found)
        if not found:
            self._show_nothing(NOBODY)
        elif len(found) == 1 or (found[0].complete and not found[1].complete):
            self.table.selectRow(0)
        else:
            self._show_nothing("Choose who is meant; compare the date of birth.")
            self.table.setFocus()

    def _refused(self, error: BaseException) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self.words.setText(words)

    # The answer

    def _choose(self, found: Found | None) -> None:
        if found is None or found.ref == self._wanted:
            return
        self._wanted = found.ref
        session, ref, asked_by = self._desk.session, found.ref, self.asker.text().strip()
        day = date.today()  # he is asked about now, whatever day the window looks at
        self._desk.tasks.run(
            "Reading the answer",
            lambda _report: answer(session, ref, day, asked_by),
            done=self._show,
            failed=self._refused,
            owner=self,
            key="who answer",
            quiet=True,
        )

    def _show_nothing(self, words: str) -> None:
        self.shown = None
        clear_layout(self._body)
        hint = label(words, role="muted", wrap=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body.addWidget(hint, 1)

    def _show(self, made: FrontlineAnswer) -> None:
        if made.ref != self._wanted:
            return
        self.shown = made
        clear_layout(self._body)
        born = f"Born {in_words(made.born)}" if made.born else "Date of birth not held"
        self._body.addWidget(label(made.name, role="heading", wrap=True, selectable=True))
        self._body.addWidget(label(f"{born}  ·  {made.ref}", role="muted", selectable=True))
        standing = label(made.standing, role="error" if made.urgent else "", wrap=True)
        self._body.addWidget(standing)
        self._body.addLayout(facts([("Offender manager", made.manager), *_reach_pairs(made)]))
        if made.safety:
            self._section("For your safety")
            chips = [row(Chip(each, "bad", "Safety"), None) for each in made.safety]
            self._body.addLayout(column(*chips, space=4))
        self._section("Orders and conditions", *(made.orders or ("None is entered here. Check PNC.",)))
        self._section("On meeting him", *made.to_do)
        if made.risk:
            self._section("Risk level", made.risk)
        if made.address:
            self._section("Address held", made.address)
        self._body.addStretch(1)
        self._answer.verticalScrollBar().setValue(0)

    def _section(self, title: str, *lines: str) -> None:
        heading = label(title, role="section")
        heading.setContentsMargins(0, 8, 0, 0)
        self._body.addWidget(heading)
        for each in lines:
            dot = label("•")
            dot.setAlignment(Qt.AlignmentFlag.AlignTop)
            line = row(dot, label(each, wrap=True, selectable=True))
            line.setStretch(1, 1)
            self._body.addLayout(line)


class WhoDialog(QDialog):
    """The panel with the way on: to the caseload, to the printed briefing."""

    offender_wanted = Signal(str)
    briefing_wanted = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Who manages him?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1060, 640)
        self._desk = desk
        self.panel = WhoPanel(desk)
        self.open_button = button("&Open on the caseload", self._open)
        self.briefing_button = button("&Print what MOSOVO does…", self.briefing_wanted.emit)
        self.open_button.setVisible(desk.session.may(Permission.VIEW))
        self.briefing_button.setVisible(desk.session.may(Permission.PRINT))
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        bottom = row(self.briefing_button, None, self.open_button, buttons)
        body = column(self.panel, bottom, margin=16, space=12)
        body.setStretch(0, 1)
        self.setLayout(body)
        self.panel.table.opened.connect(lambda _found: self._open())
        self.panel.question.setFocus()

    def _open(self) -> None:
        found = self.panel.table.current
        if found is None or not self.open_button.isVisibleTo(self):
            return
        view = self._desk.view
        if view is None or any(case.offender.ref == found.ref for case in view.cases):
            self._go(found.ref)
        else:
            self._ask_why(found)

    def _go(self, ref: str) -> None:
        self.offender_wanted.emit(ref)
        self.accept()

    def _ask_why(self, found: Found) -> None:
        """A record of another team: it is on the caseload once a reason was given and the caseload was read again."""
        from mosovo_planner.ui.dialogs.need_to_know import OpenDialog

        asking = OpenDialog(self._desk, found.ref, found.name, self)
        asking.accepted.connect(
            lambda: self._desk.loaded.connect(lambda _view: self._go(found.ref), Qt.ConnectionType.SingleShotConnection)
        )
        asking.open()


def _reach_pairs(made: FrontlineAnswer) -> list[tuple[str, str]]:
    """``Base: Melksham`` as name and value; lines without a name go under "Reach"."""
    pairs: list[tuple[str, str]] = []
    for each in made.reach:
        name, parted, value = each.partition(": ")
        pairs.append((name, value) if parted and len(name) < 20 and " until " not in name else ("Reach", each))
    return pairs


def _found_words(found: Sequence[Found]) -> str:
    if not found:
        return "Nobody found."
    if len(found) == MOST:
        return f"The first {MOST} who fit. Say more: a date of birth, a town, a postcode."
    most = "" if found[0].complete else " Not all of what you asked fits."
    return f"{len(found)} found.{most}"


_COLUMNS = (
    FoundColumn("name", "Name", lambda each: each.name, width=19),
    FoundColumn("born", "Date of birth", lambda each: each.born, width=12),
    FoundColumn("manager", "Manager", lambda each: each.manager, width=14),
    FoundColumn("why", "What fits", lambda each: ", ".join(each.reasons), width=26),
    FoundColumn("ref", "Reference", lambda each: each.ref, width=12, visible=False),
)

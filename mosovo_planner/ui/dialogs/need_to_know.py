"""Opening a record of another team with a reason, looking at such notices, restricting a record to those who need it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.need_to_know import OPEN_FOR, BreakGlass, Restriction
from mosovo_planner.domain.people import Offender
from mosovo_planner.office.need_to_know import lift_restriction, note_seen, open_with_reason, restrict
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, form
from mosovo_planner.ui.widgets import button, column, label

_HOURS = int(OPEN_FOR.total_seconds() // 3600)


class _ReasonDialog(EntryDialog):
    """A form that asks for a reason."""

    def __init__(self, desk: Desk, title: str, heading: str, act: str, parent: QWidget | None) -> None:
        super().__init__(desk, title, heading, act, parent)
        self.setMinimumWidth(580)
        self.reason = QPlainTextEdit()
        self.reason.setTabChangesFocus(True)
        self.reason.setAccessibleName("Reason")
        self.reason.setFixedHeight(84)

    def wrong(self) -> str:
        return "" if self.reason.toPlainText().strip() else "Say why."


class OpenDialog(_ReasonDialog):
    """A record of another team: why it must be seen. What the supervisors will be told is said before."""

    def __init__(self, desk: Desk, ref: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "A record of another team", name, "&Open the record", parent)
        self._ref = ref
        about = (
            f"This record belongs to another team. You can open it for {_HOURS} hours with a reason. It is written in the record "
            "of use, and supervisors get notice at once."
        )
        fields = form()
        fields.addRow("Reason", self.reason)
        self.lay_out(column(label(about, wrap=True), fields, space=10), ref)
        self.reason.setFocus()

    def work(self) -> Callable[[], object]:
        session, ref, words = self.desk.session, self._ref, self.reason.toPlainText()
        return lambda: open_with_reason(session, ref, words)


class NoticeDialog(EntryDialog):
    """Why somebody opened a record of another team, for a supervisor to let it stand or to ask him."""

    def __init__(self, desk: Desk, notice: BreakGlass, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "A record opened with a reason", name, "&I have looked at it", parent)
        self._notice = notice
        self.setMinimumWidth(580)
        when = f"{in_words(notice.at.date())}, {notice.at:%H:%M}"
        self.lay_out(
            column(
                label(f"Opened by {notice.by} on {when}:", wrap=True),
                label(notice.reason, wrap=True, selectable=True),
                label("If the reason does not hold, speak to him and to professional standards: the record of use keeps it.",
                      role="muted", wrap=True),
                space=10,
            ),
            notice.ref,
        )  # fmt: skip
        self.act.setFocus()

    def work(self) -> Callable[[], object]:
        session, notice = self.desk.session, self._notice
        return lambda: note_seen(session, notice)


class RestrictDialog(_ReasonDialog):
    """Who beside the supervisors sees a record, and why."""

    def __init__(
        self, desk: Desk, offender: Offender, held: Restriction | None, users: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, "Restrict a record", offender.name, "&Restrict", parent)
        self._ref, self._held = offender.ref, held
        self.named = QListWidget()
        self.named.setAccessibleName("Who sees it")
        self.named.setFixedHeight(150)
        for user in users:
            item = QListWidgetItem(user)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            chosen = held is not None and user in held.named
            item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
            self.named.addItem(item)
        if held is not None:
            self.also = (button("&Lift the restriction", self._lift),)
        fields = form()
        fields.addRow("Who sees it", self.named)
        fields.addRow("Reason", self.reason)
        self.lay_out(column(label(self._words(held), wrap=True), fields, space=10), offender.ref)
        self.named.setFocus()

    @staticmethod
    def _words(held: Restriction | None) -> str:
        always = "Supervisors see it always, everybody else only if ticked here: not on lists, not by search, not with a reason."
        if held is None:
            return always
        return f"Restricted by {held.by} on {in_words(held.on)}: {held.reason} {always}"

    @property
    def ticked(self) -> tuple[str, ...]:
        items = (self.named.item(row) for row in range(self.named.count()))
        return tuple(each.text() for each in items if each.checkState() is Qt.CheckState.Checked)

    def work(self) -> Callable[[], object]:
        session, ref, held, words, named = self.desk.session, self._ref, self._held, self.reason.toPlainText(), self.ticked
        return lambda: restrict(session, ref, named, words, held)

    def _lift(self) -> None:
        held = self._held
        words = self.wrong()
        self._error.setText(words)
        if words or held is None:
            return
        self._wait(True)
        session, reason = self.desk.session, self.reason.toPlainText()
        self.desk.tasks.run(
            self.windowTitle(), lambda _report: lift_restriction(session, held, reason), done=self.kept, failed=self._refused,
            owner=self, quiet=True,
        )  # fmt: skip

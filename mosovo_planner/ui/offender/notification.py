"""Writing a notification about a child, saying that it was sent, and exporting it for the force's own system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPlainTextEdit, QSpinBox, QTabWidget, QWidget

from mosovo_planner.domain.children import ChildNotification, lateness
from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.children import export_notification, gaps, open_notification, save_notification
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, form, words_field
from mosovo_planner.ui.dialogs.long_form import LongForm
from mosovo_planner.ui.offender.notification_fields import AwarePart, ChildPart, SentPart
from mosovo_planner.ui.widgets import button, card, column, holder, label, row, scrolled, tell


class NotificationDialog(LongForm):
    """What is missing before it can be marked as sent stands beside the fields all the time, and how late it is."""

    before: ChildNotification | None

    def __init__(
        self,
        desk: Desk,
        offender_name: str,
        note: ChildNotification,
        before: ChildNotification | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(desk, "Notification about a child", offender_name, "&Save", before, parent)
        self._note = note
        self._name = offender_name
        self.resize(1080, 640)
        self.child, self.aware, self.after = ChildPart(note), AwarePart(note), SentPart(note)
        self.export_button = button("E&xport…", self.export, tip="Write it as a file for the force's own system")
        self.also = (self.export_button,)
        self.late_words = label("", wrap=True, selectable=True)
        self.gap_words = label("", wrap=True, selectable=True)
        for each in (self.late_words, self.gap_words):
            each.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self.begin()
        self._watch()
        self._follow()
        self.child.child_name.setFocus()

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Parts of the notification")
        for page, title in ((self.child, "Chi&ld"), (self.aware, "How the ch&ild was (AWARE)"), (self.after, "Sent, and a&fter")):
            self.tabs.addTab(scrolled(page, title.replace("&", "")), title)
        missing = scrolled(holder(column(self.gap_words, None)), "Still missing")
        limit, gap = label("Against the force's limit", role="section"), label("Still missing", role="section")
        beside = card(column(limit, self.late_words, gap, missing, margin=12))
        beside.setFixedWidth(290)
        middle = row(self.tabs, beside, space=12)
        middle.setStretch(0, 1)
        body = column(middle, self.theirs_part, space=8)
        body.setStretch(0, 1)
        self.lay_out(body, f"Written by {self.desk.manager_label(self._note.by)}, {in_words(self._note.written_at.date())}")

    def _watch(self) -> None:
        """Whatever is typed or chosen is looked at at once."""
        for kind, signal in ((QLineEdit, "textChanged"), (QPlainTextEdit, "textChanged"), (QSpinBox, "valueChanged")):
            for field in self.tabs.findChildren(kind):
                getattr(field, signal).connect(lambda *_: self._follow())
        self.child.sex.currentIndexChanged.connect(lambda _: self._follow())
        for tick in (self.child.born.known, self.after.sent, self.after.strategy_meeting.known):
            tick.toggled.connect(lambda _: self._follow())

    def _follow(self) -> None:
        note, policy = self.typed(), self.desk.view.policy if self.desk.view else None
        lacking = gaps(note, date.today())
        self.gap_words.setText("\n".join(f"•  {each}" for each in lacking) or "Nothing is missing.")
        if policy is not None:
            self.late_words.setText(lateness(note, policy, datetime.now()).words)  # noqa: DTZ005 - local, as visits are
        self._show_export()

    def _show_export(self) -> None:
        saved = self.before is not None and not self.changed
        self.export_button.setEnabled(saved and self.desk.session.may(Permission.PRINT))
        self.act.setEnabled(self.desk.session.may(Permission.RECORD))

    def _wait(self, waiting: bool) -> None:
        super()._wait(waiting)
        if not waiting:
            self._show_export()

    def typed(self) -> ChildNotification:
        return replace(self._note, **self.child.values(), **self.aware.values(), **self.after.values())

    def work(self) -> Callable[[], object]:
        session, note, before = self.desk.session, self.to_save(), self.before
        return lambda: save_notification(session, note, before)

    def read_stored(self) -> Callable[[], tuple[object, str]]:
        session, ref, note_id = self.desk.session, self._note.ref, self._note.id

        def read() -> tuple[object, str]:
            stored = open_notification(session, ref, note_id).note
            return stored, notification_words(stored)

        return read

    def export(self) -> None:
        """Ask for whom and where; what is stored is written, so there must be nothing unsaved."""
        if self.before is not None and self.export_button.isEnabled():
            ExportDialog(self.desk, self.before, self._name, self).open()


class ExportDialog(EntryDialog):
    """For whom a notification leaves the program: it goes into the record of use before the file is there."""

    def __init__(self, desk: Desk, note: ChildNotification, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Export the notification", name, "Choose the &file…", parent)
        self._note = note
        self._path = Path()
        self.setMinimumWidth(560)
        self.recipient = words_field("For whom", longest=120, hint="Name, team or system")
        self.why = words_field("Reason", "public protection notification", longest=200)
        fields = form()
        fields.addRow("For &whom", self.recipient)
        fields.addRow("Rea&son", self.why)
        words = (
            "A file (.json for a system, .txt to be read) is written where you choose, unencrypted. It is not sent to anybody. "
            "For whom and why go into the record of use."
        )
        self.lay_out(column(label(words, wrap=True), fields, space=10), note.ref)

    def wrong(self) -> str:
        return "" if self.recipient.text().strip() else "Say for whom the notification is exported."

    def keep(self) -> None:
        self._error.setText(self.wrong())
        if self.wrong():
            return
        name, kind = QFileDialog.getSaveFileName(self, "Export", "notification.json", "JSON (*.json);;Text (*.txt)")
        if name:
            suffix = ".txt" if kind.startswith("Text") else ".json"
            self._path = Path(name) if Path(name).suffix else Path(f"{name}{suffix}")
            super().keep()

    def work(self) -> Callable[[], object]:
        session, note, path = self.desk.session, self._note, self._path
        recipient, why = self.recipient.text(), self.why.text().strip()
        return lambda: export_notification(session, note, path, recipient, why)

    def kept(self, _result: object) -> None:
        self.accept()
        more = "It was sent to nobody. Delete it once it is in the other system."
        tell(self.parentWidget(), "Exported", "The file is written.", more)


def notification_words(note: ChildNotification) -> str:
    """What is said in a notification, a line a field; what is empty is left out."""
    held = ((each.name, getattr(note, each.name)) for each in fields(note) if each.name not in ("id", "ref", "visit"))
    return "\n".join(f"{name.replace('_', ' ').capitalize()}: {value}" for name, value in held if value not in ("", None))

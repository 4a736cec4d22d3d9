"""The force's rules on one page: what they are, where they come from, what a change would do, who changed them and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QTabWidget, QWidget

from mosovo_planner.domain.clock_table import ClockTable, read_clock_table
from mosovo_planner.domain.drafts import PolicyDraft
from mosovo_planner.domain.impact import PolicyImpact
from mosovo_planner.domain.policy import UNSET, Policy, PolicyError, PolicyValue
from mosovo_planner.domain.policy_text import change_lines, changed_keys, title_of, words_of
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.policy import (
    CLOCK_TABLE,
    PolicyView,
    preview_policy,
    read_policy_from,
    rules_of,
    save_policy,
    save_rules,
    view_policy,
    write_policy,
)
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.reconcile import Merging
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.policy.reason_dialog import ReasonDialog
from mosovo_planner.ui.policy.value_dialog import ValueDialog
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import button, choice, column, label, row

_ALL, _OPEN, _CHANGED = "all", "open", "changed"


@dataclass(frozen=True)
class Line:
    """One value on the page."""

    key: str
    value: PolicyValue
    changed: bool

    @property
    def state(self) -> str:
        if self.changed:
            return "Changed, not saved"
        return "Unset" if self.value.value == UNSET else "Confirmed" if self.value.confirmed else "To be confirmed"


@dataclass(frozen=True)
class Version:
    """One state of policy or clocks, with what it changed."""

    number: str
    at: datetime
    by: str
    reason: str
    words: str


class PolicyPage(QWidget):
    """Changes are gathered, their effect is shown, and they are put in force together with a reason."""

    title = "Policy"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.view: PolicyView | None = None
        self._draft: dict[str, PolicyValue] = {}
        self._kept: PolicyDraft | None = None
        self.impact: PolicyImpact | None = None
        self.heading = label("", role="heading", wrap=True)
        self.table: Table[Line] = Table("policy", "Policy", self._columns(), lambda each: each.key, settings=desk.settings)
        self.table.opened.connect(self.change)
        self.table.chosen.connect(lambda _: self._enable())
        self.show_only = choice("Show", [("All values", _ALL), ("To be confirmed or unset", _OPEN), ("Changed here", _CHANGED)])
        self.show_only.currentIndexChanged.connect(lambda _: self._narrow())
        self.versions: Table[Version] = Table(
            "policy-versions", "Versions", _VERSION_COLUMNS, lambda each: each.number, settings=desk.settings
        )
        self.clocks = QPlainTextEdit()
        self.clocks.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.clocks.setAccessibleName("Table of clocks and kinds of event")
        self.clocks.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.clocks.textChanged.connect(self._draft_changed)
        self.clock_words = label("", wrap=True)
        self.effect = label("", wrap=True, selectable=True)
        self._lay_out()
        desk.changed.connect(self.refresh)
        self.refresh()

    def _lay_out(self) -> None:
        self.change_button = button("&Change…", lambda: self.change(self.table.current))
        self.preview_button = button("&What would it do?", self.preview)
        self.save_button = button("&Put in force…", self.save, primary=True)
        self.discard_button = button("&Discard", self.discard)
        self.write_button = button("&Save as a file…", self.write_file, role="link")
        self.read_button = button("&Read a file…", self.read_file, role="link")
        values = TablePanel(
            self.table, hint="Search values and sources  (Ctrl+F)", empty="No value fits.",
            extras=(self.show_only, self.change_button),
        )  # fmt: skip
        self.start_search = values.start_search
        clock_page = QWidget()
        told = label(
            "Every clock and every kind of event, as data: a new duty of a new Act is a new row here. The words are "
            "explained at the head of the file.", role="muted", wrap=True,
        )  # fmt: skip
        inside = column(told, self.clocks, self.clock_words, margin=8)
        inside.setStretch(1, 1)
        clock_page.setLayout(inside)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Parts of the policy")
        self.tabs.addTab(values, "&Values")
        self.tabs.addTab(clock_page, "Cloc&ks and events")
        self.tabs.addTab(TablePanel(self.versions, hint="Search versions", empty="The policy was never changed."), "V&ersions")
        bottom = row(self.write_button, self.read_button, None, self.discard_button, self.preview_button, self.save_button)
        body = column(self.heading, self.tabs, self.effect, bottom, margin=12)
        body.setStretch(1, 1)
        self.setLayout(body)

    @staticmethod
    def _columns() -> tuple[Column[Line], ...]:
        return (
            Column("group", "Rule", lambda each: title_of(each.key)[0], width=24),
            Column("name", "Name", lambda each: title_of(each.key)[1], width=30),
            Column("value", "Value", lambda each: each.value.value, text=lambda each: words_of(each.value.value),
                   sort=lambda each: words_of(each.value.value), width=16),
            Column("state", "State", lambda each: each.state, width=20, tone=lambda each: _TONES[each.state]),
            Column("date", "Since", lambda each: each.value.date, width=12),
            Column("key", "Key", lambda each: each.key, width=30, visible=False),
            Column("source", "Source", lambda each: each.value.source, width=60),
        )  # fmt: skip

    # Reading and showing

    def refresh(self) -> None:
        """Read the rules in force, off the GUI thread; changes that were not saved stay."""
        session = self._desk.session
        self._desk.tasks.run(
            "Reading the policy", lambda _report: view_policy(session), done=self._show, owner=self,
            key=f"policy-{id(self)}", quiet=True,
        )  # fmt: skip

    def _show(self, view: PolicyView) -> None:
        fresh = self.view is None or self.clocks.toPlainText() == self.view.table_text
        self.view = view
        if fresh:
            self.clocks.setPlainText(view.table_text)
        self.versions.set_rows(_versions(view))
        self.versions.sort_by("at", descending=True)
        kept, self._kept = self._kept, None
        if kept is not None:
            self.restore_unsaved(kept)
        self._draft_changed()

    def policy(self) -> Policy:
        """The policy with the changes made here."""
        assert self.view is not None
        return replace(self.view.policy, values={**self.view.policy.values, **self._draft})

    def changed_clocks(self) -> str | None:
        """The table of clocks as changed here, None where it is as it was."""
        text = self.clocks.toPlainText()
        return text if self.view is not None and text != self.view.table_text else None

    def _draft_changed(self) -> None:
        if self.view is None:
            return
        self._draft = {key: each for key, each in self._draft.items() if each != self.view.policy.values.get(key)}
        values = self.policy().values
        self.table.set_rows([Line(key, value, key in self._draft) for key, value in values.items()])
        waiting = sum(not value.confirmed or value.value == UNSET for value in values.values())
        words = f"{len(values)} values, {waiting} to be confirmed with your force, {len(self.view.unset)} of them unset."
        changes = len(self._draft) + (self.changed_clocks() is not None)
        self.heading.setText(f"{words} {changes} change{'s' if changes != 1 else ''} not in force yet." if changes else words)
        self.clock_words.setText(_table_words(self.clocks.toPlainText()))
        self.impact = None
        self.effect.setText("")
        self._narrow()
        self._enable()

    def _narrow(self) -> None:
        chosen = self.show_only.currentData()
        self.table.table_model.keep(
            lambda each: (
                chosen == _ALL
                or (chosen == _CHANGED and each.changed)
                or (chosen == _OPEN and (not each.value.confirmed or each.value.value == UNSET))
            )
        )

    def _enable(self) -> None:
        changed = bool(self._draft) or self.changed_clocks() is not None
        may = self._desk.session.may(Permission.APPROVE)
        self.change_button.setEnabled(may and self.table.current is not None)
        self.clocks.setReadOnly(not may)
        for each in (self.preview_button, self.discard_button):
            each.setEnabled(changed)
        self.save_button.setEnabled(changed and may)
        self.read_button.setEnabled(may)

    # Changing

    def change(self, chosen: Line | None) -> None:
        if chosen is None or self.view is None or not self._desk.session.may(Permission.APPROVE):
            return

        def take(value: PolicyValue) -> None:
            self._draft[chosen.key] = value
            self._draft_changed()

        like = self.view.default.values[chosen.key].value if chosen.key in self.view.default.values else chosen.value.value
        ValueDialog(chosen.key, chosen.value, like, take, self).open()

    def discard(self) -> None:
        """Forget the changes made here."""
        if self.view is not None:
            self._draft = {}
            self.clocks.setPlainText(self.view.table_text)
            self._draft_changed()

    def unsaved(self) -> PolicyDraft | None:
        """Changes that are not in force, to be kept; None where there are none."""
        clocks = self.changed_clocks()
        return PolicyDraft(dict(self._draft), clocks) if self._draft or clocks is not None else None

    def restore_unsaved(self, kept: PolicyDraft) -> None:
        """Put kept changes back, as soon as the policy was read."""
        if self.view is None:
            self._kept = kept
            return
        self._draft = {**kept.values, **self._draft}
        if kept.clocks is not None:
            self.clocks.setPlainText(kept.clocks)
        self._draft_changed()

    def preview(self) -> None:
        """What the changes would do to everybody's due dates."""
        session, policy, day, clocks = self._desk.session, self.policy(), self._desk.as_of, self.changed_clocks()
        self._desk.tasks.run(
            "Comparing due dates", lambda report: preview_policy(session, policy, day, clocks, report),
            done=self._show_effect, failed=lambda error: show_error(self, error, "The change cannot be made"), owner=self,
        )  # fmt: skip

    def _show_effect(self, impact: PolicyImpact) -> None:
        self.impact = impact
        self.effect.setText("It would do this: " + " ".join(impact.words))

    def save(self) -> None:
        """Put the changes in force, once somebody has given the reason."""
        if self.view is None:
            return
        view, read, policy, clocks = self.view, self.view.policy, self.policy(), self.changed_clocks()
        lines = [*change_lines(read, policy), *(["The table of clocks and events is changed."] if clocks is not None else [])]
        session = self._desk.session

        def together(reason: str) -> Merging:
            before = rules_of(view)
            mine = {**policy.values, CLOCK_TABLE: before[CLOCK_TABLE] if clocks is None else clocks}
            return Merging(
                before, mine, lambda: view_policy(session), rules_of,
                lambda rules, stored: save_rules(session, stored, rules, reason), lambda _, value: _rule_words(value),
            )  # fmt: skip

        ReasonDialog(
            self._desk, "Put in force", "\n".join(lines),
            lambda reason: save_policy(session, read, policy, reason, clocks, view.table_text), self, together=together,
        ).open()  # fmt: skip

    # Files

    def write_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the policy", "policy.toml", "Policy (*.toml)")
        if name:
            self.write_to(Path(name))

    def write_to(self, path: Path) -> None:
        session, policy = self._desk.session, self.policy()
        self._desk.tasks.run(
            "Writing the policy", lambda _report: write_policy(session, policy, path),
            done=lambda _: self.effect.setText("The policy was written to the file."),
            failed=lambda error: show_error(self, error, "The file was not written"), owner=self, quiet=True,
        )  # fmt: skip

    def read_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Read a policy", "", "Policy (*.toml)")
        if name:
            self.read_from(Path(name))

    def read_from(self, path: Path) -> None:
        session = self._desk.session
        self._desk.tasks.run(
            "Reading the policy file", lambda _report: read_policy_from(session, path), done=self._take_file,
            failed=lambda error: show_error(self, error, "The file was not taken"), owner=self, quiet=True,
        )  # fmt: skip

    def _take_file(self, policy: Policy) -> None:
        if self.view is not None:
            self._draft = {key: policy.values[key] for key in changed_keys(self.view.policy.values, policy.values)}
            self._draft_changed()


def _rule_words(value: object) -> str:
    """A rule's value with its source, or the text of the table."""
    return f"{words_of(value.value)} ({value.source})" if isinstance(value, PolicyValue) else str(value)


_TONES: dict[str, str | None] = {"Changed, not saved": "info", "Unset": "bad", "Confirmed": None, "To be confirmed": "warn"}
_VERSION_COLUMNS: tuple[Column[Version], ...] = (
    Column("at", "When", lambda each: each.at, width=18),
    Column("by", "By", lambda each: each.by, width=16),
    Column("reason", "Why", lambda each: each.reason, width=40),
    Column("words", "What changed", lambda each: each.words, width=80),
)


def _versions(view: PolicyView) -> list[Version]:
    found: list[Version] = []
    before = view.default
    for each in view.versions:
        words = "; ".join(change_lines(before, each.policy)) or "As the program brings it along"
        found.append(Version(f"policy {each.number}", each.at.astimezone(), each.by, each.reason, words))
        before = each.policy
    for table in view.table_versions:
        words = _table_words(table.text)
        found.append(Version(f"clocks {table.number}", table.at.astimezone(), table.by, table.reason, f"Clocks: {words}"))
    return found


def _table_words(text: str) -> str:
    """How many clocks and kinds of event the text holds, or what is wrong with it."""
    try:
        table: ClockTable = read_clock_table(text)
    except PolicyError as wrong:
        return str(wrong)
    return f"{len(table.rules)} clocks, {len(table.events)} kinds of event."

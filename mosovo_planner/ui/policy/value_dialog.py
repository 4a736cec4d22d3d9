"""Changing one value of the policy, with its source and date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QWidget

from mosovo_planner.domain.policy import PolicyError, PolicyValue, Setting
from mosovo_planner.domain.policy_text import title_of, typed, words_of
from mosovo_planner.ui.dialogs.entry import as_date, form, words_field
from mosovo_planner.ui.widgets import button, button_box, column, date_field, label, line


class ValueDialog(QDialog):
    """Hands the changed value to ``taken``; nothing is in force before the page's changes are saved."""

    def __init__(
        self, key: str, now: PolicyValue, like: Setting, taken: Callable[[PolicyValue], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._key, self._like, self._taken = key, like, taken
        group, name = title_of(key)
        self.setWindowTitle("Change a value")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(560)
        self.value = words_field("Value", words_of(now.value))
        self.source = words_field("Source", now.source, hint="Order, guidance, decision: where the value comes from")
        self.since = date_field("Since", QDate(now.date.year, now.date.month, now.date.day))
        self.confirmed = QCheckBox("The force has &confirmed it")
        self.confirmed.setChecked(now.confirmed)
        self._error = label("", role="error", wrap=True)
        fields = form()
        fields.addRow("&Value", self.value)
        fields.addRow("&Source", self.source)
        fields.addRow("Since", self.since)
        fields.addRow("", self.confirmed)
        buttons = button_box(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        take = button("&Take", self.take, primary=True)
        take.setDefault(True)
        buttons.addButton(take, QDialogButtonBox.ButtonRole.ActionRole)
        head = label(f"{group}: {name}", role="heading", wrap=True)
        self.setLayout(column(head, line(), fields, self._error, buttons, margin=16, space=10))
        self.value.selectAll()
        self.value.setFocus()

    @property
    def error_words(self) -> str:
        return self._error.text()

    def take(self) -> None:
        try:
            value = typed(self._key, self.value.text(), self._like)
        except PolicyError as wrong:
            self._error.setText(str(wrong))
            return
        if not self.source.text().strip():
            self._error.setText("Say where the value comes from.")
            return
        since: date = as_date(self.since.date())
        self._taken(PolicyValue(value, self.source.text().strip(), since, self.confirmed.isChecked()))
        self.accept()

"""Entering one fact about an offender, or putting one right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtWidgets import QFormLayout, QWidget

from mosovo_planner.domain.kept import Fact, Kept
from mosovo_planner.domain.merging import record_fields, with_fields
from mosovo_planner.domain.sentences import Sentence, notification_period
from mosovo_planner.office.caseload import OffenderFile
from mosovo_planner.office.facts import enter_fact, fact_problems
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, form
from mosovo_planner.ui.dialogs.reconcile import Merging
from mosovo_planner.ui.offender.fact_fields import KINDS, Field, fields_of, made
from mosovo_planner.ui.widgets import choice, column, holder, label


class FactDialog(EntryDialog):
    """The kind is chosen first, and the form follows it; a fact that is put right keeps its kind."""

    def __init__(self, desk: Desk, file: OffenderFile, kept: Kept[Fact] | None = None, parent: QWidget | None = None) -> None:
        offender = file.case.offender
        super().__init__(
            desk, "Put a fact right" if kept else "Enter a fact", offender.name, "&Save" if kept else "&Enter", parent
        )
        self._file, self._kept = file, kept
        self._widgets: dict[str, tuple[Field, QWidget]] = {}
        self.setMinimumWidth(620)
        kinds: list[tuple[str, object]] = [(text, place) for place, (text, _) in enumerate(KINDS)]
        self.kind = choice("Kind of fact", kinds)
        self.kind.setMinimumContentsLength(34)
        self._form: QFormLayout = form()
        self._inside = holder(self._form)
        self.result_words = label("", role="muted", wrap=True)
        if kept is not None:
            self.kind.setCurrentIndex([kind for _, kind in KINDS].index(type(kept.fact)))
            self.kind.setEnabled(False)
        self.kind.currentIndexChanged.connect(lambda _: self._show_form())
        top = form()
        top.addRow("&Kind", self.kind)
        body = column(top, self._inside, self.result_words, None, space=10)
        self.lay_out(body, offender.ref)
        self._show_form()

    def _show_form(self) -> None:
        while self._form.rowCount():
            self._form.removeRow(0)
        self._widgets.clear()
        held = self._kept.fact if self._kept else None
        for each in fields_of(KINDS[self.kind.currentIndex()][1], self._file.table):
            widget = each.make(getattr(held, each.name, None))
            self._form.addRow(each.label, widget)
            self._widgets[each.name] = (each, widget)
        self.result_words.setText("")
        self.adjustSize()

    def widget(self, name: str) -> Any:
        """The widget of a field."""
        return self._widgets[name][1]

    def fact(self) -> Fact:
        values: Mapping[str, Any] = {name: each.read(widget) for name, (each, widget) in self._widgets.items()}
        return made(KINDS[self.kind.currentIndex()][1], values)

    def wrong(self) -> str:
        fact = self.fact()
        if isinstance(fact, Sentence):
            self.result_words.setText(notification_period(fact).why)
        return next(iter(fact_problems(fact)), "")

    def work(self) -> Callable[[], object]:
        session, ref, fact, kept = self.desk.session, self._file.case.offender.ref, self.fact(), self._kept
        return lambda: enter_fact(session, ref, fact, instead_of=kept, reason="put right" if kept else "")

    def merging(self) -> Merging | None:
        from mosovo_planner.office.editing import TOGETHER, stored_fact, value_words

        session, kept = self.desk.session, self._kept
        if kept is None:
            return None

        def save(values: dict[str, Any], stored: Kept[Fact]) -> None:
            enter_fact(session, kept.ref, with_fields(stored.fact, values), instead_of=stored, reason="put right")

        return Merging(
            record_fields(kept.fact), record_fields(self.fact()), lambda: stored_fact(session, kept),
            lambda each: record_fields(each.fact), save, lambda _, value: value_words(value), TOGETHER,
        )  # fmt: skip

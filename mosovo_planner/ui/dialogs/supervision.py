"""Assigning a case, asking about it, answering, approving a lone visit: a line of text and a name each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from mosovo_planner.domain.clocks import Clock, in_words
from mosovo_planner.domain.merging import record_fields
from mosovo_planner.domain.people import Offender
from mosovo_planner.domain.requests import Request
from mosovo_planner.domain.visits import Visit
from mosovo_planner.office.supervision import answer, approve_lone, ask, assign
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, form
from mosovo_planner.ui.dialogs.reconcile import Merging
from mosovo_planner.ui.widgets import choice, column, label


class _WordsDialog(EntryDialog):
    """A form with what it is about and one text."""

    def __init__(self, desk: Desk, title: str, heading: str, act: str, name: str, parent: QWidget | None) -> None:
        super().__init__(desk, title, heading, act, parent)
        self.setMinimumWidth(560)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(name)
        self.text.setFixedHeight(84)
        self._name = name

    def ask_for(self, about: str, note: str, *above: QWidget) -> None:
        fields = form()
        for widget in above:
            fields.addRow(widget.accessibleName(), widget)
        fields.addRow(self._name, self.text)
        self.lay_out(column(label(about, wrap=True, selectable=True), fields, space=10), note)
        self.text.setFocus()

    @property
    def words(self) -> str:
        return self.text.toPlainText().strip()


class AssignDialog(_WordsDialog):
    """Another manager for a case, with the reason."""

    def __init__(self, desk: Desk, offender: Offender, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Assign a case", offender.name, "&Assign", "Reason", parent)
        self._ref = offender.ref
        managers = desk.view.managers if desk.view else ()
        loads = {load.manager.id: load.share for load in desk.view.workloads} if desk.view else {}
        named = sorted(
            (f"{each.label}, {each.base or 'no base'}, load {loads.get(each.id, 0):.0%}", each.id)
            for each in managers
            if each.id != offender.manager
        )
        self.manager = choice("To", [("Choose…", None), *named])
        self.manager.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.ask_for(f"Held by {desk.manager_label(offender.manager)} now.", offender.ref, self.manager)
        self.manager.setFocus()

    def wrong(self) -> str:
        if self.manager.currentData() is None:
            return "Choose the manager."
        return "" if self.words else "Giving a case to another manager needs its reason."

    def work(self) -> Callable[[], object]:
        session, ref, to, words, day = self.desk.session, self._ref, self.manager.currentData(), self.words, self.desk.as_of
        return lambda: assign(session, ref, to, words, day)


class AskDialog(_WordsDialog):
    """A question to the case's manager about one clock."""

    def __init__(self, desk: Desk, offender: Offender, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Ask the manager", offender.name, "&Ask", "Question", parent)
        self._ref, self._kind = offender.ref, clock.kind
        self.ask_for(f"{clock.label}: {clock.why} To {desk.manager_label(offender.manager)}.", offender.ref)

    def wrong(self) -> str:
        return "" if self.words else "Write what you ask."

    def work(self) -> Callable[[], object]:
        session, ref, kind, words = self.desk.session, self._ref, self._kind, self.words
        return lambda: ask(session, ref, kind, words)


class AnswerDialog(_WordsDialog):
    """The answer to a question."""

    def __init__(self, desk: Desk, request: Request, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Answer", name, "&Answer", "Answer", parent)
        self._request = request
        self.text.setPlainText(request.answer)
        self.ask_for(f"{request.by} asked on {in_words(request.at.date())}: {request.text}", request.ref)

    def wrong(self) -> str:
        return "" if self.words else "Write the answer."

    def work(self) -> Callable[[], object]:
        session, request, words = self.desk.session, self._request, self.words
        return lambda: answer(session, request, words)

    def merging(self) -> Merging | None:
        from mosovo_planner.office.editing import stored_request, value_words

        session, request = self.desk.session, self._request
        return Merging(
            {"answer": request.answer}, {"answer": self.words}, lambda: stored_request(session, request),
            lambda stored: {"answer": stored.answer}, lambda values, stored: answer(session, stored, values["answer"]),
            lambda _, value: value_words(value),
        )  # fmt: skip


class ApproveLoneDialog(_WordsDialog):
    """The supervisor's approval of a lone visit, after it was made."""

    def __init__(self, desk: Desk, visit: Visit, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Approve a lone visit", name, "&Approve", "Reason", parent)
        self._visit = visit
        officers = " and ".join(desk.manager_label(each) for each in visit.officers)
        about = f"{officers} went alone on {in_words(visit.at.date())} at {visit.at:%H:%M}: {visit.lone_reason}"
        self.ask_for(about, visit.ref)

    def wrong(self) -> str:
        return "" if self.words else "An approval needs its reason; a line is enough."

    def work(self) -> Callable[[], object]:
        session, visit, words = self.desk.session, self._visit, self.words
        return lambda: approve_lone(session, visit, words)

    def merging(self) -> Merging | None:
        from mosovo_planner.office.editing import stored_visit, value_words

        session, visit, words = self.desk.session, self._visit, self.words
        mine = record_fields(visit) | {"approved_by": session.user}
        return Merging(
            record_fields(visit), mine, lambda: stored_visit(session, visit), record_fields,
            lambda _, stored: approve_lone(session, stored, words), lambda _, value: value_words(value),
        )  # fmt: skip

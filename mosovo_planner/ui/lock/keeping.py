"""What is kept when the window locks, and how it comes back: page, offender, proposals, policy, and forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox

from mosovo_planner.domain.drafts import Draft, FieldDraft, FormDraft
from mosovo_planner.domain.progress import Reporter
from mosovo_planner.domain.roles import Permission
from mosovo_planner.ui.dialogs.entry import text_field
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.lock import forms
from mosovo_planner.ui.widgets import button, button_box, column, label, tell

if TYPE_CHECKING:
    from mosovo_planner.ui.main_window import MainWindow
    from mosovo_planner.ui.workspace_page import WorkspacePage


class Keeping:
    """One window's unfinished work. ``pending`` are forms that came back and were not opened yet."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._first: dict[QDialog, tuple[FieldDraft, ...]] = {}
        self._open: list[QDialog] = []
        self._file = ""
        self.pending: list[FormDraft] = []

    def clear(self) -> None:
        """Another workspace: nothing of the one before is kept."""
        self._first.clear()
        self._open.clear()
        self._file = ""
        self.pending.clear()

    # Watching forms

    def look(self) -> None:
        """Notice forms that were opened, and put back what had been typed into them before a lock."""
        self._first = {dialog: fields for dialog, fields in self._first.items() if shiboken6.isValid(dialog)}
        for dialog in forms.open_forms():
            if dialog not in self._first and dialog.isVisible():
                self._first[dialog] = forms.read(dialog)
                self._fill_again(dialog)

    def _fill_again(self, dialog: QDialog) -> None:
        kept = next((form for form in self.pending if forms.is_for(dialog, form)), None)
        if kept is None:
            return
        self.pending.remove(kept)
        changed = [each for each in kept.fields if each not in self._first[dialog]]
        left = [each for each in forms.fill(dialog, changed) if each.value]
        if left:
            KeptWords([forms.words_of(kept, left)], dialog).open()

    # Keeping

    def freeze(self) -> None:
        """The windows are about to be hidden: from now on the forms open now are those to be kept."""
        self._open = [each for each in self._first if shiboken6.isValid(each) and each.isVisible()]
        self._file = forms.open_file()

    def draft(self, stopped: tuple[str, ...] = ()) -> Draft:
        """Everything that is not finished, and where the user is."""
        from mosovo_planner.office.drafts import allocation_draft, plan_draft  # its libraries are slow to load

        window, page = self._window, self._window.page
        assert page is not None
        assert window.desk is not None
        half = [forms.form_of(each, forms.read(each)) for each in self._open if self._changed(each)]
        every = (*half, *self.pending)
        work = {key: getattr(getattr(page.views.get(key), "history", None), "work", None) for key in ("allocation", "plan")}
        policy = page.views.get("policy")
        chosen = page.caseload.table.current
        ref = self._file or (chosen.offender.ref if chosen is not None else "")
        return Draft(
            at=datetime.now().astimezone(),
            page=page.current_key,
            as_of=window.desk.as_of,
            ref=ref,
            file_open=bool(self._file),
            forms=every,
            stopped=stopped,
            allocation=allocation_draft(work["allocation"]),
            plan=plan_draft(work["plan"]),
            policy=policy.unsaved() if policy is not None and hasattr(policy, "unsaved") else None,
            refs=frozenset(filter(None, (ref, *(each.about for each in every)))),
        )

    def _changed(self, dialog: QDialog) -> bool:
        """Whether something was typed that was not saved meanwhile."""
        if not shiboken6.isValid(dialog) or dialog.result() == QDialog.DialogCode.Accepted:
            return False
        return forms.read(dialog) != self._first[dialog]

    # Coming back

    def bring_back(self) -> None:
        """Read what was kept, off the GUI thread, and put it back on the desk."""
        window = self._window
        assert window.desk is not None
        session = window.desk.session

        def read(_report: Reporter) -> Draft | None:
            from mosovo_planner.office.drafts import kept_draft

            return kept_draft(session)

        window.tasks.run(
            "Opening unfinished work", read, done=self._show, owner=window.desk,
            failed=lambda error: tell(window, "Unfinished work", "It could not be opened.", words_for(error) or "", bad=True),
            quiet=True,
        )  # fmt: skip

    def _show(self, draft: Draft | None) -> None:
        window, page = self._window, self._window.page
        if draft is None or page is None or window.desk is None:
            return
        if window.desk.view is None:
            once = Qt.ConnectionType.SingleShotConnection
            window.desk.loaded.connect(lambda _view: self._show(draft), once)
            return
        if draft.as_of is not None and draft.as_of != draft.at.date():
            window.desk.as_of = draft.as_of  # somebody looked at another day; today is today's, not the day he locked
        if draft.ref:
            page.caseload.show_offender(draft.ref)
        if draft.page in dict.fromkeys(page.keys):
            page.show_view(draft.page)
        if draft.file_open and page.caseload.table.current is not None:
            page.caseload.open_file()
        told = [f"Stopped by the lock, to be started again: {title}." for title in draft.stopped]
        told += self._reopen(page, draft)
        self.pending = list(draft.forms)
        waiting = []
        for form in draft.forms:
            opener = self._opener(form, page, draft.ref)
            if opener is not None:
                opener()
            else:
                waiting.append(forms.words_of(form))
        if waiting:
            kept_words = KeptWords(waiting, window, again=True)
            kept_words.thrown_away.connect(self.pending.clear)
            kept_words.open()
        if told:
            when = f"{draft.at:%H:%M} on {draft.at.day} {draft.at:%b %Y}"
            tell(window, "Unfinished work", f"You are where you were at {when}.", "\n".join(told))

    def _opener(self, form: FormDraft, page: WorkspacePage, ref: str) -> Callable[[], object] | None:
        """What opens a form again by itself; the others are filled in once somebody opens them."""
        there = bool(ref) and page.caseload.table.current is not None and form.about == ref
        deeds = self._window.deeds
        if there:
            return {"VisitDialog": page.caseload.record_visit, "OffenderDialog": page.caseload.change_offender}.get(form.form)
        if not form.about:
            return {"OffenderDialog": deeds.add_offender, "ManagerDialog": deeds.add_manager}.get(form.form)
        return None

    def _reopen(self, page: WorkspacePage, draft: Draft) -> list[str]:
        """Proposals come back on the facts as they are now; the words say so."""
        from mosovo_planner.office.drafts import reopen_allocation, reopen_plan_draft

        session, told = page.desk.session, []
        if draft.policy is not None and session.may(Permission.APPROVE):
            page.make_view("policy").restore_unsaved(draft.policy)  # type: ignore[attr-defined]
            told.append("Changes to the policy are on its page, not in force.")
        may = session.may(Permission.PLAN)
        allocation, plan = draft.allocation, draft.plan
        if allocation is not None and may:
            self._work_out("allocation", lambda: reopen_allocation(session, allocation))
            told.append("The proposed allocation is on its page again, not approved; steps to undo were not kept.")
        if plan is not None and may:
            self._work_out("plan", lambda: reopen_plan_draft(session, plan))
            again = " What came up in its course has to be entered again." if plan.in_course else ""
            told.append(f"The proposed plan is on its page again, not approved; steps to undo were not kept.{again}")
        return told

    def _work_out(self, key: str, work: Callable[[], Any]) -> None:
        window, page = self._window, self._window.page
        assert page is not None
        view: Any = page.make_view(key)
        window.tasks.run(
            "Opening unfinished work", lambda _report: work(), done=lambda made: self._put_on_desk(view, made), owner=view,
            failed=lambda error: tell(window, "Unfinished work", "It could not be opened.", words_for(error) or "", bad=True),
        )  # fmt: skip

    @staticmethod
    def _put_on_desk(view: Any, work: object) -> None:
        view.history.begin(work)
        view.say("Kept when the screen locked, on the facts as they are now; not approved.")


class KeptWords(QDialog):
    """What was typed before a lock, to be read and copied; ``again`` says that opening the form fills it in."""

    thrown_away = Signal()

    def __init__(self, words: list[str], parent: Any = None, *, again: bool = False) -> None:
        super().__init__(parent)
        self.setWindowTitle("Unfinished work")
        self.resize(620, 420)
        told = (
            "These forms were open when the screen locked. Open a form again, and what you had typed stands in it; "
            "until then it is kept. Here it is to read or to copy."
            if again
            else "This found no place in the form any more. It is here to read or to copy."
        )
        self.words = text_field("What you had typed", "\n\n".join(words), read_only=True, height=240)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        if again:
            self.throw = button("&Throw away", self._throw, tip="It is not kept any longer")
            buttons.addButton(self.throw, QDialogButtonBox.ButtonRole.DestructiveRole)
        heading = label("Typed before the screen locked", role="heading")
        body = column(heading, label(told, wrap=True), self.words, buttons, margin=16)
        body.setStretch(2, 1)
        self.setLayout(body)

    def _throw(self) -> None:
        self.accept()
        self.thrown_away.emit()

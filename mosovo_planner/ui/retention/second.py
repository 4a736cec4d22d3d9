"""What the second person does: authorise a review, approve an erasure, or send either back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.retention import CRITERIA, Decision, RetentionReview, same_person
from mosovo_planner.office.retention import Erasure, RetentionView, approve_erasure, authorise_review, outliving, return_review
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, form, text_field, words_field
from mosovo_planner.ui.widgets import button, column, label


def settle_dialog(
    desk: Desk, view: RetentionView, review: RetentionReview, name: str, parent: QWidget | None = None
) -> EntryDialog:
    """The form for whoever settles a review: another person authorises or erases, the reviewer may only take it back."""
    if same_person(review.reviewer, desk.session.user):
        return TakeBackDialog(desk, review, name, parent)
    if review.decision is Decision.DISPOSE:
        return EraseDialog(desk, view, review, name, parent)
    return AuthoriseDialog(desk, review, name, parent)


class _SettleDialog(EntryDialog):
    """The review in words, remarks, and a button that sends it back."""

    def __init__(self, desk: Desk, review: RetentionReview, title: str, name: str, act: str, parent: QWidget | None) -> None:
        super().__init__(desk, title, name, act, parent)
        self.about = review.ref
        self.setMinimumWidth(680)
        self._review = review
        self._returning = False
        self.remarks = text_field("Remarks", hint="Needed where the review goes back", height=60)
        self.give_back = button("&Return with remarks", self._return)
        self.also = (self.give_back,)

    def _return(self) -> None:
        self._returning = True
        self.keep()
        self._returning = False

    def wrong(self) -> str:
        missing = self._returning and not self.remarks.toPlainText().strip()
        return "Say in the remarks why the review is returned." if missing else ""

    def work(self) -> Callable[[], object]:
        session, review, remarks = self.desk.session, self._review, self.remarks.toPlainText()
        if self._returning:
            return lambda: return_review(session, review, remarks)
        return self.settle()

    def settle(self) -> Callable[[], object]:
        """What the main button does."""
        raise AssertionError("each form says what it does")


class AuthoriseDialog(_SettleDialog):
    """A second person authorises that the record is kept."""

    def __init__(self, desk: Desk, review: RetentionReview, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, review, "Authorise a retention review", name, "&Authorise", parent)
        fields = form()
        fields.addRow("&Remarks", self.remarks)
        self.lay_out(column(label(review_words(review), wrap=True, selectable=True), fields, space=10), review.ref)
        self.remarks.setFocus()

    def settle(self) -> Callable[[], object]:
        session, review, remarks = self.desk.session, self._review, self.remarks.toPlainText()
        return lambda: authorise_review(session, review, remarks)


class TakeBackDialog(_SettleDialog):
    """Whoever filed a review takes it back."""

    def __init__(self, desk: Desk, review: RetentionReview, name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, review, "Take a retention review back", name, "&Take it back", parent)
        self.also = ()
        self._returning = True
        self.remarks.setPlaceholderText("Why")
        fields = form()
        fields.addRow("&Remarks", self.remarks)
        words = f"{review_words(review)}\n\nYou filed it, so another supervisor or manager has to settle it."
        self.lay_out(column(label(words, wrap=True, selectable=True), fields, space=10), review.ref)
        self.remarks.setFocus()


class EraseDialog(_SettleDialog):
    """A second person approves an erasure: what goes, what outlives it, and the reference typed to be sure."""

    erased = Signal(object)

    def __init__(
        self, desk: Desk, view: RetentionView, review: RetentionReview, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, review, "Approve an erasure", name, "&Erase for good", parent)
        self.act.setDefault(False)
        self.typed = words_field("Reference, typed to be sure", longest=60)
        self.kinds = text_field("What is erased", "\n".join(view.kinds), read_only=True, height=96)
        self.backups = text_field("Copies that outlive it", "Reading…", read_only=True, height=84)
        for field in (self.kinds, self.backups):
            field.setMaximumHeight(120)
        fields = form()
        fields.addRow("What is erased", self.kinds)
        fields.addRow("Copies that outlive it", self.backups)
        fields.addRow("&Remarks, if returned", self.remarks)
        fields.addRow(f"Type the re&ference {review.ref}", self.typed)
        held = view.retention.hold
        warning = (
            f"A legal hold is in force ({held.reason}). Nothing can be erased until it is lifted." if held
            else "This cannot be taken back. Older backups hold the record until they go; one brought back is cleared of it."
        )  # fmt: skip
        self.act.setEnabled(held is None)
        self._held = held is not None
        about = label(review_words(review), wrap=True, selectable=True)
        self.lay_out(column(about, fields, label(warning, role="error" if held else "section", wrap=True), space=10), review.ref)
        session = desk.session
        desk.tasks.run(
            "Looking at the backups", lambda _report: outliving(session), owner=self, quiet=True,
            done=lambda lines: self.backups.setPlainText("\n".join(lines) or "No backup is there."),
        )  # fmt: skip
        self.typed.setFocus()

    def _wait(self, waiting: bool) -> None:
        super()._wait(waiting)
        if self._held:
            self.act.setEnabled(False)

    def wrong(self) -> str:
        if self._returning:
            return super().wrong()
        same = self.typed.text().strip() == self._review.ref
        return "" if same else "Type the reference of the record that is to be erased."

    def settle(self) -> Callable[[], object]:
        session, review, typed = self.desk.session, self._review, self.typed.text()
        return lambda: approve_erasure(session, review, typed)

    def kept(self, result: object) -> None:
        """The file it was opened from has nothing to show any more, so that closes and tells everybody."""
        self.accept()
        self.erased.emit(result)


def erased_words(done: Erasure) -> str:
    """What is said once a record is erased."""
    return f"Certificate {done.certificate.id} is kept: File › Erasures shows and prints it. {done.not_compacted}".strip()


def review_words(review: RetentionReview) -> str:
    """The review in some lines."""
    dispose = review.decision is Decision.DISPOSE
    lines = [
        f"{review.reviewer} reviewed the record on {in_words(review.on)} and "
        + ("asks for it to be erased." if dispose else f"would {review.decision.label.lower()}."),
        f"Why: {review.ground.label}." if review.ground else "",
        f"Reason: {review.reason}",
        f"{review.group.label}.",
        f"Criteria that hold: {'; '.join(CRITERIA[key].lower() for key in review.criteria if key in CRITERIA) or 'none ticked'}.",
        f"Next review on {in_words(review.next_due)}." if review.next_due else "",
    ]
    return "\n".join(line for line in lines if line)

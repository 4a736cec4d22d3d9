"""Letting somebody in, giving a role, taking access away, and one's own pass phrase."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from mosovo_planner.domain.roles import Role
from mosovo_planner.office import members as office
from mosovo_planner.office.members import Member
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import EntryDialog, form, words_field
from mosovo_planner.ui.keys.words import role_choices, role_name, what_it_may
from mosovo_planner.ui.proposals.tools import two_lines
from mosovo_planner.ui.sign_in_form import SHORTEST, strength
from mosovo_planner.ui.widgets import button, choice, column, label, row


class KeysDialog(EntryDialog):
    """A form about users: :attr:`saved` fires when it was done; the caseload has not changed by it."""

    saved = Signal()

    def kept(self, _result: object) -> None:
        self.accept()
        self.saved.emit()


class LetInDialog(KeysDialog):
    """Somebody new, with a first pass phrase that he changes when he first signs in."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Let somebody in", "A new user", "&Let in", parent)
        self.setMinimumWidth(560)
        self.name = words_field("Name", longest=80, hint="As he will sign in: DC Sample 1234")
        self.role = choice("Role", role_choices())
        self.may = two_lines("What this role may do")
        self.role.currentIndexChanged.connect(lambda _: self._tell())
        self.first, self.again = secret("First pass phrase"), secret("First pass phrase again")
        self.made = label("", wrap=True, selectable=True)
        self.made.hide()
        self.hint = label(strength(""), role="muted", wrap=True)
        self.first.textEdited.connect(self._judge)
        fields = form()
        fields.addRow("&Name", self.name)
        fields.addRow("&Role", self.role)
        fields.addRow("", self.may)
        fields.addRow(label("&Pass phrase", buddy=self.first), row(self.first, button("&Make one", self.make_one)))
        fields.addRow("A&gain", self.again)
        note = label(
            "Give it to him in person. When he first signs in he must choose his own; nobody else knows that one.",
            role="muted", wrap=True,
        )  # fmt: skip
        self.lay_out(column(fields, self.made, self.hint, note, space=10))
        self._tell()
        self.name.setFocus()

    def make_one(self) -> None:
        """A first pass phrase by chance, shown so that it can be handed over."""
        letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
        phrase = "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
        for field in (self.first, self.again):
            field.setText(phrase)
        self.made.setText(f"First pass phrase to hand over: {phrase}")
        self.made.show()
        self.hint.setText("")

    def _judge(self, phrase: str) -> None:
        self.hint.setText(strength(phrase))
        self.made.hide()

    def _tell(self) -> None:
        self.may.setText(what_it_may(self.role.currentData()))

    def wrong(self) -> str:
        rules = (
            (not self.name.text().strip(), "Give the name under which he will sign in."),
            (len(self.first.text()) < SHORTEST, f"The pass phrase needs at least {SHORTEST} characters."),
            (self.first.text() != self.again.text(), "The two pass phrases differ; type them again."),
        )
        return next((words for broken, words in rules if broken), "")

    def work(self) -> Callable[[], object]:
        session, name, phrase = self.desk.session, self.name.text().strip(), self.first.text()
        role = Role(self.role.currentData())
        return lambda: office.let_in(session, name, phrase, role)


class RoleDialog(KeysDialog):
    """Another role for a user, with the reason."""

    def __init__(self, desk: Desk, member: Member, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Give another role", f"Another role for {member.name}", "&Give role", parent)
        self.setMinimumWidth(560)
        self._member = member
        self.about = member.name
        self.role = choice("Role", role_choices())
        self.role.setCurrentIndex(self.role.findData(member.role))
        self.may = two_lines("What this role may do")
        self.may.setText(what_it_may(member.role))
        self.role.currentIndexChanged.connect(lambda _: self.may.setText(what_it_may(self.role.currentData())))
        self.reason = words_field("Reason", hint="Posting, promotion, cover for leave")
        fields = form()
        fields.addRow("&Role", self.role)
        fields.addRow("", self.may)
        fields.addRow("Rea&son", self.reason)
        told = f"{role_name(member.role)} until now. The new role holds from his next signing in."
        self.lay_out(column(label(told, wrap=True), fields, space=10))

    def wrong(self) -> str:
        if Role(self.role.currentData()) is self._member.role:
            return "That is his role already."
        return "" if self.reason.text().strip() else "Give the reason; a line is enough."

    def work(self) -> Callable[[], object]:
        session, name, reason, role = self.desk.session, self._member.name, self.reason.text(), Role(self.role.currentData())
        return lambda: office.give_role(session, name, role, reason)


class TakeAccessDialog(KeysDialog):
    """Asks for the reason and says what will happen; the page does the work, which takes a while."""

    wanted = Signal(str)

    def __init__(self, desk: Desk, member: Member, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Take access away", f"Take access away from {member.name}", "&Take access away", parent)
        self.setMinimumWidth(600)
        self.about = member.name
        self.reason = words_field("Reason", hint="Left the team, suspended, key lost")
        told = (
            "He can no longer open the workspace, and may have kept its key: so a backup is made and the workspace is "
            "encrypted anew. Nobody else's pass phrase changes.",
            "Backups made before still open with his pass phrase. They are listed afterwards, to be destroyed or kept where "
            "he cannot get them.",
            "The name cannot be used again, for what he did must stay checkable. Should he come back, let him in under "
            "another name, such as his name with a number.",
        )
        fields = form()
        fields.addRow("Rea&son", self.reason)
        self.lay_out(column(*(label(each, wrap=True) for each in told), fields, space=10))
        self.reason.setFocus()

    def keep(self) -> None:
        reason = self.reason.text().strip()
        self._error.setText("" if reason else "Give the reason; a line is enough.")
        if reason:
            self.accept()
            self.wanted.emit(reason)


class PassphraseDialog(KeysDialog):
    """One's own pass phrase. ``told`` says why it is asked for."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, "Change pass phrase", desk.session.user, "&Change", parent)
        self.setMinimumWidth(520)
        self.old, self.new, self.again = secret("Pass phrase now"), secret("New pass phrase"), secret("New pass phrase again")
        self.hint = label(strength(""), role="muted", wrap=True)
        self.new.textChanged.connect(lambda text: self.hint.setText(strength(text)))
        fields = form()
        fields.addRow("Pass phrase &now", self.old)
        fields.addRow("Ne&w", self.new)
        fields.addRow("A&gain", self.again)
        told = "Backups made before open with the pass phrase of then."
        self.lay_out(column(fields, self.hint, label(told, role="muted", wrap=True), space=10))
        self.old.setFocus()

    def wrong(self) -> str:
        return wrong_new(self.old.text(), self.new.text(), self.again.text())

    def work(self) -> Callable[[], object]:
        session, old, new = self.desk.session, self.old.text(), self.new.text()
        return lambda: office.change_own_passphrase(session, old, new)


def wrong_new(old: str, new: str, again: str) -> str:
    """What is wrong with a change of pass phrase, in words; empty where nothing is."""
    rules = (
        (not old, "Give the pass phrase you have now."),
        (len(new) < SHORTEST, f"The new pass phrase needs at least {SHORTEST} characters."),
        (new != again, "The two new pass phrases differ; type them again."),
        (new == old, "The new pass phrase is the old one. Choose another."),
    )
    return next((words for broken, words in rules if broken), "")


def secret(name: str) -> QLineEdit:
    """A field for a pass phrase: hidden, not predicted, and never part of a kept draft."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    return made

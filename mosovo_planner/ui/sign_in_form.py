"""What the forms of the sign-in page have in common: fields for secrets, an error line, and a task that ends in a Session."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from mosovo_planner.office.session import Session
from mosovo_planner.ui.errors import words_for
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.widgets import label

SHORTEST = 12
"""Fewest characters of a pass phrase; Argon2id makes each guess slow, length makes them many."""

Enter = Callable[[Session, str], None]


class SignInForm(QWidget):
    """What both forms share: an error line, a busy state, and a task that ends in a Session."""

    def __init__(self, tasks: Tasks, enter: Enter) -> None:
        super().__init__()
        self._tasks = tasks
        self._enter = enter
        self.error = label("", role="error", wrap=True)
        self.secrets: tuple[QLineEdit, ...] = ()

    def clear_secrets(self) -> None:
        for field in self.secrets:
            field.clear()

    def say(self, words: str) -> None:
        self.error.setText(words)
        self.error.setVisible(bool(words))

    def _start(self, title: str, open_it: Callable[[str, str, str], Session], address: str, user: str) -> None:
        passphrase = self.secrets[0].text()
        self.say("")
        self.setEnabled(False)
        self._tasks.run(
            title,
            lambda _report: open_it(address, user, passphrase),
            done=lambda session: self._done(session, address),
            failed=self._failed,
            owner=self,
            quiet=True,
        )

    def _done(self, session: Session, address: str) -> None:
        self.setEnabled(True)
        self._enter(session, address)

    def _failed(self, error: BaseException) -> None:
        self.setEnabled(True)
        words = words_for(error)
        if words is None:
            raise error
        self.say(words)
        self.secrets[0].setFocus()
        self.secrets[0].selectAll()


def strength(passphrase: str) -> str:
    """How good a pass phrase is, in words: length counts, repetition does not."""
    if not passphrase:
        return f"At least {SHORTEST} characters. Four or five words that do not belong together are strong and easy to keep."
    if len(passphrase) < SHORTEST:
        return f"Too short: {SHORTEST - len(passphrase)} more."
    if len(set(passphrase.casefold())) < 7:
        return "Weak: the same few characters again and again."
    words = len(passphrase.split())
    return "Strong." if len(passphrase) >= 20 or words >= 4 else "Fair. Another word makes it strong."


def sign_in_field(name: str, *, secret: bool = False) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
        made.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
    return made


def sign_in_layout() -> QFormLayout:
    form = QFormLayout()
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    form.setVerticalSpacing(10)
    form.setHorizontalSpacing(14)
    return form

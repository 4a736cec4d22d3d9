"""A pass phrase that somebody else chose is changed before anything is shown."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from mosovo_planner.office.session import Session
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.sign_in_form import SHORTEST, Enter, SignInForm, sign_in_field, sign_in_layout, strength
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.widgets import button, card, column, label, row

_PATIENCE_MS = 300_000
"""How long a workspace stays open for somebody who has to choose his pass phrase; nothing of it is on show."""


class FirstChange(SignInForm):
    """A pass phrase that somebody else chose is changed before anything is shown."""

    def __init__(self, tasks: Tasks, settings: Settings, enter: Enter) -> None:
        super().__init__(tasks, enter)
        self._settings = settings
        self._session: Session | None = None
        self._address = ""
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._give_up)
        self.old = sign_in_field("Pass phrase you were given", secret=True)
        self.passphrase = sign_in_field("New pass phrase", secret=True)
        self.again = sign_in_field("New pass phrase again", secret=True)
        self.secrets = (self.old, self.passphrase, self.again)
        self.hint = label("", role="muted", wrap=True)
        self.passphrase.textChanged.connect(lambda text: self.hint.setText(strength(text)))
        self.again.returnPressed.connect(self.submit)
        self.back = button("&Back", lambda: None)
        form = sign_in_layout()
        form.addRow("Pass phrase you were gi&ven", self.old)
        form.addRow("&New", self.passphrase)
        form.addRow("A&gain", self.again)
        told = label(
            "Somebody else chose the pass phrase you signed in with. Choose your own, which nobody else knows: what is done "
            "with it is recorded under your name.", wrap=True,
        )  # fmt: skip
        change = button("&Change and open", self.submit, primary=True)
        box = column(told, form, self.hint, self.error, row(change, self.back, None), margin=18, space=12)
        self.setLayout(column(label("Choose your pass phrase", role="title"), card(box), space=12))

    def ask(self, session: Session, address: str) -> None:
        self._session, self._address = session, address
        self._patience.start()
        self.clear_secrets()
        self.hint.setText(strength(""))
        self.say("")

    def _give_up(self) -> None:
        self.back.click()

    def leave(self) -> None:
        """Sign out again without a change."""
        session, self._session = self._session, None
        self._patience.stop()
        self.clear_secrets()
        if session is not None:
            session.close()

    def wrong(self) -> str:
        """What is wrong with the form, in words; empty where nothing is."""
        old, new = self.old.text(), self.passphrase.text()
        rules = (
            (not old, "Give the pass phrase you were given."),
            (len(new) < SHORTEST, f"The new pass phrase needs at least {SHORTEST} characters."),
            (new != self.again.text(), "The two new pass phrases differ; type them again."),
            (new == old, "The new pass phrase is the old one. Choose another."),
        )
        return next((words for broken, words in rules if broken), "")

    def submit(self) -> None:
        words, session = self.wrong(), self._session
        if words or session is None:
            self.say(words)
            return
        from mosovo_planner.office.members import change_own_passphrase

        old, new = self.old.text(), self.passphrase.text()
        self.say("")
        self.setEnabled(False)
        self._tasks.run(
            "Changing the pass phrase", lambda _report: change_own_passphrase(session, old, new),
            done=lambda _none: self._changed(session), failed=self._failed, owner=self, quiet=True,
        )  # fmt: skip

    def _changed(self, session: Session) -> None:
        self._session = None
        self._patience.stop()
        self._done(session, self._address)

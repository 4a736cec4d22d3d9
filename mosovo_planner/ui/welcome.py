"""The first page: open a workspace, make one, or try the program on an invented force."""

from __future__ import annotations

import getpass
import math
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QStackedWidget, QWidget

from mosovo_planner.office.session import Session, new_workspace, open_session, wait_before_signing_in
from mosovo_planner.ui.first_change import FirstChange
from mosovo_planner.ui.lock.restart import Locked
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.sign_in_form import SHORTEST, Enter, SignInForm, sign_in_field, sign_in_layout, strength
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.widgets import button, card, column, label, line, row

_WIDTH = 560
_TICK_MS = 250


class Welcome(QStackedWidget):
    """``entered`` brings the Session; ``demo_wanted`` asks for the invented force. Pass phrases are never kept.

    ``restore_wanted`` brings address, name, pass phrase and the backup that the user wants instead of a damaged workspace.
    """

    entered = Signal(object)
    demo_wanted = Signal()
    restore_wanted = Signal(str, str, str, object)

    def __init__(self, tasks: Tasks, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.sign_in = _SignIn(tasks, settings, self._enter)
        self.create_form = _Create(tasks, settings, self._enter)
        self.sign_in.make_new.clicked.connect(lambda _checked: self.show_new())
        self.sign_in.demo.clicked.connect(lambda _checked: self.demo_wanted.emit())
        self.create_form.back.clicked.connect(lambda _checked: self.show_sign_in())
        self.sign_in.restore_wanted.connect(self.restore_wanted)
        self.first_change = FirstChange(tasks, settings, self._enter)
        self.first_change.back.clicked.connect(lambda _checked: self.show_sign_in())
        for page in (self.sign_in, self.create_form, self.first_change):
            self.addWidget(_centred(page))

    def show_sign_in(self, address: str = "") -> None:
        self.first_change.leave()
        self.sign_in.prepare(address)
        self.setCurrentIndex(0)
        self.sign_in.first_field().setFocus()

    def show_locked(self, locked: Locked) -> None:
        """The sign-in page after a lock: the same workspace and name, why it locked, and what became of unfinished work."""
        self.show_sign_in(locked.address)
        self.sign_in.user.setText(locked.user)
        self.sign_in.locked.setText(locked.words)
        self.sign_in.locked.show()

    def show_thrown_away(self) -> None:
        """The sign-in page after an invented force was locked: it is gone, and nobody could sign in to it again."""
        self.show_sign_in()
        self.sign_in.locked.setText("The invented force is closed and thrown away. Nothing in it was about anybody.")
        self.sign_in.locked.show()

    def show_new(self) -> None:
        self.create_form.prepare()
        self.setCurrentIndex(1)
        self.create_form.folder.setFocus()

    def _enter(self, session: Session, address: str) -> None:
        from mosovo_planner.office.members import must_change_passphrase

        if must_change_passphrase(session):
            self.sign_in.clear_secrets()
            self.first_change.ask(session, address)
            self.setCurrentIndex(2)
            self.first_change.old.setFocus()
            return
        self._settings.remember_workspace(address)
        self._settings.user = session.user
        self.sign_in.clear_secrets()
        self.create_form.clear_secrets()
        self.first_change.clear_secrets()
        self.entered.emit(session)


class _SignIn(SignInForm):
    """Open a workspace that exists."""

    restore_wanted = Signal(str, str, str, object)

    def __init__(self, tasks: Tasks, settings: Settings, enter: Enter) -> None:
        super().__init__(tasks, enter)
        self._settings = settings
        self.address = QComboBox()
        self.address.setEditable(True)
        self.address.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for part in (self.address, self.address.view()):
            part.setAccessibleName("Workspace: a folder or a database address")
        self.address.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.address.setMinimumContentsLength(20)
        self.user = sign_in_field("Name")
        self.passphrase = sign_in_field("Pass phrase", secret=True)
        self.secrets = (self.passphrase,)
        self._refused = False
        self.locked = label("", role="section", wrap=True)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self._count_down)
        self.open_button = button("&Open workspace", self.submit, primary=True)
        self.restore = button("&Bring back a backup…", self.offer_restore, tip="You are told first what would be lost")
        self.local = button("Open a &local copy…", self.open_locally, tip="On this computer's own disk; the other one stays")
        self.make_new = button("&New workspace…", lambda: None)
        self.demo = button("&Try with an invented force", lambda: None)
        for field in (self.user, self.passphrase):
            field.returnPressed.connect(self.submit)
        self.user.editingFinished.connect(self._count_down)
        self.address.currentTextChanged.connect(lambda _text: self._count_down())
        self._lay_out()
        self.prepare("")

    def _lay_out(self) -> None:
        form = sign_in_layout()
        form.addRow(label("&Workspace", buddy=self.address), _wide(self.address, button("&Browse…", self._browse)))
        form.addRow("Na&me", self.user)
        form.addRow("&Pass phrase", self.passphrase)
        title = label("Open a workspace", role="heading")
        box = column(
            title, self.locked, form, self.error, row(self.open_button, self.restore, self.local, None), margin=18, space=12
        )
        begin = column(
            label("Not set up yet?", role="heading"),
            label("A workspace is an encrypted folder. The first person in it is its supervisor and keeper of keys.",
                  role="muted", wrap=True),
            row(self.make_new, self.demo, None),
            label("The invented force is thrown away when the window closes.", role="muted", wrap=True),
            margin=18,
        )  # fmt: skip
        self.setLayout(
            column(
                label("MOSOVO Planner", role="title"),
                label("Caseload, allocation by location and weeks of paired visits.", role="muted", wrap=True),
                card(box), card(begin), space=12,
            )
        )  # fmt: skip

    def prepare(self, address: str) -> None:
        self.address.clear()
        self.address.addItems(list(self._settings.recent_workspaces))
        self.address.setEditText(address or next(iter(self._settings.recent_workspaces), ""))
        self.user.setText(self._settings.user or getpass.getuser())
        self.clear_secrets()
        self.locked.hide()
        self.restore.hide()
        self.local.hide()
        self.say("")
        self._count_down()

    def seconds_to_wait(self) -> float:
        """How long this name has to wait at this workspace after wrong pass phrases.

        Asked once a try was refused here: before, the store's libraries are not loaded, and it refuses a first try by itself.
        """
        if not self._refused:
            return 0.0
        address, user = self.address.currentText().strip(), self.user.text().strip()
        return wait_before_signing_in(address, user) if address and user else 0.0

    def _count_down(self) -> None:
        """Show how long the next try has to wait, second by second; the window stays usable meanwhile."""
        left = math.ceil(self.seconds_to_wait())
        counting = self._tick.isActive()
        self.open_button.setEnabled(not left)
        if left:
            self.say(f"Wrong pass phrases were given. The next try can be made in {left // 60}:{left % 60:02d}.")
            self._tick.start()
        elif counting:
            self._tick.stop()
            self.say("")
            self.passphrase.setFocus()

    def _failed(self, error: BaseException) -> None:
        from mosovo_planner.office.restore import is_damaged, is_refused_place  # the store's libraries are loaded by now

        self._refused = True
        super()._failed(error)
        self.restore.setVisible(is_damaged(error))
        self.local.setVisible(is_refused_place(error))
        self._count_down()

    def open_locally(self) -> None:
        """Ask where on the own disk the copy goes, copy it there, and open it."""
        name, _ = QFileDialog.getSaveFileName(self, "New folder for the local copy", str(Path.home() / "Caseload.vp"))
        if name:
            self.copy_to(name)

    def copy_to(self, target: str) -> None:
        from mosovo_planner.office.restore import open_local_copy

        source, user, passphrase = self.address.currentText().strip(), self.user.text().strip(), self.passphrase.text()
        self.say("")
        self.setEnabled(False)
        self._tasks.run(
            "Copying the workspace", lambda report: open_local_copy(source, target, user, passphrase, report),
            done=lambda session: self._done(session, target), failed=self._failed, owner=self,
        )  # fmt: skip

    def offer_restore(self) -> None:
        """The workspace is damaged: the newest backup that is whole, with what would be lost."""
        from mosovo_planner.ui.restore.dialog import RestoreDialog

        address, user = self.address.currentText().strip(), self.user.text().strip()
        dialog = RestoreDialog(self._tasks, address, user, self, passphrase=self.passphrase.text())
        dialog.agreed.connect(lambda backup, passphrase: self.restore_wanted.emit(address, user, passphrase, backup))
        dialog.open()

    def first_field(self) -> QWidget:
        """Where the cursor belongs: the first thing still missing."""
        return self.passphrase if self.address.currentText() else self.address

    def submit(self) -> None:
        address, user = self.address.currentText().strip(), self.user.text().strip()
        missing = (
            (not address, "Choose the workspace: its folder, or the address of its database."),
            (not user, "Give the name under which you sign in."),
            (not self.passphrase.text(), "Give your pass phrase."),
        )
        words = next((words for lacks, words in missing if lacks), "")
        if words:
            self.say(words)
        elif self.seconds_to_wait() > 0:
            self._count_down()
        else:
            self._start("Opening the workspace", open_session, address, user)

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose the workspace's folder", self.address.currentText())
        if chosen:
            self.address.setEditText(chosen)
            self.passphrase.setFocus()


class _Create(SignInForm):
    """Make a new workspace."""

    def __init__(self, tasks: Tasks, settings: Settings, enter: Enter) -> None:
        super().__init__(tasks, enter)
        self._settings = settings
        self.folder = sign_in_field("Folder of the new workspace")
        self.user = sign_in_field("Name")
        self.passphrase = sign_in_field("Pass phrase", secret=True)
        self.again = sign_in_field("Pass phrase again", secret=True)
        self.secrets = (self.passphrase, self.again)
        self.hint = label("", role="muted", wrap=True)
        self.passphrase.textChanged.connect(lambda text: self.hint.setText(strength(text)))
        self.again.returnPressed.connect(self.submit)
        self.back = button("&Back", lambda: None)
        form = sign_in_layout()
        form.addRow(label("&Folder", buddy=self.folder), _wide(self.folder, button("B&rowse…", self._browse)))
        form.addRow("Your na&me", self.user)
        form.addRow("&Pass phrase", self.passphrase)
        form.addRow("A&gain", self.again)
        warning = label(
            "Nobody can open the workspace without a pass phrase, we neither. Keep it where the force keeps its keys.", wrap=True
        )
        make = button("&Make workspace", self.submit, primary=True)
        box = column(form, self.hint, line(), warning, self.error, row(make, self.back, None), margin=18, space=12)
        self.setLayout(column(label("New workspace", role="title"), card(box), space=12))

    def prepare(self) -> None:
        self.user.setText(self._settings.user or getpass.getuser())
        self.clear_secrets()
        self.hint.setText(strength(""))
        self.say("")

    def wrong(self) -> str:
        """What is wrong with the form, in words; empty where nothing is."""
        rules = (
            (not self.folder.text().strip(), "Choose a folder for the workspace."),
            (not self.user.text().strip(), "Give your name, as you will sign in with it."),
            (len(self.passphrase.text()) < SHORTEST, f"The pass phrase needs at least {SHORTEST} characters."),
            (self.passphrase.text() != self.again.text(), "The two pass phrases differ; type them again."),
        )
        return next((words for broken, words in rules if broken), "")

    def submit(self) -> None:
        words = self.wrong()
        if words:
            self.say(words)
        else:
            self._start("Making the workspace", new_workspace, self.folder.text().strip(), self.user.text().strip())

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose where the workspace's folder goes", str(Path.home()))
        if chosen:
            self.folder.setText(str(Path(chosen) / "Caseload"))


def _wide(first: QWidget, second: QWidget) -> QHBoxLayout:
    """Two widgets in a row, the first as wide as can be."""
    made = row(first, second)
    made.setStretch(0, 1)
    return made


def _centred(inside: QWidget) -> QWidget:
    inside.setFixedWidth(_WIDTH)
    around = QWidget()
    around.setLayout(row(None, column(None, inside, None), None, margin=16))
    return around

"""Users and keys on one page: who may use the workspace, let in and shut out, roles, pass phrases, recovery code."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from mosovo_planner.office import members as office
from mosovo_planner.office.members import KeysView, Member, RecoveryCode, ShutOut
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.entry import text_field
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.keys.dialogs import LetInDialog, PassphraseDialog, RoleDialog, TakeAccessDialog
from mosovo_planner.ui.keys.recovery import RecoveryDialog
from mosovo_planner.ui.keys.words import role_name
from mosovo_planner.ui.table import Column, Table, TablePanel
from mosovo_planner.ui.widgets import ask, button, button_box, column, label, row

_TONES: dict[str, str | None] = {"Active": "good", "First pass phrase": "warn", "No access": None}


class UsersPage(QWidget):
    """For keepers of keys. It shows nothing of the caseload."""

    title = "Users and keys"

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.view: KeysView | None = None
        self.heading = label("", role="heading", wrap=True)
        self.note = label("", wrap=True, selectable=True)
        self.table: Table[Member] = Table("users", "Users", _COLUMNS, lambda each: each.name, settings=desk.settings)
        self.table.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.table.chosen.connect(lambda _: self._enable())
        self.table.opened.connect(lambda _: self.give_role())
        self.panel = TablePanel(self.table, hint="Search users  (Ctrl+F)", empty="Nobody has a key.")
        self.start_search = self.panel.start_search
        self.add_button = button("&Let somebody in…", self.let_in, primary=True)
        self.role_button = button("&Give role…", self.give_role)
        self.take_button = button("&Take access away…", self.take_access)
        self.own_button = button("Change my &pass phrase…", self.change_own)
        self.code_button = button("New re&covery code…", self.ask_for_code)
        acts = row(self.add_button, self.role_button, self.take_button, None, self.own_button, self.code_button)
        body = column(self.heading, self.note, self.panel, acts, margin=12)
        body.setStretch(2, 1)
        self.setLayout(body)
        self._enable()
        self.refresh()

    def refresh(self) -> None:
        """Read the users, off the GUI thread."""
        session = self._desk.session
        self._desk.tasks.run(
            "Reading the users", lambda _report: office.view_members(session), done=self._show, owner=self,
            key=f"users-{id(self)}", quiet=True,
        )  # fmt: skip

    def _show(self, view: KeysView) -> None:
        self.view = view
        people = [each for each in view.members if not each.recovery]
        active = sum(each.active for each in people)
        gone = len(people) - active
        words = f"{active} user{'s' if active != 1 else ''} with access"
        self.heading.setText(f"{words}, {gone} without." if gone else f"{words}.")
        if view.on_server:
            self.note.setText(office.ON_SERVER)
        elif view.has_recovery:
            self.note.setText("A recovery code was made; it opens the workspace where pass phrases are lost.")
        else:
            self.note.setText(
                "No recovery code was made. Where the last supervisor forgets his pass phrase, nobody can open the workspace: "
                "make one, print it and lock it away."
            )
        self.table.set_rows(people)
        self.table.sort_by("name")
        self._enable()

    def _enable(self) -> None:
        view, chosen = self.view, self.table.current
        ours = view is not None and not view.on_server
        other = ours and chosen is not None and chosen.active and view is not None and chosen.name != view.user
        self.add_button.setEnabled(ours)
        self.code_button.setEnabled(ours)
        self.own_button.setEnabled(ours)
        self.role_button.setEnabled(other)
        self.take_button.setEnabled(other)

    # Acts

    def let_in(self) -> None:
        dialog = LetInDialog(self._desk, self)
        dialog.saved.connect(self.refresh)
        dialog.open()

    def give_role(self) -> None:
        chosen = self.table.current
        if chosen is not None and self.role_button.isEnabled():
            dialog = RoleDialog(self._desk, chosen, self)
            dialog.saved.connect(self.refresh)
            dialog.open()

    def take_access(self) -> None:
        chosen = self.table.current
        if chosen is not None:
            dialog = TakeAccessDialog(self._desk, chosen, self)
            dialog.wanted.connect(lambda reason: self._take(chosen.name, reason))
            dialog.open()

    def _take(self, name: str, reason: str) -> None:
        session = self._desk.session
        self.take_button.setEnabled(False)
        self._desk.tasks.run(
            "Encrypting the workspace anew", lambda report: office.take_access(session, name, reason, report),
            done=self._taken, failed=self._not_taken, owner=self,
        )  # fmt: skip

    def _taken(self, left: ShutOut) -> None:
        self.refresh()
        LeftBackups(left, self).open()

    def _not_taken(self, error: BaseException) -> None:
        self.refresh()
        show_error(self, error, "Access was not taken away")

    def change_own(self) -> None:
        PassphraseDialog(self._desk, self).open()

    def ask_for_code(self) -> None:
        more = "The code before this one no longer opens anything." if self.view and self.view.has_recovery else ""
        ask(
            self, "Recovery code", "Make a recovery code now?",
            more=f"It is shown once. Have a printer or a pen at hand, and nobody behind you. {more}".strip(),
            yes="Make it", do=self._make_code,
        )  # fmt: skip

    def _make_code(self) -> None:
        session = self._desk.session
        self._desk.tasks.run(
            "Making a recovery code", lambda _report: office.new_recovery_code(session), done=self._show_code, owner=self,
            failed=lambda error: show_error(self, error, "No recovery code was made"),
        )  # fmt: skip

    def _show_code(self, code: RecoveryCode) -> None:
        self.refresh()
        RecoveryDialog(self._desk, code, self._desk.session.title, self).open()


class LeftBackups(QDialog):
    """The backups that somebody who was shut out can still open."""

    def __init__(self, left: ShutOut, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Access taken away")
        self.resize(680, 360)
        if left.backups:
            count = f"{len(left.backups)} backup{'s' if len(left.backups) != 1 else ''}"
            told = (
                f"The workspace is encrypted anew and {left.name} can no longer open it. {count} made before still open with "
                "his pass phrase. Destroy them, or see that he cannot get them; backups made from now on he cannot open."
            )
        else:
            told = f"The workspace is encrypted anew and {left.name} can no longer open it; nor is there a backup that he could."
        lines = [f"{at:%d %b %Y %H:%M}  {why}  {folder}" for at, why, folder in left.backups]
        self.list = text_field("Backups that still open with his pass phrase", "\n".join(lines), read_only=True, height=160)
        self.list.setVisible(bool(lines))
        other = label("Copies elsewhere (other drives, the force's own backups) are not known to the program.", wrap=True)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        self.setLayout(column(label("Done", role="heading"), label(told, wrap=True), self.list, other, buttons, margin=16))


_COLUMNS: tuple[Column[Member], ...] = (
    Column("name", "Name", lambda each: each.name, width=28),
    Column("role", "Role", lambda each: role_name(each.role), width=18),
    Column("state", "State", lambda each: each.state, width=18, tone=lambda each: _TONES[each.state]),
    Column("team", "Team", lambda each: each.team or "All", width=14),
    Column("login", "Login", lambda each: each.login, width=14, visible=False),
    Column("since", "Let in", lambda each: each.created_at.astimezone().date(), width=14),
    Column("by", "By", lambda each: each.created_by, width=22),
)

"""The one window: banner, menus, the page on show, the status bar. What actions do is in ``deeds``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QStackedWidget, QWidget

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import ScreenRules, Session, screen_rules
from mosovo_planner.ui.actions import ACTIONS, VIEWS, ActionSpec, keys_of
from mosovo_planner.ui.clipboard import clear_copied
from mosovo_planner.ui.deeds import Deeds
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.icons import icon
from mosovo_planner.ui.lock.locker import Locker
from mosovo_planner.ui.others import Others
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.statusbar import StatusBar
from mosovo_planner.ui.tasks import Tasks
from mosovo_planner.ui.theme import Theme
from mosovo_planner.ui.welcome import Welcome
from mosovo_planner.ui.widgets import ask, column, label, tell
from mosovo_planner.ui.workspace_page import WorkspacePage

if TYPE_CHECKING:  # the store's libraries are not needed to show the window
    from mosovo_planner.office.care import Cared

_NAME = "MOSOVO Planner"
_MARKING = "OFFICIAL-SENSITIVE"
_LAST_WAIT_MS = 8000
_BACKUP_AFTER_MS = 20_000


class MainWindow(QMainWindow):
    """Either the sign-in page or one open workspace."""

    def __init__(self, settings: Settings, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.theme = theme
        self.tasks = Tasks(self)
        self.tasks.unhandled = lambda error: show_error(self, error)
        self.desk: Desk | None = None
        self.others: Others | None = None
        self.page: WorkspacePage | None = None
        self.actions_by_name: dict[str, QAction] = {}
        self.deeds = Deeds(self)
        self.locker = Locker(self)
        self._closing = False
        self._backup_soon = QTimer(self, singleShot=True, interval=_BACKUP_AFTER_MS)
        self._backup_soon.timeout.connect(self._back_up_if_due)
        self._ended: list[Session] = []
        self.banner = label(_MARKING, role="banner")
        self.banner.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.welcome = Welcome(self.tasks, settings)
        self.welcome.entered.connect(self.enter)
        self.welcome.demo_wanted.connect(self.deeds.open_demo)
        self.welcome.restore_wanted.connect(self.deeds.restore)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.welcome)
        body = column(self.banner, self._pages, space=0)
        body.setStretch(1, 1)
        middle = QWidget()
        middle.setLayout(body)
        self.setCentralWidget(middle)
        self.status_bar = StatusBar(self.tasks)
        self.status_bar.missing_clicked.connect(self.deeds.show_missing)
        self.setStatusBar(self.status_bar)
        self._make_menus()
        self.theme.changed.connect(self._recolour)
        self._recolour()
        self.tasks.idle.connect(self._close_ended)
        self.tasks.idle.connect(self._close_when_idle)
        self._restore_place()
        self.leave()

    # A workspace comes and goes

    def enter(self, session: Session) -> None:
        """Show a workspace; the one open before is closed."""
        self.leave()
        self.desk = Desk(session, self.tasks, self.settings, self)
        self.desk.loaded.connect(self._read_rules)
        self.page = WorkspacePage(self.desk, self.actions_by_name)
        self.page.rounds_wanted.connect(self.deeds.print_rounds)
        self.page.month_wanted.connect(self.deeds.print_month)
        self.page.offduty.logs_wanted.connect(self.deeds.read_logs)
        self.page.offduty.folder_wanted.connect(self.deeds.choose_watched_folder)
        self._pages.addWidget(self.page)
        self._pages.setCurrentWidget(self.page)
        self.status_bar.show_desk(self.desk)
        self.setWindowTitle(f"{session.title} – {_NAME}")
        self.refresh_permissions()
        first = next(iter(self.page.keys), "caseload")
        self.page.show_view(first)
        if first == "caseload":
            self.page.caseload.table.setFocus()
        self._read_rules()
        self._backup_soon.start()
        if session.may(Permission.VIEW):
            self.desk.reload()
        else:
            self._ask_only(session)
        self.locker.guard(session)
        self.others = Others(self.desk)
        if session.warnings:
            tell(self, "Workspace", "Something about this workspace is doubtful.", " ".join(session.warnings))

    def _read_rules(self, _view: object = None) -> None:
        """The marking and the minutes until the window locks, which hold for every role."""
        if self.desk is not None:
            session = self.desk.session
            self.tasks.run(
                "Reading the rules", lambda _report: screen_rules(session), done=self._follow_rules, owner=self.desk, quiet=True
            )

    def _follow_rules(self, rules: ScreenRules) -> None:
        self.banner.setText(rules.marking)
        self.locker.watch.minutes = rules.lock_minutes

    def _ask_only(self, session: Session) -> None:
        """Who may not see the caseload sees nothing of it; a frontline officer is asked for his question at once."""
        assert self.page is not None
        words = "Your role may not see the caseload."
        if session.may(Permission.ASK):
            words += " Ask who manages somebody: Edit › Who manages him?… (Ctrl+K)."
            self.deeds.who()
        self.page.caseload.panel.show_empty_words(words)

    def _back_up_if_due(self) -> None:
        """A look at every page and today's backup, once the first reads are done; where it fails, the user is told."""
        if self.desk is None:
            return
        from mosovo_planner.office.care import daily_care

        session = self.desk.session
        self.tasks.run(
            "Looking after the workspace", lambda report: daily_care(session, report), done=self._backed_up, owner=self.desk,
            quiet=True, failed=lambda error: show_error(self, error, "Today's backup was not made"),
        )  # fmt: skip

    def _backed_up(self, done: Cared) -> None:
        if done.damage:
            self._tell_damage("; ".join(done.damage))
        elif done.trial is not None and not done.trial.ok:
            more = f"{'; '.join(done.trial.problems)}. Make another one now and choose it for a restore: File › Backups."
            tell(self, "Backups", "The newest backup was tried, and could not be brought back whole.", more, bad=True)
        elif done.made is not None:
            self.statusBar().showMessage("Today's backup was made and checked.", 6000)

    def _tell_damage(self, problems: str) -> None:
        text = "The file of this workspace is damaged. It can be looked at, but takes no changes any more."
        more = f"Found while you worked: {problems}. What was saved up to the newest backup is whole."
        if self.desk is not None and self.desk.session.may(Permission.KEEP_KEYS):
            cure = "Bring a backup back, now or later (File › Backups): you are told what would be lost before anything moves."
            ask(self, "Workspace", text, more=f"{more} {cure}", yes="Bring a backup back…", do=self.deeds.offer_restore)
        else:
            tell(self, "Workspace", text, f"{more} Ask a supervisor to bring a backup back: File › Backups.", bad=True)

    def leave(self, *, keeping: bool = False) -> None:
        """Close the open workspace, if there is one, and show the sign-in page; ``keeping`` where its draft was kept."""
        self._backup_soon.stop()
        if not keeping:
            self.locker.leave_behind()
        self.locker.rest()
        clear_copied()
        if self.others is not None:
            self.others.stop()
            self.others = None
        self.tasks.cancel_all()
        self.status_bar.show_desk(None)
        if self.page is not None and self.desk is not None:
            self._pages.removeWidget(self.page)
            self.page.deleteLater()
            self.desk.deleteLater()
            self._ended.append(self.desk.session)
        self._close_ended()
        self.page = self.desk = None
        self.setWindowTitle(_NAME)
        self.banner.setText(_MARKING)
        self._pages.setCurrentWidget(self.welcome)
        self.welcome.show_sign_in()
        self.refresh_permissions()

    def _close_ended(self) -> None:
        """Close workspaces that were left, once no work holds one any more."""
        while self._ended and not self.tasks.running:
            self._ended.pop().close()

    # Menus

    def _make_menus(self) -> None:
        menus: dict[str, QMenu] = {}
        views = QActionGroup(self)
        for spec in ACTIONS:
            menu = menus.get(spec.menu) or menus.setdefault(spec.menu, self.menuBar().addMenu(spec.menu))
            action = self._make_action(spec)
            if spec.checkable:
                views.addAction(action)
            menu.addAction(action)
            if spec.ends_group:
                menu.addSeparator()
        self._add_look_menu(menus["&View"])
        self.columns_menu = menus["&View"].addMenu("&Columns")
        self.columns_menu.aboutToShow.connect(self._fill_columns_menu)
        menus["&Edit"].aboutToShow.connect(self.deeds.name_undo)
        menus["&Edit"].aboutToHide.connect(self.deeds.release_undo)

    def _make_action(self, spec: ActionSpec) -> QAction:
        action = QAction(spec.text, self)
        action.setShortcuts(keys_of(spec))
        action.setStatusTip(spec.tip)
        action.setCheckable(spec.checkable)
        if spec.icon:
            action.setIcon(icon(spec.icon))
        view = spec.name.removeprefix("show_")
        if view in dict(VIEWS):
            action.triggered.connect(lambda _=False: self.show_view(view))
        else:
            action.triggered.connect(lambda _=False: getattr(self.deeds, spec.name)())
        self.actions_by_name[spec.name] = action
        return action

    def _add_look_menu(self, view_menu: QMenu) -> None:
        looks = view_menu.addMenu("&Theme")
        group = QActionGroup(self)
        for choice, text in (("system", "&As the desktop"), ("light", "&Light"), ("dark", "&Dark")):
            action = QAction(text, self, checkable=True, checked=self.theme.choice == choice)
            action.triggered.connect(lambda _=False, choice=choice: self.choose_look(choice))
            group.addAction(action)
            looks.addAction(action)

    def choose_look(self, choice: str) -> None:
        """Light, dark or as the desktop; remembered."""
        self.settings.theme = choice
        self.theme.choose(choice)

    def _recolour(self) -> None:
        self.setStyleSheet(self.theme.sheet)  # dialogs take it from their parent
        for spec in ACTIONS:
            if spec.icon:
                self.actions_by_name[spec.name].setIcon(icon(spec.icon))

    def _fill_columns_menu(self) -> None:
        self.columns_menu.clear()
        table = self.page.table if self.page else None
        if table is None:
            self.columns_menu.addAction("This view has no columns to choose").setEnabled(False)
        else:
            self.columns_menu.addActions(table.column_actions(self.columns_menu))

    def refresh_permissions(self) -> None:
        """Enable what the role may do; say why where it may not."""
        session = self.desk.session if self.desk else None
        for spec in ACTIONS:
            allowed = spec.needs is None or (session is not None and session.may(spec.needs))
            action = self.actions_by_name[spec.name]
            action.setEnabled(allowed and (session is not None or not spec.workspace))
            action.setStatusTip(spec.tip if allowed or session is None else "Your role does not allow this; ask a supervisor.")

    def show_view(self, key: str) -> None:
        if self.page is not None:
            self.page.show_view(key)

    # Closing

    def _restore_place(self) -> None:
        self.resize(1280, 720)
        state = self.settings.state("window/1")
        if state is not None:
            self.restoreGeometry(state)

    def remember_place(self) -> None:
        """Where the window stands, for the next start."""
        self.settings.save_state("window/1", self.saveGeometry())
        self.settings.write()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs, wait for it to let go of the workspace, then close."""
        self.remember_place()
        if self.tasks.running and not self._closing:
            self._closing = True
            self.tasks.cancel_all()
            self.setEnabled(False)
            QTimer.singleShot(_LAST_WAIT_MS, self, self._close_anyway)  # work that never reports cannot keep the window
            event.ignore()
            return
        self._closing = False
        self.leave()
        event.accept()

    def _close_when_idle(self) -> None:
        if self._closing:
            self.close()

    def _close_anyway(self) -> None:
        if self._closing:
            self.close()

"""What the actions of the menus do, one method each, named as in ``actions``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QFileDialog

from mosovo_planner.domain.months import Month
from mosovo_planner.domain.progress import Reporter
from mosovo_planner.domain.proposals import Plan, Round
from mosovo_planner.office import ground
from mosovo_planner.office.tables import export_table
from mosovo_planner.ui.errors import show_error
from mosovo_planner.ui.widgets import tell

if TYPE_CHECKING:
    from mosovo_planner.office.restore import RestoreReport
    from mosovo_planner.office.session import Session
    from mosovo_planner.ui.main_window import MainWindow


class Deeds:
    """Dialogs are imported when first used, so that the window stands at once."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    # Workspaces

    def new_workspace(self) -> None:
        self._window.leave()
        self._window.welcome.show_new()

    def open_workspace(self) -> None:
        self._window.leave()

    def lock(self) -> None:
        """Close the workspace and ask for the pass phrase again; what is not finished is kept."""
        self._window.locker.lock("asked")

    def quit(self) -> None:
        self._window.close()

    def open_demo(self, size: int = 900) -> None:
        """Make an invented force and open it."""
        from mosovo_planner.office.demo import demo_session

        self._window.welcome.setEnabled(False)
        self._window.tasks.run(
            "Inventing a force",
            lambda report: demo_session(size, report=report),
            done=self._enter_demo,
            failed=self._demo_failed,
            cancelled=lambda: self._window.welcome.setEnabled(True),
            owner=self._window,
        )

    def _enter_demo(self, session: object) -> None:
        self._window.welcome.setEnabled(True)
        self._window.enter(session)  # type: ignore[arg-type]

    def _demo_failed(self, error: BaseException) -> None:
        self._window.welcome.setEnabled(True)
        show_error(self._window, error, "The invented force could not be made")

    # Files in

    def import_tracker(self) -> None:
        from mosovo_planner.ui.dialogs.import_dialog import ImportDialog

        if self._window.desk is not None:
            ImportDialog(self._window.desk, self._window).open()

    def read_logs(self, path: str = "") -> None:
        """Incident logs of the off-duty hours; ``path`` is a file dropped on the window."""
        from mosovo_planner.ui.offduty.reading import ReadLogsDialog

        desk, page = self._window.desk, self._window.page
        if desk is not None and page is not None:
            dialog = ReadLogsDialog(desk, self._window, path=path)
            dialog.kept.connect(lambda _new: page.show_new_matches())
            dialog.open()

    def compare_visor(self) -> None:
        """A list exported from ViSOR beside the caseload; nothing is written there."""
        from mosovo_planner.ui.dialogs.visor import ReadVisorDialog

        desk, page = self._window.desk, self._window.page
        if desk is not None and page is not None:
            dialog = ReadVisorDialog(desk, self._window)
            dialog.compared.connect(page.show_visor)
            dialog.open()

    def play_year(self) -> None:
        """What a leader asks: what would it bring to work otherwise, and how many officers are needed."""
        from mosovo_planner.ui.dialogs.simulation import SimulationDialog

        if self._window.desk is not None:
            SimulationDialog(self._window.desk, self._window.page).show()  # of the page, with which it goes

    def choose_watched_folder(self) -> None:
        from mosovo_planner.ui.offduty.folder import FolderDialog

        desk, page = self._window.desk, self._window.page
        if desk is not None and page is not None:
            dialog = FolderDialog(desk, self._window)
            dialog.chosen.connect(page.offduty.look_into_folder)
            dialog.open()

    def show_imports(self) -> None:
        from mosovo_planner.ui.dialogs.imports import ImportsDialog

        if self._window.desk is not None:
            ImportsDialog(self._window.desk, self._window).open()

    def import_gazetteer(self) -> None:
        """Read postcode files, then place those whom they place better."""
        files, _ = QFileDialog.getOpenFileNames(
            self._window, "Import gazetteer", "", "Postcodes (*.zip *.csv *.csv.gz *.gz *.txt);;All files (*)"
        )
        if files:
            session = self._window.desk.session if self._window.desk else None

            def work(report: Reporter) -> int:
                from mosovo_planner.office.imports import locate_again

                ground.add_gazetteer([Path(file) for file in files], report)
                return locate_again(session) if session is not None else 0

            self._window.tasks.run("Reading the gazetteer", work, done=self._gazetteer_read, failed=self._not_read)

    def _gazetteer_read(self, placed: int) -> None:
        more = f"{placed:,} offenders were placed by it." if placed else "Import the tracker again to place people by it."
        if self._window.desk is not None:
            self._window.desk.records_changed()
        tell(self._window, "Gazetteer", "The gazetteer was imported.", more)

    def import_roads(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self._window, "Import roads", "", "OpenStreetMap extract (*.osm.pbf *.pbf)")
        if file:
            self._window.tasks.run(
                "Reading the roads",
                lambda report: ground.add_roads(Path(file), report),
                done=lambda _: tell(self._window, "Roads", "The roads were imported.", "New proposals drive on them."),
                failed=self._not_read,
            )

    def import_map_layer(self) -> None:
        file, _ = QFileDialog.getOpenFileName(self._window, "Import map layer", "", "Boundaries or roads (*.geojson *.json)")
        if file:
            self._window.tasks.run(
                "Reading the map layer",
                lambda report: ground.add_map_layer(Path(file), report),
                done=lambda _: tell(self._window, "Map layer", "The layer was imported.", "Maps show it when opened anew."),
                failed=self._not_read,
            )

    def _not_read(self, error: BaseException) -> None:
        show_error(self._window, error, "The file was not imported")

    # Papers and tables out

    def print_paper(self, kind: str = "") -> None:
        """Papers; ``kind`` is the one to begin with."""
        from mosovo_planner.ui.dialogs.print_dialog import PrintDialog

        if self._window.desk is not None:
            PrintDialog(self._window.desk, self._window, kind=kind).open()

    def print_month(self, month: Month) -> None:
        """A month's figures for the monthly report."""
        from mosovo_planner.ui.dialogs.print_dialog import PrintDialog

        if self._window.desk is not None:
            PrintDialog(self._window.desk, self._window, month=month).open()

    def print_rounds(self, plan: Plan, rounds: Sequence[Round]) -> None:
        """The day sheets of some rounds of a plan, approved or not."""
        from mosovo_planner.ui.dialogs.print_dialog import PrintDialog

        if self._window.desk is not None:
            PrintDialog(self._window.desk, self._window, day_sheets=(plan, rounds)).open()

    def export_table(self) -> None:
        """Save the list on show, as filtered and sorted, with the columns shown."""
        page, desk = self._window.page, self._window.desk
        if page is None or desk is None or page.table is None:
            tell(self._window, "Export", "This view has no single list to export.", "Print it: File › Print… (Ctrl+P).")
            return
        if callable(own := getattr(page.current, "export", None)):
            own()  # the record of use leaves with its anchor
            return
        from mosovo_planner.ui.audit.export import ExportDialog

        title = page.table.title
        dialog = ExportDialog(self._window)
        dialog.given.connect(lambda recipient, reason: self._export(title, recipient, reason))
        dialog.open()

    def _export(self, title: str, recipient: str, reason: str) -> None:
        page, desk = self._window.page, self._window.desk
        name, _ = QFileDialog.getSaveFileName(
            self._window, f"Export {title.lower()}", f"{title}.xlsx", "Excel workbook (*.xlsx);;CSV (*.csv)"
        )
        if not name or page is None or desk is None or page.table is None:
            return
        path = Path(name) if Path(name).suffix else Path(f"{name}.xlsx")
        headers, rows, refs = page.table.export_rows()
        desk.tasks.run(
            "Exporting",
            lambda _report: export_table(desk.session, path, title, headers, rows, refs, recipient, reason),
            done=lambda _: self._window.statusBar().showMessage(f"Exported {len(rows):,} rows.", 8000),
            failed=lambda error: show_error(self._window, error, "The table was not exported"),
        )

    def export_calendar(self) -> None:
        """An officer's rounds: of the plan on show, else of the plan last approved."""
        from mosovo_planner.office.plans import PlanWork
        from mosovo_planner.ui.dialogs.calendar import CalendarDialog

        desk, page = self._window.desk, self._window.page
        if desk is None or page is None:
            return
        work = getattr(getattr(page.current, "history", None), "work", None)
        if isinstance(work, PlanWork):
            CalendarDialog(desk, self._window, plan=work.plan, approved=work.approved_by is not None).open()
        else:
            CalendarDialog(desk, self._window).open()

    def show_backups(self) -> None:
        from mosovo_planner.ui.restore.backups import BackupsDialog

        if self._window.desk is not None:
            dialog = BackupsDialog(self._window.desk, self._window)
            dialog.restore_wanted.connect(self.offer_restore)
            dialog.open()

    def offer_restore(self, backup: Path | None = None) -> None:
        """Ask before a backup is brought back: that one, or the newest that is whole."""
        from mosovo_planner.ui.restore.dialog import RestoreDialog

        desk = self._window.desk
        if desk is not None:
            address, user = desk.session.workspace.location, desk.session.user
            dialog = RestoreDialog(self._window.tasks, address, user, self._window, backup=backup)
            dialog.agreed.connect(lambda chosen, passphrase: self.restore(address, user, passphrase, chosen))
            dialog.open()

    def restore(self, address: str, user: str, passphrase: str, backup: Path) -> None:
        """Leave the workspace that is open, bring the backup back, and open it."""
        from mosovo_planner.office.restore import restore_and_open

        open_one = self._window.desk.session if self._window.desk is not None else None
        if open_one is not None and open_one.workspace.location != address:
            open_one = None
        self._window.leave()
        self._window.welcome.setEnabled(False)
        self._window.tasks.run(
            "Bringing the backup back",
            lambda report: restore_and_open(address, user, passphrase, backup, instead_of=open_one, report=report),
            done=self._restored,
            failed=self._not_restored,
            owner=self._window,
        )

    def _restored(self, done: tuple[Session, RestoreReport]) -> None:
        session, report = done
        self._window.welcome.setEnabled(True)
        self._window.enter(session)
        aside = f" What stood there is kept aside: {report.quarantine}." if report.quarantine else ""
        tell(self._window, "Backups", "The backup was brought back.", f"{report.text}{aside}")

    def _not_restored(self, error: BaseException) -> None:
        self._window.welcome.setEnabled(True)
        show_error(self._window, error, "The backup was not brought back")

    def show_erasures(self) -> None:
        from mosovo_planner.ui.retention.certificates import ErasuresDialog

        if self._window.desk is not None:
            ErasuresDialog(self._window.desk, self._window).open()

    # Editing

    def _undo_stack(self) -> QUndoStack | None:
        stack = getattr(self._window.page.current, "undo_stack", None) if self._window.page else None
        return stack if isinstance(stack, QUndoStack) else None

    def undo(self) -> None:
        stack = self._undo_stack()
        if stack is not None:
            stack.undo()

    def redo(self) -> None:
        stack = self._undo_stack()
        if stack is not None:
            stack.redo()

    def name_undo(self) -> None:
        """While the menu is open, undo and redo name what they would do and are grey where there is nothing."""
        stack, actions = self._undo_stack(), self._window.actions_by_name
        actions["undo"].setEnabled(stack is not None and stack.canUndo())
        actions["redo"].setEnabled(stack is not None and stack.canRedo())
        actions["undo"].setText(f"&Undo {stack.undoText()}".strip() if stack else "&Undo")
        actions["redo"].setText(f"&Redo {stack.redoText()}".strip() if stack else "&Redo")

    def release_undo(self) -> None:
        """With the menu closed the keys must work whenever something becomes undoable."""
        for name in ("undo", "redo"):
            self._window.actions_by_name[name].setEnabled(self._window.desk is not None)

    def copy(self) -> None:
        table = self._window.page.table if self._window.page else None
        if table is not None and not table.may_copy:
            self._window.statusBar().showMessage("Your role may not copy records; ask a supervisor.", 6000)
        elif table is not None:
            count = table.copy()
            words = f"Copied {count:,} row{'s' if count != 1 else ''}; the clipboard is emptied after half a minute."
            self._window.statusBar().showMessage(words if count else "Select rows to copy.", 6000)

    def select_all(self) -> None:
        if self._window.page and self._window.page.table:
            self._window.page.table.selectAll()

    def find(self) -> None:
        search = getattr(self._window.page.current, "start_search", None) if self._window.page else None
        if callable(search):
            search()

    def who(self) -> None:
        """A frontline officer's question."""
        from mosovo_planner.ui.dialogs.search import WhoDialog

        desk, page = self._window.desk, self._window.page
        if desk is None or page is None:
            return
        dialog = WhoDialog(desk, self._window)
        dialog.offender_wanted.connect(page.open_offender)
        dialog.briefing_wanted.connect(lambda: self.print_paper("briefing"))
        dialog.open()

    def record_visit(self) -> None:
        page = self._window.page
        if page is None:
            return
        if page.current_key == "plan":
            page.make_view("plan").record_visit()  # type: ignore[attr-defined]
        elif page.caseload.table.current is None:
            tell(self._window, "Record a visit", "Choose the offender on the caseload first.", "Search with Ctrl+F, then Ctrl+R.")
        else:
            page.caseload.record_visit()

    def add_offender(self) -> None:
        from mosovo_planner.ui.dialogs.offender import OffenderDialog

        if self._window.desk is not None:
            OffenderDialog(self._window.desk, None, self._window).open()

    def change_offender(self) -> None:
        page = self._window.page
        if page is None:
            return
        if page.caseload.table.current is None:
            tell(self._window, "Change an offender", "Choose the offender on the caseload first.", "Search with Ctrl+F, then F2.")
        else:
            page.caseload.change_offender()

    def restrict_record(self) -> None:
        from mosovo_planner.office.need_to_know import restriction_of
        from mosovo_planner.ui.dialogs.need_to_know import RestrictDialog

        desk, page = self._window.desk, self._window.page
        if desk is None or page is None:
            return
        chosen = page.caseload.table.current
        if chosen is None:
            tell(self._window, "Restrict a record", "Choose the offender on the caseload first.", "Search with Ctrl+F.")
            return
        session, offender = desk.session, chosen.offender
        desk.tasks.run(
            "Reading who may see it", lambda _report: restriction_of(session, offender.ref),
            done=lambda found: RestrictDialog(desk, offender, *found, self._window).open(),
            failed=lambda error: show_error(self._window, error, "The record was not restricted"), owner=desk, quiet=True,
        )  # fmt: skip

    def add_manager(self) -> None:
        from mosovo_planner.ui.dialogs.manager import ManagerDialog

        if self._window.desk is not None:
            ManagerDialog(self._window.desk, None, self._window).open()

    # Looking

    def refresh(self) -> None:
        if self._window.page is not None:
            self._window.page.refresh()

    def show_missing(self) -> None:
        """The offenders without a position."""
        if self._window.page is not None:
            self._window.page.show_view("caseload")
            self._window.page.caseload.show_without_position()

    # Help

    def help_contents(self) -> None:
        from mosovo_planner.ui.dialogs.help import HelpDialog

        page = self._window.page
        HelpDialog(page.current_key if page else "index", self._window).show()

    def show_keys(self) -> None:
        from mosovo_planner.ui.dialogs.help import KeysDialog

        KeysDialog(self._window).open()

    def about(self) -> None:
        from mosovo_planner.ui.dialogs.help import AboutDialog

        AboutDialog(self._window).open()

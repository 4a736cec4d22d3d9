"""Importing a tracker: choose, read, look at what would change, import, and undo if it was wrong."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from mosovo_planner.office.imports import (
    ImportPreview,
    ImportResult,
    UndoResult,
    commit_import,
    preview_import,
    profiles,
    save_profile,
    undo_import,
)
from mosovo_planner.office.mapping import Profile
from mosovo_planner.office.tables import export_table
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.import_pages import ChoosePage, PreviewPage, ResultPage
from mosovo_planner.ui.dialogs.reading import CHOOSE, PREVIEW, MappedDialog, Source
from mosovo_planner.ui.errors import show_error

_RESULT = 3


_SOURCE = Source("Reading the tracker", "Choose the tracker file.", preview_import, profiles, save_profile)


class ImportDialog(MappedDialog):
    """One import from file to undo. Closing it at any time before Import leaves everything as it was."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.preview_page, self.result_page = PreviewPage(desk), ResultPage()
        self._preview: ImportPreview | None = None
        self._result: ImportResult | None = None
        pages = (ChoosePage(), self.preview_page, self.result_page)
        super().__init__(desk, "Import a tracker", _SOURCE, pages, parent, what="import")
        self.preview_page.export_wanted.connect(self._export)
        self.result_page.undo_wanted.connect(self._undo)

    def turn_to(self, page: int) -> None:
        super().turn_to(page)
        self.forward.setText("&Read" if page == CHOOSE else "&Import")
        self.forward.setEnabled(page == CHOOSE or self._preview is not None)
        self.stop.setText("&Close" if page == _RESULT else "Cancel")
        if page == _RESULT:
            self.stop.setFocus()  # not the undo: Return must not take back what was just done

    def go_on(self) -> None:
        """Read the file, or import what was read."""
        if self.pages.currentIndex() == CHOOSE:
            self.read(self.choose.profile())
        elif self._preview is not None:
            self._import(self._preview)

    # Reading

    def show_read(self, result: ImportPreview, used: Profile | None) -> None:
        self._preview = result
        self.preview_page.show_preview(result, used)
        self.turn_to(PREVIEW)
        nothing = not (result.new_offenders or result.new_managers)
        self.forward.setEnabled(not nothing)
        if nothing:
            self.preview_page.summary.setText(self.preview_page.summary.text() + " There is nothing to import.")

    def forget_read(self) -> None:
        self._preview = None

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export findings", "Findings.xlsx", "Excel workbook (*.xlsx);;CSV (*.csv)")
        if name:
            session, path = self._desk.session, Path(name)
            headers, rows, _ids = self.preview_page.findings.export_rows()
            self._desk.tasks.run(
                "Exporting",
                lambda _report: export_table(session, path, "Findings of an import", headers, rows, ()),
                done=lambda _: None,
                failed=lambda error: show_error(self, error, "The findings were not exported"),
                owner=self,
            )

    # Storing

    def _import(self, preview: ImportPreview) -> None:
        session = self._desk.session
        self.busy("Storing")
        self.follow(
            self._desk.tasks.run(
                "Importing the tracker",
                lambda report: commit_import(session, preview, report),
                done=self._imported,
                failed=lambda error: self._failed(error, "Nothing was imported"),
                cancelled=lambda: self.turn_to(PREVIEW),
                owner=self,
            )
        )

    def _imported(self, result: ImportResult) -> None:
        self._result = result
        offenders = result.report["offenders"]
        self.result_page.words.setText(f"Imported: {offenders['added']:,} offenders new, {offenders['updated']:,} changed.")
        self.result_page.more.setText("The import can be undone here, or later under File › Imports….")
        self.result_page.undo.setVisible(True)
        self.turn_to(_RESULT)
        self._desk.records_changed()

    def _undo(self) -> None:
        if self._result is None:
            return
        session, import_id = self._desk.session, self._result.id
        self.busy("Undoing the import")
        self.follow(
            self._desk.tasks.run(
                "Undoing the import",
                lambda _report: undo_import(session, import_id),
                done=self._undone,
                failed=lambda error: self._failed(error, "The import was not undone"),
                owner=self,
            )
        )

    def _undone(self, result: UndoResult) -> None:
        self.result_page.words.setText("The import was undone.")
        self.result_page.more.setText(undone_words(result))
        self.result_page.undo.setVisible(False)
        self.turn_to(_RESULT)
        self._desk.records_changed()

    def _failed(self, error: BaseException, deed: str) -> None:
        self.turn_to(_RESULT if self._result else PREVIEW)
        show_error(self, error, deed)


def undone_words(result: UndoResult) -> str:
    """What an undo did, in words."""
    words = f"{result.removed:,} records removed, {result.restored:,} as they were before."
    if result.left:
        words += f" {len(result.left):,} were changed since and stay as they are: {', '.join(result.left[:12])}."
    return words

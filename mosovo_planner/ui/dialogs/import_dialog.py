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
from mosovo_planner.office.mapping import Profile, UnrecognisedTracker
from mosovo_planner.office.tables import export_table
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.import_pages import ChoosePage, PreviewPage, ResultPage
from mosovo_planner.ui.dialogs.reading import CHOOSE, PREVIEW, ReadingDialog
from mosovo_planner.ui.errors import show_error, words_for

_RESULT = 3


class ImportDialog(ReadingDialog):
    """One import from file to undo. Closing it at any time before Import leaves everything as it was."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.choose, self.preview_page, self.result_page = ChoosePage(), PreviewPage(desk), ResultPage()
        pages = (self.choose, self.preview_page, self.result_page)
        super().__init__(desk, "Import a tracker", pages, parent, what="import")
        self._profile: Profile | None = None
        self._preview: ImportPreview | None = None
        self._result: ImportResult | None = None
        self.preview_page.mapping.read_again.connect(self.read)
        self.preview_page.mapping.remember.connect(self._remember)
        self.preview_page.export_wanted.connect(self._export)
        self.result_page.undo_wanted.connect(self._undo)
        self.choose.path.returnPressed.connect(self.go_on)
        self._fetch_profiles()
        self.turn_to(CHOOSE)

    def turn_to(self, page: int) -> None:
        super().turn_to(page)
        self.forward.setText("&Read" if page == CHOOSE else "&Import")
        self.forward.setEnabled(page == CHOOSE or self._preview is not None)
        self.stop.setText("&Close" if page == _RESULT else "Cancel")
        if page == CHOOSE:
            self.choose.path.setFocus()
        elif page == _RESULT:
            self.stop.setFocus()  # not the undo: Return must not take back what was just done

    def go_on(self) -> None:
        """Read the file, or import what was read."""
        if self.pages.currentIndex() == CHOOSE:
            self.read(self.choose.profile())
        elif self._preview is not None:
            self._import(self._preview)

    # Reading

    def _fetch_profiles(self) -> None:
        session = self._desk.session
        self._desk.tasks.run(
            "Reading the mappings", lambda _report: profiles(session), done=self.choose.show_profiles, owner=self, quiet=True
        )

    def read(self, profile: Profile | None) -> None:
        """Read the chosen file with a mapping and show what would change."""
        if not self.choose.path.text().strip():
            self.choose.error.setText("Choose the tracker file.")
            return
        session, as_of = self._desk.session, self._desk.as_of
        path = Path(self.choose.path.text().strip())
        self._profile = profile
        self.choose.error.setText("")
        self.busy("Reading the tracker")
        self.follow(
            self._desk.tasks.run(
                "Reading the tracker",
                lambda report: preview_import(session, path, as_of, profile, report),
                done=self._show_preview,
                failed=self._not_read,
                cancelled=lambda: self.turn_to(CHOOSE),
                owner=self,
            )
        )

    def _show_preview(self, preview: ImportPreview) -> None:
        self._preview = preview
        self.preview_page.show_preview(preview, self._profile)
        self.turn_to(PREVIEW)
        nothing = not (preview.new_offenders or preview.new_managers)
        self.forward.setEnabled(not nothing)
        if nothing:
            self.preview_page.summary.setText(self.preview_page.summary.text() + " There is nothing to import.")

    def _not_read(self, error: BaseException) -> None:
        self._preview = None
        words = words_for(error)
        if isinstance(error, UnrecognisedTracker) and error.tables:
            self.preview_page.show_mapping_only(str(error), error.tables, self._profile)
            self.turn_to(PREVIEW)
        elif words is not None:
            self.turn_to(CHOOSE)
            self.choose.error.setText(words)
        else:
            self.turn_to(CHOOSE)
            show_error(self, error)

    def _remember(self, profile: Profile) -> None:
        session = self._desk.session
        self._desk.tasks.run(
            "Remembering the mapping",
            lambda _report: save_profile(session, profile),
            done=lambda _: self._fetch_profiles(),
            failed=lambda error: show_error(self, error, "The mapping was not remembered"),
            owner=self,
            quiet=True,
        )

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

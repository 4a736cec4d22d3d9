"""Importing a small invented tracker: see it, store it, undo it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from mosovo_planner.office.caseload import view_caseload
from mosovo_planner.ui.desk import Desk
from mosovo_planner.ui.dialogs.import_dialog import ImportDialog
from mosovo_planner.ui.dialogs.imports import ImportsDialog

TRACKER = """Reference,Surname,Forenames,Risk,Postcode,Offender Manager,Last Visit,Wibble
SYN-1,INVENTED,Brian,Very high,ZZ8 8ZZ,OM02,01/11/2026,x
SYN-900,NEWMADE,Paul,Low,ZZ1 1ZZ,OM01,31/10/2026,y
,NOREF,Sam,Low,ZZ1 2ZZ,OM01,12/10/2026,z
SYN-901,OTHERMADE,Sam,Lwo,ZZ1 1ZZ,OM01,13/10/2026,
"""


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk, tmp_path: Path) -> ImportDialog:
    made = ImportDialog(desk)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    path = tmp_path / "tracker.csv"
    path.write_text(TRACKER, encoding="utf-8")
    made.choose.path.setText(str(path))
    qtbot.waitUntil(lambda: not desk.tasks.running)
    return made


def read(qtbot: QtBot, dialog: ImportDialog) -> None:
    dialog.go_on()
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.preview_page)


def refs(desk: Desk) -> set[str]:
    return {case.offender.ref for case in view_caseload(desk.session, desk.as_of).cases}


def test_the_preview_tells_what_would_change_and_stores_nothing(qtbot: QtBot, dialog: ImportDialog, desk: Desk) -> None:
    before = refs(desk)
    read(qtbot, dialog)
    assert "2 new, 1 changed" in dialog.preview_page.summary.text()
    assert "1 row was not taken" in dialog.preview_page.summary.text()
    changed = {(each.ref, each.field): (each.before, each.after) for _, each in dialog.preview_page.changes.visible_rows}
    assert any(ref == "SYN-1" for ref, _ in changed)
    assert refs(desk) == before


def test_findings_name_row_and_column_and_can_be_narrowed(qtbot: QtBot, dialog: ImportDialog) -> None:
    read(qtbot, dialog)
    page = dialog.preview_page
    found = {(finding.row, finding.code) for _, finding in page.findings.visible_rows}
    assert (4, "missing_reference") in found
    assert (5, "unknown_risk") in found
    page.severity.setCurrentIndex(page.severity.findData("rejected"))
    assert {finding.row for _, finding in page.findings.visible_rows} == {4}


def test_importing_stores_and_undo_takes_it_back(qtbot: QtBot, dialog: ImportDialog, desk: Desk) -> None:
    before = refs(desk)
    read(qtbot, dialog)
    dialog.go_on()
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.result_page)
    assert "2 offenders new, 1 changed" in dialog.result_page.words.text()
    assert refs(desk) == before | {"SYN-900", "SYN-901"}
    assert not dialog.result_page.undo.hasFocus()
    dialog.result_page.undo.click()
    qtbot.waitUntil(lambda: "undone" in dialog.result_page.words.text() and dialog.pages.currentWidget() is dialog.result_page)
    assert refs(desk) == before


def test_columns_can_be_mapped_by_hand_and_remembered(qtbot: QtBot, dialog: ImportDialog, desk: Desk) -> None:
    read(qtbot, dialog)
    tab = dialog.preview_page.mapping
    combo = tab.field_choice("Wibble")
    assert combo.currentData() is None
    combo.setCurrentIndex(combo.findData("notes"))
    tab.name.setText("Wiltshire tracker")
    with qtbot.waitSignal(tab.remember):
        tab.remember_button.click()
    qtbot.waitUntil(lambda: dialog.choose.mapping.count() == 2)
    assert dialog.choose.mapping.itemText(1) == "Wiltshire tracker"
    tab.read_again.emit(tab.profile())
    qtbot.waitUntil(lambda: not desk.tasks.running)
    assert tab.field_choice("Wibble").currentData() == "notes"
    assert ("SYN-1", "notes") in {(each.ref, each.field) for _, each in dialog.preview_page.changes.visible_rows}


def test_a_file_that_is_no_tracker_is_refused_in_words(qtbot: QtBot, dialog: ImportDialog, tmp_path: Path) -> None:
    bad = tmp_path / "empty.csv"
    bad.write_bytes(b"")
    dialog.choose.path.setText(str(bad))
    dialog.go_on()
    qtbot.waitUntil(lambda: dialog.choose.error.text() != "")
    assert "empty" in dialog.choose.error.text()
    assert dialog.pages.currentWidget() is dialog.choose


def test_a_file_must_be_chosen(dialog: ImportDialog) -> None:
    dialog.choose.path.clear()
    dialog.go_on()
    assert dialog.choose.error.text() == "Choose the tracker file."


def test_findings_can_be_exported(
    qtbot: QtBot, dialog: ImportDialog, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(qtbot, dialog)
    target = tmp_path / "findings.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    dialog.preview_page.export_wanted.emit()
    qtbot.waitUntil(lambda: target.exists() and not desk.tasks.running)
    assert "OFFICIAL-SENSITIVE" in target.read_text(encoding="utf-8-sig")


def test_imports_are_listed_and_undone_whole(qtbot: QtBot, dialog: ImportDialog, desk: Desk) -> None:
    before = refs(desk)
    read(qtbot, dialog)
    dialog.go_on()
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.result_page)
    imports = ImportsDialog(desk)
    imports.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(imports)
    qtbot.waitUntil(lambda: len(imports.table.visible_rows) == 1)
    assert not imports.undo.isEnabled()
    imports.table.selectRow(0)
    imports.undo.click()
    question = imports.question
    assert question is not None
    next(each for each in question.buttons() if "Undo import" in each.text()).click()
    qtbot.waitUntil(lambda: imports.table.visible_rows[0].undone_at is not None)
    assert refs(desk) == before
    assert not imports.undo.isEnabled()

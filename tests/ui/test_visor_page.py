"""Working off a ViSOR list in the window. All people and lists are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.people import Offender, Risk
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office import visor
from mosovo_planner.office.visor import PointKind, list_profiles
from mosovo_planner.ui.audit.export import ExportDialog
from mosovo_planner.ui.dialogs.visor import ReadVisorDialog
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.views.visor import VisorPage
from tests.ui import invented

HEADERS = "ViSOR No,Surname,Forename,Risk,Last Visit"
PEOPLE = invented.offenders(60, staff=4)


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading in a worker process is tried in tests/office."""
    monkeypatch.setattr(visor, "run_in_worker", lambda function, *args, **more: function(*args, **more))


def row(him: Offender, *, risk: Risk | None = None, seen: date | None = None) -> str:
    level, day = risk or him.risk, seen or him.last_seen
    shown = f"{day:%d/%m/%Y}" if day else ""
    return f"{him.visor_ref},{him.surname},{him.forenames},{level.label if level else ''},{shown}"


def list_file(folder: Path, headers: str = HEADERS) -> Path:
    """SYN-2 has another risk on the list, SYN-3 lacks his last visit there, SYN-60 is missing, one is unknown here."""
    rows = [row(him) for him in PEOPLE[:59]]
    other = Risk.LOW if PEOPLE[1].risk is not Risk.LOW else Risk.HIGH
    rows[1] = row(PEOPLE[1], risk=other)
    rows[2] = row(PEOPLE[2], seen=date(2025, 1, 1))
    path = folder / "visor.csv"
    path.write_text("\n".join((headers, *rows, "SYN-99,STRANGER,Invented,High,01/02/2026")) + "\n", encoding="utf-8")
    return path


def compared(qtbot: QtBot, window: MainWindow, path: Path) -> VisorPage:
    window.actions_by_name["compare_visor"].trigger()
    dialog = window.findChildren(ReadVisorDialog)[-1]
    dialog.choose.path.setText(str(path))
    qtbot.mouseClick(dialog.forward, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Work" in dialog.forward.text() and dialog.forward.isVisible() and not window.tasks.running)
    qtbot.mouseClick(dialog.forward, Qt.MouseButton.LeftButton)
    assert window.page is not None
    page = window.page.views["visor"]
    assert isinstance(page, VisorPage)
    page.kind.setCurrentIndex(0)
    return page


def choose(page: VisorPage, kind: PointKind, ref: str) -> None:
    page.table.clearSelection()
    wanted = next(each for each in page.table.visible_rows if each.kind is kind and each.ref == ref)
    assert page.table.select(wanted.id)


def settled(page: VisorPage, kind: PointKind, ref: str) -> bool:
    assert page.work is not None
    return any(each.settled for each in page.work.points if each.kind is kind and each.ref == ref)


def press(qtbot: QtBot, window: MainWindow, button: object) -> None:
    assert button.isEnabled()  # type: ignore[attr-defined]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.tasks.running)


def held(window: MainWindow, ref: str) -> Offender:
    assert window.desk is not None
    with window.desk.session.unit(Permission.VIEW) as unit:
        found = unit.offender(ref)
    assert found is not None
    return found


def test_the_points_are_listed_and_nothing_is_claimed_of_visor(qtbot: QtBot, open_window: MainWindow, tmp_path: Path) -> None:
    page = compared(qtbot, open_window, list_file(tmp_path))
    found = {(each.kind, each.ref) for each in page.table.visible_rows}
    assert {(PointKind.DIFFERENT, "SYN-2"), (PointKind.VISIT, "SYN-3")} <= found
    assert {(PointKind.MISSING_THERE, "SYN-60"), (PointKind.MISSING_HERE, "")} <= found
    assert any("never writes to ViSOR" in each.text() for each in page.findChildren(QLabel))


def test_a_visit_is_ticked_undone_and_done_again(qtbot: QtBot, open_window: MainWindow, tmp_path: Path) -> None:
    page = compared(qtbot, open_window, list_file(tmp_path))
    choose(page, PointKind.VISIT, "SYN-3")
    assert not page.ours.isEnabled()
    assert not page.theirs.isEnabled()
    press(qtbot, open_window, page.tick)
    assert settled(page, PointKind.VISIT, "SYN-3")
    assert ("SYN-3", PointKind.VISIT) not in {(each.ref, each.kind) for each in page.table.visible_rows}
    open_window.deeds.undo()
    qtbot.waitUntil(lambda: not open_window.tasks.running)
    assert not settled(page, PointKind.VISIT, "SYN-3")
    open_window.deeds.redo()
    qtbot.waitUntil(lambda: not open_window.tasks.running)
    assert settled(page, PointKind.VISIT, "SYN-3")
    page.state.setCurrentIndex(page.state.findData("settled"))
    choose(page, PointKind.VISIT, "SYN-3")
    press(qtbot, open_window, page.reopen)
    assert not settled(page, PointKind.VISIT, "SYN-3")


def test_visors_value_is_taken_and_undone(qtbot: QtBot, open_window: MainWindow, tmp_path: Path) -> None:
    page = compared(qtbot, open_window, list_file(tmp_path))
    was = held(open_window, "SYN-2").risk
    choose(page, PointKind.DIFFERENT, "SYN-2")
    press(qtbot, open_window, page.theirs)
    assert held(open_window, "SYN-2").risk is not was
    open_window.deeds.undo()
    qtbot.waitUntil(lambda: not open_window.tasks.running)
    assert held(open_window, "SYN-2").risk is was


def test_several_are_kept_as_ours_at_once(qtbot: QtBot, open_window: MainWindow, tmp_path: Path) -> None:
    page = compared(qtbot, open_window, list_file(tmp_path))
    choose(page, PointKind.DIFFERENT, "SYN-2")
    missing = next(place for place, each in enumerate(page.table.visible_rows) if each.kind is PointKind.MISSING_THERE)
    flags = QItemSelectionModel.SelectionFlag
    page.table.selectionModel().select(page.table.table_model.index(missing, 0), flags.Select | flags.Rows)
    page.comment.setText("Assessed last week.")
    press(qtbot, open_window, page.ours)
    assert settled(page, PointKind.DIFFERENT, "SYN-2")
    assert settled(page, PointKind.MISSING_THERE, "SYN-60")
    with open_window.desk.session.unit(Permission.VIEW) as unit:  # type: ignore[union-attr]
        assert {each.comment for each in unit.list_decisions()} == {"Assessed last week."}


def test_a_refusal_is_told_and_nothing_is_undone_by_mistake(qtbot: QtBot, open_window: MainWindow, tmp_path: Path) -> None:
    page = compared(qtbot, open_window, list_file(tmp_path))
    choose(page, PointKind.DIFFERENT, "SYN-2")
    page.comment.setText("card 4111 1111 1111 1111")
    press(qtbot, open_window, page.ours)
    assert "card or bank account number" in page.error.text()
    assert not page.undo_stack.canUndo()


def test_a_change_elsewhere_is_seen(qtbot: QtBot, open_window: MainWindow, tmp_path: Path) -> None:
    page = compared(qtbot, open_window, list_file(tmp_path))
    desk = open_window.desk
    assert desk is not None
    point = next(each for each in page.table.visible_rows if (each.kind, each.ref) == (PointKind.DIFFERENT, "SYN-2"))
    level = next(each for each in Risk if each.label == point.there)
    him = replace(held(open_window, "SYN-2"), risk=level)
    with desk.session.unit(Permission.RECORD) as unit:
        unit.save_offenders([him])
    desk.records_changed()
    qtbot.waitUntil(lambda: not open_window.tasks.running)
    assert "SYN-2" not in {each.ref for each in page.table.visible_rows if each.kind is PointKind.DIFFERENT}


def test_from_a_point_to_the_offender_and_the_list_to_a_table(
    qtbot: QtBot, open_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = compared(qtbot, open_window, list_file(tmp_path))
    target = tmp_path / "points.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    open_window.deeds.export_table()
    dialog = open_window.findChildren(ExportDialog)[-1]
    dialog.recipient.setText("DI Sample")
    dialog.reason.setText("Supervision")
    dialog.take()
    qtbot.waitUntil(lambda: target.exists() and not open_window.tasks.running)
    assert "STRANGER" in target.read_text(encoding="utf-8-sig")
    choose(page, PointKind.DIFFERENT, "SYN-2")
    qtbot.mouseClick(page.go, Qt.MouseButton.LeftButton)
    assert open_window.page is not None
    assert open_window.page.current_key == "caseload"
    qtbot.waitUntil(lambda: not open_window.tasks.running)


def test_columns_mapped_once_are_used_again(qtbot: QtBot, open_window: MainWindow, tmp_path: Path) -> None:
    strange = list_file(tmp_path, "Alpha,Beta,Gamma,Delta,Epsilon")
    open_window.deeds.compare_visor()
    dialog = open_window.findChildren(ReadVisorDialog)[-1]
    dialog.choose.path.setText(str(strange))
    dialog.go_on()
    mapping = dialog.read_page.mapping
    qtbot.waitUntil(lambda: mapping.isVisible() and not open_window.tasks.running)
    wanted = {"Alpha": "visor_ref", "Beta": "surname", "Gamma": "forenames", "Delta": "risk", "Epsilon": "last_seen"}
    for header, field in wanted.items():
        choice = mapping.field_choice(header)
        choice.setCurrentIndex(choice.findData(field))
        choice.activated.emit(choice.currentIndex())
    mapping.name.setText("ViSOR")
    mapping.remember.emit(mapping.profile())
    qtbot.waitUntil(lambda: not open_window.tasks.running)
    dialog.reject()
    assert [each.name for each in list_profiles(open_window.desk.session)] == ["ViSOR"]  # type: ignore[union-attr]
    open_window.deeds.compare_visor()
    again = open_window.findChildren(ReadVisorDialog)[-1]
    qtbot.waitUntil(lambda: again.choose.mapping.currentText() == "ViSOR")
    again.choose.path.setText(str(strange))
    again.go_on()
    qtbot.waitUntil(lambda: "60 people on the list" in again.read_page.summary.text())
    again.reject()
    qtbot.waitUntil(lambda: not open_window.tasks.running)

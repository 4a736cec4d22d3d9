"""From a team's tracker to the printed day sheet and back to the caseload, through the real window.

All people are invented; the towns' positions are their own, the homes are not.
"""

from __future__ import annotations

import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.roles import Permission
from mosovo_planner.exchange.tables import write_table
from mosovo_planner.ui.dialogs.import_dialog import ImportDialog
from mosovo_planner.ui.dialogs.print_dialog import PrintDialog
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.proposals.approval import ApprovalDialog
from tests.journeys.conftest import LONG

MONDAY = date(2026, 11, 23)
PHRASE = "invented words for a journey"
TOWNS = {"Swindon": (51.5580, -1.7810), "Salisbury": (51.0690, -1.7950), "Trowbridge": (51.3200, -2.2080)}
OFFICERS = tuple((f"OM0{number}", town) for number, town in zip(range(1, 7), [town for town in TOWNS for _ in "ab"], strict=True))

Widget = TypeVar("Widget", bound=QWidget)


def _tracker(folder: Path) -> Path:
    """Sixty offenders handed out by demand, a title, a total, a doubtful risk, one without a reference."""
    header = ["Ref", "Surname", "Forename(s)", "Post Code", "Lat", "Long", "Risk", "Last Visit", "OM", "Status", "Markers"]
    rows: list[list[object]] = []
    for number in range(1, 61):
        lat, lon = list(TOWNS.values())[number % 3]
        seen = MONDAY - timedelta(days=20 * (number % 20) + 10)
        rows.append(
            [
                f"INV-{number:03}", "INVENTED", f"Person {number}", "NFA", lat + 0.002 * (number % 7), lon + 0.002 * (number % 5),
                "TBC" if number == 9 else ("Low", "M", "HIGH ")[number % 3], seen.strftime("%d/%m/%Y"), OFFICERS[number % 6][0],
                "HMP" if number == 12 else "Community", "Not lone female" if number == 5 else "",
            ]
        )  # fmt: skip
    rows += [["", "INVENTED", "Nobody", "", "", "", "Low", "01/02/2026", "OM01", "Community", ""], ["Total", 61, *[""] * 9]]
    path = folder / "tracker.csv"
    lines = ["MOSOVO TEAM TRACKER", ",".join(header), *(",".join(str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="cp1252")
    return path


def _staff(folder: Path) -> Path:
    path = folder / "staff.xlsx"
    headers = ["OM", "Name", "Base", "Hours/wk", "MOSOVO trained", "Sex", "Lat", "Long"]
    rows = [
        [officer, f"PC Invented {officer[-1]}", town, 37, "Y", "F" if officer in ("OM01", "OM04") else "M", *TOWNS[town]]
        for officer, town in OFFICERS
    ]
    write_table(path, title="Staff", headers=headers, rows=rows, stamp=("INVENTED",))
    return path


def press(qtbot: QtBot, button: QPushButton) -> None:
    assert button.isEnabled(), f"{button.text()} cannot be pressed: {button.toolTip()}"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def opened(qtbot: QtBot, window: QWidget, kind: type[Widget]) -> Widget:
    """The dialogue of this kind that is on show now."""
    qtbot.waitUntil(lambda: any(each.isVisible() for each in window.findChildren(kind)), timeout=LONG)
    return next(each for each in window.findChildren(kind) if each.isVisible())


def import_file(qtbot: QtBot, window: MainWindow, file: Path) -> str:
    """Through the import dialogue, from file to result; gives back what the preview said."""
    window.actions_by_name["import_tracker"].trigger()
    dialog = opened(qtbot, window, ImportDialog)
    dialog.choose.path.setText(str(file))
    press(qtbot, dialog.forward)
    qtbot.waitUntil(lambda: dialog.forward.isVisible() and "mport" in dialog.forward.text(), timeout=LONG)
    said = dialog.preview_page.summary.text()
    press(qtbot, dialog.forward)
    qtbot.waitUntil(lambda: "Imported" in dialog.result_page.words.text(), timeout=LONG)
    press(qtbot, dialog.stop)
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=LONG)
    return said


def approve(qtbot: QtBot, window: MainWindow, reason: str) -> None:
    dialog = opened(qtbot, window, ApprovalDialog)
    assert not dialog.agree.isEnabled(), "nothing is approved without a reason"
    qtbot.keyClicks(dialog.reason, reason)
    press(qtbot, dialog.agree)


def pdf_words(path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True).stdout


def test_a_week_from_tracker_to_day_sheet(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workspace(qtbot, window, tmp_path)
    import_file(qtbot, window, _staff(tmp_path))
    said = import_file(qtbot, window, _tracker(tmp_path))
    assert "60" in said
    page = window.page
    assert page is not None
    qtbot.waitUntil(lambda: page.caseload.table.model().rowCount() == 60, timeout=LONG)

    window.actions_by_name["show_allocation"].trigger()
    allocation = page.current
    allocation.day.setDate(QDate(MONDAY.year, MONDAY.month, MONDAY.day))
    press(qtbot, allocation.run.start)
    qtbot.waitUntil(lambda: allocation.history.work is not None, timeout=LONG)
    proposal = allocation.history.work.proposal
    assert proposal.travel_after < proposal.travel_before / 2
    press(qtbot, allocation.approve_button)
    approve(qtbot, window, "by location")
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=LONG)

    window.actions_by_name["show_plan"].trigger()
    planning = page.current
    planning.start.setDate(QDate(MONDAY.year, MONDAY.month, MONDAY.day))
    press(qtbot, planning.run.start)
    qtbot.waitUntil(lambda: planning.history.work is not None, timeout=LONG)
    plan = planning.history.work.plan
    assert plan.visits >= 10
    press(qtbot, planning.approve_button)
    approve(qtbot, window, "agreed at the Monday meeting")
    qtbot.waitUntil(lambda: planning.history.work.approved_by == "Sgt Journey", timeout=LONG)

    sheets = tmp_path / "sheets.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(sheets), ""))
    window.actions_by_name["print_paper"].trigger()
    printing = opened(qtbot, window, PrintDialog)
    printing.kind.setCurrentIndex(printing.kind.findData("day_sheet"))
    qtbot.waitUntil(printing.pdf_button.isEnabled, timeout=LONG)
    qtbot.keyClicks(printing.recipient, "Crews of the week")
    printing.reason.setCurrentText("Visits")
    press(qtbot, printing.pdf_button)
    qtbot.waitUntil(lambda: sheets.exists() and not window.tasks.running, timeout=LONG)
    printing.reject()
    words = pdf_words(sheets)
    assert "Approved plan" in words
    assert words.count("OFFICIAL-SENSITIVE") >= 2 * len(plan.rounds)
    assert all(stop.ref in words for each in plan.rounds for stop in each.stops)

    check_record_of_use(window)


def make_workspace(qtbot: QtBot, window: MainWindow, folder: Path) -> None:
    press(qtbot, window.welcome.sign_in.make_new)
    form = window.welcome.create_form
    form.folder.setText(str(folder / "team.vp"))
    form.user.setText("Sgt Journey")
    qtbot.keyClicks(form.passphrase, PHRASE)
    qtbot.keyClicks(form.again, PHRASE)
    form.submit()
    qtbot.waitUntil(lambda: window.page is not None, timeout=LONG)
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=LONG)
    assert window.windowTitle().startswith("team.vp")


def check_record_of_use(window: MainWindow) -> None:
    """Everything that was looked at, changed and printed stands in the record, and no name does."""
    assert window.desk is not None
    with window.desk.session.unit(Permission.AUDIT) as unit:
        uses = unit.uses(2000)
    told = {(use.operation.value, use.subject) for use in uses}
    assert ("disclosure", "paper day_sheet") in told
    assert ("collection", "offender INV-001") in told
    assert ("alteration", "offender INV-001") in told or ("alteration", "offender INV-002") in told
    assert any(operation == "consultation" and subject == "caseload" for operation, subject in told)
    assert "INVENTED" not in repr(uses)
    printed = next(use for use in uses if use.subject == "paper day_sheet" and use.operation.value == "disclosure")
    assert (printed.recipient, printed.reason, printed.actor) == ("Crews of the week", "Visits", "Sgt Journey")

"""A night's logs, from the watched folder to a visit brought forward and to the answer at the roadside, through the real window.

All people and logs are invented. The logs are read in a worker process, as in the program.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import Offender, OffenderManager, Risk, Sex
from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import Session
from mosovo_planner.store.base.names import KdfParameters
from mosovo_planner.store.workspace import create_workspace
from mosovo_planner.ui.dialogs.search import WhoDialog
from mosovo_planner.ui.main_window import MainWindow
from tests.journeys.conftest import LONG

TODAY = date.today()
HIM = Offender(
    ref="INV-1", surname="INVENTED", forenames="Jonathan", date_of_birth=date(1971, 5, 3), sex=Sex.MALE, risk=Risk.MEDIUM,
    postcode="ZZ1 1ZZ", address="1 Sample Street", last_seen=TODAY - timedelta(days=10), manager="OM01", markers=("Dog",),
)  # fmt: skip


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """The workspace of DC Sample, who manages one of two."""
    made = Session(create_workspace(str(tmp_path / "team.vp"), "DC Sample", "three random words", kdf=KdfParameters(8192, 1, 1)))
    with made.unit(Permission.IMPORT) as unit:
        unit.save_managers([OffenderManager(id="OM01", name="DC Sample", base="Northtown", reach="ext 1234", trained=True)])
        unit.save_offenders([HIM, replace(HIM, ref="INV-2", surname="OTHER", forenames="Person", date_of_birth=date(1980, 1, 1))])
    yield made
    made.close()


def night(folder: Path) -> None:
    folder.mkdir()
    path = folder / "night.csv"
    at = TODAY - timedelta(days=1)
    path.write_text(
        "Log number,Date,Time,Type,Surname,Forename,DOB,Text\n"
        f"L-1,{at:%d/%m/%Y},23:50,Arrest,INVENTED,Jon,03/05/1971,Arrested near the park.\n"
        f"L-2,{at:%d/%m/%Y},23:55,Theft,SOMEBODY,Else,01/01/1990,Left the shop.\n",
        encoding="utf-8",
    )
    os.utime(path, (time.time() - 60, time.time() - 60))


def visit_of(window: MainWindow, ref: str = "INV-1") -> Case:
    assert window.desk is not None
    assert window.desk.view is not None
    return next(case for case in window.desk.view.cases if case.offender.ref == ref)


def test_from_a_nights_logs_to_a_visit_brought_forward(
    qtbot: QtBot, window: MainWindow, session: Session, tmp_path: Path
) -> None:
    night(tmp_path / "logs")
    window.settings.watched_folder = str(tmp_path / "logs")
    window.enter(session)
    page = window.page
    assert page is not None
    duty = page.offduty

    # His manager signs in: the folder is read, and the match is in front.
    qtbot.waitUntil(lambda: page.current_key == "offduty" and not window.tasks.running, timeout=LONG)
    assert page.navigation.buttons["offduty"].text() == "Off duty (1)"
    assert duty.own == "OM01", "a user whose name is a manager's is that manager"
    usual = visit_of(window).visit.due
    qtbot.waitUntil(lambda: duty.detail.row is not None, timeout=LONG)
    assert duty.detail.words().count("Arrested near the park.") == 1

    # It is him: the arrest is entered, and the visit is due within the days that policy gives.
    duty.detail.kind.setCurrentIndex(duty.detail.kind.findData("arrest"))
    qtbot.mouseClick(duty.detail.him, Qt.MouseButton.LeftButton)
    arrested = TODAY - timedelta(days=1)
    qtbot.waitUntil(lambda: visit_of(window).visit.due == arrested + timedelta(days=7), timeout=LONG)
    assert "Brought forward: arrest" in visit_of(window).visit.why
    assert visit_of(window, "INV-2").visit.due != visit_of(window).visit.due

    # It was somebody else after all: the judgement is taken back, and so is what it did.
    duty.judged.setChecked(True)
    qtbot.waitUntil(lambda: duty.detail.row is not None and not duty.detail.row.waiting, timeout=LONG)
    duty.detail.comment.setText("His brother.")
    qtbot.mouseClick(duty.detail.back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: visit_of(window).visit.due == usual, timeout=LONG)
    qtbot.waitUntil(lambda: not window.tasks.running, timeout=LONG)

    # A frontline officer rings about him.
    window.actions_by_name["who"].trigger()
    dialog = window.findChildren(WhoDialog)[-1]
    dialog.panel.asker.setText("PC 1234 Invented")
    dialog.panel.question.setText("jon invented 1971-05-03")
    dialog.panel.ask()
    qtbot.waitUntil(lambda: dialog.panel.shown is not None, timeout=LONG)
    assert dialog.panel.shown is not None
    assert (dialog.panel.shown.manager, dialog.panel.shown.safety) == ("DC Sample", ("Dog",))
    dialog.close()

    with session.unit(Permission.AUDIT) as unit:
        entries = unit.uses(100)
    told = {(use.operation.value, use.reason) for use in entries}
    assert {
        ("combination", "matched with incident logs"),
        ("consultation", "start of duty"),
        ("collection", "off duty match"),
        ("erasure", "judgement taken back"),
        ("disclosure", "who manages him: answered"),
    } <= told
    assert not any("INVENTED" in str(use) for use in entries), "the record of use holds no contents"

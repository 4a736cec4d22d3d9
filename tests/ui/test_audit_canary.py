"""A journey with a surname that stands nowhere else: it is found in no file outside the workspace, and in no title."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import indent

from mosovo_planner.domain.roles import Permission
from mosovo_planner.office.session import open_session
from tests.ui.conftest import PASSPHRASE, USER

CANARY = "QUEXQUEX"
_JOURNEY = '''
import faulthandler, json, os, sys
written = set()
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)) and isinstance(arguments[2], int):
        if arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            written.add(os.fsdecode(arguments[0]))
sys.addaudithook(watch)

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from mosovo_planner.domain.people import Offender
from mosovo_planner.ui import app as ui
from mosovo_planner.ui.errors import CrashDialog, install_excepthook, scrubbed
from mosovo_planner.ui.main_window import MainWindow
from mosovo_planner.ui.settings import Settings
from mosovo_planner.ui.theme import Theme

folder, user, passphrase, canary, faults = sys.argv[1:]
app = ui.application()
window = MainWindow(Settings(), Theme(app, "light"))
install_excepthook(window)
window.show()
titles = set()

def fail(surname):
    faulthandler.dump_traceback(open(faults, "w"))
    raise ValueError(f"no place for {surname}")

def step_titles():
    for each in QApplication.topLevelWidgets():
        titles.update((each.windowTitle(), each.windowFilePath(), each.windowIconText(), each.objectName()))
    for each in QGuiApplication.topLevelWindows():
        titles.update((each.title(), each.filePath()))

def journey():
    page = window.page
    for _ in range(2):
        page.caseload.panel.search.setText(canary)
        page.caseload.panel.apply_search()
        yield
    assert page.caseload.table.visible_rows, "the canary is on the caseload"
    page.caseload.table.selectRow(0)
    for _ in range(3):
        yield
    window.deeds.copy()
    page.caseload.open_file()
    for _ in range(3):
        yield
    for each in page.caseload.findChildren(type(window.page.caseload)):
        each.close()
    page.caseload.record_visit()
    yield
    window.locker.keeping.look()
    form = next(each for each in QApplication.topLevelWidgets() if type(each).__name__ == "VisitDialog")
    form.note.setPlainText(f"Spoke with {canary}")
    yield
    try:
        fail(canary)
    except ValueError as error:
        CrashDialog(scrubbed(error), window).open()
        app.setProperty("report", scrubbed(error))
    yield
    for key in page.keys[:7]:
        page.show_view(key)
        yield
    window.deeds.print_paper("caseload_team")
    for _ in range(4):
        yield

steps = None
def step():
    global steps
    if window.tasks.running:
        return
    if steps is None:
        if window.desk is None or window.desk.view is None:
            return
        steps = journey()
    try:
        next(steps)
        step_titles()
    except StopIteration:
        clock.stop()
        window.locker.begin_anew = end
        window.locker.lock("idle")
    except BaseException:
        import traceback
        traceback.print_exc()
        os._exit(4)

def end(locked):
    print(json.dumps({"titles": sorted(titles), "written": sorted(written), "locked": locked.unfinished,
                      "clipboard": QGuiApplication.clipboard().text(), "report": app.property("report"),
                      "environment": dict(os.environ)}), flush=True)
    os._exit(0)

form = window.welcome.sign_in
form.address.setEditText(folder)
form.user.setText(user)
form.passphrase.setText(passphrase)
form.submit()
clock = QTimer(interval=60)
clock.timeout.connect(step)
clock.start()
QTimer.singleShot(200_000, lambda: os._exit(3))
app.exec()
'''


def test_a_journey_leaves_the_canary_in_no_file_and_no_title(workspace_folder: Path, tmp_path: Path) -> None:
    session = open_session(str(workspace_folder), USER, PASSPHRASE)
    with session.unit(Permission.RECORD) as unit:
        held = unit.caseload().offenders[3]
        from dataclasses import replace

        unit.save_offenders([replace(held, surname=CANARY, address=f"1 {CANARY} Street")], reason="invented")
    session.close()
    outside = tmp_path / "outside"
    names = ("home", "tmp", "config", "cache", "data", "state", "run")
    places = {name: outside / name for name in names}
    for each in places.values():
        each.mkdir(parents=True, mode=0o700)
    environment = {
        **os.environ, "HOME": str(places["home"]), "USERPROFILE": str(places["home"]), "TMPDIR": str(places["tmp"]),
        "XDG_CONFIG_HOME": str(places["config"]), "XDG_CACHE_HOME": str(places["cache"]), "XDG_DATA_HOME": str(places["data"]),
        "XDG_STATE_HOME": str(places["state"]), "XDG_RUNTIME_DIR": str(places["run"]), "PYTHONDONTWRITEBYTECODE": "1",
        "NUMBA_CACHE_DIR": str(places["cache"]), "MOSOVO_DATA_DIR": str(places["data"]), "MOSOVO_STATE_DIR": str(places["state"]),
    }  # fmt: skip
    program = tmp_path / "journey.py"
    guarded = f"if __name__ == '__main__':\n{indent(_JOURNEY, '    ')}"  # a worker process reads the program again
    program.write_text(guarded, encoding="utf-8")
    asked = [sys.executable, str(program), str(workspace_folder), USER, PASSPHRASE, CANARY, str(outside / "faults.txt")]
    run = subprocess.run(
        asked, capture_output=True, text=True, timeout=280, check=False, env=environment, cwd=Path(__file__).parents[2]
    )
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout.splitlines()[-1])
    assert told["locked"], "the visit half written was kept"
    assert told["clipboard"] == ""
    assert "fail" in told["report"]
    assert not holding(run.stderr)
    assert not holding(told["report"])
    assert [each for each in told["titles"] if holding(each)] == []
    assert [name for name, value in told["environment"].items() if holding(value)] == []
    files = [path for path in (*outside.rglob("*"), *workspace_folder.rglob("*")) if path.is_file()]
    assert (outside / "faults.txt") in files
    assert any(path.is_relative_to(workspace_folder / "drafts") for path in files)
    assert [path for path in files if in_bytes(path) or holding(path.name)] == []
    allowed = (str(workspace_folder), str(outside), os.devnull, "/dev/", "/proc/")
    assert [each for each in told["written"] if Path(each).is_absolute() and not each.startswith(allowed)] == []
    shutil.rmtree(outside)


def holding(text: str) -> bool:
    return CANARY.casefold() in text.casefold()


def in_bytes(path: Path) -> bool:
    body = path.read_bytes()
    return any(CANARY.encode(form) in body for form in ("utf-8", "utf-16-le", "utf-16-be"))

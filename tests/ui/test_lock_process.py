"""After a lock nothing of the workspace is in memory: the process was really replaced. Tried with the whole program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mosovo_planner.ui.lock.restart import Locked, command, tell, told
from tests.ui.conftest import PASSPHRASE, USER

_PROGRAM = '''
import ctypes, json, os, re, sys
import numpy as np

def copies(inverted):
    """How often what has these bits turned over stands in this process's memory; the thing itself is never put together."""
    if not sys.platform.startswith("linux"):
        return None
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # for this look at itself only: readable again
    wanted, found = [255 - each for each in inverted], 0
    with open("/proc/self/maps") as maps:
        parts = [re.match(r"(\\\\w+)-(\\\\w+) rw", line) for line in maps]
    with open("/proc/self/mem", "rb", buffering=0) as memory:
        for part in filter(None, parts):
            start, end = int(part[1], 16), int(part[2], 16)
            try:
                memory.seek(start)
                body = np.frombuffer(memory.read(end - start), dtype=np.uint8)
            except (OSError, OverflowError, ValueError):
                continue
            if len(body) < len(wanted):
                continue
            at = np.flatnonzero(body[: len(body) - len(wanted)] == wanted[0])
            for place, byte in enumerate(wanted):
                at = at[body[at + place] == byte]
            found += len(at)
    return found

def turned(raw):
    return bytes(255 - each for each in raw)

def after():
    from mosovo_planner.ui.lock.restart import told
    secrets = {name: bytes.fromhex(os.environ[name]) for name in ("DEK", "NAME")}
    found = {name: copies(inverted) for name, inverted in secrets.items()}
    locked = told()
    print(json.dumps({"pid": os.getpid(), "found": found, "why": locked.why, "unfinished": locked.unfinished}), flush=True)

def before(folder, user, passphrase):
    from PySide6.QtCore import QTimer
    from mosovo_planner.office.session import open_session
    from mosovo_planner.ui import app as ui
    from mosovo_planner.ui.dialogs.visit import VisitDialog
    from mosovo_planner.ui.lock.restart import start_again, tell
    from mosovo_planner.ui.main_window import MainWindow
    from mosovo_planner.ui.settings import Settings
    from mosovo_planner.ui.theme import Theme

    app = ui.application()
    window = MainWindow(Settings(), Theme(app, "light"))
    window.show()
    session = open_session(folder, user, passphrase)
    window.enter(session)

    def anew(locked):
        tell(locked)
        start_again([sys.executable, __file__, "after"])

    window.locker.begin_anew = anew

    def lock(_view):
        case = next(each for each in window.desk.view.cases if each.offender.ref == "SYN-4")
        form = VisitDialog(window.desk, case.offender, window)
        form.open()
        window.locker.keeping.look()
        form.note.setPlainText("Ask next time")
        secrets = {"DEK": session.workspace.insides.place.data_key, "NAME": (case.offender.address or "").encode()}
        os.environ.update({name: turned(raw).hex() for name, raw in secrets.items()})
        found = {name: copies(turned(raw)) for name, raw in secrets.items()}
        print(json.dumps({"pid": os.getpid(), "found": found}), flush=True)
        window.locker.watch.lock_wanted.emit("idle")

    window.desk.loaded.connect(lock)
    QTimer.singleShot(120_000, lambda: os._exit(3))
    app.exec()

after() if sys.argv[1] == "after" else before(*sys.argv[1:])
'''


def test_after_a_lock_the_process_is_another_and_knows_no_key(workspace_folder: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM.replace("\\\\", "\\"), encoding="utf-8")
    asked = [sys.executable, str(program), str(workspace_folder), USER, PASSPHRASE]
    run = subprocess.run(asked, capture_output=True, text=True, timeout=240, check=False, cwd=Path(__file__).parents[2])
    assert run.returncode == 0, run.stderr
    before, after = (json.loads(line) for line in run.stdout.splitlines())
    assert (after["why"], after["unfinished"]) == ("idle", True)
    if sys.platform.startswith("linux"):
        assert before["found"]["DEK"] > 0, "the look finds a key that is there"
        assert before["found"]["NAME"] > 0
        assert before["pid"] == after["pid"], "whoever started the program still waits for it"
        assert after["found"] == {"DEK": 0, "NAME": 0}


def test_the_fresh_process_is_told_once_and_nothing_about_a_person() -> None:
    environment = {"PATH": "/bin"}
    locked = Locked("sleep", "/data/Team.vp", "Sgt Sample", lost=True, unfinished=False)
    tell(locked, environment)
    assert told(environment) == locked
    assert environment == {"PATH": "/bin"}
    assert told(environment) is None


_FRESH = """
import json
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from mosovo_planner.ui.app import run
from mosovo_planner.ui.main_window import MainWindow

def look():
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow) and each.isVisible())
    form = window.welcome.sign_in
    replaces = window.locker.begin_anew is not None
    print(json.dumps([form.address.currentText(), form.user.text(), form.locked.text(), replaces]), flush=True)
    window.close()
    QApplication.quit()

QTimer.singleShot(0, look)
run()
"""


def test_the_fresh_program_asks_for_the_pass_phrase_of_the_same_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process of its own: an application that has quit runs no event loop any more."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=nowhere")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "tcp:host=nowhere")
    environment = dict(os.environ)
    tell(Locked("idle", "/data/Team.vp", "Sgt Sample", unfinished=True), environment)
    asked = [sys.executable, "-c", _FRESH]
    ran = subprocess.run(
        asked, capture_output=True, text=True, timeout=240, check=False, env=environment, cwd=Path(__file__).parents[2]
    )
    assert ran.stdout, ran.stderr
    address, user, words, replaces = json.loads(ran.stdout)
    assert (address, user, replaces) == ("/data/Team.vp", "Sgt Sample", True)
    assert "kept encrypted" in words


def test_the_program_is_started_as_it_was_without_what_it_opened() -> None:
    assert command()[1:] == ["-m", "mosovo_planner"]
    assert Path(command()[0]).exists()

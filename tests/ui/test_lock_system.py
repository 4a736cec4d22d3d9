"""The desktop says that the session was locked or that the machine sleeps: heard over a real bus where one can be had."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QCoreApplication
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusUnixFileDescriptor, QDBusVirtualObject
from pytestqt.qtbot import QtBot

from mosovo_planner.ui.lock import linux, macos, windows

Send = Callable[[str, str, str, tuple[object, ...]], None]
_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"""


class Login(QDBusVirtualObject):
    """A stand-in for logind, which gives a few seconds before sleep."""

    asked: list[list[object]]

    def introspect(self, _path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:  # noqa: N802  Qt's name
        self.asked.append([message.member(), *message.arguments()])
        descriptor = os.open(os.devnull, os.O_RDONLY)
        connection.send(message.createReply([QDBusUnixFileDescriptor(descriptor)]))
        os.close(descriptor)
        return True


class Bus:
    """A listener, and a way to send it what the system would."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.listener = linux.Listener(self.told.append)
        self.login: Login | None = None
        self.service: QDBusConnection | None = None

    def send(self, path: str, interface: str, name: str, *arguments: object) -> None:
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(list(arguments))
        if self.service is not None:
            self.service.send(message)
        else:  # no bus program here: the message at the boundary
            slot: dict[str, Callable[[Any], None]] = {
                "PrepareForSleep": self.listener.sleeps, "ActiveChanged": self.listener.saves, "Lock": self.listener.locks
            }  # fmt: skip
            slot[name](message if name == "Lock" else arguments[0])


@pytest.fixture
def bus(qapp: QCoreApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    monkeypatch.setenv("XDG_SESSION_ID", "2")
    made = Bus()
    program = shutil.which("dbus-daemon")
    if program is None:
        yield made
        return
    config = tmp_path / "bus.xml"
    config.write_text(_CONFIG.format(path=tmp_path / "bus"), encoding="utf-8")
    asked = [program, f"--config-file={config}", "--nofork", "--print-address=1"]
    daemon = subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert daemon.stdout is not None
        address = daemon.stdout.readline().strip()
        names = [f"{tmp_path.name} {name}" for name in ("listener", "service")]
        ours, made.service = (QDBusConnection.connectToBus(address, name) for name in names)
        made.login = Login()
        made.login.asked = []
        assert made.service.registerService("org.freedesktop.login1")
        assert made.service.registerVirtualObject("/org/freedesktop/login1", made.login)
        made.listener.hear_login(ours)
        made.listener.hear_savers(ours)
        yield made
    finally:
        for name in ("listener", "service"):
            QDBusConnection.disconnectFromBus(f"{tmp_path.name} {name}")
        daemon.kill()
        daemon.communicate()


def test_sleep_is_heard_before_it_comes(qtbot: QtBot, bus: Bus) -> None:
    bus.send("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", True)
    qtbot.waitUntil(lambda: bus.told == ["sleep"])
    bus.send("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", False)
    bus.send("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", True)
    qtbot.waitUntil(lambda: bus.told == ["sleep", "session"])


def test_a_few_seconds_are_asked_for_before_sleep(qtbot: QtBot, bus: Bus) -> None:
    login = bus.login
    if login is None:
        return
    qtbot.waitUntil(lambda: bus.listener.has_time)
    assert login.asked == [["Inhibit", "sleep", "MOSOVO Planner", "the screen locks first", "delay"]]


@pytest.mark.parametrize("desktop", ["gnome", "cinnamon", "mate"])
def test_the_desktops_own_lock_is_heard(desktop: str, qtbot: QtBot, bus: Bus) -> None:
    for active in (False, True):
        bus.send(f"/org/{desktop}/ScreenSaver", f"org.{desktop}.ScreenSaver", "ActiveChanged", active)
    qtbot.waitUntil(lambda: bus.told == ["session"])


def test_the_lock_of_another_persons_session_is_not_ours(qtbot: QtBot, bus: Bus) -> None:
    for number in ("_35", "c2", "_32"):
        bus.send(f"/org/freedesktop/login1/session/{number}", "org.freedesktop.login1.Session", "Lock")
    qtbot.waitUntil(lambda: bus.told == ["session"])


@pytest.mark.parametrize(("session", "label"), [("2", "_32"), ("c2", "c2"), ("12", "_312"), ("a-b", "a_2db")])
def test_a_session_is_known_by_its_path(session: str, label: str) -> None:
    assert linux.bus_label(session) == label


@pytest.mark.parametrize("address", ["tcp:host=10.0.0.1,port=55556", "unixexec:path=ssh", "unix:path=/x;tcp:host=h,port=1"])
def test_a_bus_beyond_this_machine_is_never_connected_to(
    address: str, qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DBUS_SYSTEM_BUS_ADDRESS", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.setenv(name, address)

    def refused(*_given: object) -> None:
        raise AssertionError("a bus was asked for")

    monkeypatch.setattr(QDBusConnection, "systemBus", refused)
    monkeypatch.setattr(QDBusConnection, "sessionBus", refused)
    linux.listen(refused, qapp)


# Other systems, as far as they can be tried here


@pytest.mark.parametrize(
    ("message", "wparam", "why"),
    [(0x02B1, 7, "session"), (0x02B1, 8, ""), (0x02B1, 4, "session"), (0x0218, 4, "sleep"), (0x0218, 7, ""), (0x000F, 7, "")],
)
def test_windows_messages_mean_what_they_mean(message: int, wparam: int, why: str) -> None:
    told: list[str] = []
    heard = windows.Filter(told.append)
    body = windows._Message(message=message, wparam=wparam)
    assert heard.nativeEventFilter(QByteArray(b"windows_generic_MSG"), ctypes.addressof(body)) == (False, 0)
    assert told == ([why] if why else [])
    heard.nativeEventFilter(QByteArray(b"xcb_generic_event_t"), 1)


def test_macos_hears_the_note_of_a_locked_screen() -> None:
    """With a stand-in for Core Foundation, which is not here."""
    told: list[str] = []
    given: list[tuple[Any, ...]] = []

    class Call:
        def __init__(self, answer: object) -> None:
            self.answer = answer

        def __call__(self, *arguments: object) -> object:
            given.append(arguments)
            return self.answer

    class Core:
        CFNotificationCenterGetDistributedCenter = Call(11)
        CFStringCreateWithCString = Call(22)
        CFNotificationCenterAddObserver = Call(None)

    macos.listen(told.append, Core())  # type: ignore[arg-type]
    assert given[0][1] == b"com.apple.screenIsLocked"
    center, _observer, called, name, _object, _at_once = given[-1]
    assert (center, name) == (11, 22)
    called(None, None, None, None, None)
    assert told == ["session"]

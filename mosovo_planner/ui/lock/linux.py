"""Linux tells of a locked session and of sleep over D-Bus: logind, and the screen savers of the desktops.

Only the buses' local sockets are used. Where there is none, nothing is heard, and idleness alone locks.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import SLOT, QObject, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

_LOGIN = "org.freedesktop.login1"
_MANAGER = "/org/freedesktop/login1"
_SAVERS = tuple(f"org.{name}.ScreenSaver" for name in ("freedesktop", "gnome", "cinnamon", "mate", "xfce"))


def listen(tell: Callable[[str], object], parent: QObject) -> Listener:
    """Listen on the two buses of this machine, as far as they are there."""
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    made = Listener(tell, parent)
    if _local("DBUS_SYSTEM_BUS_ADDRESS", "/run/dbus/system_bus_socket", "/var/run/dbus/system_bus_socket"):
        made.hear_login(QDBusConnection.systemBus())
    if _local("DBUS_SESSION_BUS_ADDRESS", f"{runtime}/bus" if runtime else ""):
        made.hear_savers(QDBusConnection.sessionBus())
    return made


class Listener(QObject):
    """Calls ``tell`` with ``session`` or ``sleep``."""

    def __init__(self, tell: Callable[[str], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tell = tell
        self._time: QDBusMessage | None = None

    def hear_login(self, bus: QDBusConnection) -> None:
        """logind: sleep, and ``loginctl lock-session``, by which most desktops lock."""
        if bus.isConnected():
            bus.connect(_LOGIN, _MANAGER, f"{_LOGIN}.Manager", "PrepareForSleep", self, _slot("sleeps(bool)"))
            bus.connect(_LOGIN, "", f"{_LOGIN}.Session", "Lock", self, _slot("locks(QDBusMessage)"))
            self._ask_for_time(bus)

    def hear_savers(self, bus: QDBusConnection) -> None:
        """The screen savers of the user's own session."""
        if bus.isConnected():
            for name in _SAVERS:
                bus.connect("", "", name, "ActiveChanged", self, _slot("saves(bool)"))

    @property
    def has_time(self) -> bool:
        """Whether logind waits some seconds for this program before the machine sleeps."""
        return self._time is not None

    def _ask_for_time(self, bus: QDBusConnection) -> None:
        """The answer holds a descriptor that delays sleep as long as it is open: until this process ends."""
        call = QDBusMessage.createMethodCall(_LOGIN, _MANAGER, f"{_LOGIN}.Manager", "Inhibit")
        call.setArguments(["sleep", "MOSOVO Planner", "the screen locks first", "delay"])
        QDBusPendingCallWatcher(bus.asyncCall(call), self).finished.connect(self._answered)

    def _answered(self, done: QDBusPendingCallWatcher) -> None:
        answer = done.reply()
        self._time = answer if answer.type() is QDBusMessage.MessageType.ReplyMessage else None
        done.deleteLater()

    @Slot(bool)
    def sleeps(self, begins: bool) -> None:
        if begins:
            self._tell("sleep")

    @Slot(bool)
    def saves(self, active: bool) -> None:
        if active:
            self._tell("session")

    @Slot(QDBusMessage)
    def locks(self, message: QDBusMessage) -> None:
        """Several people may be signed in at one machine: another one's lock is not ours."""
        own = os.environ.get("XDG_SESSION_ID", "")
        if not own or message.path().rpartition("/")[2] == bus_label(own):
            self._tell("session")


def _slot(signature: str) -> Any:
    """A slot's name as the bus wants it; the type stubs ask for bytes, which the call itself refuses."""
    return SLOT(signature)


def bus_label(text: str) -> str:
    """A session's id as it stands in its path on the bus: what is no letter or digit, and a leading digit, as _xx."""
    plain = [each.isascii() and each.isalnum() and not (at == 0 and each.isdigit()) for at, each in enumerate(text)]
    return "".join(each if keep else f"_{ord(each):02x}" for each, keep in zip(text, plain, strict=True))


def _local(variable: str, *usual: str) -> bool:
    """Whether the bus is reached by a socket of this machine: no other address is ever connected to."""
    given = os.environ.get(variable, "")
    if given:
        return all(part.startswith("unix:") for part in given.split(";") if part)
    return any(path and Path(path).exists() for path in usual)

"""Windows tells of a locked session and of sleep by messages to the window."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication

_POWER, _SESSION = 0x0218, 0x02B1  # WM_POWERBROADCAST, WM_WTSSESSION_CHANGE
_SUSPEND = 4  # PBT_APMSUSPEND
_AWAY = frozenset({2, 4, 6, 7})  # WTS_CONSOLE_DISCONNECT, REMOTE_DISCONNECT, SESSION_LOGOFF, SESSION_LOCK
_THIS_SESSION = 0


class _Message(ctypes.Structure):
    """MSG of winuser.h."""

    _fields_ = (
        ("hwnd", ctypes.c_void_p),
        ("message", ctypes.c_uint),
        ("wparam", ctypes.c_size_t),
        ("lparam", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_long),
        ("y", ctypes.c_long),
    )


def why_locked(message: int, wparam: int) -> str:
    """``session`` or ``sleep`` where a message means it, else nothing."""
    if message == _SESSION and wparam in _AWAY:
        return "session"
    return "sleep" if message == _POWER and wparam == _SUSPEND else ""


class Filter(QAbstractNativeEventFilter):
    """Hands on what the messages mean."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        super().__init__()
        self._tell = tell

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> tuple[bool, int]:
        name = kind.data() if isinstance(kind, QByteArray) else kind
        if bytes(name) == b"windows_generic_MSG":
            told = _Message.from_address(int(message))
            why = why_locked(told.message, told.wparam)
            if why:
                self._tell(why)
        return False, 0


def listen(window: int, tell: Callable[[str], object]) -> Filter:
    """Ask for the messages of this session; keep what is returned."""
    made = Filter(tell)
    application = QCoreApplication.instance()
    if application is not None:
        application.installNativeEventFilter(made)
    if sys.platform == "win32":
        ctypes.windll.wtsapi32.WTSRegisterSessionNotification(ctypes.c_void_p(window), _THIS_SESSION)
    return made

"""macOS tells of a locked screen by a distributed note, heard through Core Foundation."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable

_NOTE = b"com.apple.screenIsLocked"
_UTF8 = 0x08000100
_AT_ONCE = 4  # CFNotificationSuspensionBehaviorDeliverImmediately
_CALLED = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


def listen(tell: Callable[[str], object], library: ctypes.CDLL | None = None) -> object:
    """Hear that the screen was locked; keep what is returned. It comes on the main thread's run loop, which is Qt's."""
    core = library or ctypes.CDLL(ctypes.util.find_library("CoreFoundation"))
    core.CFNotificationCenterGetDistributedCenter.restype = ctypes.c_void_p
    core.CFStringCreateWithCString.restype = ctypes.c_void_p
    core.CFStringCreateWithCString.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    core.CFNotificationCenterAddObserver.argtypes = [
        ctypes.c_void_p, ctypes.c_void_p, _CALLED, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long
    ]  # fmt: skip

    def heard(*_given: object) -> None:
        tell("session")

    called = _CALLED(heard)
    name = core.CFStringCreateWithCString(None, _NOTE, _UTF8)
    core.CFNotificationCenterAddObserver(core.CFNotificationCenterGetDistributedCenter(), None, called, name, None, _AT_ONCE)
    return called

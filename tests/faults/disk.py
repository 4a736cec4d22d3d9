"""Every step by which a workspace reaches the disk, seen from inside the process, recorded, and made to fail.

SQLite is watched through its own table of file methods (``sqlite3_vfs``), Python through the functions of ``os``
that the store uses; what Python wrote is found by looking at the files before each such step. No compiler,
preloaded library or right of root is needed. Linux and macOS; one process with one thread that writes.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlcipher3 import _sqlite3 as sqlcipher_library

FULL, IO_ERROR = 13, 10 | (3 << 8)  # SQLITE_FULL, SQLITE_IOERR_WRITE


@dataclass(frozen=True, slots=True)
class Step:
    """One step: ``write`` (data at offset), ``cut`` (to size ``at``), ``sync``, ``create``, ``rename`` (to ``other``),
    ``remove``, ``mkdir``, ``syncdir``, and ``ack``: the caller was told that ``at`` deeds are done."""

    kind: str
    path: str
    at: int = 0
    data: bytes = field(default=b"", repr=False)
    other: str = ""


class Disk:
    """Watches what happens below ``root`` while :meth:`watched` is entered.

    ``before`` is called with the kind and path of each step before it happens; it may end the process, or return an
    ``errno`` with which the step fails instead.
    """

    def __init__(self, root: Path, before: Callable[[str, str], int] = lambda kind, path: 0, *, record: bool = False) -> None:
        self.root = str(root)
        self.steps: list[Step] = []
        self._before = before
        self._record = record
        self._seen: dict[str, tuple[int, int, int]] = {}
        self._of_sqlite: set[str] = set()

    def ack(self, number: int) -> None:
        """Write down that the caller was told so many deeds are done."""
        self.note(Step("ack", "", number))

    @contextlib.contextmanager
    def watched(self) -> Iterator[Disk]:
        with _sqlite_watched(self), _python_watched(self):
            self.look()
            self.steps.clear()  # what was there before
            yield self
            self.look()

    def mine(self, path: str) -> bool:
        return path.startswith(self.root) and not path.endswith(("-shm", "/lock"))

    def meets(self, kind: str, path: str) -> int:
        return self._before(kind, path) if self.mine(path) else 0

    def note(self, step: Step) -> None:
        if self._record and (step.kind == "ack" or self.mine(step.path)):
            self.steps.append(step)

    def by_sqlite(self, path: str) -> None:
        self.look()
        self._of_sqlite.add(path)

    def look(self) -> None:
        """Record what Python wrote since the last look."""
        if not self._record:
            return
        for folder, _, names in os.walk(self.root):
            for name in names:
                path = f"{folder}/{name}"
                if not self.mine(path) or path in self._of_sqlite:
                    continue
                facts = os.stat(path)
                mark = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
                if self._seen.get(path) != mark:
                    self._seen[path] = mark
                    self.note(Step("create", path))
                    self.note(Step("cut", path, 0))
                    with open(path, "rb") as file:
                        self.note(Step("write", path, 0, file.read()))

    def moved(self, source: str, target: str) -> None:
        for kept in (self._of_sqlite, self._seen):
            for path in [each for each in kept if each == source or each.startswith(f"{source}/")]:
                new = target + path[len(source) :]
                if isinstance(kept, set):
                    kept.discard(path)
                    kept.add(new)
                else:
                    kept[new] = kept.pop(path)

    def gone(self, path: str) -> None:
        self._of_sqlite.discard(path)
        self._seen.pop(path, None)


def die() -> int:
    """As kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def fork(work: Callable[[int], None]) -> tuple[int, int]:
    """Run ``work(pipe)`` in a copy of this process; gives its number and the pipe's end to read from."""
    here, there = os.pipe()
    child = os.fork()
    if child:
        os.close(there)
        return child, here
    os.close(here)
    code = 1
    try:
        work(there)
        code = 0
    except BaseException:  # noqa: BLE001  whatever it is, the parent is told
        os.write(there, ("!" + traceback.format_exc() + "\n").encode())
    finally:
        os._exit(code)


def ended(child: int, pipe: int) -> tuple[list[str], int]:
    """What a child told line by line until its end, and its exit status."""
    with os.fdopen(pipe, "rb") as told:
        lines = told.read().decode(errors="replace").split("\n")
    return [line for line in lines if line], os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# ---- SQLite


_CALLS = (
    *("xOpen", "xDelete", "xAccess", "xFullPathname", "xDlOpen", "xDlError", "xDlSym", "xDlClose", "xRandomness", "xSleep"),
    *("xCurrentTime", "xGetLastError", "xCurrentTimeInt64", "xSetSystemCall", "xGetSystemCall", "xNextSystemCall"),
)


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("iVersion", ctypes.c_int),
        ("szOsFile", ctypes.c_int),
        ("mxPathname", ctypes.c_int),
        ("pNext", ctypes.c_void_p),
        ("zName", ctypes.c_char_p),
        ("pAppData", ctypes.c_void_p),
        *((name, ctypes.c_void_p) for name in _CALLS),
    ]


_METHODS = (
    *("xClose", "xRead", "xWrite", "xTruncate", "xSync", "xFileSize", "xLock", "xUnlock", "xCheckReservedLock", "xFileControl"),
    *("xSectorSize", "xDeviceCharacteristics", "xShmMap", "xShmLock", "xShmBarrier", "xShmUnmap", "xFetch", "xUnfetch"),
)


class _Methods(ctypes.Structure):
    _fields_ = [("iVersion", ctypes.c_int), *((name, ctypes.c_void_p) for name in _METHODS)]


_INT, _LONG, _PTR = ctypes.c_int, ctypes.c_int64, ctypes.c_void_p
_OPEN = ctypes.CFUNCTYPE(_INT, _PTR, _PTR, _PTR, _INT, _PTR)
_DELETE = ctypes.CFUNCTYPE(_INT, _PTR, ctypes.c_char_p, _INT)
_WRITE = ctypes.CFUNCTYPE(_INT, _PTR, _PTR, _INT, _LONG)
_TRUNCATE = ctypes.CFUNCTYPE(_INT, _PTR, _LONG)
_SYNC = ctypes.CFUNCTYPE(_INT, _PTR, _INT)
_OPEN_FOLDER = ctypes.CFUNCTYPE(_INT, ctypes.c_char_p, _PTR)
_GET_CALL = ctypes.CFUNCTYPE(_PTR, _PTR, ctypes.c_char_p)
_SET_CALL = ctypes.CFUNCTYPE(_INT, _PTR, ctypes.c_char_p, _PTR)


def _address(function: Any) -> int:
    return int(ctypes.cast(function, ctypes.c_void_p).value or 0)


def _code(number: int) -> int:
    return FULL if number == errno.ENOSPC else IO_ERROR


class _Sqlite:
    """The hooks in SQLite's tables: made once for the process, silent while no disk is watched.

    A file keeps its hooked methods while it is open, so the tables stay as they are when the watching ends.
    """

    def __init__(self) -> None:
        library = ctypes.CDLL(sqlcipher_library.__file__)
        library.sqlite3_vfs_find.restype = ctypes.c_void_p
        library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
        self.disk: Disk | None = None
        self._names: dict[int, str] = {}
        self._tables: dict[int, _Methods] = {}
        self._kept: list[Any] = []
        where = library.sqlite3_vfs_find(None)
        self._vfs = _Vfs.from_address(where)
        self._open, self._delete = _OPEN(self._vfs.xOpen), _DELETE(self._vfs.xDelete)
        self._vfs.xOpen, self._vfs.xDelete = self._keep(_OPEN(self.open)), self._keep(_DELETE(self.delete))
        self._folder = _OPEN_FOLDER(_GET_CALL(self._vfs.xGetSystemCall)(where, b"openDirectory"))
        _SET_CALL(self._vfs.xSetSystemCall)(where, b"openDirectory", self._keep(_OPEN_FOLDER(self.open_folder)))

    def _keep(self, hook: Any) -> int:
        self._kept.append(hook)
        return _address(hook)

    def open(self, vfs: int, name: int, file: int, flags: int, out: int) -> int:
        path = ctypes.string_at(name).decode() if name else ""
        disk = self.disk
        new = bool(path) and not os.path.exists(path)
        if disk and path:
            disk.by_sqlite(path)
            if new and (failed := disk.meets("create", path)):
                return _code(failed)
        result = self._open(vfs, name, file, flags, out)
        methods = ctypes.c_void_p.from_address(file)
        if result == 0 and methods.value:
            self._names[file] = path
            if methods.value not in self._tables:
                self._tables[methods.value] = self._hooked(methods.value)
            methods.value = ctypes.addressof(self._tables[methods.value])
            if disk and new:
                disk.note(Step("create", path))
        return int(result)

    def _hooked(self, where: int) -> _Methods:
        table = _Methods()
        ctypes.memmove(ctypes.byref(table), where, ctypes.sizeof(_Methods))
        write, truncate, sync = _WRITE(table.xWrite), _TRUNCATE(table.xTruncate), _SYNC(table.xSync)

        def hooked_write(file: int, data: int, size: int, at: int) -> int:
            return self._step(
                file,
                "write",
                lambda: write(file, data, size, at),
                lambda path: Step("write", path, at, ctypes.string_at(data, size)),
            )

        def hooked_truncate(file: int, size: int) -> int:
            return self._step(file, "cut", lambda: truncate(file, size), lambda path: Step("cut", path, size))

        def hooked_sync(file: int, flags: int) -> int:
            return self._step(file, "sync", lambda: sync(file, flags), lambda path: Step("sync", path))

        table.xWrite, table.xTruncate = self._keep(_WRITE(hooked_write)), self._keep(_TRUNCATE(hooked_truncate))
        table.xSync = self._keep(_SYNC(hooked_sync))
        return table

    def _step(self, file: int, kind: str, act: Callable[[], int], step: Callable[[str], Step]) -> int:
        disk, path = self.disk, self._names.get(file, "")
        if disk and path and (failed := disk.meets(kind, path)):
            return _code(failed)
        result = int(act())
        if disk and path and result == 0:
            disk.note(step(path))
        return result

    def delete(self, vfs: int, name: bytes, sync: int) -> int:
        disk, path = self.disk, name.decode()
        if disk and (failed := disk.meets("remove", path)):
            return _code(failed)
        result = int(self._delete(vfs, name, sync))
        if disk and result == 0:
            disk.note(Step("remove", path))
            disk.gone(path)
        return result

    def open_folder(self, name: bytes, descriptor: int) -> int:
        """SQLite opens a folder only to sync it."""
        if self.disk:
            self.disk.note(Step("syncdir", os.path.dirname(name.decode())))
        return int(self._folder(name, descriptor))


_hooks: _Sqlite | None = None


@contextlib.contextmanager
def _sqlite_watched(disk: Disk) -> Iterator[None]:
    global _hooks  # noqa: PLW0603  SQLite's tables are the process's own
    _hooks = _hooks or _Sqlite()
    _hooks.disk = disk
    try:
        yield
    finally:
        _hooks.disk = None


# ---- Python


@contextlib.contextmanager
def _python_watched(disk: Disk) -> Iterator[None]:
    """The functions of ``os`` through which the store writes, and copying of files."""
    real = {
        name: getattr(os, name) for name in ("open", "fsync", "rename", "replace", "unlink", "remove", "mkdir", "rmdir", "link")
    }
    copyfile, by_descriptor = shutil.copyfile, shutil._use_fd_functions

    def step(kind: str, path: object, act: Callable[[], Any], other: object = "") -> Any:
        where, there = os.fspath(path), os.fspath(other)  # type: ignore[call-overload]
        if not disk.mine(where):
            return act()
        disk.look()
        if failed := disk.meets(kind, where):
            raise OSError(failed, os.strerror(failed))
        result = act()
        disk.note(Step(kind, where, other=there))
        if kind == "rename":
            disk.moved(where, there)
        elif kind == "remove":
            disk.gone(where)
        return result

    def opened(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & os.O_CREAT and isinstance(path, (str, os.PathLike)) and not os.path.exists(path):
            return int(step("create", path, lambda: real["open"](path, flags, mode)))
        return int(real["open"](path, flags, mode, dir_fd=dir_fd))

    def synced(descriptor: int) -> None:
        path = os.readlink(f"/proc/self/fd/{descriptor}") if os.path.isdir("/proc/self/fd") else ""
        step("syncdir" if os.path.isdir(path) else "sync", path, lambda: real["fsync"](descriptor))

    def copied(source: Any, target: Any, **more: Any) -> Any:
        if disk.mine(os.fspath(target)) and (failed := disk.meets("copy", os.fspath(target))):
            with open(source, "rb") as whole, open(target, "wb") as part:
                part.write(whole.read(5000))  # a full disk takes the beginning
            raise OSError(failed, os.strerror(failed))
        return copyfile(source, target, **more)

    patched = {
        "open": opened,
        "fsync": synced,
        "rename": lambda a, b, **more: step("rename", a, lambda: real["rename"](a, b, **more), b),
        "replace": lambda a, b, **more: step("rename", a, lambda: real["replace"](a, b, **more), b),
        "unlink": lambda a, **more: step("remove", a, lambda: real["unlink"](a, **more)),
        "remove": lambda a, **more: step("remove", a, lambda: real["remove"](a, **more)),
        "mkdir": lambda a, *more, **named: step("mkdir", a, lambda: real["mkdir"](a, *more, **named)),
        "rmdir": lambda a, **more: step("remove", a, lambda: real["rmdir"](a, **more)),
        "link": lambda a, b, **more: step("link", a, lambda: real["link"](a, b, **more), b),
    }
    try:
        for name, hook in patched.items():
            setattr(os, name, hook)
        shutil.copyfile, shutil._use_fd_functions = copied, False  # type: ignore[assignment]
        yield
    finally:
        for name, function in real.items():
            setattr(os, name, function)
        shutil.copyfile, shutil._use_fd_functions = copyfile, by_descriptor

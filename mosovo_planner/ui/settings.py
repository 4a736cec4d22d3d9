"""What the program remembers between runs: looks and folders, never anything about a person."""

from __future__ import annotations

import hashlib
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from PySide6.QtCore import QByteArray, QSettings

_RECENT = 8


class Settings:
    """A small, typed face on QSettings. ``path`` names an .ini file in place of the user's own settings."""

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "mosovo-planner", "window")
        else:
            self._store = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def theme(self) -> str:
        """``system``, ``light`` or ``dark``."""
        theme = str(self._store.value("theme", "system"))
        return theme if theme in ("system", "light", "dark") else "system"

    @theme.setter
    def theme(self, theme: str) -> None:
        self._store.setValue("theme", theme)

    @property
    def recent_workspaces(self) -> tuple[str, ...]:
        """Addresses of workspaces opened lately, newest first."""
        stored = self._store.value("recent", [])
        values = [stored] if isinstance(stored, str) else stored
        return tuple(str(value) for value in values) if isinstance(values, list) else ()

    def remember_workspace(self, address: str) -> None:
        """Put an address first in the list; a password inside a database address is left out."""
        clean = without_password(address)
        others = [each for each in self.recent_workspaces if each != clean]
        self._store.setValue("recent", [clean, *others][:_RECENT])

    def forget_workspace(self, address: str) -> None:
        self._store.setValue("recent", [each for each in self.recent_workspaces if each != address])

    @property
    def user(self) -> str:
        """The name last used to sign in."""
        return str(self._store.value("user", ""))

    @user.setter
    def user(self, user: str) -> None:
        self._store.setValue("user", user)

    @property
    def watched_folder(self) -> str:
        """Where the force's system puts its incident logs; empty where no folder is watched."""
        return str(self._store.value("watched_folder", ""))

    @watched_folder.setter
    def watched_folder(self, folder: str) -> None:
        self._store.setValue("watched_folder", folder)

    @property
    def visor_mapping(self) -> str:
        """The name of the mapping that read ViSOR's list last."""
        return str(self._store.value("visor_mapping", ""))

    @visor_mapping.setter
    def visor_mapping(self, name: str) -> None:
        self._store.setValue("visor_mapping", name)

    def own_manager(self, workspace: str, user: str) -> str | None:
        """The id of the offender manager that this user said he is in that workspace; '' for all, None if he never said."""
        value = self._store.value(f"own_manager/{_key(workspace, user)}")
        return None if value is None else str(value)

    def save_own_manager(self, workspace: str, user: str, manager_id: str) -> None:
        self._store.setValue(f"own_manager/{_key(workspace, user)}", manager_id)

    def state(self, name: str) -> QByteArray | None:
        """A saved layout (window, splitter, table header), None where there is none."""
        state = self._store.value(f"layout/{name}")
        return state if isinstance(state, QByteArray) and not state.isEmpty() else None

    def save_state(self, name: str, state: QByteArray) -> None:
        self._store.setValue(f"layout/{name}", state)

    def write(self) -> None:
        """Put what was changed on the disk now."""
        self._store.sync()

    def forget_state(self, name: str) -> None:
        self._store.remove(f"layout/{name}")


def _key(*parts: str) -> str:
    """A name for a setting that says nothing and holds no slash."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


def without_password(address: str) -> str:
    """A database address without its password; a folder unchanged."""
    if "://" not in address:
        return address
    parts = urlsplit(address)
    if parts.password is None:
        return address
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}@{host}"))

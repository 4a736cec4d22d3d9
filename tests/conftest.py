"""What all tests share: no network, no screen, and every folder of the program in a place that is thrown away."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SHARED = Path(os.environ.get("MOSOVO_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gazetteer, settings and state of the tester's own account are neither read nor written."""
    monkeypatch.setenv("MOSOVO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MOSOVO_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves the machine: an internet socket that connects anywhere but loopback fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        abroad = isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost")
        if abroad and self.family in (socket.AF_INET, socket.AF_INET6):
            raise AssertionError(f"a network connection was opened to {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session", autouse=True)
def _windows_first(qapp: QApplication) -> None:
    """A test of papers alone would make an application without windows, and a process has but one application."""


@pytest.fixture(scope="session")
def server() -> Iterator[Any]:
    """A PostgreSQL server of the tests' own, one for all of them; skips where the server's programs are absent."""
    from tests.store.postgres import running_server

    with running_server() as running:
        yield running


@pytest.fixture
def shared() -> Path:
    """The folder of real data beside the project; tests that need it skip without it."""
    if not SHARED.is_dir():
        pytest.skip("the shared data folder is not beside this checkout")
    return SHARED


class PatientBot(QtBot):
    """Waits for what must happen as long as a loaded machine needs, and no longer than it takes."""

    def waitUntil(self, callback: Callable[[], object], *, timeout: int = 60_000) -> None:  # noqa: N802  pytest-qt's name
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = 60_000, **more: Any) -> Any:  # noqa: N802  pytest-qt's name
        return super().waitSignal(signal, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)

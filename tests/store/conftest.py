"""A workspace of each kind: an encrypted folder and a PostgreSQL database."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mosovo_planner.store import KdfParameters, Workspace, create_workspace, open_workspace

USER, PASSPHRASE = "Sgt Invented", "correct horse battery"
CHEAP = KdfParameters(memory_kib=8 * 1024, passes=1, lanes=1)


def _beside(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"store_tests_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def guarded(server: Any) -> Any:
    """A prepared database with people of every role and offenders of two teams; tests roll back, or use their own copy."""
    beside = _beside("guarded")
    made = beside.guarded_database(server)
    beside.fill(made)
    return made


@pytest.fixture
def own_guarded(server: Any, guarded: Any) -> Iterator[Any]:
    """A copy of it, for a test that changes something."""
    own = replace(guarded, name=server.new_database(guarded.name))
    own.close_to_strangers()
    yield own
    server.drop_database(own.name)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Where an embedded workspace goes; not there yet. In memory where possible: every commit waits for the disk."""
    memory = Path("/dev/shm")
    base = Path(tempfile.mkdtemp(prefix="mosovo-", dir=memory if os.access(memory, os.W_OK) else tmp_path))
    yield base / "Caseload.vp"
    shutil.rmtree(base)


@pytest.fixture
def embedded(folder: Path, fresh_folder: Path) -> Iterator[Workspace]:
    """An open embedded workspace."""
    shutil.copytree(fresh_folder, folder)
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace:
        yield workspace


@pytest.fixture(params=["folder", "server"])
def address(request: pytest.FixtureRequest, folder: Path) -> str:
    """An address without a workspace: on disk, and on a server."""
    if request.param == "folder":
        return str(folder)
    server = request.getfixturevalue("server")
    return server.url(server.new_database())


@pytest.fixture(scope="session")
def fresh_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new embedded workspace, to be copied."""
    folder = tmp_path_factory.mktemp("fresh") / "Caseload.vp"
    create_workspace(str(folder), USER, PASSPHRASE, kdf=CHEAP).close()
    return folder


@pytest.fixture(scope="session")
def fresh_database(server: Any) -> str:
    """A new workspace on the server, to be copied."""
    name: str = server.new_database()
    create_workspace(server.url(name), USER, PASSPHRASE, kdf=CHEAP).close()
    return name


@pytest.fixture(params=["folder", "server"])
def workspace_address(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """An address with a new workspace of each kind."""
    if request.param == "folder":
        shutil.copytree(request.getfixturevalue("fresh_folder"), folder)
        yield str(folder)
        return
    server = request.getfixturevalue("server")
    name = server.new_database(request.getfixturevalue("fresh_database"))
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture
def workspace(workspace_address: str) -> Iterator[Workspace]:
    """An open workspace of each kind."""
    with open_workspace(workspace_address, USER, PASSPHRASE) as workspace:
        yield workspace


@pytest.fixture(scope="session")
def processes() -> Any:
    """Processes of their own, made quickly where the system can copy one that has imported everything."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["mosovo_planner.store"])
    return context


@pytest.fixture
def reopen(folder: Path) -> Callable[[], Workspace]:
    """Open the embedded workspace again."""
    return lambda: open_workspace(str(folder), USER, PASSPHRASE)

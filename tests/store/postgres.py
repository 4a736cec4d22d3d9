"""A PostgreSQL server of the tests' own: made in a temporary folder, reached on loopback, stopped at the end."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest

_ADMIN = "mosovo_tests"
_ROOM = 400 * 1024 * 1024


@dataclass(frozen=True)
class Server:
    """A running server; every database asked for is new."""

    port: int
    password: str
    folder: Path = Path()
    settings: tuple[str, ...] = ("fsync=off", "shared_buffers=32MB")

    def start(self) -> None:
        """Start it, after its making or after it was killed."""
        settings = " ".join(f"-c {each}" for each in self.settings)
        options = f"-p {self.port} -h 127.0.0.1 -k {self.folder} {settings}"
        log = self.folder / "log"
        _run(_programs() / "pg_ctl", "-D", self.folder / "data", "-o", options, "-l", log, "-w", "-t", "60", "start")

    def url(self, database: str, login: str = _ADMIN, password: str | None = None) -> str:
        return f"postgresql+psycopg://{login}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template1") -> str:
        name = f"mosovo_{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def new_login(self, name: str, password: str) -> None:
        self.execute(psycopg.sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(psycopg.sql.Identifier(name), password))

    def execute(self, statement: str | psycopg.sql.Composed, database: str = "postgres") -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=_ADMIN, password=self.password, dbname=database, autocommit=True
        ) as connection:
            connection.execute(statement)


@contextlib.contextmanager
def running_server(*settings: str, on_disk: bool = False) -> Iterator[Server]:
    """A server with SCRAM passwords on loopback, with further settings; skips where the programs are absent.

    Its data lie in memory where there is room, for each new database is three hundred files; ``on_disk``: never.
    """
    programs = _programs()
    memory = Path("/dev/shm")
    roomy = not on_disk and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _ROOM
    folder = Path(tempfile.mkdtemp(prefix="mosovo-pg-", dir=memory if roomy else None))
    server = Server(_free_port(), secrets.token_urlsafe(12), folder)
    server = replace(server, settings=(*server.settings, *settings))
    data = folder / "data"
    secret = folder / "password"
    secret.write_text(server.password)
    if os.getuid() == 0:
        account = pwd.getpwnam("postgres")
        for each in (folder, secret):
            os.chown(each, account.pw_uid, account.pw_gid)
    try:
        how = ("-U", _ADMIN, f"--pwfile={secret}", "-A", "scram-sha-256", "-E", "UTF8", "--no-sync")
        _run(programs / "initdb", "-D", data, *how)
        server.start()
        yield server
    finally:
        if (data / "postmaster.pid").exists():
            stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def stop(server: Server) -> None:
    """Stop it as a power cut would."""
    _run(_programs() / "pg_ctl", "-D", server.folder / "data", "-m", "immediate", "-w", "stop")


def _programs() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    usable = [folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()]
    if not usable:
        pytest.skip("PostgreSQL server programs absent")
    return usable[0]


def _run(*command: object) -> None:
    """As the user ``postgres`` where we are root, for the server refuses to run as root."""
    subprocess.run(
        [str(part) for part in command],
        check=True,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=90,
        **({"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

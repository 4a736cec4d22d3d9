"""What several commands read from the command line and show on it: the workspace, the pass phrase, progress."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Progress

Workspace = Annotated[str, typer.Argument(help="A workspace folder, or a postgresql+psycopg:// address.")]
User = Annotated[str, typer.Option("--user", envvar="MOSOVO_USER", help="Who you are in this workspace.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write.")]
Workers = Annotated[int, typer.Option("--workers", min=0, help="Processes for work that can be shared out; 0 for one a core.")]
Cluster = Annotated[str | None, typer.Option("--cluster", help="The force's own Dask scheduler, tls://host:port.")]
Day = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day to look from; today if left out.")]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", help="A file whose first line is the pass phrase; else MOSOVO_PASSPHRASE or a prompt."),
]


def passphrase_of(file: Path | None, *, twice: bool = False) -> str:
    """The pass phrase of the file, else of the environment, else asked for at a terminal.

    Raises:
        UserError: there is none.
    """
    if file is not None:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        if not lines or not lines[0]:
            raise UserError(f"The pass phrase file {file.name} is empty; its first line must be the pass phrase.")
        return lines[0]
    if given := os.environ.get("MOSOVO_PASSPHRASE"):
        return given
    if not sys.stdin.isatty():
        raise UserError("No pass phrase was given: use --passphrase-file, MOSOVO_PASSPHRASE, or run at a terminal.")
    phrase = getpass.getpass("Pass phrase: ")
    if twice and getpass.getpass("Again: ") != phrase:
        raise UserError("The two pass phrases differ; nothing was made.")
    return phrase


def show(step: Progress) -> None:
    """Progress on a terminal, one line that overwrites itself; nothing where stderr is a file."""
    if sys.stderr.isatty():
        share = "" if step.share is None else f" {step.share:.0%}"
        print(f"\r\033[K{step.text}{share}", end="" if (step.share or 0) < 1 else "\n", file=sys.stderr, flush=True)


def signed_in(workspace: str, user: str, passphrase_file: Path | None, work: Callable[[Any], Any]) -> Any:
    """What ``work`` gives with the session of somebody who signed in; the workspace is closed again in any case."""
    from mosovo_planner.office.members import must_change_passphrase
    from mosovo_planner.office.session import open_session

    session = open_session(workspace, user, passphrase_of(passphrase_file))
    if must_change_passphrase(session):
        session.close()
        raise UserError("Your pass phrase was chosen by somebody else. Sign in at the window first, which asks for your own.")
    for warning in session.warnings:
        print(f"Mind: {warning}", file=sys.stderr)
    try:
        return work(session)
    finally:
        session.close()


def day_of(given: datetime | None) -> date:
    """The day given, else today."""
    return given.date() if given else date.today()


def write(path: Path, value: dict[str, Any]) -> None:
    """A file of JSON, whole or not at all."""
    from mosovo_planner.office.problems import write_json

    write_json(path, value)

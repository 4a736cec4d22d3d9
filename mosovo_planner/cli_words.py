"""What several commands read from the command line and show on it: the pass phrase, progress."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Progress

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

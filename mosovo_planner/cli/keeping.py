"""A workspace and what it holds: made, filled from a tracker, exported, checked, copied, brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mosovo_planner.cli.words import (
    Day,
    Out,
    PassphraseFile,
    User,
    Workspace,
    day_of,
    passphrase_of,
    show,
    signed_in,
    write,
)
from mosovo_planner.domain.errors import UserError


def new(workspace: Workspace, user: User, passphrase_file: PassphraseFile = None) -> None:
    """Make a workspace. The user becomes its first supervisor and keeper of keys."""
    from mosovo_planner.office.session import new_workspace

    passphrase = passphrase_of(passphrase_file, twice=True)
    session = new_workspace(workspace, user, passphrase)
    session.close()
    typer.echo(f"Made the workspace {session.workspace.location}; its first supervisor is {user}.")


def import_(
    workspace: Workspace,
    file: Annotated[Path, typer.Argument(help="The tracker: .xlsx or .csv.")],
    user: User,
    passphrase_file: PassphraseFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change and change nothing.")] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Write the import report as JSON.")] = None,
    as_of: Day = None,
) -> None:
    """Import a tracker; every doubtful cell is reported, and a second import updates."""
    from mosovo_planner.office.imports import commit_import, preview_import

    def work(session: Any) -> None:
        preview = preview_import(session, file, day_of(as_of), report=show)
        report = preview.report()
        if not dry_run:
            commit_import(session, preview, show)
        if out is not None:
            write(out, report)
        rejected = sum(finding["severity"] == "rejected" for finding in report["findings"])
        people = report["offenders"]
        typer.echo(
            f"{'Would import' if dry_run else 'Imported'}: {report['rows_read']} rows read; offenders {people['added']} added, "
            f"{people['updated']} updated, {people['unchanged']} unchanged; {rejected} rows rejected, "
            f"{len(report['findings']) - rejected} warnings."
        )

    signed_in(workspace, user, passphrase_file, work)


def export(workspace: Workspace, user: User, out: Out, passphrase_file: PassphraseFile = None, as_of: Day = None) -> None:
    """Write the whole caseload with its clocks as JSON."""
    from mosovo_planner.office.export import export_caseload

    signed_in(
        workspace, user, passphrase_file, lambda session: write(out, export_caseload(session, day_of(as_of), recipient=out.name))
    )


def verify(
    workspace: Workspace,
    user: User,
    passphrase_file: PassphraseFile = None,
    anchor: Annotated[
        list[str] | None, typer.Option("--anchor", help="From the footer of a paper, as 1297:772ba8e708cb4052; may be repeated.")
    ] = None,
) -> None:
    """Check the store and the record of use."""
    from mosovo_planner.office.care import verify as check

    def work(session: Any) -> int:
        result = check(session, show, anchor or ())
        if result.ok:
            newest = f"Sound: {result.entries} entries in the record of use, the newest {result.head[:16]}. "
            typer.echo(f"{newest if result.entries else ''}{result.words}")
            return 0
        raise UserError(f"Not sound: {'; '.join(result.problems)}. {result.words}")

    raise typer.Exit(signed_in(workspace, user, passphrase_file, work) or 0)


def backup(
    workspace: Workspace,
    user: User,
    passphrase_file: PassphraseFile = None,
    to: Annotated[Path | None, typer.Option("--to", help="Where the copy goes; the workspace's own backups if left out.")] = None,
) -> None:
    """Copy the workspace; the copy is opened to prove it."""
    from mosovo_planner.office.care import back_up

    signed_in(workspace, user, passphrase_file, lambda session: typer.echo(f"Copied to {back_up(session, to, show)}."))


def restore(
    workspace: Workspace,
    copy: Annotated[Path, typer.Argument(help="The backup to bring back.")],
    user: User,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Bring a backup back; what stands there now is kept in quarantine."""
    from mosovo_planner.office.care import restore as bring_back

    typer.echo(bring_back(workspace, copy, user, passphrase_of(passphrase_file), show).text)

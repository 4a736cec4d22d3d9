"""What is printed, written for a calendar, or asked by telephone."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from mosovo_planner.cli.words import (
    Day,
    PassphraseFile,
    User,
    Workspace,
    day_of,
    show,
    signed_in,
)


def report(
    workspace: Annotated[str | None, typer.Argument(help="The workspace.")] = None,
    kind: Annotated[str | None, typer.Argument(help="Which paper; --list names them.")] = None,
    user: Annotated[str, typer.Option("--user", envvar="MOSOVO_USER")] = "",
    out: Annotated[Path | None, typer.Option("--out", help=".pdf, and for tables .xlsx or .csv.")] = None,
    passphrase_file: PassphraseFile = None,
    as_of: Day = None,
    manager: Annotated[str | None, typer.Option("--manager", help="One manager's caseload, or rounds, only.")] = None,
    decision: Annotated[str, typer.Option("--decision", help="Id of a decision on the allocation, else the last.")] = "",
    about: Annotated[str | None, typer.Option("--about", help="Reference, for papers about one offender.")] = None,
    month: Annotated[datetime | None, typer.Option("--month", formats=["%Y-%m"], help="Of the figures, else now.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it is printed, for the record of use.")] = "",
    list_kinds: Annotated[bool, typer.Option("--list", help="Name the papers.")] = False,
) -> None:
    """Print a paper to PDF, or a table to .xlsx or .csv."""
    from mosovo_planner.domain.months import month_of
    from mosovo_planner.office import papers

    if list_kinds:
        for name, title in (papers.KINDS | papers.OFFENDER_KINDS).items():
            typer.echo(f"{name}\t{title}\t{'.pdf .xlsx .csv' if name in papers.TABLE_KINDS else '.pdf'}")
        return
    if workspace is None or kind is None or out is None or not user:
        raise typer.BadParameter("a report needs WORKSPACE, KIND, --user and --out.")
    if out.suffix.lower() not in (".pdf", ".xlsx", ".csv"):
        raise typer.BadParameter("--out must end in .pdf, .xlsx or .csv.")
    target = out

    def work(session: Any) -> None:
        if about is not None:
            paper = papers.make_offender_paper(session, kind, about, None, day_of(as_of))
        else:
            of = month_of(month) if month else None
            options = papers.PaperOptions(manager=manager, month=of, decision=decision, officer=manager)
            paper = papers.make_paper(session, kind, day_of(as_of), options, show)
        if target.suffix.lower() == ".pdf":
            typer.echo(f"Printed {papers.save_pdf(session, paper, target, recipient=target.name, reason=reason)} pages.")
        else:
            papers.save_table(session, paper, target, recipient=target.name, reason=reason)
            typer.echo("Written.")

    signed_in(workspace, user, passphrase_file, work)


def calendar(
    workspace: Workspace,
    officer: Annotated[str, typer.Argument(help="The officer's id, as in the staff sheet.")],
    user: User,
    out: Annotated[Path, typer.Option("--out", help="The .ics file to write.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Write an officer's rounds of the approved plan as .ics; it names nobody who is visited."""
    from mosovo_planner.office.calendars import save_calendar

    def work(session: Any) -> None:
        typer.echo(f"Written: {save_calendar(session, officer, out)} rounds.")

    signed_in(workspace, user, passphrase_file, work)


def who(
    workspace: Workspace,
    question: Annotated[list[str], typer.Argument(help="Name, address, postcode, number plate, date of birth or reference.")],
    user: User,
    asked_by: Annotated[str, typer.Option("--asked-by", help="Who asks, if not you; goes into the record of use.")] = "",
    passphrase_file: PassphraseFile = None,
) -> None:
    """Who manages him? Lists who fits; where one does, how his manager is reached and what to do on meeting him."""
    from mosovo_planner.domain.frontline import NOBODY, answer_lines
    from mosovo_planner.office.search import answer, find, make_finder

    def work(session: Any) -> None:
        found = find(session, make_finder(session), " ".join(question), asked_by)
        for each in found:
            born = each.born.isoformat() if each.born else "not held"
            typer.echo(f"{each.ref}\t{each.name}\t{born}\t{each.manager}\t{', '.join(each.reasons)}")
        if not found:
            typer.echo(NOBODY)
        elif len(found) == 1:
            for line in answer_lines(answer(session, found[0].ref, date.today(), asked_by)):
                typer.echo(line)

    signed_in(workspace, user, passphrase_file, work)

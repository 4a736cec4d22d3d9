"""Every command of ``mosovo-planner``, thin: read the words, call the office, write the answer.

Exit codes: 0 done, 1 refused or failed with one clear line on stderr, 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from mosovo_planner import __version__, cli_server
from mosovo_planner.cli_words import PassphraseFile, passphrase_of, show
from mosovo_planner.domain.errors import UserError

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local values could show personal data
    help="Caseload, allocation by location and weeks of paired visits for MOSOVO teams. No command opens the window.",
)

app.add_typer(cli_server.app, name="server")

Workspace = Annotated[str, typer.Argument(help="A workspace folder, or a postgresql+psycopg:// address.")]
User = Annotated[str, typer.Option("--user", envvar="MOSOVO_USER", help="Who you are in this workspace.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write.")]
Workers = Annotated[int, typer.Option("--workers", min=0, help="Processes for work that can be shared out; 0 for one a core.")]
Cluster = Annotated[str | None, typer.Option("--cluster", help="The force's own Dask scheduler, tls://host:port.")]
Day = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="The day to look from; today if left out.")]


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        outcome = app(words, standalone_mode=False)
    except UserError as wrong:
        return _say(str(wrong))
    except (PermissionError, IsADirectoryError, FileNotFoundError, FileExistsError) as wrong:
        return _say(f"{wrong.strerror}: {wrong.filename}. Check the name and that you may write there.")
    except OSError as wrong:
        return _say(f"The file or disk could not be used: {wrong.strerror or wrong}.")
    except KeyboardInterrupt:
        return _say("Stopped. Nothing was changed.")
    except Exception as wrong:  # noqa: BLE001  the last line: a traceback could show personal data
        return _usage_or_raise(wrong)
    return int(outcome or 0)


def _usage_or_raise(wrong: Exception) -> int:
    """Wrong words on the command line are told in one line; anything else is a fault of the program."""
    show = getattr(wrong, "format_message", None)
    if show is None:
        name = type(wrong).__name__
        return _say(f"The program failed ({name}). Nothing was changed by this command; please tell whoever looks after it.")
    _say(f"{show().rstrip('.')}. See mosovo-planner --help.")
    return int(getattr(wrong, "exit_code", 2))


def _say(words: str) -> int:
    print(" ".join(words.split()), file=sys.stderr)
    return 1


@app.callback(invoke_without_command=True)
def window(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and stop.")] = False,
) -> None:
    if version:
        typer.echo(f"mosovo-planner {__version__}")
    elif context.invoked_subcommand is None:
        from mosovo_planner.ui.app import run

        raise typer.Exit(run())


@app.command()
def demo(size: Annotated[int, typer.Option("--size", min=20, max=20_000, help="How many invented offenders.")] = 900) -> None:
    """Open the window on a throw-away force of invented people; needs no set-up."""
    from mosovo_planner.ui.app import run_demo

    raise typer.Exit(run_demo(size))


@app.command()
def new(workspace: Workspace, user: User, passphrase_file: PassphraseFile = None) -> None:
    """Make a workspace. The user becomes its first supervisor and keeper of keys."""
    from mosovo_planner.office.session import new_workspace

    passphrase = passphrase_of(passphrase_file, twice=True)
    session = new_workspace(workspace, user, passphrase)
    session.close()
    typer.echo(f"Made the workspace {session.workspace.location}; its first supervisor is {user}.")


@app.command()
def gazetteer(
    files: Annotated[list[Path], typer.Argument(help="Code-Point Open, NSPL or ONSPD (.zip, .csv, .csv.gz), or pcds,lat,long.")],
) -> None:
    """Import postcodes into your data folder; not personal data, shared by all workspaces."""
    from mosovo_planner.office.ground import add_gazetteer

    summary = add_gazetteer(files, show)
    typer.echo(
        f"Imported {summary.units:,} postcodes, {summary.live:,} live and {summary.terminated:,} terminated; "
        f"{summary.without_position + summary.skipped:,} rows could not be used. {summary.attribution}"
    )
    for example in summary.examples:
        typer.echo(f"  not used: {example}")


@app.command()
def roads(file: Annotated[Path, typer.Argument(help="An OpenStreetMap extract, .osm.pbf.")]) -> None:
    """Import a road network for travel times and the map."""
    from mosovo_planner.office.ground import add_roads

    summary = add_roads(file, show)
    typer.echo(f"Imported {summary.name}: {summary.junctions:,} junctions, {summary.drives:,} drives. {summary.attribution}")


@app.command(name="import")
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
        preview = preview_import(session, file, _day(as_of), report=show)
        report = preview.report()
        if not dry_run:
            commit_import(session, preview, show)
        if out is not None:
            _write(out, report)
        rejected = sum(finding["severity"] == "rejected" for finding in report["findings"])
        people = report["offenders"]
        typer.echo(
            f"{'Would import' if dry_run else 'Imported'}: {report['rows_read']} rows read; offenders {people['added']} added, "
            f"{people['updated']} updated, {people['unchanged']} unchanged; {rejected} rows rejected, "
            f"{len(report['findings']) - rejected} warnings."
        )

    _signed_in(workspace, user, passphrase_file, work)


@app.command()
def export(workspace: Workspace, user: User, out: Out, passphrase_file: PassphraseFile = None, as_of: Day = None) -> None:
    """Write the whole caseload with its clocks as JSON."""
    from mosovo_planner.office.export import export_caseload

    _signed_in(
        workspace, user, passphrase_file, lambda session: _write(out, export_caseload(session, _day(as_of), recipient=out.name))
    )


@app.command()
def allocate(
    workspace: Workspace,
    user: User,
    out: Annotated[Path | None, typer.Option("--out", help="Write the proposal as JSON.")] = None,
    passphrase_file: PassphraseFile = None,
    as_of: Day = None,
    approve: Annotated[bool, typer.Option("--approve", help="Make the proposal the allocation.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why it is right; needed to approve.")] = "",
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="Time for the search.")] = 15.0,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Propose (and approve) an allocation by location."""
    from mosovo_planner.office.allocation import approve_allocation, propose_allocation
    from mosovo_planner.office.answers import allocation_json

    def work(session: Any) -> None:
        proposed = propose_allocation(session, _day(as_of), show, seconds, workers=workers, cluster=cluster)
        if out is not None:
            _write(out, allocation_json(proposed))
        if approve:
            approve_allocation(session, proposed, reason)
        proposal = proposed.proposal
        typer.echo(
            f"{'Approved' if approve else 'Proposed'}: {len(proposal.moves)} moves; travel {proposal.travel_before / 60:.0f} to "
            f"{proposal.travel_after / 60:.0f} hours a year; {len(proposal.unallocated)} not allocated."
        )

    _signed_in(workspace, user, passphrase_file, work)


@app.command()
def plan(
    workspace: Workspace,
    user: User,
    start: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=4)] = 1,
    out: Annotated[Path | None, typer.Option("--out", help="Write the plan as JSON.")] = None,
    passphrase_file: PassphraseFile = None,
    approve: Annotated[bool, typer.Option("--approve", help="Make the proposal the team's plan.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="A note on the approval.")] = "",
    seed: Annotated[int | None, typer.Option("--seed", help="Make a plan again from its seed.")] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=1, help="Time for the search.")] = 20.0,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Propose (and approve) one to four weeks of paired visits."""
    from mosovo_planner.office.answers import plan_json
    from mosovo_planner.office.plans import approve_plan, propose_plan

    def work(session: Any) -> None:
        proposed = propose_plan(session, start.date(), weeks, show, seed=seed, seconds=seconds, workers=workers, cluster=cluster)
        if out is not None:
            _write(out, plan_json(proposed))
        if approve:
            approve_plan(session, proposed, reason)
        made = proposed.plan
        typer.echo(
            f"{'Approved' if approve else 'Proposed'}: {made.visits} visits in {len(made.rounds)} rounds, "
            f"{made.drive_minutes} minutes driving; {len(made.unplanned)} due visits not planned, each with its reason."
        )

    _signed_in(workspace, user, passphrase_file, work)


@app.command()
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
            paper = papers.make_offender_paper(session, kind, about, None, _day(as_of))
        else:
            of = month_of(month) if month else None
            options = papers.PaperOptions(manager=manager, month=of, decision=decision, officer=manager)
            paper = papers.make_paper(session, kind, _day(as_of), options, show)
        if target.suffix.lower() == ".pdf":
            typer.echo(f"Printed {papers.save_pdf(session, paper, target, recipient=target.name, reason=reason)} pages.")
        else:
            papers.save_table(session, paper, target, recipient=target.name, reason=reason)
            typer.echo("Written.")

    _signed_in(workspace, user, passphrase_file, work)


@app.command()
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

    _signed_in(workspace, user, passphrase_file, work)


@app.command()
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

    _signed_in(workspace, user, passphrase_file, work)


@app.command()
def simulate(
    workspace: Workspace,
    user: User,
    out: Out,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=260)] = 52,
    passphrase_file: PassphraseFile = None,
    start: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, else next Monday.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="The chance of the year; the same seed plays it again.")] = 1,
    runs: Annotated[int, typer.Option("--runs", min=1, max=20, help="How many years of chance; several give a spread.")] = 1,
    target: Annotated[
        float | None, typer.Option("--target", help="Also find how many officers make this share in time, such as 0.98.")
    ] = None,
    workers: Workers = 0,
    cluster: Cluster = None,
) -> None:
    """Play a year, week by week, under several ways of working; find the officers a force needs."""
    from mosovo_planner.office.simulation import simulate_workspace

    def work(session: Any) -> None:
        day = start.date() if start else None
        answer = simulate_workspace(session, day, weeks, seed, show, runs=runs, target=target, workers=workers, cluster=cluster)
        _write(out, answer)
        for scenario in answer["scenarios"]:
            said = scenario["summary"]
            in_time = "nothing fell due" if said["done_in_time_share"] is None else f"{said['done_in_time_share']:.0%} in time"
            typer.echo(f"{scenario['name'].replace('_', ' ')}: {in_time}, {said['worst_days_overdue']} days late at worst.")
        if "strength" in answer:
            typer.echo(answer["strength"]["why"])

    _signed_in(workspace, user, passphrase_file, work)


@app.command()
def solve(
    problem: Annotated[Path, typer.Argument(help="A mosovo-allocation-problem/1 or mosovo-visits-problem/1 file.")],
    out: Out,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1)] = 30.0,
    seed: Annotated[int, typer.Option("--seed")] = 1,
) -> None:
    """Solve one problem file without a workspace."""
    from mosovo_planner.office.problems import solve_file

    _write(out, solve_file(problem, seconds, seed, show))


@app.command()
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
            typer.echo(f"Sound: {result.entries} entries in the record of use, the newest {result.head[:16]}.")
            return 0
        raise UserError(f"Not sound: {'; '.join(result.problems)}.")

    raise typer.Exit(_signed_in(workspace, user, passphrase_file, work) or 0)


@app.command()
def backup(
    workspace: Workspace,
    user: User,
    passphrase_file: PassphraseFile = None,
    to: Annotated[Path | None, typer.Option("--to", help="Where the copy goes; the workspace's own backups if left out.")] = None,
) -> None:
    """Copy the workspace; the copy is opened to prove it."""
    from mosovo_planner.office.care import back_up

    _signed_in(workspace, user, passphrase_file, lambda session: typer.echo(f"Copied to {back_up(session, to, show)}."))


@app.command()
def restore(
    workspace: Workspace,
    copy: Annotated[Path, typer.Argument(help="The backup to bring back.")],
    user: User,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Bring a backup back; what stands there now is kept in quarantine."""
    from mosovo_planner.office.care import restore as bring_back

    typer.echo(bring_back(workspace, copy, user, passphrase_of(passphrase_file), show).text)


def _signed_in(workspace: str, user: str, passphrase_file: Path | None, work: Callable[[Any], Any]) -> Any:
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


def _day(given: datetime | None) -> date:
    return given.date() if given else date.today()


def _write(path: Path, value: dict[str, Any]) -> None:
    from mosovo_planner.office.problems import write_json

    write_json(path, value)

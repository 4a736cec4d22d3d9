"""Every command of ``mosovo-planner``, thin: read the words, call the office, write the answer.

Exit codes: 0 done, 1 refused or failed with one clear line on stderr, 2 wrong usage.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from mosovo_planner import __version__
from mosovo_planner.cli import ground, keeping, papers, planning, server
from mosovo_planner.domain.errors import UserError

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local values could show personal data
    help="Caseload, allocation by location and weeks of paired visits for MOSOVO teams. No command opens the window.",
)


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


def demo(size: Annotated[int, typer.Option("--size", min=20, max=20_000, help="How many invented offenders.")] = 900) -> None:
    """Open the window on a throw-away force of invented people; needs no set-up."""
    from mosovo_planner.ui.app import run_demo

    raise typer.Exit(run_demo(size))


for _command in (
    demo,
    keeping.new,
    ground.gazetteer,
    ground.roads,
    keeping.import_,
    keeping.export,
    planning.allocate,
    planning.plan,
    papers.report,
    papers.calendar,
    papers.who,
    planning.simulate,
    planning.solve,
    keeping.verify,
    keeping.backup,
    keeping.restore,
):
    app.command(name=_command.__name__.rstrip("_"))(_command)
app.add_typer(server.app, name="server")

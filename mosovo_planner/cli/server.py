"""``mosovo-planner server …``: what the administrator of a PostgreSQL server does for a workspace on it."""

from __future__ import annotations

from typing import Annotated

import typer

from mosovo_planner.cli.words import PassphraseFile, passphrase_of, show
from mosovo_planner.domain.roles import Role

app = typer.Typer(
    no_args_is_help=True,
    help="A workspace on a PostgreSQL server, with the address of its administrator: "
    "postgresql+psycopg://postgres@server/database (the password comes from the address or from libpq's password file).",
)

Address = Annotated[str, typer.Argument(help="The database, with the login of the server's administrator.")]
Name = Annotated[str, typer.Argument(help="The person, as he will be named in the record of use.")]
Team = Annotated[str | None, typer.Option("--team", help="Whose offenders he sees: the team of their managers.")]
AllTeams = Annotated[bool, typer.Option("--all-teams", help="He sees the offenders of every team.")]
Why = Annotated[str, typer.Option("--reason", help="Why, for the record of use.")]


@app.command()
def init(address: Address) -> None:
    """Prepare a database (or bring it up to date): roles, tables, row-level security. Says what is left for you to do."""
    from mosovo_planner.office.server import prepare_server

    prepared = prepare_server(address)
    typer.echo(f"{prepared.done}\n\nLeft for you to do:")
    for number, duty in enumerate(prepared.duties, 1):
        typer.echo(f"{number}. {duty}")


@app.command()
def add_user(
    address: Address,
    name: Name,
    role: Annotated[Role, typer.Option("--role", help="What he may do.")],
    team: Team = None,
    all_teams: AllTeams = False,
    login: Annotated[str, typer.Option("--login", help="His login on the server; his name in small letters if left out.")] = "",
    external: Annotated[bool, typer.Option("--external", help="His password is checked elsewhere (Kerberos, LDAP).")] = False,
    existing: Annotated[bool, typer.Option("--existing-login", help="He has it for another workspace on this server.")] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Let a person in: one login, one role, one team (or all)."""
    from mosovo_planner.office.server import add_person

    team = _team(team, all_teams, role) or ""
    phrase = None if external or existing else passphrase_of(passphrase_file, twice=True)
    made = add_person(address, name, role, team=team, login=login, passphrase=phrase, existing=existing)
    typer.echo(f"{made.name} may sign in as {made.login}: {_words(made.role)}, {_of(made.team)}.")


@app.command()
def change_user(
    address: Address,
    name: Name,
    role: Annotated[Role | None, typer.Option("--role", help="What he may do from now on.")] = None,
    team: Team = None,
    all_teams: AllTeams = False,
    reason: Why = "",
) -> None:
    """Give a person another role or another team."""
    from mosovo_planner.office.server import change_person

    if role is None and team is None and not all_teams:
        raise typer.BadParameter("say what changes: --role, --team or --all-teams")
    made = change_person(address, name, role=role, team="" if all_teams else team, reason=reason)
    typer.echo(f"{made.name}: {_words(made.role)}, {_of(made.team)}.")


@app.command()
def remove_user(address: Address, name: Name, reason: Why = "") -> None:
    """Shut a person out at once; what he did stays in the record of use."""
    from mosovo_planner.office.server import remove_person

    gone = remove_person(address, name, reason)
    typer.echo(f"{gone.name} can no longer sign in; his connections were ended.")


@app.command()
def password(address: Address, name: Name, passphrase_file: PassphraseFile = None) -> None:
    """Give a person another password; his connections end."""
    from mosovo_planner.office.server import change_password

    change_password(address, name, passphrase_of(passphrase_file, twice=True))
    typer.echo(f"{name} has another password.")


@app.command()
def users(address: Address) -> None:
    """List everybody who has or had an account."""
    from mosovo_planner.office.server import people

    for each in people(address):
        gone = "" if each.active else "\tshut out"
        typer.echo(f"{each.name}\t{each.login or '-'}\t{_words(each.role)}\t{_of(each.team)}{gone}")


@app.command()
def move(
    source: Annotated[str, typer.Argument(help="The workspace: a folder, or a database with its administrator's login.")],
    target: Annotated[str, typer.Argument(help="Where it goes: an empty database (as above), or a new folder.")],
    user: Annotated[str, typer.Option("--user", envvar="MOSOVO_USER", help="The keeper of keys of the folder.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Move a workspace from a folder to a server, or back into a new folder, with its whole history."""
    from mosovo_planner.office.server import move as move_workspace

    typer.echo(move_workspace(source, target, user, passphrase_of(passphrase_file), show))


def _team(team: str | None, all_teams: bool, role: Role) -> str | None:
    """Nobody gets to see every team by an option that was forgotten."""
    if team is None and not all_teams and role in (Role.OFFENDER_MANAGER, Role.SUPERVISOR, Role.MANAGER):
        raise typer.BadParameter("say whose offenders he sees: --team NAME, or --all-teams (a force without teams too)")
    if team is not None and all_teams:
        raise typer.BadParameter("--team and --all-teams exclude each other")
    return team


def _words(role: Role) -> str:
    return role.value.replace("_", " ")


def _of(team: str) -> str:
    return f"team {team}" if team else "all teams"

"""Looking after a workspace on a PostgreSQL server: what its administrator does, with an address of his own.

None of it needs a session: the server asks the address's login what it may do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mosovo_planner.domain.errors import UserError
from mosovo_planner.domain.progress import Reporter, silent
from mosovo_planner.domain.roles import Role

if TYPE_CHECKING:
    from mosovo_planner.store.base.records import Account


@dataclass(frozen=True)
class ServerPrepared:
    """What was done, in a line, and what the administrator of the server now has to do himself."""

    done: str
    duties: tuple[str, ...]


def prepare_server(address: str) -> ServerPrepared:
    """Prepare a database, or bring a prepared one up to date; it can be run again at any time."""
    from mosovo_planner.store.server.prepare import prepare

    made = prepare(address)
    how = "made" if made.made else "taken over with all it holds" if made.taken_over else "brought up to date"
    return ServerPrepared(f"The workspace in the database {made.database} was {how}.", _duties(made.database, made.tls))


def add_person(
    address: str,
    name: str,
    role: Role,
    *,
    team: str = "",
    login: str = "",
    passphrase: str | None = None,
    existing: bool = False,
) -> Account:
    """Make a login with its account; ``passphrase`` None where passwords are checked elsewhere (Kerberos, LDAP).

    ``existing``: he has the login already, for another workspace on the same server.
    """
    from mosovo_planner.store.server.logins import NewUser, add_user

    return add_user(address, NewUser(name, role, team, login, passphrase, existing))


def change_person(address: str, name: str, *, role: Role | None = None, team: str | None = None, reason: str = "") -> Account:
    """Give a person another role or team."""
    from mosovo_planner.store.server.logins import change_user

    return change_user(address, name, role=role, team=team, reason=reason)


def remove_person(address: str, name: str, reason: str = "") -> Account:
    """Shut a person out at once."""
    from mosovo_planner.store.server.logins import remove_user

    return remove_user(address, name, reason)


def change_password(address: str, name: str, passphrase: str) -> None:
    """Give a person another password."""
    from mosovo_planner.store.server import logins

    logins.change_password(address, name, passphrase)


def people(address: str) -> tuple[Account, ...]:
    """Everybody who has or had an account."""
    from mosovo_planner.store.server.logins import users

    return users(address)


def move(source: str, target: str, user: str, passphrase: str, report: Reporter = silent) -> str:
    """Move a workspace from a folder to a server or back, with all it holds; what became of it, in words.

    One of the two is a folder, the other a database with its administrator's address. ``user`` and ``passphrase`` open the
    folder, or are to.
    """
    from mosovo_planner.store.move import move_to_folder, move_to_server
    from mosovo_planner.store.server import is_server

    if is_server(source) == is_server(target):
        raise UserError("Give a folder and the address of a database: the first is moved to the second.")
    if is_server(source):
        done = move_to_folder(source, Path(target), user, passphrase, report)
        after = (
            f"It opens with the pass phrase of {user}; let the others in again (File › Users). The database still holds its "
            "copy: shut its users out and drop it."
        )
    else:
        from mosovo_planner.store.workspace import open_workspace

        with open_workspace(source, user, passphrase) as workspace:
            done = move_to_server(workspace, target, report)
        after = (
            "Now let people in, each by the name that he has: mosovo-planner server add-user. The folder and its backups stay "
            "as they were: keep them locked away as long as your retention rules say, and work in them no more."
        )
    return (
        f"Moved {done.total:,} rows of {len(done.rows)} tables with {done.entries:,} entries of the record of use to "
        f"{done.location}; compared row by row, nothing is missing. {after}"
    )


def _duties(database: str, tls: bool) -> tuple[str, ...]:
    encrypted = "" if tls else " It is off now: set ssl = on, with a certificate of the force's authority."
    return (
        f"Encryption. Let nobody in without it.{encrypted} In pg_hba.conf, for this database, nothing but: "
        f"hostssl {database} all <your network> scram-sha-256 (or gss), and above it hostnossl {database} all all reject. "
        "Clients ask for verify-full and channel binding by themselves.",
        "Passwords. password_encryption = scram-sha-256; no trust, no md5 line in pg_hba.conf.",
        "Logs. They must hold no names and must not be yours alone to change: log_parameter_max_length = 0, "
        "log_parameter_max_length_on_error = 0, log_error_verbosity = terse (set for this database just now), "
        "log_connections = on, log_disconnections = on, log_destination = syslog to a host that the database's administrators "
        "do not control. Readings past the program show there only: use pgaudit (read, write, role), or log_statement = all.",
        "Record of use. Once a day send its newest entry off this host too: "
        "SELECT seq, hash, at FROM record_of_use ORDER BY seq DESC LIMIT 1. "
        "Verify finds a cut tail against it: mosovo-planner verify.",
        "Backups. pg_basebackup with WAL archiving (archive_mode = on), encrypted, kept as long as the force's retention "
        "rules say and no longer; try one back every month. A pg_dump needs the superuser, or a role with BYPASSRLS.",
        "Updates. The server's minor versions within a month. After an update of MOSOVO Planner run server init again, "
        "with a backup before.",
        "People. One login each: mosovo-planner server add-user. Nobody but you may hold the superuser's password, and "
        "nobody works as superuser: it sees everything and no policy holds it.",
    )

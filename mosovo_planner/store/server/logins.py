"""The people on a server: one login each, made and taken away by the server's administrator.

A password goes to the server as its SCRAM verifier only, so that no log of statements holds it.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

from mosovo_planner.domain.roles import Role
from mosovo_planner.store.base.engines import server_engine, translated
from mosovo_planner.store.base.errors import AlreadyThere, BadRecord, NotAllowed, NotAWorkspace
from mosovo_planner.store.base.names import check_passphrase, clean_name, folded, nfc
from mosovo_planner.store.base.records import Account
from mosovo_planner.store.parts.accounts import RECOVERY
from mosovo_planner.store.record.chain import Actor
from mosovo_planner.store.server.address import administrators_connection, connected
from mosovo_planner.store.server.names import GROUPS, OWNER, group, literal, quoted
from mosovo_planner.store.server.place import is_guarded
from mosovo_planner.store.unit import Unit

if TYPE_CHECKING:
    from mosovo_planner.store.workspace import Workspace

_LONGEST = 63
_FORBIDDEN = ("42501", "0LP01")


@dataclass(frozen=True, slots=True)
class NewUser:
    """Whom to let in. ``login`` is left out where it is the name in small letters; ``team`` empty means all teams.

    ``passphrase`` None: the login's password is checked elsewhere (Kerberos, LDAP: ``pg_hba.conf`` says where).
    ``existing``: he has the login already for another workspace on this server, with the same role; it stays as it is.
    """

    name: str
    role: Role
    team: str = ""
    login: str = ""
    passphrase: str | None = None
    existing: bool = False


def add_user(address: str, new: NewUser) -> Account:
    """Make a login with its account.

    Raises:
        AlreadyThere: there is an account of this name or login, or a role of this name on the server.
        WeakPassphrase, BadRecord: the pass phrase or the name cannot be used.
        NotAllowed: the address's login may not make logins.
        NotAWorkspace: the database is not prepared.
    """
    name, login = clean_name(new.name), clean_name(new.login) or folded(clean_name(new.name))
    if not name or folded(name).startswith(RECOVERY) or login.casefold() in (OWNER, *GROUPS) or login.startswith("pg_"):
        raise BadRecord("This name cannot be used. Choose another one.")
    if len(login.encode()) > _LONGEST:
        raise BadRecord(f"A login has at most {_LONGEST} letters. Give a shorter one: --login.")
    if new.passphrase is not None:
        check_passphrase(new.passphrase)
    with _administration(address) as unit:
        connection = unit.connection
        known = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :login"), {"login": login}).scalar()
        if new.existing and not _is_member(connection, login, new.role):
            raise BadRecord("There is no login of this name that has this role in another workspace of the server.")
        if known and not new.existing and not _was_ours(connection, login):
            raise AlreadyThere(
                "The server has a login of this name for something else. Give another one: --login. If it is the same person, "
                "with the same role in another workspace: --existing-login."
            )
        if any(each.login == login and folded(each.name) != folded(name) for each in unit.users()):
            raise AlreadyThere("There is a user with this login already. Give another one: --login.")
        if not new.existing:
            verb = "ALTER" if known else "CREATE"
            _run(connection, f"{verb} ROLE {quoted(login)} {_password(connection, login, new.passphrase)}")
            _join(connection, login, new.role)
        account = unit.user(name)
        if account is None:
            return unit.add_account(name, new.role, team=new.team.strip(), login=login)
        if account.active and account.login:
            raise AlreadyThere("There is a user of this name already. Choose another name, or change him: server change-user.")
        return _taken_over(unit, account, login, new)


def change_user(address: str, name: str, *, role: Role | None = None, team: str | None = None, reason: str = "") -> Account:
    """Give a user another role or team; it holds from his next statement on."""
    with _administration(address) as unit:
        account = _known(unit, name)
        if role is not None:
            unit.set_role(account.name, role, reason)
            _join(unit.connection, account.login, role)
        if team is not None:
            unit.set_team(account.name, team.strip(), reason)
        return _known(unit, name)


def remove_user(address: str, name: str, reason: str = "") -> Account:
    """Shut a user out at once: his connections end, his login opens nothing. His name stays in the record of use."""
    with _administration(address) as unit:
        account = _known(unit, name)
        unit.set_active(account.name, False, reason)
        _run(unit.connection, f"ALTER ROLE {quoted(account.login)} NOLOGIN PASSWORD NULL")
        _run(unit.connection, f"REVOKE {', '.join(GROUPS)} FROM {quoted(account.login)}")
        _end_connections(unit.connection, account.login)
        return _known(unit, name)


def change_password(address: str, name: str, passphrase: str) -> None:
    """Give a user another password; his connections end."""
    check_passphrase(passphrase)
    with _administration(address) as unit:
        account = _known(unit, name)
        _run(unit.connection, f"ALTER ROLE {quoted(account.login)} {_password(unit.connection, account.login, passphrase)}")
        unit.note_account_change(account.name, "pass phrase")
        _end_connections(unit.connection, account.login)


def users(address: str) -> tuple[Account, ...]:
    """Every account of the database, those shut out too."""
    with _administration(address) as unit:
        return unit.users()


def change_own_password(workspace: Workspace, old: str, new: str) -> None:
    """A user gives himself another password, which he may on any server that keeps them itself.

    Raises:
        WrongPassphrase: ``old`` is not his password.
        NotAllowed: the server does not keep his password.
    """
    inside = workspace.insides
    trial = server_engine(inside.engine.url.set(password=old))
    try:
        connected(trial).close()
    finally:
        trial.dispose()
    with workspace.transaction() as unit:
        unit.note_account_change(workspace.user, "pass phrase")
        unit.seal()
        try:
            login = str(unit.connection.execute(text("SELECT session_user")).scalar())
            _run(unit.connection, f"ALTER ROLE CURRENT_USER PASSWORD {literal(_scram(unit.connection, login, new))}")
        except DBAPIError as wrong:
            if getattr(wrong.orig, "sqlstate", "") in _FORBIDDEN:
                raise NotAllowed("This server does not keep your password. Change it where it is kept.") from None
            raise
    event.listen(inside.engine, "do_connect", lambda _dialect, _record, _args, given: given.update(password=new))
    inside.engine.dispose()


@contextmanager
def _administration(address: str) -> Iterator[Unit]:
    """A unit of the server's administrator, in the role of the tables' owner for what it reads and writes of them."""
    with administrators_connection(address) as connection, translated():
        if not is_guarded(connection):
            raise NotAWorkspace("This database is not prepared yet. Run first: mosovo-planner server init.")
        login = str(connection.execute(text("SELECT session_user")).scalar())
        unit = Unit(connection, Actor(f"login {login}", Role.ADMINISTRATOR, platform.node(), guarded=True))
        try:
            yield unit
            unit.seal()
        except DBAPIError as wrong:
            if getattr(wrong.orig, "sqlstate", "") in _FORBIDDEN:
                raise NotAllowed(
                    "This login may not look after the users. Give the address of the server's superuser. Nothing was changed."
                ) from None
            raise


def _taken_over(unit: Unit, account: Account, login: str, new: NewUser) -> Account:
    """An account that had no login yet, or was shut out, gets its own."""
    unit.give_login(account.name, login, "let in again" if account.login else "given a login")
    unit.set_active(account.name, True)
    unit.set_team(account.name, new.team.strip())
    unit.set_role(account.name, new.role)
    return _known(unit, account.name)


def _known(unit: Unit, name: str) -> Account:
    account = unit.user(name)
    if account is None or not account.login:
        raise BadRecord("There is no user of this name with a login. Nothing was changed; see: mosovo-planner server users.")
    return account


def _is_member(connection: Connection, login: str, role: Role) -> bool:
    asked = text(
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member "
        "WHERE u.rolname = :login AND g.rolname = :group AND u.rolcanlogin AND NOT u.rolsuper AND NOT u.rolbypassrls"
    )
    return bool(connection.execute(asked, {"login": login, "group": group(role)}).scalar())


def _was_ours(connection: Connection, login: str) -> bool:
    asked = text("SELECT count(*) FROM public.account WHERE login = :login")
    return bool(connection.execute(asked, {"login": login}).scalar())


def _join(connection: Connection, login: str, role: Role) -> None:
    _run(connection, f"REVOKE {', '.join(GROUPS)} FROM {quoted(login)}")
    _run(connection, f"GRANT {group(role)} TO {quoted(login)}")


def _password(connection: Connection, login: str, passphrase: str | None) -> str:
    """What a role is made or changed with: it may log in and nothing else."""
    secret = "PASSWORD NULL" if passphrase is None else f"PASSWORD {literal(_scram(connection, login, passphrase))}"
    return f"LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS {secret}"


def _scram(connection: Connection, login: str, passphrase: str) -> str:
    driver = connection.connection.dbapi_connection
    assert driver is not None
    made: bytes = driver.pgconn.encrypt_password(nfc(passphrase).encode(), login.encode(), b"scram-sha-256")
    return made.decode()


def _end_connections(connection: Connection, login: str) -> None:
    ended = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :login AND datname = current_database()")
    connection.execute(ended, {"login": login})


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement.replace("%", "%%"))

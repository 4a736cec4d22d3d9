"""A workspace on a server, made or opened.

A prepared database (``prepare``) knows each person by a login of his own, and holds who may see what itself. A database
that was only made (``mosovo-planner new``) is one person's or a trial's: there a user may also come through the login that
the address names, his pass phrase is checked against an Argon2id verifier, and roles are a control of the program.
"""

from __future__ import annotations

import contextlib
import platform
from collections.abc import Iterator
from dataclasses import dataclass, replace

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from mosovo_planner.domain.roles import Role
from mosovo_planner.store.base.engines import server_engine
from mosovo_planner.store.base.errors import (
    AlreadyThere,
    NotAllowed,
    NotAWorkspace,
    RefusedLocation,
    WorkspaceError,
    WrongPassphrase,
)
from mosovo_planner.store.base.names import KdfParameters, clean_name, folded, nfc, random_id
from mosovo_planner.store.base.records import Account
from mosovo_planner.store.beginning import begin
from mosovo_planner.store.migrations import schema
from mosovo_planner.store.record.chain import Actor, Head
from mosovo_planner.store.server.address import Login, connected, is_server, read_login
from mosovo_planner.store.server.names import GUARD
from mosovo_planner.store.server.transactions import begun
from mosovo_planner.store.unit import Unit

__all__ = ["ServerPlace", "create", "is_guarded", "is_server", "open_", "verifier_of"]


@dataclass
class ServerPlace:
    """An open database on a server. ``guarded``: it was prepared, and holds by itself who may see what."""

    location: str
    guarded: bool = False
    warnings: tuple[str, ...] = ()
    folder = None

    def begun(self, engine: Engine) -> contextlib.AbstractContextManager[Connection]:
        """One transaction, whose end is known even where the line is cut."""
        return begun(engine)

    def committed(self, head: Head | None) -> None:
        """Nothing to do: the server keeps what it confirmed."""

    def close(self, engine: Engine) -> None:
        """Let the connections go."""
        engine.dispose()


def create(address: str, user: str, passphrase: str, kdf: KdfParameters) -> tuple[ServerPlace, Engine, Actor]:
    """Make our tables in an existing database; the login must be allowed to."""
    login = read_login(address, user, passphrase)
    engine = server_engine(login.url)
    actor = Actor(clean_name(user), Role.SUPERVISOR, platform.node())
    try:
        with connected(engine) as connection:
            if connection.execute(text("SHOW server_encoding")).scalar() != "UTF8":
                raise RefusedLocation("This database cannot keep every name: its encoding is not UTF8. Have one made with UTF8.")
            if schema.revision(connection) is not None:
                raise AlreadyThere("This database holds a workspace already. Choose another database.")
            try:
                begin(connection, actor, random_id(), "", verifier_of(passphrase, kdf))
                connection.commit()
            except ProgrammingError:
                raise RefusedLocation(
                    "The login may not make tables in this database, or it holds tables of another program. "
                    "Ask for a database of its own that belongs to this login."
                ) from None
    except BaseException:
        engine.dispose()
        raise
    return ServerPlace(login.location, warnings=login.warnings), engine, actor


def open_(address: str, user: str, passphrase: str) -> tuple[ServerPlace, Engine, Actor]:
    """Connect and check the user."""
    with _signed_in(address, user, passphrase) as (login, engine, connection):
        if is_guarded(connection):
            account = _guarded_account(connection, login, user)
            place = ServerPlace(login.location, True, login.warnings)
        else:
            account = _account(connection, login, user, passphrase)
            place = ServerPlace(login.location, False, login.warnings)
        connection.commit()
    return place, engine, Actor(account.name, account.role, platform.node(), account.team, guarded=place.guarded)


def is_guarded(connection: Connection) -> bool:
    """Whether the database of a connection was prepared, so that its policies hold."""
    asked = text("SELECT to_regprocedure(:name) IS NOT NULL")
    return bool(connection.execute(asked, {"name": f"{GUARD}.my_account()"}).scalar())


def verifier_of(passphrase: str, kdf: KdfParameters) -> str:
    """What a pass phrase is checked against: Argon2id with its parameters and salt, in PHC form."""
    return PasswordHasher(kdf.passes, kdf.memory_kib, kdf.lanes).hash(nfc(passphrase))


@contextlib.contextmanager
def _signed_in(address: str, user: str, passphrase: str) -> Iterator[tuple[Login, Engine, Connection]]:
    """A connection as the user, also where he typed his name with other capitals than the login has."""
    login = read_login(address, user, passphrase)
    engine = server_engine(login.url)
    try:
        try:
            connection = connected(engine)
        except WrongPassphrase:
            lower = folded(login.url.username or "")
            if not login.own or lower == login.url.username:
                raise
            login = replace(login, url=login.url.set(username=lower))
            engine.dispose()
            engine = server_engine(login.url)
            connection = connected(engine)
        with contextlib.closing(connection):
            yield login, engine, connection
    except BaseException:
        engine.dispose()
        raise


def _guarded_account(connection: Connection, login: Login, user: str) -> Account:
    """The account of the login, in a database that knows each person by one."""
    if not login.own:
        raise NotAllowed(
            "On this server each person signs in with a login of his own. Leave the login and password out of the address, "
            "and sign in with your own name and pass phrase."
        )
    me = connection.execute(text(f"SELECT {GUARD}.my_account()")).scalar()
    if me is None:
        raise NotAllowed("This login has no account here, or no longer one. Ask your administrator: mosovo-planner server users.")
    if schema.revision(connection) != schema.HEAD:
        schema.refuse_newer(connection)
        raise WorkspaceError(
            "This database is of an older version of the program. Ask your administrator to run: mosovo-planner server init."
        )
    account = Unit(connection, Actor(str(me), Role.FRONTLINE, "", guarded=True)).user(str(me))
    if account is None or folded(user) not in (folded(account.name), folded(account.login)):
        raise WrongPassphrase
    return account


def _account(connection: Connection, login: Login, user: str, passphrase: str) -> Account:
    if schema.revision(connection) is None:
        raise NotAWorkspace("There is no workspace in this database. Check the address, or make one: mosovo-planner new.")
    schema.bring_up(connection, before=lambda: None)  # the server's administrator keeps its backups
    unit = Unit(connection, Actor(clean_name(user), Role.SUPERVISOR, platform.node()))
    account = unit.user(user)
    if not login.own:
        _verify(unit.verifier(account.name if account else unit.users()[0].name), passphrase)
    if account is None:
        raise WrongPassphrase
    return account


def _verify(verifier: str, passphrase: str) -> None:
    """For an unknown user somebody else's verifier is tried, so that it costs the same work."""
    try:
        PasswordHasher().verify(verifier, nfc(passphrase))
    except (VerificationError, InvalidHashError):
        raise WrongPassphrase from None

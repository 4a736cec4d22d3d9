"""The shared workspace: a database on a PostgreSQL server.

The server guards the data; a user connects with a login of his own (user name and pass phrase are the
login's) or through the login that the address names. In that case the pass phrase is checked against an
Argon2id verifier of the account, since the server's check says nothing about this user.
"""

from __future__ import annotations

import platform
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import URL, Connection, Engine, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from mosovo_planner.domain.roles import Role
from mosovo_planner.store import schema
from mosovo_planner.store.beginning import begin
from mosovo_planner.store.chain import Actor, Head
from mosovo_planner.store.engines import server_engine
from mosovo_planner.store.errors import (
    AlreadyThere,
    NotAWorkspace,
    RefusedLocation,
    ServerUnreachable,
    WorkspaceError,
    WrongPassphrase,
)
from mosovo_planner.store.keys import KdfParameters, clean_name, folded, nfc, random_id
from mosovo_planner.store.unit import Unit

DRIVER = "postgresql+psycopg"
_WRONG_LOGIN = ("28P01", "28000")


@dataclass
class ServerPlace:
    """An open database on a server."""

    location: str
    folder = None
    warnings: tuple[str, ...] = ()

    def committed(self, head: Head | None) -> None:
        """Nothing to do: the server keeps what it confirmed."""

    def close(self, engine: Engine) -> None:
        """Let the connections go."""
        engine.dispose()


@dataclass(frozen=True)
class _Login:
    url: URL
    own: bool

    @property
    def location(self) -> str:
        """The address without login and password."""
        return URL.create(DRIVER, host=self.url.host, port=self.url.port, database=self.url.database).render_as_string()


def is_server(address: str) -> bool:
    """Whether an address means a server."""
    return address.startswith(("postgresql:", "postgresql+", "postgres:"))


def create(address: str, user: str, passphrase: str, kdf: KdfParameters) -> tuple[ServerPlace, Engine, Actor]:
    """Make our tables in an existing database; the login must be allowed to."""
    login = _login(address, user, passphrase)
    engine = server_engine(login.url)
    actor = Actor(clean_name(user), Role.SUPERVISOR, platform.node())
    try:
        with _connected(engine) as connection:
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
    return ServerPlace(login.location), engine, actor


def open_(address: str, user: str, passphrase: str) -> tuple[ServerPlace, Engine, Actor]:
    """Connect and check the user."""
    login = _login(address, user, passphrase)
    engine = server_engine(login.url)
    actor = Actor(clean_name(user), Role.SUPERVISOR, platform.node())
    try:
        with _connected(engine) as connection:
            if schema.revision(connection) is None:
                raise NotAWorkspace("There is no workspace in this database. Check the address, or make one: mosovo-planner new.")
            schema.bring_up(connection, before=lambda: None)  # the server's administrator keeps its backups
            unit = Unit(connection, actor)
            account = unit.user(user)
            if not login.own:
                _verify(unit.verifier(account.name if account else unit.users()[0].name), passphrase)
            if account is None:
                raise WrongPassphrase
            connection.commit()
    except BaseException:
        engine.dispose()
        raise
    return ServerPlace(login.location), engine, Actor(account.name, account.role, platform.node())


def verifier_of(passphrase: str, kdf: KdfParameters) -> str:
    """What a pass phrase is checked against: Argon2id with its parameters and salt, in PHC form."""
    return PasswordHasher(kdf.passes, kdf.memory_kib, kdf.lanes).hash(nfc(passphrase))


def _verify(verifier: str, passphrase: str) -> None:
    """For an unknown user somebody else's verifier is tried, so that it costs the same work."""
    try:
        PasswordHasher().verify(verifier, nfc(passphrase))
    except (VerificationError, InvalidHashError):
        raise WrongPassphrase from None


def _login(address: str, user: str, passphrase: str) -> _Login:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise NotAWorkspace("This address cannot be read. It should look like postgresql+psycopg://server/database.") from None
    name = url.username or clean_name(user)
    own = url.password is None and folded(name) == folded(user)
    password = url.password if url.password is not None else passphrase
    return _Login(url.set(drivername=DRIVER, username=name, password=password), own)


def _connected(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except OperationalError as wrong:
        raise _refusal(wrong) from None


def _refusal(wrong: OperationalError) -> WorkspaceError:
    said = str(wrong.orig)
    if getattr(wrong.orig, "sqlstate", None) in _WRONG_LOGIN or "authentication failed" in said:
        return WrongPassphrase()
    if "does not exist" in said and "database" in said:
        return NotAWorkspace("There is no such database on the server. Check the address, or have it made.")
    return ServerUnreachable("The database server does not answer. Check the address and the network, then try again.")

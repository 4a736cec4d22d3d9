"""Addresses of servers: the login they mean, and a connection that knows whom it speaks to.

An address that does not say otherwise is reached only over TLS with a certificate that proves the server's name; on
the same computer (loopback, socket) no wire is there to listen to.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from mosovo_planner.store.base.engines import server_engine
from mosovo_planner.store.base.errors import (
    NotAWorkspace,
    ServerUnreachable,
    UntrustedServer,
    WorkspaceError,
    WrongPassphrase,
)
from mosovo_planner.store.base.names import clean_name, folded

DRIVER = "postgresql+psycopg"
_WRONG_LOGIN = ("28P01", "28000")
_REFUSED = ("authentication failed", "no password supplied", "is not permitted to log in")
_UNTRUSTED = ("certificate", "does not support ssl", "channel binding", "root certificate")
_WEAK = ("disable", "allow", "prefer", "require", "verify-ca")
_TOO_MANY = "53300"


@dataclass(frozen=True)
class Login:
    """Where to connect and as whom. ``own``: the pass phrase that was typed is the login's password."""

    url: URL
    own: bool

    @property
    def location(self) -> str:
        """The address without login and password."""
        return URL.create(DRIVER, host=self.url.host, port=self.url.port, database=self.url.database).render_as_string()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is doubtful about the way there, in words."""
        if not is_local(self.url) and self.url.query.get("sslmode") in _WEAK:
            return ("The address does not ask the server to prove who it is (sslmode). Use verify-full.",)
        return ()


def is_server(address: str) -> bool:
    """Whether an address means a server."""
    return address.startswith(("postgresql:", "postgresql+", "postgres:"))


def read_address(address: str) -> URL:
    """An address with TLS where it goes over a wire.

    Raises:
        NotAWorkspace: it is no address.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise NotAWorkspace("This address cannot be read. It should look like postgresql+psycopg://server/database.") from None
    return with_tls(url.set(drivername=DRIVER))


def read_login(address: str, user: str, passphrase: str) -> Login:
    """The login that an address and what was typed mean."""
    url = read_address(address)
    name = url.username or clean_name(user)
    own = url.password is None and folded(name) == folded(user)
    return Login(url.set(username=name, password=url.password if url.password is not None else passphrase), own)


def with_tls(url: URL) -> URL:
    """The address with ``sslmode=verify-full`` and channel binding, where it leads elsewhere and does not say otherwise."""
    if is_local(url):
        return url
    wanted = {"sslmode": "verify-full", "channel_binding": "require"}
    if "sslrootcert" not in url.query and not os.environ.get("PGSSLROOTCERT") and not _root_certificate().exists():
        wanted["sslrootcert"] = "system"
    if url.query.get("sslmode", "verify-full") != "verify-full":
        return url  # said otherwise: ``Login.warnings`` tells of it
    return url.update_query_dict({name: value for name, value in wanted.items() if name not in url.query})


def is_local(url: URL) -> bool:
    """Whether the server is this computer: a socket or a loopback address, and nothing else beside it."""
    named = [url.host] if url.host else []
    for key in ("host", "hostaddr"):
        more = url.query.get(key, ())
        named += [part.rsplit(":", 1)[0] if key == "host" else part for each in ([more] if isinstance(more, str) else more)
                  for part in each.split(",")]  # fmt: skip
    if not named:
        named = [os.environ.get("PGHOSTADDR") or os.environ.get("PGHOST") or "/"]
    return all(_is_loopback(each) for each in named)


def _is_loopback(host: str) -> bool:
    if host.startswith(("/", "@")) or host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _root_certificate() -> Path:
    """Where libpq looks for the authority that it trusts."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", "")) / "postgresql" / "root.crt"
    return Path.home() / ".postgresql" / "root.crt"


def connected(engine: Engine) -> Connection:
    """A connection.

    Raises:
        WrongPassphrase, NotAWorkspace, UntrustedServer, ServerUnreachable: as they say.
    """
    try:
        return engine.connect()
    except OperationalError as wrong:
        raise _refusal(wrong) from None


@contextlib.contextmanager
def administrators_connection(address: str) -> Iterator[Connection]:
    """One transaction of the server's administrator, whose login and password the address (or libpq's files) holds."""
    if not is_server(address):
        raise NotAWorkspace("Give the address of a database: postgresql+psycopg://administrator@server/database.")
    engine = server_engine(read_address(address))
    try:
        with contextlib.closing(connected(engine)) as connection, connection.begin():
            yield connection
    finally:
        engine.dispose()


def _refusal(wrong: OperationalError) -> WorkspaceError:
    said = str(wrong.orig).casefold()
    state = getattr(wrong.orig, "sqlstate", None)
    if (
        state in _WRONG_LOGIN
        or "authentication failed" in said
        or "no password supplied" in said
        or "is not permitted to log in" in said
    ):
        return WrongPassphrase()
    if "does not exist" in said and "database" in said:
        return NotAWorkspace("There is no such database on the server. Check the address, or have it made.")
    if any(words in said for words in _UNTRUSTED):
        return UntrustedServer()
    if state == _TOO_MANY or "too many" in said:
        return ServerUnreachable("The database server has no room for another connection. Try again in a moment.")
    return ServerUnreachable("The database server does not answer. Check the address and the network, then try again.")

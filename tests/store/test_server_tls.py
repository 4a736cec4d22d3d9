"""A server that cannot prove who it is, or does not encrypt, gets nothing; what is on this computer needs no proof."""

from __future__ import annotations

import contextlib
import ipaddress
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import make_url

from mosovo_planner.domain.roles import Role
from mosovo_planner.store import open_workspace
from mosovo_planner.store.base.errors import ServerUnreachable, UntrustedServer, WrongPassphrase
from mosovo_planner.store.server import address as addresses
from mosovo_planner.store.server.address import is_local, read_login, with_tls
from mosovo_planner.store.server.logins import NewUser, add_user
from mosovo_planner.store.server.prepare import prepare
from tests.store.postgres import running_server

PASSWORD = "three random words"


class Authority:
    """A certificate authority of one's own."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.certificate = self._certificate(name, self.key, None)
        self.path = self._kept(f"{name}.crt", self.certificate.public_bytes(serialization.Encoding.PEM))

    def _certificate(self, name: str, key: ec.EllipticCurvePrivateKey, hosts: list[x509.GeneralName] | None) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        now = datetime.now(UTC)
        made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        made = made.not_valid_after(now + timedelta(days=30))
        made = made.add_extension(x509.BasicConstraints(ca=hosts is None, path_length=None), critical=True)
        if hosts is not None:
            made = made.add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        return made.sign(self.key, hashes.SHA256())

    def server(self, hosts: list[x509.GeneralName]) -> tuple[Path, Path]:
        """A certificate for a server of these names, with its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._certificate("server", key, hosts).public_bytes(serialization.Encoding.PEM)
        secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return self._kept("server.crt", certificate), self._kept("server.key", secret)

    def _kept(self, name: str, contents: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(contents)
        return path


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str, Authority, Authority]]:
    """A server that speaks TLS with a certificate for the name ``localhost``, and not for its number; two authorities."""
    folder = tmp_path_factory.mktemp("tls")
    ours, strange = Authority(folder, "ours"), Authority(folder, "strange")
    certificate, key = ours.server([x509.DNSName("localhost")])
    with running_server() as server:
        _serve(server, certificate.read_text(), key.read_text())
        name = server.new_database()
        prepare(server.url(name))
        add_user(server.url(name), NewUser("tls user", Role.SUPERVISOR, passphrase=PASSWORD))
        yield server, name, ours, strange


def _serve(server: Any, certificate: str, key: str) -> None:
    """The server writes its own files, for it reads its key only where it owns it."""
    data = server.folder / "data"
    statements = [
        f"COPY (SELECT unnest(string_to_array({_quoted(text)}, E'\\n'))) TO {_quoted(str(data / name))}"
        for name, text in (("server.crt", certificate), ("server.key", key))
    ]
    for statement in statements:
        server.execute(statement)
    server.execute(f"COPY (SELECT) TO PROGRAM 'chmod 600 {data / 'server.key'}'")
    server.execute("ALTER SYSTEM SET ssl = on")
    server.execute("SELECT pg_reload_conf()")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture
def over_a_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is treated as any other host."""
    monkeypatch.setattr(addresses, "_is_loopback", lambda host: False)


def _address(server: Any, name: str, host: str, authority: Authority | None, **more: str) -> str:
    options = ({"sslrootcert": str(authority.path)} if authority else {}) | more
    return make_url(f"postgresql+psycopg://{host}:{server.port}/{name}").update_query_dict(options).render_as_string()


def test_the_right_server_is_spoken_to_over_tls(encrypted: Any, over_a_wire: None) -> None:
    server, name, ours, _ = encrypted
    with open_workspace(_address(server, name, "localhost", ours), "tls user", PASSWORD) as workspace:
        with workspace.transaction() as unit:
            (secured,) = unit.connection.exec_driver_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").one()
        assert secured
        assert workspace.warnings == ()
        with contextlib.closing(workspace.insides.engine.raw_connection()) as raw:
            assert raw.driver_connection is not None
            assert raw.driver_connection.pgconn.used_password
    with pytest.raises(WrongPassphrase):
        open_workspace(_address(server, name, "localhost", ours), "tls user", "another password")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("authority", ["ours", "strange", None])
def test_a_wrong_authority_and_a_wrong_name_are_refused(
    encrypted: Any, over_a_wire: None, host: str, authority: str | None
) -> None:
    server, name, ours, strange = encrypted
    if (host, authority) == ("localhost", "ours"):
        return
    trusted = {"ours": ours, "strange": strange, None: None}[authority]
    with pytest.raises(UntrustedServer, match="could not prove"):
        open_workspace(_address(server, name, host, trusted), "tls user", PASSWORD)


def test_plain_text_is_refused(server: Any, over_a_wire: None, encrypted: Any) -> None:
    _, _, ours, _ = encrypted
    with pytest.raises(UntrustedServer):
        open_workspace(_address(server, "postgres", "localhost", ours), "mosovo_tests", server.password)


def test_an_address_that_asks_for_less_is_warned_of(encrypted: Any, over_a_wire: None) -> None:
    server, name, _, _ = encrypted
    with open_workspace(_address(server, name, "127.0.0.1", None, sslmode="require"), "tls user", PASSWORD) as workspace:
        assert "verify-full" in workspace.warnings[0]


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("postgresql+psycopg:///base", True),
        ("postgresql+psycopg://localhost/base", True),
        ("postgresql+psycopg://127.0.0.1:5433/base", True),
        ("postgresql+psycopg://[::1]/base", True),
        ("postgresql+psycopg:///base?host=/var/run/postgresql", True),
        ("postgresql+psycopg://db.force.example/base", False),
        ("postgresql+psycopg://10.1.2.3/base", False),
        ("postgresql+psycopg://localhost/base?host=db.force.example", False),
        ("postgresql+psycopg://localhost/base?hostaddr=10.1.2.3", False),
        ("postgresql+psycopg:///base?host=localhost:5432,db.force.example:5432", False),
        ("postgresql+psycopg:///base?host=localhost&host=db.force.example", False),
        ("postgresql+psycopg://localhost.force.example/base", False),
    ],
)
def test_what_is_asked_of_which_address(address: str, local: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PGHOST", "PGHOSTADDR", "PGSSLROOTCERT"):
        monkeypatch.delenv(name, raising=False)
    url = make_url(address)
    assert is_local(url) is local
    asked = with_tls(url).query
    assert (asked["sslmode"], asked["channel_binding"]) == ("verify-full", "require") if not local else "sslmode" not in asked


def test_the_environment_does_not_make_it_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSSLMODE", "disable")
    monkeypatch.setenv("PGHOST", "db.force.example")
    assert with_tls(make_url("postgresql+psycopg:///base")).query["sslmode"] == "verify-full"
    assert read_login("postgresql+psycopg://db.force.example/base?sslmode=disable", "a", "b").warnings


def test_nobody_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ServerUnreachable, match="does not answer"):
        open_workspace("postgresql+psycopg://127.0.0.1:1/base", "a", PASSWORD)
    assert ipaddress.ip_address("127.0.0.1").is_loopback

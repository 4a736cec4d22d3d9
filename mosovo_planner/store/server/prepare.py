"""Preparing a database on a PostgreSQL server: group roles, tables, what guards them, who may do what.

It is run by the server's administrator, can be run again at any time, and brings an older database up to date. A
workspace that was made there without it (``mosovo-planner new``) is taken over with all it holds.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, insert, inspect, text
from sqlalchemy.exc import DBAPIError

import mosovo_planner
from mosovo_planner.domain.roles import Role
from mosovo_planner.store import tables
from mosovo_planner.store.base.engines import translated
from mosovo_planner.store.base.errors import NotAllowed, RefusedLocation
from mosovo_planner.store.base.names import random_id
from mosovo_planner.store.migrations import schema
from mosovo_planner.store.parts.part import now
from mosovo_planner.store.parts.rules import default_policy
from mosovo_planner.store.record.chain import Actor
from mosovo_planner.store.server import auditors, guard, policies
from mosovo_planner.store.server.address import administrators_connection
from mosovo_planner.store.server.names import GROUPS, GUARD, OWNER, quoted
from mosovo_planner.store.server.place import is_guarded
from mosovo_planner.store.unit import Unit

_QUIET = {
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "idle_in_transaction_session_timeout": "'10min'",
    "jit": "off",
}
"""Settings of the database: its log holds no names (values of statements, rows that failed), nobody keeps others waiting.

To compile the policies of a query (``jit``) takes longer than the query.
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was done: whether the workspace was made now, and whether it was taken over from one without guards."""

    made: bool
    taken_over: bool
    database: str
    tls: bool


def prepare(address: str) -> Prepared:
    """Prepare the database of an administrator's address, all in one transaction.

    Raises:
        NotAllowed: the login may not make roles or change this database.
        RefusedLocation: the database's encoding is not UTF8, or it holds tables of another program.
        NewerSchema: a newer version of the program made it.
        ServerUnreachable, WrongPassphrase: as they say.
    """
    with administrators_connection(address) as connection, translated():
        try:
            return _prepared(connection)
        except DBAPIError as wrong:
            if getattr(wrong.orig, "sqlstate", "") in ("42501", "0LP01"):
                raise NotAllowed(
                    "This login may not prepare the database. Give the address of the server's superuser, or of a login that "
                    "owns the database and may create roles. Nothing was changed."
                ) from None
            raise


def _prepared(connection: Connection) -> Prepared:
    database = str(connection.execute(text("SELECT current_database()")).scalar())
    if connection.execute(text("SHOW server_encoding")).scalar() != "UTF8":
        raise RefusedLocation("This database cannot keep every name: its encoding is not UTF8. Have one made with UTF8.")
    before = schema.revision(connection)
    existing = set(inspect(connection).get_table_names())
    if before is None and existing & set(tables.metadata.tables):
        raise RefusedLocation("This database holds tables of another program. Give MOSOVO Planner a database of its own.")
    guarded = is_guarded(connection)
    _run(connection, _roles(connection, database))
    _run(connection, _given_to_owner(existing))
    _run(connection, [f"SET ROLE {OWNER}"])
    schema.bring_up(connection, before=lambda: None) if before else schema.upgrade(connection)
    if before is None:
        _begin(connection)
    every = {*tables.metadata.tables, "alembic_version"} & set(inspect(connection).get_table_names())
    _run(connection, [*guard.statements(), *auditors.statements()])
    _run(connection, _old_policies(connection))
    _run(connection, policies.statements(every))
    _run(connection, [f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {GUARD} FROM PUBLIC"])
    _run(connection, [f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {GUARD} TO {', '.join(GROUPS)}", "RESET ROLE"])
    _run(connection, _settings(connection, database))
    encrypted = connection.execute(text("SHOW ssl")).scalar() == "on"
    return Prepared(before is None, before is not None and not guarded, database, encrypted)


def _roles(connection: Connection, database: str) -> Iterator[str]:
    known = set(connection.execute(text("SELECT rolname FROM pg_roles WHERE rolname LIKE 'mosovo%'")).scalars())
    groups = ", ".join(GROUPS)
    for name in (OWNER, *GROUPS):
        if name not in known:
            yield f"CREATE ROLE {name} NOLOGIN"
    yield f"GRANT {OWNER} TO CURRENT_USER" if not _is_superuser(connection) else "SELECT 1"
    yield f"REVOKE ALL ON DATABASE {quoted(database)} FROM PUBLIC, {groups}"
    yield f"GRANT CONNECT ON DATABASE {quoted(database)} TO {groups}"
    yield f"GRANT CONNECT, CREATE ON DATABASE {quoted(database)} TO {OWNER}"
    yield f"REVOKE ALL ON SCHEMA public FROM PUBLIC, {groups}"
    yield f"GRANT USAGE ON SCHEMA public TO {groups}"
    yield f"GRANT ALL ON SCHEMA public TO {OWNER}"
    yield f"CREATE SCHEMA IF NOT EXISTS {GUARD}"
    yield f"ALTER SCHEMA {GUARD} OWNER TO {OWNER}"
    yield f"REVOKE ALL ON SCHEMA {GUARD} FROM PUBLIC, {groups}"
    yield f"GRANT USAGE ON SCHEMA {GUARD} TO {groups}"


def _is_superuser(connection: Connection) -> bool:
    return bool(connection.execute(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).scalar())


def _given_to_owner(existing: set[str]) -> Iterator[str]:
    for name in sorted(existing & {*tables.metadata.tables, "alembic_version"}):
        yield f"ALTER TABLE public.{quoted(name)} OWNER TO {OWNER}"
    if "record_of_use" in existing:
        yield f"ALTER FUNCTION public.record_of_use_sealed() OWNER TO {OWNER}"


def _begin(connection: Connection) -> None:
    """What a workspace holds before anybody works in it; its users come by ``people.py``."""
    login = str(connection.execute(text("SELECT session_user")).scalar())
    actor = Actor(f"login {login}", Role.ADMINISTRATOR, platform.node())
    about = {"id": random_id(), "created_at": now(), "created_by": actor.user, "app_version": mosovo_planner.__version__}
    connection.execute(insert(tables.about), [about])
    unit = Unit(connection, actor)
    unit.save_policy(default_policy(), "The policy that the program brings along")
    unit.seal()


def _old_policies(connection: Connection) -> Iterator[str]:
    found = connection.execute(text("SELECT tablename, policyname FROM pg_policies WHERE schemaname = 'public'"))
    yield from [f"DROP POLICY {quoted(name)} ON public.{quoted(table)}" for table, name in found]


def _settings(connection: Connection, database: str) -> Iterator[str]:
    if _is_superuser(connection):
        yield from (f"ALTER DATABASE {quoted(database)} SET {name} = {value}" for name, value in _QUIET.items())


def _run(connection: Connection, statements: Iterator[str] | list[str]) -> None:
    """Statements without parameters, as they stand: a driver would look for its own signs in them."""
    for statement in list(statements):
        connection.exec_driver_sql(statement.replace("%", "%%"))

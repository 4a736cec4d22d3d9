"""Bringing a database to the schema this program knows; Alembic keeps the history."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from mosovo_planner.store.base.errors import NewerSchema

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0004"


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, made without any file; the migrations lie in the package."""
    from alembic.config import Config

    folder = str(Path(__file__).parent).replace("%", "%%")
    config = Config()
    config.set_main_option("script_location", folder)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def revision(connection: Connection) -> str | None:
    """The revision a database is at; None where it holds no workspace."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(connection: Connection) -> None:
    """Run the missing migrations inside the connection's transaction."""
    from alembic import command

    command.upgrade(configuration(connection), "head")


def bring_up(connection: Connection, before: Callable[[], object]) -> bool:
    """Upgrade an older database after calling ``before`` (which makes a backup). Whether it was needed.

    Raises:
        NewerSchema: the revision is not one this program knows.
    """
    if revision(connection) == HEAD:
        return False
    refuse_newer(connection)
    before()
    upgrade(connection)
    return True


def refuse_newer(connection: Connection) -> None:
    """Refuse a database of a version that this program does not know.

    Raises:
        NewerSchema: the revision is not one of ours.
    """
    from alembic.script import ScriptDirectory  # only here and above: a workspace opens without Alembic

    known = {each.revision for each in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if revision(connection) not in known:
        raise NewerSchema

"""The tables that the migrations make are those the program uses; a newer schema is refused."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from mosovo_planner.store import Workspace, open_workspace
from mosovo_planner.store.backups.backup import backups
from mosovo_planner.store.base.errors import NewerSchema
from mosovo_planner.store.migrations import schema
from mosovo_planner.store.tables import metadata

USER, PASSPHRASE = "Sgt Invented", "correct horse battery"
HEAD = schema.HEAD
LATER = f"{int(HEAD) + 1:04}"


def test_tables_and_migrations_are_the_same(workspace: Workspace) -> None:
    with workspace.transaction() as unit:
        context = MigrationContext.configure(unit.connection, opts={"target_metadata": metadata})
        assert compare_metadata(context, metadata) == []


def test_the_program_knows_its_newest_revision() -> None:
    scripts = ScriptDirectory.from_config(schema.configuration())
    assert scripts.get_heads() == [schema.HEAD]


def test_a_newer_schema_is_refused_and_left_alone(workspace_address: str) -> None:
    with open_workspace(workspace_address, USER, PASSPHRASE) as workspace, workspace.transaction() as unit:
        unit.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for _ in range(2):
        with pytest.raises(NewerSchema, match="Install the newer version"):
            open_workspace(workspace_address, USER, PASSPHRASE)


def test_an_older_schema_is_brought_up_after_a_backup(embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded.close()
    scripts = _with_a_later_revision(folder.parent)
    monkeypatch.setattr(schema, "HEAD", LATER)
    monkeypatch.setattr(schema, "configuration", scripts)
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace, workspace.transaction() as unit:
        assert schema.revision(unit.connection) == LATER
        assert unit.connection.execute(text("SELECT count(*) FROM later")).scalar() == 0
    (copy,) = backups(folder)
    assert copy.why == "before-update"
    monkeypatch.undo()
    with open_workspace(str(copy.folder), USER, PASSPHRASE) as old, old.transaction() as unit:
        assert schema.revision(unit.connection) == HEAD


def test_a_migration_that_fails_changes_nothing(embedded: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedded.close()
    scripts = _with_a_later_revision(folder.parent, then="1 / 0")
    with monkeypatch.context() as patched:
        patched.setattr(schema, "HEAD", LATER)
        patched.setattr(schema, "configuration", scripts)
        with pytest.raises(ZeroDivisionError):
            open_workspace(str(folder), USER, PASSPHRASE)
    with open_workspace(str(folder), USER, PASSPHRASE) as workspace, workspace.transaction() as unit:
        assert schema.revision(unit.connection) == HEAD
        assert unit.connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'later'")).scalar() == 0


def _with_a_later_revision(folder: Path, then: str = "pass") -> Any:
    """Alembic's configuration with one migration more, as a later version of the program would have."""
    migrations = folder / "migrations"
    shutil.copytree(Path(schema.__file__).parent, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    (migrations / "versions" / f"v{LATER}_a_later_one.py").write_text(
        f"from alembic import op\nimport sqlalchemy as sa\nrevision = '{LATER}'\ndown_revision = '{HEAD}'\n"
        f"def upgrade():\n    op.create_table('later', sa.Column('id', sa.Integer(), primary_key=True))\n    {then}\n"
    )
    original = schema.configuration

    def configuration(connection: Any = None) -> Any:
        config = original(connection)
        config.set_main_option("script_location", str(migrations))
        return config

    return configuration

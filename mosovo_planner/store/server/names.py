"""The names of what is made on a server: group roles, and the schema of what guards the tables."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql

from mosovo_planner.domain.roles import Role

OWNER = "mosovo_owner"
"""The role that owns the tables. Nobody logs in as it, and no user belongs to it."""

GUARD = "app"
"""The schema of the functions that policies ask, and of what no user may write."""

_preparer = postgresql.dialect().identifier_preparer  # type: ignore[no-untyped-call]


def group(role: Role) -> str:
    """The group role of a role; users belong to exactly one. Groups are the server's, accounts the database's."""
    return f"mosovo_{role.value}"


GROUPS = tuple(group(role) for role in Role)


def quoted(name: str) -> str:
    """A name as it stands in a statement."""
    return str(_preparer.quote_identifier(name))


def literal(text: str) -> str:
    """A text as it stands in a statement that takes no parameters."""
    if "\0" in text:
        raise ValueError("a text for a server holds no NUL")
    plain = "'" + text.replace("'", "''") + "'"
    return plain if "\\" not in plain else " E" + plain.replace("\\", "\\\\")

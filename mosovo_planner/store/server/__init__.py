"""The shared workspace: a database on a PostgreSQL server.

``address`` says how it is reached, ``place`` opens it; ``guard`` and ``policies`` are what the database itself
enforces; ``prepare`` and ``logins`` are for its administrator.
"""

from mosovo_planner.store.server.place import ServerPlace, create, is_server, open_, verifier_of

__all__ = ["ServerPlace", "create", "is_server", "open_", "verifier_of"]

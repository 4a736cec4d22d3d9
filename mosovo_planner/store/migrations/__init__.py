"""The history of the schema; run by ``store.schema`` through Alembic."""

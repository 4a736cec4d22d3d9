"""The history of the schema; run by ``schema`` through Alembic."""

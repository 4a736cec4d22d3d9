"""The workspace: encrypted database, keys, migrations, record of use, backup."""

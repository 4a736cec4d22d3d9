"""Backups: made, tried, brought back with the present files kept aside, and let go by the force's numbers."""

"""Backups in the window: the list of them, and bringing one back."""

"""Dialogs: signing in, import, visits, printing, help."""

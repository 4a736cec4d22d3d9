"""Retention in the window: the page of an offender's file, its dialogs, and the certificates of erasures."""

"""What the reader found doubtful in a tracker: one finding a cell, with its place and its cure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``rejected``: the row was not taken. ``warning``: it was, with the doubtful cell left empty."""

    REJECTED = "rejected"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubtful cell. ``row`` is the sheet's own, counted from 1; ``column`` is the header's text.

    ``value`` is the cell as it was read, shortened; it is never shown where it looked like bank or card data.
    ``message`` says what is wrong and what to do about it.
    """

    sheet: str
    row: int
    column: str
    severity: Severity
    code: str
    value: str
    message: str


class Doubt(Exception):
    """A cell cannot be read without guessing. ``code`` and the message become a finding."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

"""What can go wrong with a whole file. Each message names the cure; none holds a cell's content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mosovo_planner.domain.errors import UserError

if TYPE_CHECKING:
    from mosovo_planner.exchange.layout import TableReading


class ExchangeError(UserError):
    """A file could not be read or written."""


class TrackerError(ExchangeError):
    """The file cannot be read as a tracker at all."""


class UnrecognisedTracker(TrackerError):
    """The file was read but no table of offenders or staff was recognised; ``tables`` can be mapped by hand."""

    def __init__(self, message: str, tables: tuple[TableReading, ...]) -> None:
        super().__init__(message)
        self.tables = tables

    def __reduce__(self) -> tuple[object, ...]:
        """Carried whole out of a worker process."""
        return type(self), (str(self), self.tables)


class ProfileError(ExchangeError):
    """A saved import profile is not in order."""


class TablePathError(ExchangeError):
    """A table cannot be written to the place that was asked for."""

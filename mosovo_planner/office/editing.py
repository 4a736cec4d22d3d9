"""What two people who change one record at a time run into, for forms that offer a way out of it."""

from __future__ import annotations

from mosovo_planner.store.errors import StaleRecord

__all__ = ["StaleRecord"]

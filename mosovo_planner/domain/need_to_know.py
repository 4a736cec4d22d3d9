"""Who may see whom: restricted records, and records of another team opened with a reason.

The rule is the same on a server, where the database holds it, and in an embedded workspace, where the program does:
a user with a team sees the offenders of that team's managers, a supervisor also those who are not allocated; a user
without a team sees all teams. A restricted record is seen by supervisors and by those it names. A record of another
team can be opened for a tour of duty with a reason, of which its supervisors get notice (APP on information sharing:
need to know; security, section 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

OPEN_FOR = timedelta(hours=8)
"""How long a record of another team stays open after a reason was given: a tour of duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A record that only supervisors and the users in ``named`` see. An offender has one at most."""

    ref: str
    named: tuple[str, ...] = ()
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakGlass:
    """That ``by`` opened a record which was not his to see, and why. ``at`` is local. A supervisor looks at each of them."""

    id: str
    ref: str
    by: str
    at: datetime
    reason: str
    seen_by: str = ""
    seen_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether no supervisor has looked at it yet."""
        return not self.seen_by

"""What the store keeps beside the domain's own objects: imports, decisions, plans, accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mosovo_planner.domain.people import Offender, OffenderManager
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.proposals import ManagerLoad, Move, Plan
from mosovo_planner.domain.roles import Role


@dataclass(frozen=True, slots=True)
class BeforeImage:
    """One record as it was before an import; ``record`` is None where the import added it.

    ``kind`` is ``offender`` or ``manager``.
    """

    kind: str
    ref: str
    record: Offender | OffenderManager | None

    @property
    def version_after(self) -> int:
        """The version that the import gave the record: another one today means a later change."""
        return self.record.version + 1 if self.record else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBatch:
    """One import of a tracker. ``report`` is its report as JSON text; ``undone_at`` is set when it was undone."""

    id: str
    at: datetime
    by: str
    file_name: str
    added: int = 0
    updated: int = 0
    report: str = ""
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class AllocationDecision:
    """What a named person decided: the moves made and the proposed moves refused, with the reason.

    ``managers`` are the figures of each manager before and after; ``proposed`` the moves that the planner had proposed,
    None where that is not known or nothing was proposed (a case given by hand).
    """

    at: datetime
    by: str
    reason: str
    moves: tuple[Move, ...]
    refused: tuple[Move, ...] = ()
    as_of: date | None = None
    travel_basis: str = ""
    id: str = ""
    managers: tuple[ManagerLoad, ...] = ()
    proposed: int | None = None


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan with who made it, and who approved it (None: still a proposal)."""

    id: str
    plan: Plan
    at: datetime
    by: str
    approved_by: str | None
    reason: str

    @property
    def approved(self) -> bool:
        return self.approved_by is not None


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One state of the policy, with who set it, when and why."""

    number: int
    at: datetime
    by: str
    reason: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class ClockTableVersion:
    """One state of the table of clocks (TOML text), with who set it, when and why."""

    number: int
    at: datetime
    by: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Account:
    """A user of the workspace. An inactive account can no longer open it.

    Without a ``team`` it sees all teams. ``login`` is its name on a server that knows each person by a login.
    """

    name: str
    role: Role
    active: bool
    created_at: datetime
    created_by: str
    signing_key: str = ""
    team: str = ""
    login: str = ""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What use is judged by, by reference only, of every team.

    ``staff``: managers' names by id. ``held``: who manages whom now, by offender's reference. ``moved``: (reference, when, from
    whom) of each allocation decided. ``visited``: (manager, reference, day), at least where the record of use holds that he
    opened that record about then. ``namesakes``: (user, reference) of the same surname.
    """

    staff: Mapping[str, str]
    held: Mapping[str, str | None]
    moved: tuple[tuple[str, datetime, str | None], ...]
    visited: frozenset[tuple[str, str, date]]
    namesakes: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StoredProfile:
    """How a force's tracker is read, as the exchange wrote it (JSON text)."""

    name: str
    body: str
    at: datetime
    by: str

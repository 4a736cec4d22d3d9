"""Work that somebody had not finished when he left the workspace: where he was, proposals, policy, forms half filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from mosovo_planner.domain.policy import PolicyValue
from mosovo_planner.domain.proposals import Plan, SolverFacts


@dataclass(frozen=True)
class FieldDraft:
    """One field of a form: what it is, the name it has for a screen reader, which of that name, and what stood in it."""

    kind: str
    name: str
    place: int
    value: str


@dataclass(frozen=True)
class FormDraft:
    """A form half filled in: its class, what it is about (a reference or id), its title and heading, and its fields."""

    form: str
    about: str
    title: str
    heading: str
    fields: tuple[FieldDraft, ...]


@dataclass(frozen=True)
class AllocationDraft:
    """A proposed allocation: who holds whom, what was decided by hand, what was pinned when it was asked for."""

    as_of: date
    assignment: Mapping[str, str]
    by_hand: frozenset[str]
    pinned: Mapping[str, str]
    solver: SolverFacts


@dataclass(frozen=True)
class PlanDraft:
    """A proposed plan; ``in_course`` where it was made again in its course because something came up."""

    plan: Plan
    in_course: bool = False


@dataclass(frozen=True)
class PolicyDraft:
    """Changes to the policy that are not in force, and the table of clocks where it was changed."""

    values: Mapping[str, PolicyValue]
    clocks: str | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Where somebody was and what he had not finished. ``stopped`` are the titles of work that was ended."""

    at: datetime
    page: str = ""
    as_of: date | None = None
    ref: str = ""
    file_open: bool = False
    forms: tuple[FormDraft, ...] = ()
    stopped: tuple[str, ...] = ()
    allocation: AllocationDraft | None = None
    plan: PlanDraft | None = None
    policy: PolicyDraft | None = None
    refs: frozenset[str] = field(default_factory=frozenset)

    @property
    def unfinished(self) -> bool:
        """Whether it holds more than the place where he was."""
        return bool(self.forms or self.stopped or self.allocation or self.plan or self.policy)

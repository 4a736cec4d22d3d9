"""An invented team to allocate for: everybody here is made up."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from mosovo_planner.domain.clocks import case_of
from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Risk, Status
from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.planning.allocation import AllocationRequest, allocation_request
from mosovo_planner.resources import resource

AS_OF = date(2026, 11, 23)


class Formula:
    """Minutes from the crow-fly distance: 1.0 + 1.73 km^0.9."""

    name = "formula of the tests"

    def minutes(self, origins, destinations):
        here, there = (np.radians([(p.lat, p.lon) for p in places]) for places in (origins, destinations))
        half = np.sin((here[:, None] - there[None]) / 2) ** 2
        a = half[..., 0] + np.cos(here[:, None, 0]) * np.cos(there[None, :, 0]) * half[..., 1]
        return (1.0 + 1.73 * (2 * 6371 * np.arcsin(np.sqrt(a))) ** 0.9).astype(np.float32)


@dataclass(frozen=True)
class Team:
    """Facts to ask an allocation for; ``request`` builds it, ``changed`` varies offenders by reference."""

    offenders: tuple[Offender, ...]
    managers: tuple[OffenderManager, ...]
    policy: Policy

    def request(self, **options: object) -> AllocationRequest:
        cases = [case_of(offender, self.policy, AS_OF) for offender in self.offenders]
        return allocation_request(cases, self.managers, self.policy, Formula(), AS_OF, **options)

    def changed(self, ref: str, **facts: object) -> Team:
        return replace(self, offenders=tuple(replace(o, **facts) if o.ref == ref else o for o in self.offenders))

    def manager_changed(self, which: str, **facts: object) -> Team:
        return replace(self, managers=tuple(replace(m, **facts) if m.id == which else m for m in self.managers))

    def allocated(self, assignment: dict[str, str]) -> Team:
        return replace(self, offenders=tuple(replace(o, manager=assignment.get(o.ref)) for o in self.offenders))

    def ruled(self, **values: float) -> Team:
        """The same under other policy values; double underscores stand for dots."""
        table = dict(self.policy.values)
        for name, value in values.items():
            key = name.replace("__", ".")
            table[key] = replace(table[key], value=value)
        return replace(self, policy=Policy(table))


@pytest.fixture(scope="session")
def policy() -> Policy:
    return read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def make_team(policy: Policy) -> Callable[..., Team]:
    """A team over two towns 40 km apart, three managers at the first base and two at the second; at present by lot."""

    def make(size: int = 120, seed: int = 5) -> Team:
        rng = np.random.default_rng(seed)
        bases = [Position(51.56, -1.78)] * 3 + [Position(51.20, -1.80)] * 2
        managers = tuple(OffenderManager(id=f"OM{k + 1}", position=base, trained=True) for k, base in enumerate(bases))
        offenders = tuple(
            Offender(
                ref=f"W-{k:04d}",
                position=Position(*(rng.normal((51.56 if rng.random() < 0.6 else 51.20, -1.79), (0.04, 0.06)))),
                risk=list(Risk)[rng.choice(4, p=[0.5, 0.3, 0.17, 0.03])],
                manager=managers[rng.integers(5)].id,
                last_seen=date(2026, 8, 1),
            )
            for k in range(size)
        )
        return Team(offenders, managers, policy)

    return make


@pytest.fixture(scope="session")
def team(make_team: Callable[..., Team]) -> Team:
    return make_team()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data and published instances, outside the project."""
    folder = Path(os.environ.get("MOSOVO_SHARED", Path(__file__).parents[3] / "../shared"))
    if not folder.is_dir():
        pytest.skip("shared data absent")
    return folder


@pytest.fixture(scope="session")
def wiltshire(shared: Path, policy: Policy) -> Team:
    """The invented Wiltshire team with its present allocation by demand."""
    held = json.loads((shared / "data/tracker_wiltshire/tracker.expected.json").read_text(encoding="utf-8"))
    offenders = tuple(
        Offender(
            ref=ref,
            position=Position(row["lat"], row["lon"]),
            status=Status(row["status"]),
            risk=Risk(row["risk"]) if row["risk"] else None,
            interval_months=row["interval_months"],
            manager=row["manager"],
        )
        for ref, row in held["offenders"].items()
    )
    managers = tuple(
        OffenderManager(
            id=row["id"],
            position=Position(row["lat"], row["lon"]),
            weekly_hours=row["hours"],
            absences=(Absence(*map(date.fromisoformat, row["leave"])),) if row["leave"] else (),
        )
        for row in held["officers"]
    )
    return Team(offenders, managers, policy)

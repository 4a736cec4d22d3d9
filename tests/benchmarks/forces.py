"""Whole forces to measure on: the synthetic Wiltshire tracker and an invented force. Every person in them is made up."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from mosovo_planner.domain.people import Absence, Offender, OffenderManager, Position, Risk, Sex, Status
from mosovo_planner.domain.policy import Policy, read_policy
from mosovo_planner.resources import resource

SHARED = Path(os.environ.get("MOSOVO_SHARED", Path(__file__).parents[2] / "../shared"))


def default_policy() -> Policy:
    return read_policy(resource("policy/default.toml").read_text(encoding="utf-8"))


def wiltshire(folder: Path = SHARED) -> tuple[list[OffenderManager], list[Offender], date]:
    """The tracker as a correct import holds it, and its day.

    Raises:
        FileNotFoundError: the shared data folder is not there.
    """
    table = json.loads((folder / "data/tracker_wiltshire/tracker.expected.json").read_text(encoding="utf-8"))
    offenders = [_offender(ref, row) for ref, row in table["offenders"].items()]
    return [_manager(row) for row in table["officers"]], offenders, date.fromisoformat(table["as_of"])


def _manager(row: dict[str, Any]) -> OffenderManager:
    return OffenderManager(
        id=row["id"],
        base=row["base"],
        position=Position(row["lat"], row["lon"]),
        weekly_hours=row["hours"],
        trained=row["trained"],
        sex=Sex(row["sex"]),
        absences=(Absence(*map(date.fromisoformat, row["leave"])),) if row["leave"] else (),
    )


def _offender(ref: str, row: dict[str, Any]) -> Offender:
    return Offender(
        ref=ref,
        position=Position(row["lat"], row["lon"]) if row["lat"] is not None else None,
        risk=Risk(row["risk"]) if row["risk"] else None,
        interval_months=row["interval_months"],
        last_seen=date.fromisoformat(row["last_visit"]) if row["last_visit"] else None,
        status=Status(row["status"]),
        manager=row["manager"],
    )


def nearest_manager(managers: Iterable[OffenderManager]) -> Callable[[str | None, Position | None], str | None]:
    """The officer of the nearest base who holds the fewest cases so far: an allocation by location, roughly."""
    held: Counter[str] = Counter()
    known = list(managers)

    def nearest(manager: str | None, position: Position | None) -> str | None:
        if position is None:
            return manager

        def rank(each: OffenderManager) -> tuple[float, int]:
            spot = each.position or position
            return ((spot.lat - position.lat) ** 2 + ((spot.lon - position.lon) * 0.62) ** 2, held[each.id])

        found = min(known, key=rank).id
        held[found] += 1
        return found

    return nearest

"""How rows of a tracker meet what is already held: pure functions, used by the import.

A blank cell never erases what is held, but for markers, notes and orders, which a team takes off by
emptying the cell. A doubtful cell changes nothing. The later of two last visits counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import Enum
from typing import Any

from mosovo_planner.domain.clocks import in_words
from mosovo_planner.domain.people import Offender, OffenderManager, Position, Precision
from mosovo_planner.exchange.managers import ManagerRow
from mosovo_planner.exchange.offenders import OffenderRow
from mosovo_planner.geo.crs import osgb36_to_wgs84
from mosovo_planner.geo.gazetteer import Gazetteer
from mosovo_planner.office.ground import locate_manager, locate_offender

_CLEARED_BY_BLANK = {"markers": (), "notes": "", "orders": ""}
_OFFENDER_FIELDS = {field.name for field in fields(Offender)} - {"ref", "version", "position"}
_MANAGER_FIELDS = {field.name for field in fields(OffenderManager)} - {"id", "version", "position"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that the import changes, as words for the preview. ``kind`` is offender or manager."""

    ref: str
    kind: str
    field: str
    before: str
    after: str


class ManagerNames:
    """Finds a manager's id from what a tracker calls them: the id or the name, whatever the case of the letters."""

    def __init__(self, managers: Mapping[str, OffenderManager]) -> None:
        self._ids = {manager_id.casefold(): manager_id for manager_id in managers}
        named: dict[str, list[str]] = {}
        for manager in managers.values():
            if manager.name:
                named.setdefault(manager.name.casefold(), []).append(manager.id)
        self._names = {name: ids[0] for name, ids in named.items() if len(ids) == 1}

    def find(self, text: str) -> str | None:
        key = text.strip().casefold()
        return self._ids.get(key) or self._names.get(key)


def merged_offender(row: OffenderRow, held: Offender | None, names: ManagerNames, places: Gazetteer | None) -> Offender:
    """The offender as the row makes him, with the best position there is."""
    values: dict[str, Any] = {name: value for name, value in row.values.items() if name in _OFFENDER_FIELDS}
    if isinstance(values.get("manager"), str):
        values["manager"] = names.find(values["manager"]) or values["manager"]
    if held is not None:
        values |= {name: empty for name, empty in _CLEARED_BY_BLANK.items() if name in row.blank}
        if held.last_seen and isinstance(values.get("last_seen"), date) and values["last_seen"] < held.last_seen:
            del values["last_seen"]
    merged = replace(held or Offender(ref=row.ref, version=0), **values)
    given = given_position(row.values)
    if given is not None:
        return replace(merged, position=given)
    if held is not None and _position_stands(held, merged):
        return replace(merged, position=held.position)
    return locate_offender(merged, places)


def merged_manager(row: ManagerRow, held: OffenderManager | None, places: Gazetteer | None) -> OffenderManager:
    """The manager as the staff sheet gives them."""
    values: dict[str, Any] = {name: value for name, value in row.values.items() if name in _MANAGER_FIELDS}
    merged = replace(held or OffenderManager(id=row.id, version=0), **values)
    given = given_position(row.values)
    if given is not None:
        return replace(merged, position=given)
    same_base = held is not None and (held.base, held.base_postcode) == (merged.base, merged.base_postcode)
    if same_base and merged.position is not None and not merged.position.precision.needs_checking:
        return merged
    return locate_manager(merged, places)


def given_position(values: Mapping[str, Any]) -> Position | None:
    """The tracker's own position: degrees, else National Grid metres."""
    if "lat" in values and "lon" in values:
        return Position(round(float(values["lat"]), 6), round(float(values["lon"]), 6), Precision.TRACKER)
    if "easting" in values and "northing" in values:
        lat, lon = osgb36_to_wgs84(values["easting"], values["northing"])
        return Position(round(float(lat), 6), round(float(lon), 6), Precision.TRACKER)
    return None


def _position_stands(held: Offender, merged: Offender) -> bool:
    """A position holds while the address does, unless a newer gazetteer may better a rough one."""
    same_place = (held.postcode, held.address) == (merged.postcode, merged.address)
    return same_place and held.position is not None and not held.position.precision.needs_checking


def field_changes(kind: str, ref: str, before: object, after: object) -> tuple[FieldChange, ...]:
    """What differs between two records of the same class, field by field."""
    return tuple(
        FieldChange(ref, kind, field.name, shown(getattr(before, field.name)), shown(getattr(after, field.name)))
        for field in fields(after)  # type: ignore[arg-type]  # both are records of one dataclass
        if field.name != "version" and getattr(before, field.name) != getattr(after, field.name)
    )


def shown(value: object) -> str:
    """A field's value as the preview writes it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, date):
        return in_words(value)
    if isinstance(value, Position):
        return f"{value.lat:.5f}, {value.lon:.5f} ({value.precision.label.lower()})"
    if isinstance(value, tuple):
        return "; ".join(shown(part) for part in value) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(getattr(value, "label", value.value))
    if hasattr(value, "start") and hasattr(value, "end"):
        return f"{in_words(value.start)} to {in_words(value.end)}"
    return str(value)

"""Which columns of a postcode table hold what: every header generation of NSPL and ONSPD, Code-Point Open, plain.

Columns are known by name, never by place, but for Code-Point Open, whose tables have no header row;
its own column list (``Doc/Code-Point_Open_Column_Headers.csv``) is read where the archive holds it.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from mosovo_planner.geo.errors import GazetteerError
from mosovo_planner.geo.postcodes import normalise

_ALIASES = {
    "postcode": ("pcds", "pcd7", "pcd8", "pcd2", "pcd", "postcode", "post code"),
    "lat": ("lat", "latitude"),
    "lon": ("long", "lon", "lng", "longitude"),
    "east": ("east1m", "oseast1m", "easting", "eastings"),
    "north": ("north1m", "osnrth1m", "northing", "northings"),
    "quality": ("gridind", "osgrdind", "positional_quality_indicator"),
    "ended": ("doterm", "terminated"),
    "live": ("live",),
}
_EXPECTED = (
    "a postcode column (pcds, pcd7, pcd or postcode) and either lat and long, or eastings and northings "
    "(NSPL, ONSPD, Code-Point Open, or a plain pcds,lat,long file)"
)
_CODE_POINT = {"postcode": 0, "quality": 1, "east": 2, "north": 3}
_CODE_POINT_CODES = {"PC": "postcode", "PQ": "quality", "EA": "east", "NO": "north"}
_CODE_POINT_WIDTH = 10


@dataclass(frozen=True)
class Columns:
    """Where each field stands: ``at`` maps a field to its index; ``kind`` is ``ONS``, ``Code-Point Open`` or ``plain``."""

    kind: str
    at: dict[str, int]
    has_header: bool
    delimiter: str = ","

    @property
    def width(self) -> int:
        """The fewest columns a row must have."""
        return max(self.at.values()) + 1


def read_columns(name: str, first_line: str, code_point: Columns | None = None) -> Columns:
    """Tell the columns from a table's first line.

    Raises:
        GazetteerError: it is no postcode table; the message tells what was found and what is expected.
    """
    delimiter = next((mark for mark in ",;\t" if mark in first_line), ",")
    cells = _cells(first_line, delimiter)
    if cells and normalise(cells[0]):
        return _headless(name, cells, code_point)
    return _by_name(name, cells, delimiter)


def looks_like_postcodes(first_line: str) -> bool:
    """Whether a table's first line has any sign of postcodes, so that an archive's other tables are passed over."""
    cells = _cells(first_line)
    return bool(cells) and (normalise(cells[0]) is not None or "postcode" in _named(cells))


def code_point_columns(header_lines: Sequence[str]) -> Columns | None:
    """Code-Point Open's columns from its own list of them; None where the list is of another form."""
    codes = _cells(header_lines[0] if header_lines else "")
    at = {_CODE_POINT_CODES[code.strip()]: index for index, code in enumerate(codes) if code.strip() in _CODE_POINT_CODES}
    return Columns("Code-Point Open", at, False) if at.keys() == _CODE_POINT.keys() else None


def _cells(line: str, delimiter: str = ",") -> list[str]:
    """The cells of one line; none where it is not of a table."""
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        return []


def _headless(name: str, cells: list[str], code_point: Columns | None) -> Columns:
    if code_point is None and len(cells) == _CODE_POINT_WIDTH:
        code_point = Columns("Code-Point Open", _CODE_POINT, False)
    if code_point is None or len(cells) < code_point.width:
        raise GazetteerError(
            f"{name}: no header row, and {len(cells)} columns where Code-Point Open has {_CODE_POINT_WIDTH}. "
            f"Expected Code-Point Open, or a header row with {_EXPECTED}."
        )
    return code_point


def _named(cells: list[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in cells]
    found = {}
    for field, aliases in _ALIASES.items():
        first = next((alias for alias in aliases if alias in names), None)
        if first is not None:
            found[field] = names.index(first)
    return found


def _by_name(name: str, cells: list[str], delimiter: str) -> Columns:
    at = _named(cells)
    has_degrees, has_grid = {"lat", "lon"} <= at.keys(), {"east", "north"} <= at.keys()
    if "postcode" not in at or not (has_degrees or has_grid):
        known = [cells[index].strip() for index in sorted(at.values())]
        found = f"only {', '.join(known)} among its {len(cells)} columns" if known else f"none of these in {len(cells)} columns"
        raise GazetteerError(f"{name}: not a postcode table. Expected {_EXPECTED}; found {found}.")
    names = [cell.strip().lower() for cell in cells]
    for index in at.values():
        if names.count(names[index]) > 1:
            raise GazetteerError(f"{name}: the column {names[index]} appears twice; remove one and import again.")
    return Columns("ONS" if "ended" in at else "plain", at, True, delimiter)

"""Rows of a postcode table as arrays, with every row that cannot be taken counted and named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.geo.crs import on_the_grid, osgb36_to_wgs84
from mosovo_planner.geo.errors import GazetteerError
from mosovo_planner.geo.gazetteer_columns import Columns
from mosovo_planner.geo.gazetteer_file import GazetteerArrays
from mosovo_planner.geo.postcodes import UNITS_IN_DISTRICT, outward_number, postcode_number

_EXAMPLES = 20
_LAT, _LON = (49.0, 61.5), (-9.0, 2.6)  # the United Kingdom and the islands about it
_NO_LATITUDE = 99.0  # ONS writes 99.999999 where there is none
_NO_POSITION = {"ONS": "9", "Code-Point Open": "90"}
_NOT_LIVE = frozenset({"0", "n", "no", "false", "f"})
_IRISH = outward_number("BT1"), outward_number("BT99")  # Northern Ireland's grid references are of the Irish grid
Floats = NDArray[np.float64]


@dataclass
class Counts:
    """What a table held so far."""

    rows: int = 0
    live: int = 0
    terminated: int = 0
    without_position: int = 0
    skipped: int = 0
    examples: list[str] = field(default_factory=list)

    def skip(self, name: str, lines: NDArray[np.intp], why: str) -> None:
        self.skipped += len(lines)
        room = _EXAMPLES - len(self.examples)
        self.examples.extend(f"{name}, line {line}: {why}" for line in lines[: max(0, room)])


def read_batch(name: str, columns: Columns, rows: list[list[str]], line: int, counts: Counts) -> GazetteerArrays:
    """Turn rows into arrays, in the file's order. ``line`` is the line of the first row.

    A postcode or number that cannot be read costs its row, which is counted and named by line; values
    are not told, in case the file was a wrong one with people in it.

    Raises:
        GazetteerError: a row has too few columns, as where a file was cut short.
    """
    at = _Lines(line, rows)
    cells = at.columns(name, columns)
    counts.rows += len(at.rows)
    found = map(postcode_number, cells["postcode"])
    numbers = np.array([-1 if number is None else number for number in found], dtype=np.int64)
    lat, lon, unread = _positions(columns, cells, numbers)
    nowhere = ~unread & (np.isnan(lat) | np.isnan(lon) | _flagged(columns, cells))
    outside = ~(nowhere | unread) & ~((lat > _LAT[0]) & (lat < _LAT[1]) & (lon > _LON[0]) & (lon < _LON[1]))
    no_postcode = numbers < 0
    counts.skip(name, at.of(no_postcode), "not a UK postcode")
    counts.skip(name, at.of(unread & ~no_postcode), "the position is not a number")
    counts.skip(name, at.of(outside & ~no_postcode), "the position is not in the United Kingdom")
    counts.without_position += int((nowhere & ~no_postcode).sum())
    good = ~(no_postcode | unread | nowhere | outside)
    live = _live(columns, cells, len(at.rows))[good]
    counts.live += int(live.sum())
    counts.terminated += int((~live).sum())
    degrees = [np.rint(each[good] * 1e5).astype(np.int32) for each in (lat, lon)]
    return GazetteerArrays(numbers[good].astype(np.uint32), degrees[0], degrees[1], live)


class _Lines:
    """Rows with the lines they stand on, blank ones left out."""

    def __init__(self, first: int, rows: list[list[str]]) -> None:
        self._numbers = np.arange(first, first + len(rows))
        self.rows = rows
        if not all(rows):
            self._numbers = self._numbers[[bool(row) for row in rows]]
            self.rows = [row for row in rows if row]

    def of(self, chosen: NDArray[np.bool_]) -> NDArray[np.intp]:
        return self._numbers[chosen]

    def columns(self, name: str, columns: Columns) -> dict[str, list[str]]:
        try:
            return {field_name: [row[index] for row in self.rows] for field_name, index in columns.at.items()}
        except IndexError:
            short = next(number for number, row in enumerate(self.rows) if len(row) < columns.width)
            raise GazetteerError(
                f"{name}, line {self._numbers[short]}: {len(self.rows[short])} columns where at least {columns.width} are "
                "expected; the file is cut short or damaged, download it again."
            ) from None


def _positions(
    columns: Columns, cells: dict[str, list[str]], numbers: NDArray[np.int64]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Latitudes and longitudes (nan where the table has none) and which could not be read."""
    if {"lat", "lon"} <= columns.at.keys():
        lat, bad_lat = _numbers(cells["lat"])
        lon, bad_lon = _numbers(cells["lon"])
        lat[lat > _NO_LATITUDE] = np.nan
        return lat, lon, bad_lat | bad_lon
    east, bad_east = _numbers(cells["east"])
    north, bad_north = _numbers(cells["north"])
    irish = (numbers >= _first_unit(_IRISH[0])) & (numbers < _first_unit(_IRISH[1]))
    nowhere = irish | np.isnan(east) | np.isnan(north) | ((east == 0) & (north == 0))
    inside = ~nowhere & on_the_grid(east, north)
    lat, lon = np.zeros_like(east), np.zeros_like(north)  # zero, off the grid, is no place in the kingdom
    lat[nowhere] = np.nan
    lat[inside], lon[inside] = osgb36_to_wgs84(east[inside], north[inside])
    return lat, lon, bad_east | bad_north


def _first_unit(outward: int | None) -> int:
    return (outward or 0) * UNITS_IN_DISTRICT


def _numbers(texts: list[str]) -> tuple[Floats, NDArray[np.bool_]]:
    """Numbers of texts, nan for blank ones, and which are no numbers."""
    try:
        return np.fromiter(map(float, texts), dtype=float, count=len(texts)), np.zeros(len(texts), dtype=bool)
    except ValueError:
        pass
    values, bad = np.full(len(texts), np.nan), np.zeros(len(texts), dtype=bool)
    for index, text in enumerate(texts):
        if text.strip():
            try:
                values[index] = float(text)
            except ValueError:
                bad[index] = True
    return values, bad


def _flagged(columns: Columns, cells: dict[str, list[str]]) -> NDArray[np.bool_]:
    """Rows whose quality column says that they have no position."""
    nothing = _NO_POSITION.get(columns.kind)
    return _each(cells.get("quality") if nothing else None, len(cells["postcode"]), lambda text: text.strip() == nothing)


def _live(columns: Columns, cells: dict[str, list[str]], rows: int) -> NDArray[np.bool_]:
    if "ended" in columns.at:
        return _each(cells["ended"], rows, lambda text: not text.strip())
    return ~_each(cells.get("live"), rows, lambda text: text.strip().lower() in _NOT_LIVE)


def _each(texts: list[str] | None, rows: int, test: Callable[[str], bool]) -> NDArray[np.bool_]:
    if texts is None:
        return np.zeros(rows, dtype=bool)
    return np.fromiter(map(test, texts), dtype=bool, count=rows)

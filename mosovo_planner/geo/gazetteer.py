"""The gazetteer: where every UK postcode is, imported once from official files and held in a few arrays.

The file format is in :mod:`gazetteer_file`, reading the official files in :mod:`gazetteer_import`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import Position, Precision
from mosovo_planner.geo import gazetteer_file
from mosovo_planner.geo.errors import GazetteerError
from mosovo_planner.geo.folders import data_folder
from mosovo_planner.geo.gazetteer_file import GazetteerArrays, GazetteerFacts
from mosovo_planner.geo.gazetteer_import import GazetteerSummary, import_gazetteer
from mosovo_planner.geo.postcodes import UNITS_IN_DISTRICT, UNITS_IN_SECTOR, partial, postcode_number

__all__ = ["Gazetteer", "GazetteerError", "GazetteerSummary", "gazetteer_path", "import_gazetteer", "load_gazetteer"]

gazetteer_path = gazetteer_file.gazetteer_path


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Postcode units with positions, in the order of their numbers (see :mod:`postcodes`).

    Holds arrays of one length: ``numbers`` uint32 ascending, ``lat`` and ``lon`` int32 in hundred-thousandths
    of a degree (about a metre), ``live`` whether the unit is in use today.
    """

    arrays: GazetteerArrays
    facts: GazetteerFacts
    _areas: dict[tuple[int, int], Position | None] = field(default_factory=dict, repr=False)

    @property
    def units(self) -> int:
        return len(self.arrays.numbers)

    @property
    def live_units(self) -> int:
        return int(self.arrays.live.sum())

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files it was imported from."""
        return self.facts.files

    @property
    def attribution(self) -> str:
        """What must be shown wherever these positions are."""
        return self.facts.attribution

    def position(self, postcode: str) -> Position | None:
        """Where a postcode is: its own point, else the middle of its sector, else of its district.

        Text that is only a district (``SN1``) or sector (``SN1 1``) gives that one's middle. None where
        the text is neither or nothing near it is known.
        """
        number = postcode_number(postcode)
        if number is None:
            return self._partial(postcode)
        at = self._index(number)
        if at is not None:
            return Position(self.arrays.lat.item(at) / 1e5, self.arrays.lon.item(at) / 1e5, Precision.POSTCODE)
        return self._middle(number // UNITS_IN_SECTOR, UNITS_IN_SECTOR, Precision.SECTOR) or self._middle(
            number // UNITS_IN_DISTRICT, UNITS_IN_DISTRICT, Precision.DISTRICT
        )

    def terminated(self, postcode: str) -> bool:
        """Whether Royal Mail has ended this postcode: an old address, to be checked. False where it is unknown."""
        number = postcode_number(postcode)
        at = None if number is None else self._index(number)
        return at is not None and not self.arrays.live.item(at)

    def live_points(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Latitudes and longitudes of all units in use, degrees."""
        live = self.arrays.live
        return self.arrays.lat[live] / 1e5, self.arrays.lon[live] / 1e5

    def _index(self, number: int) -> int | None:
        numbers = self.arrays.numbers
        at = int(numbers.searchsorted(np.uint32(number)))  # a plain int would copy the whole array
        return at if at < len(numbers) and numbers[at] == number else None

    def _partial(self, text: str) -> Position | None:
        parts = partial(text)
        if parts is None:
            return None
        district, sector = parts
        if sector is not None and (found := self._middle(district * 10 + sector, UNITS_IN_SECTOR, Precision.SECTOR)):
            return found
        return self._middle(district, UNITS_IN_DISTRICT, Precision.DISTRICT)

    def _middle(self, area: int, size: int, precision: Precision) -> Position | None:
        """The mean of an area's units in use, or of all where none is."""
        if (area, size) not in self._areas:
            ends = np.array([area * size, (area + 1) * size], dtype=np.uint32)
            first, last = self.arrays.numbers.searchsorted(ends)
            inside = slice(int(first), int(last))
            live = self.arrays.live[inside]
            chosen = live if live.any() else np.ones_like(live)
            found = None
            if len(chosen):
                lat, lon = (each[inside][chosen].mean() / 1e5 for each in (self.arrays.lat, self.arrays.lon))
                found = Position(round(float(lat), 5), round(float(lon), 5), precision)
            self._areas[(area, size)] = found
        return self._areas[(area, size)]


def load_gazetteer(folder: Path | None = None) -> Gazetteer | None:
    """The imported gazetteer, or None where none was imported yet.

    Raises:
        GazetteerError: the file is damaged, or of another version of this program.
    """
    path = gazetteer_path(data_folder(folder))
    if not path.exists():
        return None
    return Gazetteer(*gazetteer_file.read(path))

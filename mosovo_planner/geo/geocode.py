"""A geocoder of our own behind geopy's interface, which never speaks to any network.

geopy's ready-made geocoders are all network services; none may be named anywhere in this program.
"""

from __future__ import annotations

from geopy.geocoders.base import Geocoder
from geopy.location import Location

from mosovo_planner.geo.finding import Found, find, find_position
from mosovo_planner.geo.gazetteer import Gazetteer

__all__ = ["OfflineGeocoder", "find_position"]


class OfflineGeocoder(Geocoder):  # type: ignore[misc]  # geopy has no types
    """geopy's geocoder interface over the imported gazetteer and the built-in place names.

    The base class's own start is left out on purpose: it makes an HTTP client.
    """

    def __init__(self, gazetteer: Gazetteer | None) -> None:
        self.gazetteer = gazetteer

    def __enter__(self) -> OfflineGeocoder:
        return self

    def __exit__(self, *reason: object) -> None:
        """There is no connection to close."""

    def geocode(self, query: str, *, exactly_one: bool = True) -> Location | list[Location] | None:
        """Find an address or postcode.

        Args:
            query: an address, with or without postcode, or a postcode, sector or district alone.
            exactly_one: as geopy has it: False gives a list of the one location.

        Returns:
            The location, with ``raw["precision"]`` (postcode, sector, district or place) and
            ``raw["terminated"]``; None where nothing is known.
        """
        text = str(query)
        found = find(text, text, self.gazetteer)
        if found is None:
            return None
        location = _location(found)
        return location if exactly_one else [location]


def _location(found: Found) -> Location:
    position = found.position
    raw = {"precision": position.precision.value, "terminated": found.terminated}
    return Location(found.by, (position.lat, position.lon), raw)

"""What can go wrong with the files a user gives, told so that the user can put it right."""

from __future__ import annotations

from mosovo_planner.domain.errors import UserError


class GeoError(UserError):
    """A geographic file cannot be used; the message names the place and the cure."""


class GazetteerError(GeoError):
    """A postcode file, or the stored gazetteer, cannot be used."""


class RoadsError(GeoError):
    """A road file, or the stored road network, cannot be used."""


class LayerError(GeoError):
    """A map layer file cannot be used."""

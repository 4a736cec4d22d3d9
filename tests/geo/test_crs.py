"""Grid references become latitude and longitude within the metres that the method promises."""

from __future__ import annotations

import numpy as np
import pytest
from geopy.distance import geodesic

from mosovo_planner.geo.crs import on_the_grid, osgb36_to_wgs84


@pytest.mark.parametrize(
    ("east", "north", "lat", "lon"),
    [  # Ordnance Survey's own test points for OSTN15, from the Isles of Scilly to Shetland
        (651409.804, 313177.450, 52 + 39 / 60 + 28.8282 / 3600, 1 + 42 / 60 + 57.8663 / 3600),
        (91492.146, 11318.804, 49.92226393730, -6.29977752014),
        (292184.870, 168003.465, 51.40078220140, -3.55128349240),
        (438710.920, 114792.250, 50.93127937910, -1.45051433700),
        (395999.668, 1138728.951, 60.13308091660, -2.07382822360),
    ],
)
def test_ordnance_survey_points(east: float, north: float, lat: float, lon: float) -> None:
    found_lat, found_lon = osgb36_to_wgs84([east], [north])
    assert geodesic((found_lat[0], found_lon[0]), (lat, lon)).m < 5


def test_arrays_keep_their_shape() -> None:
    lat, lon = osgb36_to_wgs84(np.full((2, 3), 400_000), np.full((2, 3), 200_000))
    assert lat.shape == lon.shape == (2, 3)


def test_what_lies_on_the_grid() -> None:
    assert on_the_grid([400_000, 0, 700_001, 51], [200_000, 0, 5, 1_300_001]).tolist() == [True, False, False, False]

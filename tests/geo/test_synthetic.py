"""A synthetic force looks like one: homes about towns, bases in the largest, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from mosovo_planner.geo.basemap import on_land
from mosovo_planner.geo.distance import crow_km
from mosovo_planner.geo.synthetic import scatter


def test_the_same_seed_gives_the_same_force() -> None:
    assert scatter(200, 7) == scatter(200, 7)
    assert scatter(200, 7).homes != scatter(200, 8).homes


def test_homes_gather_in_the_larger_towns_of_the_county() -> None:
    force = scatter(900, 1)
    assert len(force.homes) == 900
    assert force.side_km == pytest.approx(64)
    towns = Counter(home.place for home in force.homes)
    assert towns["Swindon"] > towns["Devizes"] > 0
    lat, lon = np.array([(home.position.lat, home.position.lon) for home in force.homes]).T
    assert np.ptp(lat) * 111 < 75
    assert on_land(lat, lon).all()
    assert len({(home.position.lat, home.position.lon) for home in force.homes}) > 850


def test_bases_stand_in_the_largest_towns_and_share_the_homes() -> None:
    force = scatter(900, 1)
    assert {"Swindon", "Salisbury"} <= {base.place for base in force.bases}
    assert sum(base.share for base in force.bases) == pytest.approx(1)
    assert {home.area for home in force.homes} <= {base.place for base in force.bases}
    home = force.homes[0]
    km = crow_km([home.position.lat], [home.position.lon], *np.array([(b.position.lat, b.position.lon) for b in force.bases]).T)
    assert force.bases[int(km.argmin())].place == home.area


def test_a_large_force_covers_more_ground() -> None:
    small, large = scatter(900, 1), scatter(10_000, 1)
    assert len(large.homes) == 10_000
    assert large.side_km > 2 * small.side_km
    assert len(large.bases) > len(small.bases)


def test_other_regions_and_the_smallest_force() -> None:
    assert len(scatter(1, 1).homes) == 1
    north = scatter(50, 1, centre=(57.5, -4.2))
    assert {base.place for base in north.bases} & {"Inverness"}
    with pytest.raises(ValueError, match="at least one"):
        scatter(0, 1)

"""Minutes by car: a formula over crow-fly distance, needing no data, and the choice of the best basis there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import Position
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.travel import Minutes, TravelTimes
from mosovo_planner.geo.density import AreaClass, AreaClasses
from mosovo_planner.geo.distance import km_between, unit_vectors
from mosovo_planner.geo.folders import data_folder
from mosovo_planner.geo.gazetteer import Gazetteer
from mosovo_planner.geo.road_travel import RoadTravel, load_network
from mosovo_planner.geo.roads_graph import roads_path

__all__ = ["CrowFlyTravel", "RoadTravel", "TravelFormula", "crow_fly", "travel_times"]

_SAME_SPOT_KM = 0.001
_CELLS_A_BLOCK = 500_000


@dataclass(frozen=True)
class TravelFormula:
    """Minutes = start + factor x km ^ power up to ``far_km``; beyond that each km adds ``far_factor`` minutes.

    One start and factor for each of rural, town and city; the power is the countryside's alone. The
    mean of both ends' classes counts. Rural is fitted on Rutland's roads (mean error 16 %), town and
    city are inferred from DfT road speeds: see the policy's sources.
    """

    start: tuple[float, float, float]
    factor: tuple[float, float, float]
    rural_power: float
    far_km: float
    far_factor: float
    work_hours: float

    @classmethod
    def of(cls, policy: Policy) -> TravelFormula:
        """The formula as the force's policy sets it."""
        kinds = [kind.name.lower() for kind in AreaClass]
        starts = [policy.number(f"travel.{kind}_start_minutes") for kind in kinds]
        factors = [policy.number(f"travel.{kind}_factor") for kind in kinds]
        return cls(
            (starts[0], starts[1], starts[2]),
            (factors[0], factors[1], factors[2]),
            policy.number("travel.rural_power"),
            policy.number("travel.far_km"),
            policy.number("travel.far_factor"),
            policy.share("travel.work_hours_percent"),
        )

    def minutes(self, km: NDArray[np.float64], origins: NDArray[np.int8], destinations: NDArray[np.int8]) -> Minutes:
        """Minutes for a matrix of km, shape (origins, destinations), given the area class of each end."""
        start, factor = np.array(self.start), np.array(self.factor)
        linear = np.where(np.arange(3) == AreaClass.RURAL, 0.0, factor)
        rural = np.where(np.arange(3) == AreaClass.RURAL, factor, 0.0)
        near = np.minimum(km, self.far_km)
        total = self._mean(start, origins, destinations) + (km - near) * self.far_factor
        total += self._mean(linear, origins, destinations) * near
        if (origins == AreaClass.RURAL).any() or (destinations == AreaClass.RURAL).any():
            total += self._mean(rural, origins, destinations) * near**self.rural_power
        total *= self.work_hours
        total[km < _SAME_SPOT_KM] = 0
        return total.astype(np.float32)

    @staticmethod
    def _mean(by_class: NDArray[np.float64], first: NDArray[np.int8], second: NDArray[np.int8]) -> NDArray[np.float64]:
        return (by_class[first][:, None] + by_class[second][None, :]) / 2


class CrowFlyTravel:
    """Travel times from the formula."""

    name = "crow-fly formula"

    def __init__(self, formula: TravelFormula, classes: AreaClasses) -> None:
        self._formula = formula
        self._classes = classes

    def minutes(self, origins: Sequence[Position], destinations: Sequence[Position]) -> Minutes:
        """Minutes by car, shape (origins, destinations); 0 between positions that are the same."""
        result = np.zeros((len(origins), len(destinations)), dtype=np.float32)
        if not result.size:
            return result
        from_class, to_class = self._classes.of(origins), self._classes.of(destinations)
        starts, ends = _vectors(origins), _vectors(destinations)
        rows = max(1, _CELLS_A_BLOCK // len(destinations))
        for first in range(0, len(origins), rows):
            block = slice(first, first + rows)
            result[block] = self._formula.minutes(km_between(starts[block], ends), from_class[block], to_class)
        return result


def crow_fly(policy: Policy, gazetteer: Gazetteer | None) -> CrowFlyTravel:
    """The formula with the policy's parameters; area classes from the gazetteer where there is one, else from towns."""
    return CrowFlyTravel(TravelFormula.of(policy), AreaClasses(gazetteer))


def travel_times(policy: Policy, gazetteer: Gazetteer | None, folder: Path | None = None) -> TravelTimes:
    """The best basis there is: imported roads where they cover a position, else the formula.

    Raises:
        RoadsError: a road network was imported and is damaged.
    """
    formula = crow_fly(policy, gazetteer)
    path = roads_path(data_folder(folder))
    if not path.exists():
        return formula
    return RoadTravel(load_network(path), formula, policy.share("travel.work_hours_percent"))


def _vectors(positions: Sequence[Position]) -> NDArray[np.float64]:
    return unit_vectors([position.lat for position in positions], [position.lon for position in positions])

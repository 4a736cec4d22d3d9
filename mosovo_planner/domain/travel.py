"""What the rest of the program may ask of travel: minutes by car between positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import Position

Minutes = NDArray[np.float32]
"""A matrix of minutes, one row an origin, one column a destination."""


class TravelTimes(Protocol):
    """A way of telling how long a drive takes; ``geo`` holds the kinds there are."""

    @property
    def name(self) -> str:
        """What the times rest on, for papers and proposals: ``crow-fly formula``, ``roads of Wiltshire``."""
        ...

    def minutes(self, origins: Sequence[Position], destinations: Sequence[Position]) -> Minutes:
        """Minutes by car, shape (origins, destinations), without parking and access at the stop."""
        ...

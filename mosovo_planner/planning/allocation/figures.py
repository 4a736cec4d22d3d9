"""A request as arrays: travel, loads, bands, who may hold whom, and what is fixed beforehand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.people import Position
from mosovo_planner.planning.allocation.request import AllocationRequest

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOBODY = -1
MARGIN = 0.125
_EARTH_KM = 6371.0
_KM_PER_DEGREE = _EARTH_KM * np.pi / 180
_USUAL_MINUTES_PER_KM = 1.5


@dataclass(frozen=True, eq=False)
class Figures:
    """Arrays over cases (n) and managers (m).

    ``current`` and ``fixed`` hold manager indices, NOBODY where there is none. ``travel`` (n × m) is minutes a
    year, base to offender and back, nan where unknown; ``price`` (n × m) is the same with unknown travel filled
    in so that no move rests on it, plus the price of the move. ``low`` and ``high`` are the band of balance aimed
    at, ``least`` and ``most`` that of the policy, in hours and within capacity. ``at`` and ``bases`` are
    kilometres east and north, nan without a position.
    """

    load: Floats
    visits: Floats
    pull: Floats
    current: Ints
    fixed: Ints
    leftover: Flags
    travel: Floats
    price: Floats
    allowed: Flags
    capacity: Floats
    hours: Floats
    low: Floats
    high: Floats
    least: Floats
    most: Floats
    mean: float
    at: Floats
    bases: Floats
    minutes_per_km: float

    @property
    def free(self) -> Ints:
        """Cases whose manager is to be chosen by location."""
        return np.flatnonzero((self.fixed == NOBODY) & ~self.leftover)


def figures(request: AllocationRequest, margin: float = MARGIN) -> Figures:
    """Work the request out into arrays.

    ``margin`` is the share of the policy's band that is kept free at both ends, so that a manager put at the edge
    today is not over it with the next new case; a manager who is in that margin already may stay there.
    """
    cases, managers = request.cases, request.managers
    index = {manager.id: j for j, manager in enumerate(managers)}
    load = np.array([case.workload for case in cases], dtype=float)
    visits = np.array([case.visits_per_year for case in cases], dtype=float)
    current = np.array([index.get(case.manager or "", NOBODY) for case in cases], dtype=np.int64)
    hours = np.array([manager.hours_worked for manager in managers], dtype=float)
    capacity = np.array([manager.capacity for manager in managers], dtype=float)
    not_barred = np.array([[m.id not in case.forbidden for m in managers] for case in cases], dtype=bool)
    not_barred = not_barred.reshape(len(cases), len(managers))
    fixed, leftover = _settled(request, index, current, not_barred)
    pull = np.where(visits > 0, visits, 0.5)
    minutes = request.base_minutes.T.astype(float)
    positions = [case.position for case in cases] + [manager.position for manager in managers]
    at = _kilometres(positions)
    mean = float(load.sum() / hours.sum()) if hours.sum() > 0 else 0.0
    width = request.weights.balance
    held = np.bincount(current[current != NOBODY], load[current != NOBODY], minlength=len(managers))
    least, most = _band(mean * hours, capacity, width)
    low, high = _band(mean * hours, capacity, width * (1 - margin))
    return Figures(
        load=load,
        visits=visits,
        pull=pull,
        current=current,
        fixed=fixed,
        leftover=leftover,
        travel=2 * visits[:, None] * minutes,
        price=_priced(2 * pull[:, None] * minutes, current, request.weights.move_price_minutes),
        allowed=not_barred & (capacity > 0) & (hours > 0),
        capacity=capacity,
        hours=hours,
        low=np.where((held >= least) & (held < low), held, low),
        high=np.where((held <= most) & (held > high), held, high),
        least=least,
        most=most,
        mean=mean,
        at=at[: len(cases)],
        bases=at[len(cases) :],
        minutes_per_km=_minutes_per_km(minutes, at[: len(cases)], at[len(cases) :]),
    )


def _band(fair: Floats, capacity: Floats, width: float) -> tuple[Floats, Floats]:
    """Least and most hours around a fair share; where capacity is short, a little below it is as even as can be."""
    return (1 - width) * np.minimum(fair, capacity), np.minimum((1 + width) * fair, capacity)


def _settled(
    request: AllocationRequest, index: dict[str, int], current: Ints, not_barred: Flags
) -> tuple[Ints, Flags]:
    """Who holds a case whatever the location, and which cases wait to go where there is most room."""
    fixed = np.full(len(request.cases), NOBODY, dtype=np.int64)
    leftover = np.zeros(len(request.cases), dtype=bool)
    for i, case in enumerate(request.cases):
        pin = index.get(case.pinned_to or "", NOBODY)
        stays = not case.movable or case.position is None
        holder = pin if pin != NOBODY else current[i] if stays else NOBODY
        if holder != NOBODY and not_barred[i, holder]:
            fixed[i] = holder
        elif case.position is None:
            leftover[i] = True
    return fixed, leftover


def _priced(travel: Floats, current: Ints, move_price: float) -> Floats:
    """Travel plus the price of a move, n × m.

    Unknown travel is taken as the best known for the present manager and the worst known for any other: a
    case neither leaves nor joins a manager because of minutes nobody knows.
    """
    known = np.isfinite(travel)
    best = np.where(known, travel, np.inf).min(axis=1, initial=np.inf)
    worst = np.where(known, travel, -np.inf).max(axis=1, initial=-np.inf)
    some = np.isfinite(best)
    priced = np.where(known, travel, np.where(some, worst, 0.0)[:, None])
    held = np.flatnonzero(current != NOBODY)
    own = current[held]
    at_own = np.where(known[held, own], travel[held, own], np.where(some, best, 0.0)[held])
    priced[held] += move_price
    priced[held, own] = at_own
    return priced


def _kilometres(positions: list[Position | None]) -> Floats:
    """East and north in kilometres on a plane that touches the middle of the team's area, shape (k, 2)."""
    degrees = np.array([(p.lon, p.lat) if p else (np.nan, np.nan) for p in positions], dtype=float).reshape(-1, 2)
    if not np.isfinite(degrees).any():
        return degrees
    middle = np.nanmean(degrees, axis=0)
    scale = _KM_PER_DEGREE * np.array([np.cos(np.radians(middle[1])), 1.0])
    kilometres: Floats = (degrees - middle) * scale
    return kilometres


def _minutes_per_km(minutes: Floats, at: Floats, bases: Floats) -> float:
    """How long a crow-fly kilometre takes here, from the drives that are known."""
    km = np.hypot(*(at[:, None, :] - bases[None, :, :]).transpose(2, 0, 1)) if minutes.size else np.zeros_like(minutes)
    known = np.isfinite(minutes) & np.isfinite(km)
    total = km[known].sum()
    return float(minutes[known].sum() / total) if total > 0 else _USUAL_MINUTES_PER_KM


def sums(data: Figures, holder: Ints, values: Floats) -> Floats:
    """Sum of values over each manager's cases."""
    held = holder != NOBODY
    return np.bincount(holder[held], weights=values[held], minlength=len(data.hours)).astype(float)


def loads_of(data: Figures, holder: Ints) -> Floats:
    """Hours a year by manager."""
    return sums(data, holder, data.load)

"""Cutting a force into teams: bases that lie together, and to each side its share of the work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.domain.clocks import Case
from mosovo_planner.domain.people import OffenderManager, Position
from mosovo_planner.domain.policy import Policy
from mosovo_planner.domain.travel import TravelTimes
from mosovo_planner.domain.workload import case_hours, hours_worked, visits_per_year

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_NOBODY = -1
_LATITUDE_SHRINK = 0.61  # a degree of longitude beside one of latitude, in the middle of England


@dataclass(frozen=True, slots=True)
class Team:
    """Managers who share their work among themselves, and the offenders who are theirs."""

    name: str
    managers: tuple[str, ...]
    refs: tuple[str, ...]


class Ground:
    """A force as arrays: where bases and homes lie, hours of work, who holds whom, and what every base would cost.

    ``cost`` is minutes of travel a year, offender by base, kept as half-precision since only differences of many cases count.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        managers: Sequence[OffenderManager],
        policy: Policy,
        travel: TravelTimes,
        as_of: date,
    ) -> None:
        self.cases, self.managers = cases, managers
        self.load = np.array([case_hours(case.offender, policy) for case in cases], dtype=float)
        self.visits = np.array([max(0.5, visits_per_year(case.offender, policy)) for case in cases], dtype=float)
        self.hours = np.array([hours_worked(each, as_of) for each in managers], dtype=float)
        index = {each.id: at for at, each in enumerate(managers)}
        self.holder = np.array([index.get(case.offender.manager or "", _NOBODY) for case in cases], dtype=np.int64)
        self.stays = np.array(
            [case.visit.suspended or case.offender.pinned_manager or case.offender.position is None for case in cases],
            dtype=bool,
        ) & (self.holder != _NOBODY)
        self.home = _flat([case.offender.position for case in cases])
        self.base, self._bases = self._base_of()
        self.drive = self._drives(travel)
        self.move_price = policy.number("allocation.move_price_minutes")
        self.balance = policy.share("allocation.balance_percent")

    def _base_of(self) -> tuple[Ints, list[Position]]:
        """The base of each manager; one without a position is taken to be where most are."""
        spots = [each.position for each in self.managers]
        counts = Counter((spot.lat, spot.lon) for spot in spots if spot)
        usual = max(counts, key=lambda spot: (counts[spot], spot)) if counts else (0.0, 0.0)
        places = {place: at for at, place in enumerate(sorted(counts))} or {usual: 0}
        own = [(spot.lat, spot.lon) if spot else usual for spot in spots]
        return np.array([places[place] for place in own], dtype=np.int64), [Position(*place) for place in places]

    def _drives(self, travel: TravelTimes) -> NDArray[np.float32]:
        """Minutes from each offender to each base, shape (offenders, bases); the middle one where a home is not known."""
        drive = np.full((len(self.cases), len(self._bases)), np.nan, dtype=np.float32)
        homes = [(at, case.offender.position) for at, case in enumerate(self.cases) if case.offender.position]
        if homes and any(each.position for each in self.managers):
            rows = [at for at, _ in homes]
            drive[rows] = travel.minutes([position for _, position in homes if position], self._bases)
        usual = np.nanmedian(drive) if np.isfinite(drive).any() else 0.0
        return np.where(np.isfinite(drive), drive, usual).astype(np.float32)

    @property
    def bases(self) -> Floats:
        return _flat(list(self._bases))

    def teams_of(self, groups: Sequence[tuple[str, Sequence[int]]]) -> tuple[Team, ...]:
        """Teams of the managers given, each with the cases its managers hold; cases of nobody go to the nearest team."""
        of_manager = np.full(len(self.managers), _NOBODY, dtype=np.int64)
        for at, (_, members) in enumerate(groups):
            of_manager[list(members)] = at
        near = np.stack([self.drive[:, np.unique(self.base[list(members)])].min(axis=1) for _, members in groups], axis=1)
        own = np.where(self.holder != _NOBODY, of_manager[self.holder], near.argmin(axis=1))
        return tuple(
            Team(name, tuple(self.managers[each].id for each in members), self._refs(np.flatnonzero(own == at)))
            for at, (name, members) in enumerate(groups)
        )

    def _refs(self, cases: Ints) -> tuple[str, ...]:
        return tuple(self.cases[at].offender.ref for at in cases.tolist())

    def team(self, number: int, managers: Ints, cases: Ints) -> Team:
        """A team by number and the base that most of its managers share."""
        bases = Counter(self.managers[at].base for at in managers.tolist() if self.managers[at].base)
        where = f" ({max(sorted(bases), key=lambda base: bases[base])})" if bases else ""
        return Team(f"Team {number}{where}", tuple(self.managers[at].id for at in managers.tolist()), self._refs(cases))


def cut(ground: Ground, largest: int) -> tuple[Team, ...]:
    """Teams of at most ``largest`` managers, numbered from one end of the force to the other."""
    everybody = np.arange(len(ground.managers)), np.arange(len(ground.cases))
    cuts = max(1, int(np.ceil(np.log2(max(1.0, len(ground.managers) / largest)))))
    parts = _halved(ground, *everybody, largest, ground.balance / cuts)
    return tuple(ground.team(number, *part) for number, part in enumerate(parts, 1))


def _halved(ground: Ground, managers: Ints, cases: Ints, largest: int, slack: float) -> list[tuple[Ints, Ints]]:
    if len(managers) <= largest:
        return [(managers, cases)]
    sides = _sides(ground, managers)
    first = _share_out(ground, sides, cases, slack)
    return [
        *_halved(ground, sides[0], cases[first], largest, slack),
        *_halved(ground, sides[1], cases[~first], largest, slack),
    ]


def _sides(ground: Ground, managers: Ints) -> tuple[Ints, Ints]:
    """The managers in two halves along the longer side of the land, whole bases together where that is near enough half."""
    places = ground.bases[ground.base[managers]]
    axis = int(np.argmax(np.ptp(places, axis=0)))
    order = managers[np.lexsort((managers, ground.base[managers], places[:, axis]))]
    base = ground.base[order]
    between = np.flatnonzero(base[1:] != base[:-1]) + 1
    middle = len(order) // 2
    near = between[np.abs(between - middle) <= len(order) // 4]
    at = int(near[np.argmin(np.abs(near - middle))]) if len(near) else middle
    return order[:at], order[at:]


def _share_out(ground: Ground, sides: tuple[Ints, Ints], cases: Ints, slack: float) -> NDArray[np.bool_]:
    """Which cases go to the first side.

    In order of the travel and moves saved there for each hour of work, as long as it pays, within ``slack`` of that
    side's share of the officers' hours. Ties, as where both sides share a base, are settled along the land.
    """
    first, second = (np.unique(ground.base[side]) for side in sides)
    there = [ground.drive[np.ix_(cases, base)].min(axis=1).astype(float) for base in (first, second)]
    held = [np.isin(ground.holder[cases], side) for side in sides]
    gain = 2 * ground.visits[cases] * (there[1] - there[0]) + ground.move_price * (held[0].astype(float) - held[1])
    load = np.maximum(ground.load[cases], 1e-6)
    fixed = ground.stays[cases]
    middles = [ground.bases[base].mean(axis=0) for base in (first, second)]
    along = _along(ground, cases, middles)
    rank = np.where(fixed, np.where(held[0], np.inf, -np.inf), gain / load)
    order = np.lexsort((np.arange(len(cases)), along, -np.round(rank, 6)))
    share = ground.hours[sides[0]].sum() / max(ground.hours[np.concatenate(sides)].sum(), 1e-9)
    total = load.sum()
    behind = np.concatenate([[0.0], np.cumsum(load[order])])
    low, high = ((share + sign * slack * min(share, 1 - share)) * total for sign in (-1, 1))
    pays = int((rank > 0).sum())
    least, most = int(np.searchsorted(behind, low)), int(np.searchsorted(behind, high, side="right")) - 1
    count = int(np.clip(pays, least, max(least, most)))
    count = int(np.clip(count, (rank == np.inf).sum(), len(cases) - (rank == -np.inf).sum()))
    chosen = np.zeros(len(cases), dtype=bool)
    chosen[order[:count]] = True
    return chosen


def _along(ground: Ground, cases: Ints, middles: list[Floats]) -> Floats:
    """Where each home lies from the first side's middle towards the second's; along the land where they are one."""
    home = np.nan_to_num(ground.home[cases], nan=float(np.nanmean(ground.home)) if np.isfinite(ground.home).any() else 0.0)
    way = middles[1] - middles[0]
    if not way.any():
        way = np.eye(2)[int(np.argmax(np.ptp(home, axis=0)))]
    return np.asarray(home @ way)


def _flat(positions: Sequence[Position | None]) -> Floats:
    """Degrees with the longitude shrunk, near enough to compare distances; nan without a position."""
    table = np.array([(each.lat, each.lon) if each else (np.nan, np.nan) for each in positions], dtype=float).reshape(-1, 2)
    table[:, 1] *= _LATITUDE_SHRINK
    return table

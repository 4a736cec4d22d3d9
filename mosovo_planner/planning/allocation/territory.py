"""Territories: their centres, how far cases lie from them, and where the search for them starts."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from mosovo_planner.planning.allocation.figures import NOBODY, Figures, Floats, Ints


def centres_of(figures: Figures, holder: Ints) -> Floats:
    """The centre of each manager's territory, (m, 2) km: the own case nearest to all own cases.

    Cases count by their visits. Without own cases it is the base; without base nan, and no case is drawn there.
    """
    centres = figures.bases.copy()
    placed = np.isfinite(figures.at[:, 0])
    for manager in range(len(figures.hours)):
        own = np.flatnonzero((holder == manager) & placed)
        if len(own):
            at = figures.at[own]
            apart = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
            centres[manager] = at[np.argmin(apart @ figures.pull[own])]
    return centres


def spread(figures: Figures, centres: Floats, cases: Ints) -> Floats:
    """Minutes a year between each of ``cases`` and each centre and back, (k, m); 0 where there is no centre."""
    km = np.hypot(*(figures.at[cases][:, None, :] - centres[None, :, :]).transpose(2, 0, 1))
    away: Floats = np.nan_to_num(2 * figures.pull[cases][:, None] * km * figures.minutes_per_km)
    return away


def fresh_centres(figures: Figures, holder: Ints, seed: int) -> Floats:
    """Centres that split the region of each base among the managers who share it.

    ``holder`` says which base's region a case lies in. The new territories go to the managers who already
    hold most of what lies in them, so that few cases move.
    """
    rng = np.random.default_rng(seed)
    centres = centres_of(figures, holder)
    for group in _sharing(figures):
        cases = np.flatnonzero(np.isin(holder, group) & np.isfinite(figures.at[:, 0]))
        if len(group) < 2 or len(cases) < len(group):
            continue
        middles = _k_means(figures.at[cases], figures.pull[cases], len(group), rng)
        nearest = np.argmin(np.hypot(*(figures.at[cases][:, None] - middles[None]).transpose(2, 0, 1)), axis=1)
        kept = np.zeros((len(group), len(group)))
        for place, case in enumerate(cases):
            at_manager = np.flatnonzero(group == figures.current[case])
            kept[at_manager, nearest[place]] += 1
        rows, columns = linear_sum_assignment(-kept)
        centres[group[rows]] = middles[columns]
    return centres


def _sharing(figures: Figures) -> list[Ints]:
    """Managers at work, grouped by base."""
    groups: dict[tuple[float, float] | int, list[int]] = {}
    for manager, (east, north) in enumerate(figures.bases):
        if figures.hours[manager] > 0:
            key = (round(east, 2), round(north, 2)) if np.isfinite(east) else NOBODY
            groups.setdefault(key, []).append(manager)
    return [np.array(group, dtype=np.int64) for group in groups.values()]


def _k_means(points: Floats, weight: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Weighted k-means with k-means++ seeding (Arthur & Vassilvitskii 2007), (count, 2)."""
    middles = points[rng.choice(len(points), 1, p=weight / weight.sum())]
    while len(middles) < count:
        away = np.min(((points[:, None] - middles[None]) ** 2).sum(axis=2), axis=1) * weight
        share = away / away.sum() if away.sum() > 0 else weight / weight.sum()
        middles = np.vstack([middles, points[rng.choice(len(points), 1, p=share)]])
    for _ in range(30):
        nearest = np.argmin(((points[:, None] - middles[None]) ** 2).sum(axis=2), axis=1)
        for which in range(count):
            own = nearest == which
            if own.any():
                middles[which] = np.average(points[own], axis=0, weights=weight[own])
    return middles

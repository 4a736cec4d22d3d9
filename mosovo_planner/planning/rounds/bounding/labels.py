"""Labels: partial rounds of one class of crews, of which only those are kept that no other is as good as.

The best round under given prices, where a round may come back to a visit that it has forgotten (ng-routes: Baldacci,
Mingozzi, Roberti, "New route relaxation and pricing strategies for the vehicle routing problem", Operations Research
59, 2011). Labels are settled in order of time; a label that cannot be completed to more than a given value, by a
table of completions from the same search backwards with shorter memories, is dropped.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mosovo_planner.planning.rounds.bounding.network import (
    BEGIN,
    LOAD,
    LOAD_BINDS,
    STOPS,
    STOPS_BIND,
    UNTIL,
)
from mosovo_planner.planning.rounds.compiled import entry, kernel
from mosovo_planner.planning.rounds.model import UNLIMITED
from mosovo_planner.planning.rounds.problem import Whole

LEFT_OUT = -1e300  # the profit of a visit that no label goes to
LOOK = 20  # labels that a new one is compared with before it is kept to be settled
USED, FREE, SETTLED, SPENT, TALLIES = range(5)  # places in Labels.tally; SPENT: there was no room or time

Small = NDArray[np.int32]
Values = NDArray[np.float64]


class Labels(NamedTuple):
    """Room for labels (each a partial round that ends at ``visit``), and lists of them."""

    visit: Small
    time: Whole
    value: Values  # reward less prices so far
    memory: Small  # bits: visits remembered, by their place in the last visit's memory
    load: Whole
    stops: Small
    parent: Small  # -1: the first stop
    link: Small  # the next label of whichever list it is in
    head: Small  # (n,) settled labels of each visit, by value
    waiting: Small  # (buckets,) labels to be settled, by time
    ending: Small  # (n,) the best label to end a round with, of each visit
    closing: Values  # (n,) that round's value
    tally: Whole  # (TALLIES,)


def new_labels(room: int, visits: int, buckets: int) -> Labels:
    """Room for ``room`` labels of a network of ``visits``."""

    def small(size: int) -> Small:
        return np.zeros(size, dtype=np.int32)

    return Labels(
        visit=small(room), time=np.zeros(room, dtype=np.int64), value=np.zeros(room), memory=small(room),
        load=np.zeros(room, dtype=np.int64), stops=small(room), parent=small(room), link=small(room), head=small(visits),
        waiting=small(buckets), ending=small(visits), closing=np.zeros(visits), tally=np.zeros(TALLIES, dtype=np.int64),
    )


@kernel
def _earliest(net, visit, arrival):  # type: ignore[no-untyped-def]
    for k in range(net.first[visit], net.first[visit + 1]):
        if arrival <= net.windows[k, 1]:
            return max(arrival, net.windows[k, 0])
    return UNLIMITED


@kernel
def _carried(net, before, visit, memory):  # type: ignore[no-untyped-def]
    """What is remembered after the step to a visit."""
    new = 1 << net.place[visit, visit]
    for k in range(net.near.shape[1]):
        if (memory >> k) & 1:
            place = net.place[visit, net.near[before, k]]
            if place >= 0:
                new |= 1 << place
    return new


@kernel
def _covers(net, labels, old, new, loose):  # type: ignore[no-untyped-def]
    """Whether whatever follows the new label could as well follow the old one (whose value is no less)."""
    if labels.time[old] > labels.time[new] or (not loose and (labels.memory[old] & ~labels.memory[new]) != 0):
        return False
    if net.limit[LOAD_BINDS] > 0 and labels.load[old] > labels.load[new]:
        return False
    return net.limit[STOPS_BIND] == 0 or labels.stops[old] <= labels.stops[new]


@kernel
def _settle(net, labels, new, loose):  # type: ignore[no-untyped-def]
    """Puts a label among the settled ones of its visit, unless one of them is as good."""
    visit, value = labels.visit[new], labels.value[new]
    before, other = -1, labels.head[visit]
    while other >= 0 and labels.value[other] >= value:
        if _covers(net, labels, other, new, loose):
            return False
        before, other = other, labels.link[other]
    labels.link[new] = other
    if before < 0:
        labels.head[visit] = new
    else:
        labels.link[before] = new
    return True


@kernel
def _seen(net, labels, new, loose):  # type: ignore[no-untyped-def]
    """A quick look whether one of the best settled labels is as good."""
    other = labels.head[labels.visit[new]]
    for _ in range(LOOK):
        if other < 0 or labels.value[other] < labels.value[new]:
            return False
        if _covers(net, labels, other, new, loose):
            return True
        other = labels.link[other]
    return False


@kernel
def _place(labels):  # type: ignore[no-untyped-def]
    """A place for a new label; -1 where there is none left."""
    tally = labels.tally
    if tally[FREE] >= 0:
        place = tally[FREE]
        tally[FREE] = labels.link[place]
    elif tally[USED] < len(labels.visit):
        place = tally[USED]
        tally[USED] += 1
    else:
        tally[SPENT] = 1
        place = -1
    return place


@kernel
def _give_back(labels, place):  # type: ignore[no-untyped-def]
    labels.link[place] = labels.tally[FREE]
    labels.tally[FREE] = place


@kernel
def _reach(net, labels, profit, completions, grid, threshold, loose, parent, visit):  # type: ignore[no-untyped-def]
    """The label of going on to a visit, kept to be settled where it may be worth it."""
    if profit[visit] <= LEFT_OUT:
        return
    if parent < 0:
        load, stops, memory = net.load[visit], 1, 1 << net.place[visit, visit]
        time, value = net.limit[BEGIN] + net.out[visit], -net.out_price[visit]
    else:
        before = labels.visit[parent]
        place, memory = net.place[before, visit], labels.memory[parent]
        if place >= 0 and (memory >> place) & 1:
            return
        load, stops = labels.load[parent] + net.load[visit], labels.stops[parent] + 1
        time, value = labels.time[parent] + net.step[before, visit], labels.value[parent] - net.price[before, visit]
        memory = _carried(net, before, visit, memory)
    time = _earliest(net, visit, time)
    if time >= UNLIMITED or time + net.home[visit] > net.limit[UNTIL] or load > net.limit[LOAD]:
        return
    value += profit[visit]
    bucket = (time - grid[0]) // grid[1]
    if value + completions[visit, bucket] <= threshold:
        return
    new = _place(labels)
    if new < 0:
        return
    labels.visit[new], labels.time[new], labels.value[new], labels.memory[new] = visit, time, value, memory
    labels.load[new], labels.stops[new], labels.parent[new] = load, stops, parent
    if _seen(net, labels, new, loose):
        _give_back(labels, new)
        return
    labels.link[new] = labels.waiting[bucket]
    labels.waiting[bucket] = new


@kernel
def _go_on(net, labels, profit, completions, grid, threshold, loose, label):  # type: ignore[no-untyped-def]
    """A settled label: the end of a round, and its steps to whatever can follow."""
    visit = labels.visit[label]
    labels.tally[SETTLED] += 1
    end = labels.value[label] - net.home_price[visit]
    if end > labels.closing[visit]:
        labels.closing[visit], labels.ending[visit] = end, label
    if labels.stops[label] < net.limit[STOPS]:
        for k in range(net.after_at[visit], net.after_at[visit + 1]):
            _reach(net, labels, profit, completions, grid, threshold, loose, label, net.after[k])


@entry
def grow(net, labels, profit, completions, grid, threshold, loose, stop):  # type: ignore[no-untyped-def]
    """All labels worth keeping; whether there was room and time for them.

    ``completions`` (n, buckets) bounds what can follow a label, by visit and time (``grid``: the first bucket's time,
    the width); labels that cannot come to more than ``threshold`` are dropped. ``loose``: memories are not compared,
    which is fast and finds good rounds, but not always the best. A ``stop`` that is not 0 ends it.
    """
    labels.head[:] = -1
    labels.waiting[:] = -1
    labels.ending[:] = -1
    labels.closing[:] = LEFT_OUT
    labels.tally[:] = 0
    labels.tally[FREE] = -1
    for visit in range(len(profit)):
        _reach(net, labels, profit, completions, grid, threshold, loose, -1, visit)
    for bucket in range(len(labels.waiting)):
        while labels.waiting[bucket] >= 0:
            label = labels.waiting[bucket]
            labels.waiting[bucket] = labels.link[label]
            if not _settle(net, labels, label, loose):
                _give_back(labels, label)
                continue
            _go_on(net, labels, profit, completions, grid, threshold, loose, label)
            if stop[0] != 0 or labels.tally[SPENT] != 0:
                return False
    return True


@entry
def completions_of(labels, profit, grid, table):  # type: ignore[no-untyped-def]
    """Writes from a search backwards, for each visit and bucket of time, the most that can follow it, itself not counted."""
    table[:] = LEFT_OUT
    for visit in range(len(labels.head)):
        label = labels.head[visit]
        while label >= 0:
            bucket = (-labels.time[label] - grid[0]) // grid[1]
            table[visit, bucket] = max(table[visit, bucket], labels.value[label] - profit[visit])
            label = labels.link[label]
        for bucket in range(table.shape[1] - 2, -1, -1):
            table[visit, bucket] = max(table[visit, bucket], table[visit, bucket + 1])

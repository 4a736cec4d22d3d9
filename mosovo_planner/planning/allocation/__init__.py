"""Allocation: which offender manager holds which offender.

**The planner's model** (``propose``). Each offender in the community gets one manager. Least sum, in minutes a year,
of: drives from the manager's base and back, times visits; the price of a move; the distance from the middle of the
manager's territory, weighted. Loads per hour worked (part-time hours and planned absence counted) stay in the
policy's band and within capacity; pins, custody, conflicts and markers are kept; a marker is stronger than a pin.
Moves without need are capped by ``allocation.most_moves_percent``: the price of a move is raised until the cap is kept.
The search alternates between territories' middles and the best assignment for them: a generalised assignment,
solved as a linear programme by column generation, rounded, improved by shifts and swaps, and proved by HiGHS where
small. Its bound holds for the middles found. It goes by steps and the stored seed, so that the same facts give the
same proposal; moves carry a price and the band a margin, so that one new offender moves almost nobody.

**The engine for problem files** (``median``). Territories centred on one of their own offenders (capacitated
p-median; bases, prices of moves and prohibitions may be added). Beyond about 400 offenders the whole model is out of
reach of any solver within a minute, so it goes in three steps:

1. *Search*: close a few neighbouring territories, open centres anew, share out by regret, swap, re-centre;
   annealing; compiled, two threads. On large problems each thread has its own half of one map.
2. *Bound*: the rule "everybody once" is priced (Lagrange); what is left is one knapsack for each centre, in whole
   numbers, and the cheapest centres. Subgradient with momentum; a cut knapsack tells which centres need no counting
   through. The bound equals that of column generation over territories (Lorena & Senne 2004) when it has converged;
   loads off the grid are rounded down and the sum lowered by the rounding error, so that it is always below.
3. *Proof and polish*: on small problems reduced costs rule out most pairs and HiGHS proves the rest. On large ones
   every territory near the prices is listed for some dozens of neighbouring managers, and HiGHS packs the cheapest
   that cover all once (set partitioning), part after part, on two threads. With three to five offenders to a
   territory this finds what exchanges cannot.

The gap shown is (cost − bound) / cost. With very small territories most of it lies in the bound, not in the answer.
Seconds decide where the search stops; only small problems end early, with a proof.
"""

from mosovo_planner.planning.allocation.evaluate import allocation_objection, evaluate_allocation
from mosovo_planner.planning.allocation.propose import propose_allocation
from mosovo_planner.planning.allocation.request import (
    AllocationCase,
    AllocationError,
    AllocationManager,
    AllocationRequest,
    AllocationWeights,
    allocation_request,
)

__all__ = [
    "AllocationCase",
    "AllocationError",
    "AllocationManager",
    "AllocationRequest",
    "AllocationWeights",
    "allocation_objection",
    "allocation_request",
    "evaluate_allocation",
    "propose_allocation",
]

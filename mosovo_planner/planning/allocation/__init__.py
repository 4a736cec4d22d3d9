"""Allocation: which offender manager holds which offender."""

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

"""What the allocation and the plan share: changes that can be undone, choosing from a list, approving with a reason."""

"""Allocation by location: propose, look at before and after, change by hand, approve with a reason."""

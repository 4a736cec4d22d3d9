"""What a MOSOVO team knows: people, visits, clocks, policy, workload, proposals.

Plain dataclasses and functions. No Qt, no SQL, no solver, no file formats: every other room imports
this one, and this one imports none of them.
"""
